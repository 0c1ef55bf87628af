package seed

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xxsns/app/sns"
)

var slugs = []string{"invest", "gossip", sns.LocalBoard}

func TestBoardsHaveFacetsAndOptions(t *testing.T) {
	var names []string
	for _, b := range boards() {
		names = append(names, b.slug+" "+b.name)
		for _, f := range b.facets {
			names = append(names, f.name+": "+strings.Join(f.options, ", "))
		}
	}
	if want := []string{
		"invest 투자", "투자스타일: 단타, 단타x", "관심종목: 한빛전자, 바람게임즈, 두레바이오, 새솔에너지",
		"투자의견: 매수, 매도, 관망", "투자과정: 공부, 실전, 복기",
		"gossip 가십", "관심종목: 한빛전자, 바람게임즈, 두레바이오, 새솔에너지",
	}; !slices.Equal(names, want) {
		t.Errorf("boards %q, want %q", names, want)
	}
}

func TestTextsOfBoardsAreWhatPeopleMaySend(t *testing.T) {
	rng := source(1)
	for _, slug := range slugs {
		for range 3_000 {
			text, topic := boardText(rng, slug, home(rng).Town)
			checked(t, "post", text, func(s string) (string, *sns.Problem) { return sns.PostContent(s, 0) })
			comment := commentText(rng, topic)
			checked(t, "comment", comment, sns.CommentContent)
			if strings.ContainsAny(text+comment, "<>/") && !strings.Contains(text+comment, "https://example.com/") {
				t.Errorf("%q, %q: something is left open", text, comment)
			}
		}
	}
}

// said matches every text about an option; unsaid matches no text about the option.
var said, unsaid = map[string]*regexp.Regexp{
	"매수": regexp.MustCompile(`매수|[샀산살]|사는|사기|사 |사려`),
	"매도": regexp.MustCompile(`매도|팔|파는|판 |손절`),
	"관망": regexp.MustCompile(`관망|지켜`),
	"단타": regexp.MustCompile(`단타|분봉|호가|장 |초반|하루|내일|이틀|시간|이번 주|오전|점심|어제|손절|[호거이시눌분수체]`),
	"공부": regexp.MustCompile(`공부|읽|배|보고서|자료|책|분봉|거래량|차트|호가창|연습|고점|마감|[0-9]년 실적|주주총회|재무제표|설명|` + strings.Join(allTerms(), "|")),
	"복기": regexp.MustCompile(`복기|돌아|다시|돌려|나란히|일지|메모|기록|적어|달력|노트`),
}, map[string]*regexp.Regexp{
	"매수":  regexp.MustCompile(`관망이|관망입|매도`),
	"매도":  regexp.MustCompile(`관망|매수`),
	"관망":  regexp.MustCompile(`매도|샀어요|샀습니다|팔았`),
	"단타x": regexp.MustCompile(`분봉|호가창|장 초반|손절`),
	"공부":  regexp.MustCompile(`샀어요|샀습니다|팔았|복기`),
}

func allTerms() []string { return append(words("term.short"), words("term.long")...) }

func TestTextsFitTheirOptions(t *testing.T) {
	rng, seen := source(2), map[string]int{}
	for range 6_000 {
		slug := slugs[rng.IntN(2)]
		text, topic := boardText(rng, slug, "")
		options := optionsOf(slug, topic)
		for i := range options {
			seen[slug+" "+options[i]]++
			if yes, no := said[options[i]], unsaid[options[i]]; yes != nil && !yes.MatchString(text) || no != nil && no.MatchString(text) {
				t.Errorf("%q: %q", options[i], text)
			}
		}
		only(t, text, slug, options)
		for range 3 {
			only(t, commentText(rng, topic), slug, options)
		}
	}
	if len(seen) != 12+4 || slices.Min(values(seen)) < 600 {
		t.Errorf("options are used so often: %v", seen)
	}
}

// optionsOf returns the names of the options of a topic.
func optionsOf(slug string, t topic) (names []string) {
	for _, f := range facetsOf(slug) {
		names = append(names, f.options[t.choices[f.rule]])
	}
	return names
}

// only fails if a text names a company that is not among the options.
func only(t *testing.T, text, slug string, options []string) {
	t.Helper()
	for _, company := range words("company") {
		if strings.Contains(text, company) && !slices.Contains(options, company) {
			t.Errorf("%s, %v: %q", slug, options, text)
		}
	}
}

func values(counts map[string]int) (all []int) {
	for _, n := range counts {
		all = append(all, n)
	}
	return all
}

func TestPostsOnBoardsNameTheirCompanyOrTown(t *testing.T) {
	rng := source(3)
	for range 2_000 {
		for _, slug := range slugs[:2] {
			text, topic := boardText(rng, slug, "")
			options := optionsOf(slug, topic)
			if !slices.ContainsFunc(words("company"), func(c string) bool { return strings.Contains(text, c) && slices.Contains(options, c) }) {
				t.Errorf("%q names not the company of %v", text, options)
			}
		}
		for town, name := range map[string]string{"연남동": "연남동", "금호동2가": "금호동", "이도이동": "이도이동", "": "우리 동네"} {
			text, topic := boardText(rng, sns.LocalBoard, town)
			if strings.Contains(text, "2가") || len(topic.choices) > 0 || named(text) && !strings.Contains(text, name) {
				t.Errorf("in %q: %q, %v", town, text, topic)
			}
		}
	}
}

// named reports whether a text names a town.
func named(text string) bool {
	for _, town := range []string{"연남동", "금호동", "이도이동"} {
		if strings.Contains(text, town) {
			return true
		}
	}
	return false
}

// Texts about companies contain neither advice nor promises.
func TestNobodyGivesAdvice(t *testing.T) {
	advice := regexp.MustCompile(`사세요|파세요|파시|사시|사야 |추천|대박|급등|폭등|폭락|무조건|확실히 오|수익률|보장|지금이 기회|리딩`)
	for name, r := range texts() {
		marked := map[*rule]bool{}
		if used(r, marked); !strings.HasPrefix(name, boardRules+"invest") && !strings.HasPrefix(name, "comment.invest") {
			continue
		}
		for r := range marked {
			for _, tokens := range r.alternatives {
				for _, p := range tokens {
					if advice.MatchString(p.text) {
						t.Errorf("rule %q: %q", r.name, p.text)
					}
				}
			}
		}
	}
}

// Three hundred posts of a board, which fill many pages, do not repeat each other:
// neither the whole texts, nor the first sentences.
func TestPostsOnBoardsVary(t *testing.T) {
	digits := regexp.MustCompile(`\d+`)
	for _, slug := range slugs {
		rng, texts, begins := source(4), map[string]bool{}, map[string]int{}
		const n = 300
		for range n {
			text, _ := boardText(rng, slug, home(rng).Town)
			text = digits.ReplaceAllString(text, "0")
			texts[text] = true
			begins[firstSentence(text)]++
		}
		if len(texts) < n*95/100 || len(begins) < n/2 || slices.Max(values(begins)) > n/25 {
			t.Errorf("%s: %d different texts of %d, which begin in %d ways, one of them %d times", slug, len(texts), n, len(begins), slices.Max(values(begins)))
		}
	}
}

func firstSentence(text string) string {
	end := strings.IndexAny(text, ".?!\n")
	return text[:cmp.Or(max(end, 0), len(text))]
}

func TestCommentsOnBoardsVary(t *testing.T) {
	rng := source(5)
	for _, slug := range topicsOf(boardRules) {
		for _, name := range slices.Compact(linked(boardRules + slug)) {
			topic, texts := topic{name, map[string]int{}}, map[string]bool{}
			for _, f := range facetsOf(slug) {
				topic.choices[f.rule] = 0
			}
			const n = 60
			for range n {
				texts[commentText(rng, topic)] = true
			}
			if len(texts) < n/3 {
				t.Errorf("%v: %d different comments of %d", topic, len(texts), n)
			}
		}
	}
}

func TestPostsAreSpreadOverBoards(t *testing.T) {
	rng, counts := source(6), map[string]int{}
	const n = 20_000
	for range n {
		town := home(rng).Town
		counts[boardFor(rng, town != "", false)]++
		if slug := boardFor(rng, town != "", true); slug != sns.DefaultBoard && (slug != sns.LocalBoard || town == "") {
			t.Fatalf("pictures on the board %s, by somebody of %q", slug, town)
		}
		if slug := boardFor(rng, false, false); slug == sns.LocalBoard {
			t.Fatal("somebody who lives nowhere writes where they live")
		}
	}
	for slug, share := range map[string]int{sns.DefaultBoard: 60, "invest": 18, "gossip": 10, sns.LocalBoard: 12} {
		if percent := 100 * counts[slug] / n; percent < share-2 || percent > share+2 {
			t.Errorf("%d%% of the posts on %s, want %d%%", percent, slug, share)
		}
	}
}

func TestABoardThatNothingIsKnownOfHasAnyPosts(t *testing.T) {
	text, topic := boardText(source(7), sns.DefaultBoard, "")
	if want, about := postText(source(7)); text != want || topic.name != about.name || topic.choices != nil {
		t.Errorf("%q about %v; want %q about %v", text, topic, want, about)
	}
}
