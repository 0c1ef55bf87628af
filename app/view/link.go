package view

import (
	"html"
	"html/template"
	"strings"
)

// withLinks escapes a text and makes the web addresses in the text clickable. Line
// breaks stay: the style (white-space) shows line breaks.
func withLinks(text string) template.HTML {
	if !strings.Contains(text, "://") { // as most texts: looking for a scheme takes long
		return template.HTML(html.EscapeString(text)) //nolint:gosec // escaped
	}
	var b strings.Builder
	for {
		m := scheme.FindStringIndex(text)
		if m == nil {
			break
		}
		b.WriteString(html.EscapeString(text[:m[0]]))
		if address := addressAt(text[:m[0]], text[m[0]:]); address != "" {
			writeLink(&b, address)
			text = text[m[0]+len(address):]
		} else {
			b.WriteString(text[m[0]:m[1]])
			text = text[m[1]:]
		}
	}
	b.WriteString(html.EscapeString(text))
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// An address of more than longAddress runes shows its first shownStart and its last
// shownEnd runes; the style hides the middle, which stays there for copying.
const (
	longAddress = 60
	shownStart  = 38
	shownEnd    = 14
)

func writeLink(b *strings.Builder, address string) {
	link := html.EscapeString(address)
	if runes := []rune(address); len(runes) > longAddress {
		start, middle, end := runes[:shownStart], runes[shownStart:len(runes)-shownEnd], runes[len(runes)-shownEnd:]
		link = html.EscapeString(string(start)) + `<span class="middle">` + html.EscapeString(string(middle)) + `</span>` + html.EscapeString(string(end))
	}
	b.WriteString(`<a href="` + html.EscapeString(address) + `" rel="nofollow ugc noopener" target="_blank">` + link + `</a>`)
}
