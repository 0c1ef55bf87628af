package sns

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// LocationMax is the limit of a typed location, in graphemes.
const LocationMax = 40

// Invisible characters that emoji are made of.
const (
	zeroWidthJoiner   = '\u200D'
	emojiPresentation = '\uFE0F'
)

// A Location is the place where a user lives, as stated by the user. Users with
// the same Area share a local community. Area is 시·도 and 시·군·구, or a typed
// text.
type Location struct {
	Area string
	Town string // 읍·면·동 within Area, or empty
}

// Known reports whether a location is set.
func (l Location) Known() bool { return l.Area != "" }

// FreeLocation normalises and checks a typed location that is not on the list
// of districts: one line without invisible characters, because neighbours are
// found by comparing texts.
func FreeLocation(raw string) (Location, *Problem) {
	if utf8.ValidString(raw) { // TextWithin refuses the other case
		raw = strings.Map(func(c rune) rune {
			if (unicode.Is(unicode.Cf, c) || isInvisible(c)) && c != zeroWidthJoiner && c != emojiPresentation {
				return -1
			}
			return c
		}, raw)
	}
	area, p := LineWithin("location", raw, 1, LocationMax)
	return Location{Area: area}, p
}
