package view

import (
	"strings"
	"testing"
)

func TestWhatIsFolded(t *testing.T) {
	t.Parallel()
	lines := func(n int) string { return strings.TrimSuffix(strings.Repeat("한 줄\n", n), "\n") }
	code := func(text string) string { return "```\n" + text + "\n```" }
	for name, c := range map[string]struct{ text, post, message string }{
		"nothing":                {"", "", ""},
		"12 lines":               {lines(12), "", ""},
		"14 lines":               {lines(14), "", ""},
		"15 lines":               {lines(15), "fold", ""},
		"34 lines":               {lines(34), "fold", ""},
		"35 lines":               {lines(35), "fold", "fold"},
		"many blank lines":       {"가" + strings.Repeat("\n", 60) + "나", "", ""},
		"many lines of code":     {code(lines(40)), "fold", "fold"},
		"long lines of code":     {code(strings.Repeat("x", 2000)), "", ""},
		"13 lines behind tabs":   {strings.Repeat("\t\t\t\t"+strings.Repeat("x", 30)+"\n", 13), "fold fold-phone", ""},
		"500 letters":            {strings.Repeat("x", 500), "", ""},
		"500 syllables":          {strings.Repeat("가", 500), "fold fold-phone", ""},
		"1,000 syllables":        {strings.Repeat("가", 1000), "fold", "fold fold-phone"},
		"2,000 letters":          {strings.Repeat("x", 2000), "fold", "fold fold-phone"},
		"wide letters of Latin":  {strings.Repeat("Ａ", 500), "fold fold-phone", ""},
		"marks take no columns":  {strings.Repeat("e\u0301", 500), "", ""},
		"joined emoji take two":  {strings.Repeat("👩🏽‍👩🏽‍👧🏽‍👦🏽", 100), "", ""},
		"blank lines of no text": {strings.Repeat("가\n\n\n\n", 14), "fold", "fold"},
	} {
		if post, message := postFold.class(c.text), messageFold.class(c.text); post != c.post || message != c.message {
			t.Errorf("%s: a post is %q, want %q; a message is %q, want %q", name, post, c.post, message, c.message)
		}
	}
}
