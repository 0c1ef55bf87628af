package sns

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// bytesPerGrapheme bounds a text in bytes beside its bound in graphemes: one
// grapheme may carry any number of combining marks. The longest emoji of
// everyday use (a family of four with skin tones) has 41 bytes.
const bytesPerGrapheme = 48

// Text cleans what a person typed: NFC (a Mac sends Hangul in pieces), line
// ends as \n, no blanks at the ends of the whole. A text of nothing but
// invisible characters becomes empty. The problem it returns names field.
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

// lineEnds makes all ends of lines and paragraphs one.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// TextWithin is Text with bounds in graphemes; min is 0 or 1.
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

// oneLine makes every run of blanks and line ends one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Length counts graphemes: what a person calls characters.
func Length(s string) int { return uniseg.GraphemeClusterCount(s) }

// isForbidden tells control characters and code points that are no characters.
func isForbidden(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.IsControl(r) || r&0xFFFE == 0xFFFE || (r >= 0xFDD0 && r <= 0xFDEF)
}

// isVisible tells characters that leave ink. Hangul fillers and braille blanks
// count as letters and symbols, yet nobody sees them.
func isVisible(r rune) bool {
	return !unicode.IsSpace(r) && !isInvisible(r) && r != '\u2800' && !unicode.Is(unicode.Cf, r)
}

func isInvisible(r rune) bool {
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}
