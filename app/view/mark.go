package view

import (
	"html"
	"html/template"
	"strings"
	"unicode"

	"golang.org/x/text/cases"

	"xxsns/app/sns"
)

// A finder returns where the parts of a text that are marked begin and end, in order and not
// overlapping.
type finder func(text string) [][2]int

// finderOf returns the finder of a text.
func finderOf(query string) finder {
	return func(text string) [][2]int { return matches(text, query) }
}

// marked returns a text that is HTML already with each part that find returns in <mark>. A
// part that spans a tag, such as the end of a link, is not marked.
func marked(text template.HTML, find finder) template.HTML {
	var b strings.Builder
	rest := string(text)
	for rest != "" {
		start, end := len(rest), len(rest)
		if at := tag.FindStringIndex(rest); at != nil {
			start, end = at[0], at[1]
		}
		writeMarked(&b, html.UnescapeString(rest[:start]), find)
		b.WriteString(rest[start:end])
		rest = rest[end:]
	}
	return template.HTML(b.String()) //nolint:gosec // tags of the text, and escaped parts
}

// Lengths of an excerpt, in characters: before the first match, and in all.
const (
	excerptBefore = 24
	excerptLength = 160
)

// excerpt returns a text around the first part that find returns, on one line, with each such
// part in <mark>.
func excerpt(text string, find finder) template.HTML {
	text = strings.Join(strings.Fields(text), " ")
	if found := find(text); len(found) > 0 {
		if before := []rune(text[:found[0][0]]); len(before) > excerptBefore {
			text = "…" + string(before[len(before)-excerptBefore:]) + text[found[0][0]:]
		}
	}
	if all := []rune(text); len(all) > excerptLength {
		text = string(all[:excerptLength]) + "…"
	}
	return markedText(text, find)
}

// markedText escapes a text, and puts each part that find returns into <mark>.
func markedText(text string, find finder) template.HTML {
	var b strings.Builder
	writeMarked(&b, text, find)
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

func writeMarked(b *strings.Builder, text string, find finder) {
	rest := 0
	for _, m := range find(text) {
		b.WriteString(html.EscapeString(text[rest:m[0]]) + `<mark>` + html.EscapeString(text[m[0]:m[1]]) + `</mark>`)
		rest = m[1]
	}
	b.WriteString(html.EscapeString(text[rest:]))
}

// matches returns where the matches of query in a text begin and end. Case does not
// matter.
func matches(text, query string) (found [][2]int) {
	query = sns.Fold(query)
	if query == "" {
		return nil
	}
	folded, at := foldedWithOrigin(text)
	for from := 0; ; {
		i := strings.Index(folded[from:], query)
		if i < 0 {
			return found
		}
		start, end := from+i, from+i+len(query)
		for at[end] == at[end-1] { // the match ends within a letter that folds to several
			end++
		}
		from = end
		found = append(found, [2]int{at[start], at[end]})
	}
}

// foldedWithOrigin folds a text, and returns for each byte, and for the end, where the
// letter begins in the text that the byte comes from.
func foldedWithOrigin(text string) (folded string, at []int) {
	var b strings.Builder
	fold := cases.Fold()
	for i, r := range text {
		letter := string(r)
		if unicode.SimpleFold(r) != r {
			letter = fold.String(letter)
		}
		b.WriteString(letter)
		for range len(letter) {
			at = append(at, i)
		}
	}
	return b.String(), append(at, len(text))
}
