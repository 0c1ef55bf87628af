package sns

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters maps a conjoining jamo to the letter (a compatibility jamo) that shows the
// same sign alone. Unicode relates each letter to one jamo, of consonants to the lead
// (NFKD); the tails have the order of the letters, without the three that are no tails.
var letters = func() map[rune]rune {
	all := make(map[rune]rune)
	for letter := '\u3131'; letter <= '\u318E'; letter++ {
		if jamo := []rune(norm.NFKD.String(string(letter))); len(jamo) == 1 {
			all[jamo[0]] = letter
		}
	}
	jamo := '\u11A8'
	for letter := '\u3131'; letter <= '\u314E'; letter++ {
		if letter == '\u3138' || letter == '\u3143' || letter == '\u3149' { // tt, pp, jj
			continue
		}
		all[jamo] = letter
		jamo++
	}
	return all
}()

// A jamoKind is the place of a conjoining jamo in a syllable.
type jamoKind int

const (
	noJamo jamoKind = iota
	lead
	vowel
	tail
)

func kindOf(r rune) jamoKind {
	switch {
	case r >= 0x1100 && r <= 0x115F, r >= 0xA960 && r <= 0xA97C:
		return lead
	case r >= 0x1160 && r <= 0x11A7, r >= 0xD7B0 && r <= 0xD7C6:
		return vowel
	case r >= 0x11A8 && r <= 0x11FF, r >= 0xD7CB && r <= 0xD7FB:
		return tail
	}
	return noJamo
}

// separateJamo replaces conjoining jamo that make no syllable by letters. A run of a
// thousand leading consonants is a single grapheme that no browser can wrap; as letters
// the run counts and wraps like ㅋㅋㅋ. Syllables of old Hangul, which Unicode writes
// with conjoining jamo, stay: leads, vowels, and tails, or a tail behind a syllable.
// s must be in NFC.
func separateJamo(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return kindOf(r) != noJamo }) {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	for i := 0; i < len(runes); {
		n := syllable(runes[i:])
		if n > 0 {
			b.WriteString(string(runes[i : i+n]))
			i += n
			continue
		}
		b.WriteRune(letterOf(runes[i]))
		i++
	}
	return b.String()
}

// letterOf returns the letter of a conjoining jamo, U+FFFD for a jamo of old Hangul
// that has no letter, and any other rune as it is.
func letterOf(r rune) rune {
	if letter, ok := letters[r]; ok {
		return letter
	}
	if kindOf(r) != noJamo && !isInvisible(r) {
		return utf8.RuneError
	}
	return r
}

const (
	firstSyllable, lastSyllable = '\uAC00', '\uD7A3' // of composed Hangul

	// most is how many jamo of one kind the syllables of old Hangul have.
	most = 3
)

// syllable returns the number of runes of the syllable at the beginning of runes, or 0
// if there is none: conjoining jamo, or a composed syllable with further jamo.
func syllable(runes []rune) int {
	n := 0
	count := func(kind jamoKind) (found int) {
		for n < len(runes) && found < most && kindOf(runes[n]) == kind {
			n, found = n+1, found+1
		}
		return found
	}
	if r := runes[0]; r >= firstSyllable && r <= lastSyllable {
		if n++; (r-firstSyllable)%28 == 0 { // no tail yet
			count(tail)
		}
		return n
	}
	if count(lead) == 0 || count(vowel) == 0 {
		return 0
	}
	count(tail)
	return n
}
