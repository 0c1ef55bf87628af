package sns_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/sns"
)

func TestTextsAreFolded(t *testing.T) {
	for raw, want := range map[string]string{
		"":                    "",
		" \t\n":               "",
		"카드결제가  안\n돼요 ":       "카드결제가 안 돼요",
		norm.NFD.String("결제"): "결제",
		"Ｃａｆé　ＭＥＮＵ":           "cafe menu",
		"CAFE\u0301":          "cafe",
		"ﾆﾎﾝｺﾞ":               "ニホンコ",
		"ㄱㅏ":                  "ㄱㅏ",
		"ﾡￂ":                  "ㄱㅏ",
		"가ㄳ":                  "가ㄳ",
		"\u1100":              "ㄱ",
		"㈜한빛 ㎏":               "(주)한빛 kg",
		"Straße ΣΊΣΥΦΟΣ":      "strasse σισυφοσ",
		"❤\ufe0f\u200d👍🏽":     "❤👍🏽",
		"a\u00b4b":            "a\u00b4b",
		"50% _ ! \" * NEAR(":  "50% _ ! \" * near(",
		"ก\u0e33":             "ก\u0e32",
		"가\u11a8나":            "각나",
		"\u3000조용\u00a0한 \u2028밤\u200b이다 ": "조용 한 밤이다",
	} {
		if got := sns.FoldText(raw); got != want {
			t.Errorf("%q became %q, not %q", raw, got, want)
		}
	}
}

func TestQuestionsAreParsed(t *testing.T) {
	words := func(all ...string) sns.Question { return sns.Question{Words: all} }
	long := strings.Repeat("가", 1000)
	for typed, want := range map[string]struct {
		q   sns.Question
		key string
	}{
		"":                             {words(), sns.QuestionEmpty},
		"  ":                           {words(), sns.QuestionEmpty},
		`""`:                           {words(), sns.QuestionEmpty},
		`"`:                            {words(), sns.QuestionEmpty},
		"결제":                           {words("결제"), ""},
		" 카드 결제  카드 ":                  {words("카드", "결제"), ""},
		"결":                            {words("결"), sns.QuestionShort},
		"결 a":                          {words("결", "a"), sns.QuestionShort},
		"결 카드":                         {words("결", "카드"), ""},
		"%":                            {words("%"), sns.QuestionShort},
		"!!":                           {words("!!"), ""},
		`"이 글"`:                        {words("이 글"), ""},
		`“카드  결제” 안`:                   {words("카드 결제", "안"), ""},
		`"카드 결제`:                       {words("카드", "결제"), ""},
		`카드"결제`:                        {words(`카드"결제`), ""},
		"from:민지 결제":                   {sns.Question{Words: []string{"결제"}, From: "민지"}, ""},
		"FROM：@민지 결제":                  {sns.Question{Words: []string{"결제"}, From: "민지"}, ""},
		`결제 board:"자유 게시판"`:            {sns.Question{Words: []string{"결제"}, Board: "자유 게시판"}, ""},
		"from:민지":                      {sns.Question{From: "민지"}, sns.QuestionEmpty},
		"from: 결제":                     {words("from:", "결제"), ""},
		"fromage":                      {words("fromage"), ""},
		"in:posts -결제 OR":              {words("in:posts", "-결제", "or"), ""},
		long:                           {words(long[:3*sns.QuestionMost]), sns.QuestionLong},
		"aa bb cc dd ee ff gg hh ii j": {words("aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh"), sns.QuestionWords},
		"\xff결제\x00":                   {words("결제"), ""},
	} {
		q, problem := sns.ParseQuestion(typed)
		if q.Text = ""; !reflect.DeepEqual(q, want.q) || problem.Key != want.key {
			t.Errorf("%.60q became %+v, %q, not %+v, %q", typed, q, problem.Key, want.q, want.key)
		}
	}
}

func TestGrams(t *testing.T) {
	for folded, want := range map[string][]string{
		"": {}, "가": {}, "가 ": {}, "가나": {"가나"}, "가나가나": {"가나", "나가"}, "이 글은": {"이글", "글은"}, "👍👍👍": {"👍👍"},
	} {
		if got := sns.Grams(folded); !slices.Equal(got, want) {
			t.Errorf("%q has %q, not %q", folded, got, want)
		}
	}
}

func TestInitialsFindNames(t *testing.T) {
	for typed, name := range map[string]string{
		"ㄱㅁㅈ": "김민지", "ㅁㅈ": "김민지", "민지": "김민지", "ㄴ.k": "하늘.K", "ㄱ": "김민지", "한빛": "하늘", "김 ㅁㅈ": "김민지",
	} {
		q, _ := sns.ParseQuestion(typed)
		if !q.MatchesName(name, "오늘도 한빛에서") {
			t.Errorf("%q does not find %q", typed, name)
		}
	}
	for _, typed := range []string{"ㅈㅁ", "밈", "ㅎㅂ", "가나"} {
		if q, _ := sns.ParseQuestion(typed); q.MatchesName("김민지", "오늘도 한빛에서") {
			t.Errorf("%q finds 김민지", typed)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct{ typed, text, want string }{
		{"결제", "카드결제가 안 돼요. 결제!", "카드[결제]가 안 돼요. [결제]!"},
		{"카드 결제", "카드결제가", "[카드결제]가"},
		{`"카드 결제"`, "카드 \n 결제", "[카드 \n 결제]"},
		{"aa", "AAAA b", "[AAAA] b"},
		{"cafe", "un cafe\u0301!", "un [cafe\u0301]!"},
		{"ss", "Straße", "Stra[ß]e"},
		{"주)", "㈜한빛", "[㈜]한빛"},
		{"❤❤", "❤\ufe0f❤\ufe0f 좋아", "[❤\ufe0f❤\ufe0f] 좋아"},
		{"결제", norm.NFD.String("결제"), "[" + norm.NFD.String("결제") + "]"},
		{"없는 결제", "결제", "[결제]"},
		{"각", "가나", "가나"},
	} {
		q, _ := sns.ParseQuestion(c.typed)
		marked, last := "", 0
		for _, m := range q.Marks(c.text) {
			marked += c.text[last:m[0]] + "[" + c.text[m[0]:m[1]] + "]"
			last = m[1]
		}
		if marked += c.text[last:]; marked != c.want {
			t.Errorf("%q marks %q, not %q", c.typed, marked, c.want)
		}
	}
}

// FuzzMarks checks that texts are searched as they are marked.
func FuzzMarks(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed, seed)
		f.Add("결제 "+seed, "카드결제가 "+seed)
	}
	f.Add(`"카드 결제" from:민지 e`, "카드 \n 결제 Ｃafe\u0301 ㄱㅏ \u1100\u1161 ㈜")
	f.Fuzz(func(t *testing.T, typed, text string) {
		q, problem := sns.ParseQuestion(typed)
		folded := sns.FoldText(text)
		all := true
		for _, word := range q.Words {
			found := strings.Contains(folded, word)
			all = all && found
			marks := sns.Question{Words: []string{word}}.Marks(text)
			if found != (len(marks) > 0) {
				t.Errorf("%q in %q: found %t, marks %v", word, text, found, marks)
			}
			wantGramsOf(t, word, folded, found)
		}
		if q.Matches(folded) != all {
			t.Errorf("%q matches %q: %t", q.Words, folded, !all)
		}
		if (len(q.Words) == 0) != (problem.Key == sns.QuestionEmpty) || len(q.Words) > sns.QuestionWordsMost || utf8.RuneCountInString(q.Text) > sns.QuestionMost {
			t.Errorf("%q became %+v, %q", typed, q, problem.Key)
		}
		wantRanges(t, q.Marks(text), text)
	})
}

// wantGramsOf checks that a text that holds a word has the grams of the word.
func wantGramsOf(t *testing.T, word, folded string, found bool) {
	t.Helper()
	grams := sns.Grams(folded)
	for _, gram := range sns.Grams(word) {
		if found && !slices.Contains(grams, gram) {
			t.Errorf("%q holds %q without %q", folded, word, gram)
		}
	}
}

// wantRanges checks that marks are ranges of whole runes, in order and apart.
func wantRanges(t *testing.T, marks [][2]int, text string) {
	t.Helper()
	last := -1
	for _, m := range marks {
		if m[0] <= last || m[1] <= m[0] || m[1] > len(text) {
			t.Fatalf("marks %v of %d bytes", marks, len(text))
		}
		last = m[1]
		if utf8.ValidString(text) && !utf8.ValidString(text[m[0]:m[1]]) {
			t.Errorf("%v parts a sign of %q", m, text)
		}
	}
}

func BenchmarkFoldText(b *testing.B) {
	text := strings.Repeat("카드결제가 안 돼요 ㅠㅠ Help me! ", 10)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		sns.FoldText(text)
	}
}

func BenchmarkGrams(b *testing.B) {
	text := sns.FoldText(strings.Repeat("카드결제가 안 돼요 ㅠㅠ Help me! ", 10))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		sns.Grams(text)
	}
}
