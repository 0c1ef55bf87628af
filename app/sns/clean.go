package sns

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// clean returns a text without the characters that keyboards and programs add
// unseen: characters like a line end become \n, other controls and noncharacters are
// dropped, and Hangul is composed. Cleaning a clean text changes nothing.
func clean(raw string) string {
	if !strings.ContainsFunc(raw, isUnusual) {
		return raw
	}
	return cleanUnusual(raw)
}

// isUnusual reports whether clean may have to change a text with r: other than those of
// ASCII, Hangul syllables and letters, most characters.
func isUnusual(r rune) bool {
	switch {
	case r >= ' ' && r <= '~', r == '\n', r == '\t', r >= firstSyllable && r <= lastSyllable, r >= '\u3131' && r <= '\u3163':
		return false
	}
	return true
}

func cleanUnusual(raw string) string {
	s := strings.Map(printable, lineEnds.Replace(raw))
	return separateJamo(norm.NFC.String(s))
}

// lineEnds replaces all line and paragraph separators by \n. PowerPoint writes \v, and
// pages of text end in \f.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// printable returns r, or -1 for a control other than \n and \t, and for a
// noncharacter of Unicode. The input method of macOS leaves a backspace in the text.
func printable(r rune) rune {
	switch {
	case r == '\n', r == '\t':
		return r
	case unicode.IsControl(r), r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF:
		return -1
	}
	return r
}

// withoutDirections drops the characters that change the direction of writing: in a
// name, such a character would turn around the sentence that the name stands in.
func withoutDirections(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}

// stackedMarks is how many marks a letter of a name may carry: Vietnamese needs two,
// pointed Hebrew three.
const stackedMarks = 3

// withoutStacks drops the marks above the first stackedMarks of each letter: more
// would draw over the lines around the name.
func withoutStacks(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		} else if marks++; marks > stackedMarks {
			return -1
		}
		return r
	}, s)
}

// oneLine returns the clean text s as a name or title: each run of white space becomes
// a space.
func oneLine(s string) string {
	return strings.Join(strings.Fields(withoutStacks(withoutDirections(s))), " ")
}

// cleanName returns what remains of a typed username before the rules for usernames are
// checked.
func cleanName(raw string) string {
	return strings.TrimSpace(withoutStacks(withoutDirections(clean(raw))))
}
