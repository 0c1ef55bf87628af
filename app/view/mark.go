package view

import (
	"html"
	"html/template"
	"strings"
	"unicode"

	"golang.org/x/text/cases"

	"xxsns/app/sns"
)

// marked returns a text that is HTML already with each match of query in <mark>. A match
// that spans a tag, such as the end of a link, is not marked.
func marked(text template.HTML, query string) template.HTML {
	var b strings.Builder
	rest := string(text)
	for rest != "" {
		start, end := len(rest), len(rest)
		if at := tag.FindStringIndex(rest); at != nil {
			start, end = at[0], at[1]
		}
		writeMarked(&b, html.UnescapeString(rest[:start]), query)
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

// excerpt returns the part of a text around the first match of query, on one line, with
// each match in <mark>.
func excerpt(text, query string) template.HTML {
	text = strings.Join(strings.Fields(text), " ")
	if found := matches(text, query); len(found) > 0 {
		if before := []rune(text[:found[0][0]]); len(before) > excerptBefore {
			text = "…" + string(before[len(before)-excerptBefore:]) + text[found[0][0]:]
		}
	}
	if all := []rune(text); len(all) > excerptLength {
		text = string(all[:excerptLength]) + "…"
	}
	var b strings.Builder
	writeMarked(&b, text, query)
	return template.HTML(b.String()) //nolint:gosec // every part is escaped
}

// writeMarked escapes a text, and puts each match of query into <mark>.
func writeMarked(b *strings.Builder, text, query string) {
	rest := 0
	for _, m := range matches(text, query) {
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
		from = end
		for at[end] == at[end-1] { // the match ends within a letter that folds to several
			end++
		}
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
