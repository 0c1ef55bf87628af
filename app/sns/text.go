package sns

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// bytesPerGrapheme adds a limit in bytes to a limit in graphemes: a syllable of Hangul
// has 3 bytes, most emoji have 4, with a skin tone 8.
const bytesPerGrapheme = 8

// Text normalises typed text: to NFC (macOS sends decomposed Hangul), with \n as line
// ends, without characters that leave no ink and mean nothing (clean), and without
// white space around it (trim). A text of invisible characters becomes empty. Invalid
// UTF-8 is a problem of the given field.
func Text(field, raw string) (string, *Problem) {
	if !utf8.ValidString(raw) {
		return "", &Problem{Field: field, Key: "invalid.encoding"}
	}
	s := trim(clean(raw))
	if !strings.ContainsFunc(s, isVisible) {
		return "", nil
	}
	return s, nil
}

// trim drops blank lines at the beginning, and white space at the end. The first line of
// several keeps its indentation: the lines below are indented against the first.
func trim(s string) string {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	for {
		line, rest, more := strings.Cut(s, "\n")
		switch {
		case !more:
			return strings.TrimSpace(s)
		case strings.TrimSpace(line) != "":
			return s
		}
		s = rest
	}
}

// TextWithin is Text with limits in graphemes; min is 0 or 1.
func TextWithin(field, raw string, min, max int) (string, *Problem) {
	s, p := Text(field, raw)
	if p != nil {
		return "", p
	}
	return within(field, s, min, max)
}

// LineWithin is TextWithin for a name or title: one line, without characters that
// change the direction of writing, and with few marks on a letter.
func LineWithin(field, raw string, min, max int) (string, *Problem) {
	s, p := Text(field, raw)
	if p != nil {
		return "", p
	}
	return within(field, oneLine(s), min, max)
}

func within(field, s string, min, max int) (string, *Problem) {
	if n := utf8.RuneCountInString(s); n > 0 && n <= max { // and so are graphemes, which take long to count
		return s, nil
	}
	switch n := Length(s); {
	case s == "" && min > 0:
		return "", &Problem{Field: field, Key: "invalid.empty"}
	case uniseg.GraphemeClusterCount(s) > max:
		return "", &Problem{Field: field, Key: "invalid.long", Args: map[string]any{"Max": max, "Length": n}}
	case n > max || len(s) > max*bytesPerGrapheme:
		return "", &Problem{Field: field, Key: "invalid.bytes"}
	}
	return s, nil
}

// Query returns the text of a search in the form in which texts are stored, so that
// both compare equal. most bounds the bytes of raw.
func Query(raw string, most int) string {
	return strings.TrimSpace(clean(strings.ToValidUTF8(raw[:min(len(raw), most)], "")))
}

// Fold returns the form in which what was said is searched: in one case.
func Fold(s string) string { return cases.Fold().String(norm.NFC.String(s)) }

// SearchForm returns the form in which names are searched: without accents and invisible
// signs, in one case and width, with single blanks.
func SearchForm(s string) string {
	return strings.Join(strings.Fields(cases.Fold().String(withoutMarks(norm.NFKD.String(s)))), " ")
}

// withoutMarks drops the marks and the invisible signs of a decomposed text, and composes
// the text.
func withoutMarks(decomposed string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if isInvisible(r) || unicode.In(r, unicode.Mn, unicode.Cf) {
			return -1
		}
		return r
	}, decomposed))
}

// Length returns the number of graphemes, which users call characters. A grapheme of
// many signs counts once for each signsOfGrapheme of them: a letter under fifty accents
// is no single character to a reader.
func Length(s string) int {
	n := 0
	for rest, state := s, -1; rest != ""; {
		var grapheme string
		grapheme, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		n += max(1, (signs(grapheme)+signsOfGrapheme-1)/signsOfGrapheme)
	}
	return n
}

// signsOfGrapheme is the number of signs in an emoji of a family; the joiners between
// the signs are invisible. counter.js counts alike.
const signsOfGrapheme = 4

func signs(grapheme string) (n int) {
	for _, r := range grapheme {
		if !unicode.Is(unicode.Cf, r) && !isInvisible(r) {
			n++
		}
	}
	return n
}

// isVisible reports whether r leaves ink. Hangul fillers and the braille blank
// are letters and symbols to Unicode, but invisible.
func isVisible(r rune) bool {
	return !unicode.IsSpace(r) && !isInvisible(r) && r != '\u2800' && !unicode.Is(unicode.Cf, r)
}

func isInvisible(r rune) bool {
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}
