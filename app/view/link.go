package view

import (
	"html"
	"html/template"
	"regexp"
	"strings"

	"mvdan.cc/xurls/v2"
)

// webAddress finds http and https addresses in a text.
var webAddress = func() *regexp.Regexp {
	re, err := xurls.StrictMatchingScheme(`https?://`)
	if err != nil {
		panic(err) // the expression is a constant
	}
	return re
}()

// Korean writes a particle without a space behind a word: "https://example.com에서" is
// an address and a particle. Hangul straight behind a host is always a particle. Behind
// a path only the particles of pathParticle count, since paths may be Hangul.
var (
	hostParticle = regexp.MustCompile(`^(https?://[0-9A-Za-z.-]+(?::\d+)?)\p{Hangul}+`)
	pathParticle = regexp.MustCompile(`([0-9A-Za-z/_&%-])(?:에서는?|에게|으?로|까지|부터|처럼|보다|이?랑|이?라고|입니다|이에요|예요|인데|에|을|를|이|가|은|는|의|와|과|도|만|요)$`)
)

// withLinks escapes a text and makes the web addresses in the text clickable. Line
// breaks stay: the style (white-space) shows line breaks.
func withLinks(text string) template.HTML {
	if !strings.Contains(text, "://") {
		return template.HTML(html.EscapeString(text)) //nolint:gosec // escaped
	}
	var b strings.Builder
	rest := 0
	for _, m := range webAddress.FindAllStringIndex(text, -1) {
		address := withoutParticle(text[m[0]:m[1]])
		end := m[0] + len(address)
		b.WriteString(html.EscapeString(text[rest:m[0]]))
		link := html.EscapeString(address)
		b.WriteString(`<a href="` + link + `" rel="nofollow ugc noopener" target="_blank">` + link + `</a>`)
		rest = end
	}
	b.WriteString(html.EscapeString(text[rest:]))
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// withoutParticle cuts an address before a particle and before a quotation mark.
func withoutParticle(address string) string {
	if i := strings.IndexAny(address, "‘’“”「」『』《》〈〉（）"); i >= 0 {
		address = strings.TrimRight(address[:i], ".,!?…")
	}
	if m := hostParticle.FindStringSubmatch(address); m != nil {
		return m[1]
	}
	if m := pathParticle.FindStringSubmatchIndex(address); m != nil {
		return address[:m[3]]
	}
	return address
}
