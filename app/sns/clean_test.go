package sns

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Cleaning changes no usual character, alone or beside any other.
func TestUsualTextsAreClean(t *testing.T) {
	var all strings.Builder
	for r := range utf8.MaxRune + 1 {
		if isUnusual(r) {
			continue
		}
		if s := string(r); cleanUnusual(s) != s {
			t.Errorf("%q becomes %q", s, cleanUnusual(s))
		}
		all.WriteRune(r)
	}
	if s := all.String(); cleanUnusual(s) != s {
		t.Error("together they become another text")
	}
}

// FuzzClean: clean without the short way does the same.
func FuzzClean(f *testing.F) {
	f.Add("\uc548\ub155 \u314b\u314b\r\n\u1112\u1161\u11ab e\u0301\u2028")
	f.Add("\uac00\u11a8 \u3164\t\x00\x7f")
	f.Fuzz(func(t *testing.T, raw string) {
		if !utf8.ValidString(raw) {
			return
		}
		if got, want := clean(raw), cleanUnusual(raw); got != want {
			t.Errorf("%q becomes %q, not %q", raw, got, want)
		}
		most := len(raw) % 9
		s, p := within("content", raw, 1, most)
		if long := Length(raw) > most || len(raw) > most*bytesPerGrapheme || raw == ""; long != (p != nil) || p == nil && s != raw {
			t.Errorf("%q of at most %d: %q, %+v", raw, most, s, p)
		}
	})
}

func BenchmarkCheckMessage(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = CheckMessage("\ub0b4\uc77c \uc800\ub141\uc5d0\ub294 \uc5b4\ub514\uc5d0\uc11c \ub9cc\ub0a0\uae4c\uc694? \uc800\ub294 \uc544\ubb34 \ub370\ub098 \uc88b\uc544\uc694.", "a-1")
	}
}
