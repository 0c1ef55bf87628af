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
// part that spans a tag, such as the end of a link, is not marked, unless the tag is that of a
// mention: people search for @민지님 as for any word.
func marked(text template.HTML, find finder) template.HTML {
	var b strings.Builder
	var s stretch
	rest, inside := string(text), false // inside a mention, which holds text alone
	for rest != "" {
		start, end := len(rest), len(rest)
		if at := tag.FindStringIndex(rest); at != nil {
			start, end = at[0], at[1]
		}
		opens := strings.HasPrefix(rest[start:], mentionTag)
		s.add(html.UnescapeString(rest[:start]), rest[start:end])
		if !opens && !inside {
			s.writeMarked(&b, find)
		}
		inside, rest = opens, rest[end:]
	}
	return template.HTML(b.String()) //nolint:gosec // tags of the text, and escaped parts
}

// A stretch is text in which parts are found, with the tags that they may span.
type stretch struct{ texts, tags []string } // each text, and the tag behind it

func (s *stretch) add(text, tag string) { s.texts, s.tags = append(s.texts, text), append(s.tags, tag) }

// writeMarked writes the stretch with marks, and empties it.
func (s *stretch) writeMarked(b *strings.Builder, find finder) {
	found, begin := find(strings.Join(s.texts, "")), 0
	for i, text := range s.texts {
		writeFound(b, text, begin, found)
		b.WriteString(s.tags[i])
		begin += len(text)
	}
	*s = stretch{}
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

func writeMarked(b *strings.Builder, text string, find finder) { writeFound(b, text, 0, find(text)) }

// writeFound escapes a text that begins at a byte of that in which parts were found, and
// puts what belongs to these into <mark>.
func writeFound(b *strings.Builder, text string, begin int, found [][2]int) {
	rest := 0
	for _, m := range found {
		from, to := max(m[0]-begin, 0), min(m[1]-begin, len(text))
		if from < to {
			b.WriteString(html.EscapeString(text[rest:from]) + `<mark>` + html.EscapeString(text[from:to]) + `</mark>`)
			rest = to
		}
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
