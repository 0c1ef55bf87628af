package view

import (
	"html"
	"html/template"
	"strings"

	"xxsns/app/sns"
)

// formatted returns a text that a person typed, as HTML. Lines between two fences
// (```) become a box of code, and `…` within a line becomes inline code; every other
// sign stays as typed, and in prose, web addresses and the names of people whom the text
// mentions become links. The style (white-space) keeps line breaks, indentation and repeated
// blanks.
//
// The text content of the result is the typed text without fences, and without blank
// lines beyond mostBlank in a row of prose. The ticks of inline code are in the text
// content, but hidden.
func formatted(text string, mentions sns.Mentioned) template.HTML {
	var b strings.Builder
	finder := mentions.Finder()
	for _, p := range sns.Passages(text) {
		if p.Code {
			// The box scrolls: the keyboard must reach the box.
			b.WriteString(`<pre dir="ltr" tabindex="0"><code>` + html.EscapeString(p.Text) + `</code></pre>`)
		} else {
			writeProse(&b, withoutBlankRuns(p.Text), finder)
		}
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// mostBlank is how many blank lines in a row prose may show.
const mostBlank = 2

// withoutBlankRuns drops blank lines beyond mostBlank in a row.
func withoutBlankRuns(text string) string {
	if strings.Count(text, "\n") <= mostBlank {
		return text
	}
	var b strings.Builder
	blank := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		if !sns.IsBlank(line) {
			blank = 0
		} else if blank++; blank > mostBlank {
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

// writeProse escapes prose, marks inline code, and makes links of addresses and mentions.
func writeProse(b *strings.Builder, text string, mentions sns.MentionFinder) {
	const tick = "<span hidden>`</span>"
	for piece := range sns.Pieces(text) {
		switch piece.Kind {
		case sns.PieceCode:
			b.WriteString(tick + `<code>` + html.EscapeString(piece.Text[1:len(piece.Text)-1]) + `</code>` + tick)
		case sns.PieceAddress:
			writeLink(b, piece.Text)
		case sns.PiecePlain:
			writePlain(b, piece.Text, mentions)
		}
	}
}

// writePlain escapes a piece of prose, and makes links of the mentions.
func writePlain(b *strings.Builder, text string, mentions sns.MentionFinder) {
	rest := 0
	for _, m := range mentions.Find(text) {
		b.WriteString(html.EscapeString(text[rest:m.From]))
		writeMention(b, text[m.From:m.To], m.User)
		rest = m.To
	}
	b.WriteString(html.EscapeString(text[rest:]))
}
