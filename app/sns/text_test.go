package sns_test

import (
	"strings"
	"testing"

	"xxsns/app/sns"
)

func TestText(t *testing.T) {
	tests := []struct{ name, raw, want, problem string }{
		{"as it is", "안녕하세요 👋🏽", "안녕하세요 👋🏽", ""},
		{"Hangul in pieces", "\u110b\u1161\u11ab\u1102\u1167\u11bc", "안녕", ""},
		{"accents in pieces", "Cafe" + accent, "Café", ""},
		{"compatibility stays", "ﬁ ① ㎏ ｆｕｌｌ", "ﬁ ① ㎏ ｆｕｌｌ", ""},
		{"lines of Windows and old Macs", "하나\r\n둘\r셋\n넷\r\n\r\n다섯", "하나\n둘\n셋\n넷\n\n다섯", ""},
		{"tabs and blanks inside", "가\t나  다", "가\t나  다", ""},
		{"blanks at the ends", " \t\r\n가 나\u3000\u00a0\n", "가 나", ""},
		{"the first of several lines keeps its indentation", "\n \n    func f() {\n      g()\n    }\n ", "    func f() {\n      g()\n    }", ""},
		{"a single line has none", "   가", "가", ""},
		{"joiners stay", family + " क्" + zwj + "ष", family + " क्" + zwj + "ष", ""},
		{"direction marks stay", "\u200fשלום\u200f", "\u200fשלום\u200f", ""},

		{"empty", "", "", ""},
		{"blanks", " \t\n\r\n\u00a0\u3000\u2028", "", ""},
		{"Hangul fillers", "\u3164\u115f\u1160\uffa0", "", ""},
		{"zero widths", "\u200b\u200c\u200d\u2060\ufeff\u00ad", "", ""},
		{"direction marks", "\u200e\u200f\u202e\u2066", "", ""},
		{"variation selectors", "\ufe0f\ufe0e\U000e0100", "", ""},
		{"tags", "\U000e0001\U000e0061\U000e007f", "", ""},
		{"braille blank", "\u2800", "", ""},
		{"all of these", " \u3164\n\u200b\u2800\ufe0f ", "", ""},
		{"one visible among them", "\u3164가\u3164", "\u3164가\u3164", ""},

		{"null", "가\x00나", "가나", ""},
		{"backspace of an input method", "한글\b은", "한글은", ""},
		{"escape", "\x1b[31m빨강", "[31m빨강", ""},
		{"bell alone", "\a", "", ""},
		{"vertical tab", "가\v나", "가\n나", ""},
		{"form feed", "가\f나", "가\n나", ""},
		{"next line", "가\u0085나", "가\n나", ""},
		{"separators", "가\u2028나\u2029다", "가\n나\n다", ""},
		{"information separators", "가\x1c\x1d\x1e\x1f나", "가나", ""},
		{"delete", "가\x7f나", "가나", ""},
		{"C1", "가\u0080\u009f나", "가나", ""},
		{"no character", "가\ufffe\uffff나", "가나", ""},
		{"no character of another plane", "가\U0010ffff나", "가나", ""},
		{"no character, Arabic block", "가\ufdd0나", "가나", ""},

		{"leads alone", "\u110f\u110f\u110f", "ㅋㅋㅋ", ""},
		{"vowels alone", "\u1172\u1172", "ㅠㅠ", ""},
		{"tails alone", "\u11a8\u11aa", "ㄱㄳ", ""},
		{"a lead before a syllable", "\u110f\u110f\u1161", "ㅋ카", ""},
		{"a second tail", "각\u11a8", "각ㄱ", ""},
		{"a vowel behind a syllable", "가\u1161", "가ㅏ", ""},
		{"old Hangul", "\u1112\u119e\u11ab\u1100\u1173\u11af", "\u1112\u119e\u11ab글", ""},
		{"an old tail", "가\u11f0", "가\u11f0", ""},
		{"an old lead alone", "\u1140", "ㅿ", ""},
		{"an old lead and an old vowel with fillers", "\u1113\u1160 \u115f\u11a2", "\u1113\u1160 \u115f\u11a2", ""},
		{"old leads with and without a letter", "\u1114\u1113", "ㅥ\ufffd", ""},

		{"no UTF-8", "가\xff", "", "invalid.encoding"},
		{"cut", "가\xea\xb0", "", "invalid.encoding"},
		{"surrogate", "\xed\xa0\x80", "", "invalid.encoding"},
		{"overlong", "\xc0\xaf", "", "invalid.encoding"},
	}
	for _, test := range tests {
		got, p := sns.Text("content", test.raw)
		if got != test.want || key(p) != test.problem || p != nil && p.Field != "content" {
			t.Errorf("%s: %q became %q, problem %+v; want %q, %q", test.name, test.raw, got, p, test.want, test.problem)
		}
	}
}

// zalgo returns one grapheme of 2n+1 bytes.
func zalgo(n int) string { return "a" + strings.Repeat("\u0316", n) }

func TestTextWithin(t *testing.T) {
	tests := []struct {
		name     string
		raw      string
		min, max int
		problem  string
	}{
		{"2,000 emoji", strings.Repeat("👍🏽", 2000), 1, 2000, ""},
		{"600 families", strings.Repeat(family, 600), 1, 2000, ""},
		{"700 families", strings.Repeat(family, 700), 1, 2000, "invalid.bytes"},
		{"500 leads of Hangul", strings.Repeat("\u110f", 500), 1, 500, ""},
		{"7,900 leads of Hangul", strings.Repeat("\u110f", 7900), 1, 500, "invalid.long"},
		{"2,000 Hangul in pieces", strings.Repeat("\u1112\u1161\u11ab", 2000), 1, 2000, ""},
		{"2,000 and blanks around", "  " + strings.Repeat("가", 2000) + "\n\n", 1, 2000, ""},
		{"2,001 lines", strings.Repeat("가\r\n", 1000) + "가", 1, 2000, "invalid.long"},
		{"2,001 letters", strings.Repeat("a", 2001), 1, 2000, "invalid.long"},
		{"a lot", strings.Repeat("a", 1_000_000), 1, 2000, "invalid.long"},
		{"three marks a letter", strings.Repeat(zalgo(3), 10), 1, 10, ""},
		{"eleven marks a letter", strings.Repeat(zalgo(11), 10), 1, 10, "invalid.bytes"},
		{"one character of 96 KB", zalgo(48_000), 1, 2000, "invalid.bytes"},
		{"joiners between all letters", strings.Repeat("a"+strings.Repeat(zwj, 3), 10), 1, 10, "invalid.bytes"},
		{"empty, where it may be", "", 0, 10, ""},
		{"empty, where it may not", "", 1, 10, "invalid.empty"},
		{"invisible, where it may not", "\u3164\u200b", 1, 10, "invalid.empty"},
		{"controls, where something must be", strings.Repeat("\x00", 50), 1, 10, "invalid.empty"},
	}
	for _, test := range tests {
		got, p := sns.TextWithin("content", test.raw, test.min, test.max)
		if key(p) != test.problem || p != nil && (got != "" || p.Field != "content") {
			t.Errorf("%s: problem %+v, want %q", test.name, p, test.problem)
		}
	}
	_, p := sns.TextWithin("content", "12345678901", 1, 10)
	if p == nil || p.Args["Max"] != 10 || p.Args["Length"] != 11 {
		t.Errorf("what is too long is told as %+v", p)
	}
}

func TestTextsOfEachKind(t *testing.T) {
	letters := func(n int) string { return strings.Repeat("가", n) }
	tests := []struct {
		name    string
		check   func() (string, *sns.Problem)
		field   string
		problem string
	}{
		{"post", func() (string, *sns.Problem) { return sns.PostContent(letters(2000), 0) }, "content", ""},
		{"post too long", func() (string, *sns.Problem) { return sns.PostContent(letters(2001), 4) }, "content", "invalid.long"},
		{"post of nothing", func() (string, *sns.Problem) { return sns.PostContent(" ", 0) }, "content", "invalid.empty"},
		{"post of an image alone", func() (string, *sns.Problem) { return sns.PostContent(" ", 1) }, "content", ""},
		{"comment", func() (string, *sns.Problem) { return sns.CommentContent(letters(500)) }, "content", ""},
		{"comment too long", func() (string, *sns.Problem) { return sns.CommentContent(letters(501)) }, "content", "invalid.long"},
		{"comment of nothing", func() (string, *sns.Problem) { return sns.CommentContent("\u3164") }, "content", "invalid.empty"},
		{"description", func() (string, *sns.Problem) { return sns.Alt(letters(200)) }, "alt", ""},
		{"description too long", func() (string, *sns.Problem) { return sns.Alt(letters(201)) }, "alt", "invalid.long"},
		{"no description", func() (string, *sns.Problem) { return sns.Alt("") }, "alt", ""},
	}
	for _, test := range tests {
		if _, p := test.check(); key(p) != test.problem || p != nil && p.Field != test.field {
			t.Errorf("%s: %+v, want %q", test.name, p, test.problem)
		}
	}
}

// The documentation of Alt promises one line.
func TestAltIsOneLine(t *testing.T) {
	if got, p := sns.Alt(" 바다가\r\n보이는\t창 "); p != nil || got != "바다가 보이는 창" {
		t.Errorf("got %q, %+v", got, p)
	}
}

func TestLength(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 1, "가": 1, "\u1100\u1161": 1, "👍🏽": 1, family: 1, "🇰🇷": 1, "🇰🇷🇯🇵": 2, "e" + accent: 1, "\r\n": 1, "1️⃣": 1, "a\u0316\u0316\u0316": 1, "a\u0316\u0316\u0316\u0316": 2, "👩🏻\u200d❤️\u200d💋\u200d👨🏻": 2, "\u200b": 1, "ㅋㅋㅋ": 3,
	} {
		if got := sns.Length(text); got != want {
			t.Errorf("%q has %d, want %d", text, got, want)
		}
	}
}

func TestSearchForm(t *testing.T) {
	for name, query := range map[string]string{
		"Café 모임": "cafe  모임", "ＡＢＣ": "abc", "ﾊﾝｸﾞﾙ": "ハングル", "tiếng Việt": "tieng viet", "㈜가나": "(주)가나", "각": "\u1100\u1161\u11a8", "가\u3000나": " 가 나",
		"가\u200b나": "가나", "\ufeff책\u00ad방": "책방", "\u3164책 방": "책 방", "👍\ufe0f": "👍",
	} {
		if a, b := sns.SearchForm(name), sns.SearchForm(sns.Query(query, 100)); a != b || a == "" {
			t.Errorf("%q is %q, and %q is %q", name, a, query, b)
		}
	}
	if sns.SearchForm("가나") == sns.SearchForm("가 나") {
		t.Error("a blank does not matter")
	}
}

func TestOnlyTheAuthorMayEdit(t *testing.T) {
	author := sns.User{ID: 7}
	if p := (sns.Post{Author: author}); !p.EditableBy(7) || p.EditableBy(8) || p.EditableBy(0) {
		t.Error("a post is not its author's alone")
	}
	if c := (sns.Comment{Author: author}); !c.EditableBy(7) || c.EditableBy(8) || c.EditableBy(0) {
		t.Error("a comment is not its author's alone")
	}
}
