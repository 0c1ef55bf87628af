package view

import (
	"html"
	"html/template"
	"strings"

	"xxsns/app/sns"
)

// withLinks escapes a text and makes the web addresses in the text clickable. Line
// breaks stay: the style (white-space) shows line breaks.
func withLinks(text string) template.HTML {
	var b strings.Builder
	for piece := range sns.Addresses(text) {
		if piece.Kind == sns.PieceAddress {
			writeLink(&b, piece.Text)
		} else {
			b.WriteString(html.EscapeString(piece.Text))
		}
	}
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

// writeMention makes a name with its @ a link to the home of the person. The direction of
// the name turns nothing around it. The account may have another name since, or be deleted: the
// home answers that it is not there.
func writeMention(b *strings.Builder, name string, u sns.User) {
	b.WriteString(mentionTag + html.EscapeString(LastingHomePath(u)) + `" dir="auto">` + html.EscapeString(name) + `</a>`)
}

// mentionTag begins the tag of a mention.
const mentionTag = `<a class="mention" href="`
