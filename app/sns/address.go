package sns

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mvdan.cc/xurls/v2"
)

// Korean writes a particle without a space behind a word: "https://example.com에서" is
// an address and a particle. Hangul straight behind a host in Latin letters never belongs
// to the address. Hangul behind a slash, "=" or "#" does, since titles and searches are
// Hangul. Hangul behind a letter, a digit or a closing sign belongs to the address unless
// the whole run is made of particles and endings.
var (
	latinHost  = regexp.MustCompile(`(?i)^(https?://[^/?#]*(?:\.([a-z]{2,})|\d+(?:\.\d+){3}|\]|//localhost)(?::\d+)?)\p{Hangul}`)
	koreanHost = regexp.MustCompile(`(?i)^(https?://[^/?#]*\.(?:한국|닷컴|닷넷|삼성))\p{Hangul}`)
	rootSuffix = regexp.MustCompile(`(?i)^(https?://[^/?#]+/)(?:` + noTitle + `)(?:` + suffixes + `)*$`)
	pathSuffix = regexp.MustCompile(`([0-9A-Za-z)\]}][_+-]*)[` + regexp.QuoteMeta(trailing) + `]*(?:` + suffixes + `)+$`)
	scheme     = regexp.MustCompile(`(?i)https?://`)
	withHost   = regexp.MustCompile(`(?i)^https?://[^/?#]`)
	nextScheme = regexp.MustCompile(`(?i)[^/=:?&#]https?://`)
)

// noTitle are the suffixes with which no title begins. Behind the slash of a host, which
// people copy with the host, 도로 and 이과 may be titles, 에서 is none.
const noTitle = `에서|에게|에|으로|부터|까지|는|를|을|하고|이라|라고|라는|이에요|예요|네요|입니다|인데`

// suffixes are the particles and endings that people write behind an address. They
// compose: 에서+도+요, 이+라면서+요.
const suffixes = `에서|에게|에게서|에다|에선|에|엔|에요|에용|한테|한테서|께서|께|으로서|으로써|으로|로서|로써|로|부터|까지|처럼|보다|만큼|만|대로|마다|마저|조차|밖에|뿐|` +
	`이나마|나마|이야말로|야말로|말고|치고|커녕|때문에|덕분에|쯤|씩|들|님|은|는|을|를|가|의|와|과|도|요|` +
	`하(?:고|는|며|면|면서|니까|세요|시면)|해서|해요|했어요|했는데|합니다|같(?:은|은데|이|아|네|던데|음|습니다)|` +
	`이랑|이나|이든|이든지|이면|이니|이며|이다|이지|이야|이냐|이던|이군|이네|이|` +
	`(?:이었|였)(?:습니다|다|죠|던|네|고|지만|나|음|어|는데|거든|구나|으면|으니)|` +
	`라(?:도|는|는데|고|구|면|면서|서|며|니|니까|던데|더라|든지|든가|지만|길래|기보다|네|거나|야)|` +
	`랑|나|든지|든가|든|네|네용|던데|더라|더라고|더라구|거든|거나|군요|구나|구요|고요|고|잖아|지만|지요|죠|며|므로|니까|길래|기에|기도|냐고|냐는|` +
	`예요|예용|란|란다|래|래서|랍니다|랍니까|입니다|입니당|입니까|인데|인데용|인걸|인듯|인가|인지|인|임|임다|일까|일지|일지도|일텐데`

// behindName matches what people write straight behind a name, without a space: forms of
// address, particles and endings, which compose, too (님+에게+도).
var behindName = regexp.MustCompile(`^(?:` + suffixes + `|씨|쌤|야|아)+$`)

// webAddress finds an http or https address in a text.
var webAddress = func() *regexp.Regexp {
	re, err := xurls.StrictMatchingScheme(`https?://`)
	if err != nil {
		panic(err) // the expression is a constant
	}
	return re
}()

// addressAt returns the address at the beginning of a text that begins with a scheme,
// or "" if no host follows. before is the text before the scheme. Each step looks at no
// more of the text than the address can have: a text of a thousand addresses must not
// take a thousand times as long.
func addressAt(before, text string) string {
	text = upToEnd(text)
	if !withHost.MatchString(text) {
		return ""
	}
	if host := hostBeforeHangul(text); host != "" {
		return host
	}
	closing := trailing
	if strings.HasSuffix(before, "_") { // many names end in _, so that only a pair is emphasis
		closing += "_"
	}
	for address := webAddress.FindString(text); ; {
		cut := balanced(withoutSuffix(strings.TrimRight(address, closing)))
		if cut == address {
			return address
		}
		address = cut
	}
}

// trailing are the signs that end a sentence or a quotation, not an address. Of the signs
// that mark text, _ and - are also the last sign of names and numbers of pages.
const trailing = ".,!?:;~'\"*–·"

// upToEnd cuts a text before the first sign that cannot be part of an address, and where
// another address begins. Nothing remains of a scheme behind a scheme ("http://https://"):
// the second one has the host.
func upToEnd(text string) string {
	if i := strings.IndexFunc(text, endsAddress); i >= 0 {
		arrow := text[i] == '>'
		if text = text[:i]; arrow {
			text = strings.TrimRight(text, "-=")
		}
	}
	own := len(scheme.FindString(text))
	if next := scheme.FindStringIndex(text[own:]); next != nil && next[0] == 0 {
		return text[:own]
	}
	if m := nextScheme.FindStringIndex(text); m != nil {
		_, size := utf8.DecodeRuneInString(text[m[0]:])
		text = text[:m[0]+size]
	}
	return text
}

// hostBeforeHangul returns an address that is a host alone, straight before Hangul that
// is no part of the host, or "". In www.e편한세상.com, "e" is no top-level domain.
func hostBeforeHangul(text string) string {
	if m := latinHost.FindStringSubmatch(text); m != nil {
		domain := strings.ToLower(m[2])
		if domain == "" || slices.Contains(xurls.TLDs, domain) || slices.Contains(xurls.PseudoTLDs, domain) {
			return m[1]
		}
	}
	if m := koreanHost.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// endsAddress reports whether r cannot be part of an address as people type addresses:
// ㅋㅋㅋ, emoji, arrows, quotation marks, and punctuation of full width.
func endsAddress(r rune) bool {
	switch {
	case r < 0x80:
		return r <= ' ' || r == '"' || r == '<' || r == '>'
	case unicode.Is(unicode.Pd, r): // a title may have a dash; a long or wide one is a pause
		return r == '—' || r == '―' || r >= 0x3000
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
