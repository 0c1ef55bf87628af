package sns

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// LocationMax is the longest location that somebody types, in graphemes.
const LocationMax = 40

// locationRunes bounds a location as it is stored.
const locationRunes = 200

// What makes one emoji of several, and of a sign an emoji.
const (
	joiner   = '\u200D'
	inColour = '\uFE0F'
)

// A Location is where somebody lives, as they say. Area is what people of one
// local community have in common: 시·도 and 시·군·구, or what somebody typed.
type Location struct {
	Area string
	Town string // the 읍·면·동 in it, or empty
}

// Known tells whether a location was set.
func (l Location) Known() bool { return l.Area != "" }

// FreeLocation cleans and checks a location that stands in no list: one line,
// without what nobody sees, since those who typed the same are neighbours.
func FreeLocation(raw string) (Location, *Problem) {
	if utf8.ValidString(raw) { // else it is refused below
		raw = strings.Map(func(c rune) rune {
			if (unicode.Is(unicode.Cf, c) || isInvisible(c)) && c != joiner && c != inColour {
				return -1
			}
			return c
		}, raw)
	}
	area, p := TextWithin("location", raw, 1, LocationMax)
	area = oneLine(area)
	if p == nil && utf8.RuneCountInString(area) > locationRunes {
		return Location{}, &Problem{Field: "location", Key: "invalid.bytes"}
	}
	return Location{Area: area}, p
}
