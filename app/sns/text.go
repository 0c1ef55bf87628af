package sns

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// bytesPerGrapheme adds a limit in bytes to a limit in graphemes, because a
// grapheme may have any number of combining marks. The longest emoji of
// everyday use (a family of four with skin tones) has 41 bytes.
const bytesPerGrapheme = 48

// Text normalises typed text: to NFC (macOS sends decomposed Hangul), with \n
// as line ends, without white space at both ends. A text of invisible
// characters becomes empty. Invalid UTF-8 and control characters are a problem
// of the given field.
func Text(field, raw string) (string, *Problem) {
	if !utf8.ValidString(raw) {
		return "", &Problem{Field: field, Key: "invalid.encoding"}
	}
	raw = lineEnds.Replace(raw)
	if strings.ContainsFunc(raw, isForbidden) {
		return "", &Problem{Field: field, Key: "invalid.control"}
	}
	s := strings.TrimSpace(norm.NFC.String(raw))
	if !strings.ContainsFunc(s, isVisible) {
		return "", nil
	}
	return s, nil
}

// lineEnds replaces all line and paragraph separators by \n.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// TextWithin is Text with limits in graphemes; min is 0 or 1.
func TextWithin(field, raw string, min, max int) (string, *Problem) {
	s, p := Text(field, raw)
	switch {
	case p != nil:
		return "", p
	case s == "" && min > 0:
		return "", &Problem{Field: field, Key: "invalid.empty"}
	case len(s) > max*bytesPerGrapheme:
		return "", &Problem{Field: field, Key: "invalid.bytes"}
	case Length(s) > max:
		return "", &Problem{Field: field, Key: "invalid.long", Args: map[string]any{"Max": max, "Length": Length(s)}}
	}
	return s, nil
}

// oneLine replaces each run of white space by a space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Length returns the number of graphemes, which users call characters.
func Length(s string) int { return uniseg.GraphemeClusterCount(s) }

// isForbidden reports whether r is a control character other than \n and \t, or
// a noncharacter of Unicode.
func isForbidden(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.IsControl(r) || r&0xFFFE == 0xFFFE || (r >= 0xFDD0 && r <= 0xFDEF)
}

// isVisible reports whether r leaves ink. Hangul fillers and the braille blank
// are letters and symbols to Unicode, but invisible.
func isVisible(r rune) bool {
	return !unicode.IsSpace(r) && !isInvisible(r) && r != '\u2800' && !unicode.Is(unicode.Cf, r)
}

func isInvisible(r rune) bool {
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}
