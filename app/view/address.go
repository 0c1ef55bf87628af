package view

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"mvdan.cc/xurls/v2"
)

// Korean writes a particle without a space behind a word: "https://example.com에서" is
// an address and a particle. Hangul straight behind a host in Latin letters never belongs
// to the address. Hangul behind a slash, "=" or "#" does, since titles and searches are
// Hangul. Hangul behind a letter or a digit belongs to the address unless the whole run is
// made of particles and endings.
var (
	latinHost  = regexp.MustCompile(`(?i)^(https?://(?:(?:[0-9a-z-]+\.)+[0-9a-z-]+|localhost)(?::\d+)?)\p{Hangul}`)
	koreanHost = regexp.MustCompile(`(?i)^(https?://[^/?#]*\.(?:한국|닷컴|닷넷|삼성))\p{Hangul}`)
	rootSuffix = regexp.MustCompile(`(?i)^(https?://[^/?#]+/)(?:` + suffixes + `)+$`)
	pathSuffix = regexp.MustCompile(`([0-9A-Za-z)])~*(?:` + suffixes + `)+$`)
	scheme     = regexp.MustCompile(`(?i)https?://`)
	withHost   = regexp.MustCompile(`(?i)^https?://[^/?#]`)
	nextScheme = regexp.MustCompile(`(?i)[^/=:?&#]https?://`)
)

// suffixes are the particles and endings that people write behind an address. They
// compose: 에서+도+요. The longer of two that begin alike stands first.
const suffixes = `에서|에게|에요|에|한테|께서|께|으로서|으로써|으로|로서|로써|로|부터|까지|처럼|보다|만큼|만|대로|마다|마저|조차|밖에|뿐|하고|하는|하면|해서|같은|같이|` +
	`이라도|이라는|이라고|이라면|이라서|이랑|이나|이든지|이든|이고|이며|이죠|이지|이에요|이네요|이네|이던데|이거든요|이었어요|이었는데|이래요|이다|이야|이|` +
	`라도|라는|라고|라면|라서|랑|나|든지|든|네요|네|던데|거든요|였어요|였는데|래요|예요|죠|며|입니다|입니까|인데|인가요|인가|인지|인|임|일까요|일까|` +
	`쯤|씩|커녕|들|님|은|는|을|를|가|의|와|과|도|요`

// webAddress finds an http or https address in a text.
var webAddress = func() *regexp.Regexp {
	re, err := xurls.StrictMatchingScheme(`https?://`)
	if err != nil {
		panic(err) // the expression is a constant
	}
	return re
}()

// addressAt returns the address at the beginning of a text that begins with a scheme,
// or "" if no host follows. Each step looks at no more of the text than the address can
// have: a text of a thousand addresses must not take a thousand times as long.
func addressAt(text string) string {
	if !withHost.MatchString(text) {
		return ""
	}
	for _, host := range []*regexp.Regexp{latinHost, koreanHost} {
		if m := host.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	if i := strings.IndexFunc(text, endsAddress); i >= 0 {
		text = text[:i]
	}
	if m := nextScheme.FindStringIndex(text); m != nil {
		_, size := utf8.DecodeRuneInString(text[m[0]:])
		text = text[:m[0]+size]
	}
	for address := webAddress.FindString(text); ; {
		cut := balanced(withoutSuffix(strings.TrimRight(address, trailing)))
		if cut == address {
			return address
		}
		address = cut
	}
}

// trailing are the signs that end a sentence, not an address.
const trailing = ".,!?:;~'\"*_-–—·"

// endsAddress reports whether r cannot be part of an address as people type addresses:
// ㅋㅋㅋ, emoji, arrows, quotation marks, and punctuation of full width.
func endsAddress(r rune) bool {
	switch {
	case r < 0x80:
		return r <= ' ' || r == '"' || r == '<' || r == '>'
	case unicode.Is(unicode.Pd, r):
		return false
	case r >= 0x3131 && r <= 0x318E, r >= 0xFFA0 && r <= 0xFFDC: // letters of Hangul alone
		return true
	case r >= 0x3000 && r <= 0xFFFF && unicode.IsPunct(r), r >= 0x2018 && r <= 0x203D && unicode.IsPunct(r):
		return true
	}
	return unicode.In(r, unicode.So, unicode.Sk, unicode.Sm, unicode.Cf, unicode.Variation_Selector, unicode.Me)
}

// withoutSuffix cuts particles and endings off.
func withoutSuffix(address string) string {
	for _, suffix := range []*regexp.Regexp{rootSuffix, pathSuffix} {
		if m := suffix.FindStringSubmatchIndex(address); m != nil {
			return address[:m[3]]
		}
	}
	return address
}

// balanced cuts an address before a bracket that closes or opens none.
func balanced(address string) string {
	for _, pair := range []string{"()", "[]", "{}"} {
		for strings.HasSuffix(address, pair[1:]) && strings.Count(address, pair[1:]) > strings.Count(address, pair[:1]) {
			address = strings.TrimSuffix(address, pair[1:])
		}
		address = strings.TrimSuffix(address, pair[:1])
	}
	return address
}
