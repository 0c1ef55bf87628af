package sns_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
)

// seeds are inputs that have caused bugs.
var seeds = []string{
	"", " ", "민지", "Min_ji.2", "\u1106\u1175\u11ab", "e\u0301\u0316", "\u0345\u0301α\u0345", "ᾳͅ\u0308", "İI\u0307ıẞßſςΣ",
	family, "🇰🇷🇰", "\u3164\u115f\u200b\ufe0f\u2800", "\r\n\r \t", "\x00\x1b\x7f", "\xff\xed\xa0\x80", "\ufeff\u202eabc", "\ufdd0\ufffe",
	"\u0958\u2126\u212b\ufb1d", "\U0002f800\U0001d160", "ꭰᎠᏸ\u1c80\u1e9e", "<script>'\"`&\\%", "ﬁﬃ\u1fb7\u0390", zalgo(100),
}

func addSeeds(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Add(strings.Join(seeds, ""))
}

// wantClean checks properties of every accepted text.
func wantClean(t *testing.T, s string, p *sns.Problem) {
	t.Helper()
	if p != nil && s != "" {
		t.Errorf("%q was refused (%s) and returned", s, p.Key)
	}
	if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
		t.Errorf("%q is no UTF-8 in NFC", s)
	}
}

func FuzzText(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, raw string) {
		s, p := sns.Text("content", raw)
		wantClean(t, s, p)
		if again, p := sns.Text("content", s); again != s || p != nil {
			t.Errorf("%q became %q the second time, %+v", s, again, p)
		}
		if strings.ContainsAny(s, "\r\x00\x1b\x7f") || strings.TrimRight(s, " \t\n") != s || strings.HasPrefix(s, "\n") {
			t.Errorf("%q holds what it may not", s)
		}
		composed := norm.NFC.String(raw)
		if p == nil && (len(s) > len(composed) || s != "" && inked(s) != inked(composed)) {
			t.Errorf("%q became longer, or lost a visible character: %q", raw, s)
		}
		within, p := sns.TextWithin("content", raw, 1, 20)
		wantClean(t, within, p)
		if p == nil && (within != s || within == "" || sns.Length(within) > 20 || len(within) > 20*8) {
			t.Errorf("%q is no text of 1 to 20", within)
		}
	})
}

// inked counts the characters that leave ink.
func inked(s string) (n int) {
	for _, r := range s {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

func FuzzUsername(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, raw string) {
		folded := sns.FoldUsername(raw)
		if again := sns.FoldUsername(folded); again != folded {
			t.Errorf("%q folds to %q and then to %q", raw, folded, again)
		}
		for _, other := range []string{norm.NFC.String(raw), norm.NFD.String(raw), " " + raw + "\n"} {
			if again := sns.FoldUsername(other); utf8.ValidString(raw) && again != folded {
				t.Errorf("%q folds to %q, %q to %q", raw, folded, other, again)
			}
		}
		name, p := sns.Username(raw)
		wantClean(t, name, p)
		if p != nil {
			return
		}
		if n := sns.Length(name); n < 2 || n > 15 || len(name) > 120 || utf8.RuneCountInString(sns.FoldUsername(name)) > 255 {
			t.Errorf("%q has %d characters, %d bytes", name, n, len(name))
		}
		if again, p := sns.Username(name); again != name || p != nil {
			t.Errorf("%q became %q the second time, %+v", name, again, p)
		}
		if got := sns.FoldUsername(name); got != folded {
			t.Errorf("%q folds to %q, what was typed to %q", name, got, folded)
		}
	})
}

func FuzzPassword(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, raw string) {
		password, p := sns.Password("password", raw, "민지")
		wantClean(t, password, p)
		if p != nil {
			return
		}
		if n := sns.Length(password); n < 8 || n > 128 || len(password) > 128*48 {
			t.Errorf("%q has %d characters, %d bytes", password, n, len(password))
		}
		if again, p := sns.Password("password", norm.NFD.String(password), "민지"); again != password || p != nil {
			t.Errorf("%q became %q the second time, %+v", password, again, p)
		}
		if sns.NormalPassword(raw) != password {
			t.Errorf("%q is hashed otherwise than it is compared", password)
		}
	})
}

func FuzzLabel(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, raw string) {
		label, p := sns.Label("name", raw)
		wantClean(t, label, p)
		wantLine(t, label, p, 20, 120)
		if p == nil {
			if again, p := sns.Label("name", label); again != label || p != nil {
				t.Errorf("%q became %q the second time, %+v", label, again, p)
			}
		}
		location, p := sns.FreeLocation(raw)
		wantClean(t, location.Area, p)
		wantLine(t, location.Area, p, 40, 200)
		if again, p := sns.FreeLocation(location.Area); location.Known() && (again != location || p != nil) {
			t.Errorf("%q became %q the second time, %+v", location.Area, again.Area, p)
		}
	})
}

// wantLine checks that an accepted text is a single line within the limits in
// graphemes and in runes, which database columns count.
func wantLine(t *testing.T, line string, p *sns.Problem, graphemes, runes int) {
	t.Helper()
	if p != nil {
		return
	}
	if line == "" || strings.ContainsAny(line, "\r\n\t\x00") || strings.TrimSpace(line) != line {
		t.Errorf("%q is no line", line)
	}
	if sns.Length(line) > graphemes || utf8.RuneCountInString(line) > runes {
		t.Errorf("%q has %d characters of %d code points", line, sns.Length(line), utf8.RuneCountInString(line))
	}
}

func FuzzSlug(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed, "방 구하기")
		f.Add("", seed)
	}
	f.Fuzz(func(t *testing.T, raw, name string) {
		slug, p := sns.Slug(raw, name)
		wantClean(t, slug, p)
		if p != nil {
			return
		}
		if n := utf8.RuneCountInString(slug); n < 1 || n > 30 || strings.ToLower(slug) != slug {
			t.Errorf("%q has %d code points, or large letters", slug, n)
		}
		if strings.ContainsFunc(slug, func(r rune) bool {
			return r != '-' && r != '_' && (!unicode.In(r, unicode.L, unicode.Nd) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r))
		}) {
			t.Errorf("%q holds what it may not", slug)
		}
		if again, p := sns.Slug(slug, ""); again != slug || p != nil {
			t.Errorf("%q became %q the second time, %+v", slug, again, p)
		}
	})
}

func FuzzOptionNames(f *testing.F) {
	addSeeds(f)
	f.Add(strings.Join(seeds[:3], "\n"))
	f.Fuzz(func(t *testing.T, raw string) {
		names, p := sns.OptionNames("options", raw)
		if (p == nil) != (len(names) > 0) {
			t.Fatalf("%q, %+v", names, p)
		}
		seen := map[string]bool{}
		for _, name := range names {
			wantClean(t, name, p)
			wantLine(t, name, p, 20, 120)
			if seen[name] {
				t.Errorf("%q stands there twice", name)
			}
			seen[name] = true
		}
		if p != nil {
			return
		}
		if again, p := sns.OptionNames("options", strings.Join(names, "\n")); p != nil || !slices.Equal(again, names) {
			t.Errorf("%q became %q the second time, %+v", names, again, p)
		}
	})
}
