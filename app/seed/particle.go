package seed

import "unicode/utf8"

// particles holds, for the form of a particle after a consonant, the one after
// a vowel.
var particles = map[string]string{
	"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로", "이었": "였", "이죠": "죠", "이래": "래", "이에": "예",
}

const (
	firstSyllable, lastSyllable = '가', '힣'
	finals                      = 28 // how many endings a syllable can have, none included
	finalRieul                  = 8  // the ending ㄹ, after which 으로 is 로
)

// particle returns the form of a particle that suits the syllable before ends
// with; after anything but Hangul it is the one after a vowel.
func particle(before, afterConsonant string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	final := rune(0)
	if last >= firstSyllable && last <= lastSyllable {
		final = (last - firstSyllable) % finals
	}
	if final == 0 || final == finalRieul && afterConsonant == "으로" {
		return particles[afterConsonant]
	}
	return afterConsonant
}
