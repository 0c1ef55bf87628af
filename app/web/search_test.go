package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// searched asks for what a question finds; more are parameters of the address.
func searched(c *apptest.Client, question, more string) *apptest.Page {
	return c.Get("/search?q=" + url.QueryEscape(question) + more)
}

// ids returns the ids of the results, in their order.
func ids(p *apptest.Page) []string {
	return p.Find("#results article[id], #results li[id]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("id", "") })
}

// hits returns the marked parts below a selector.
func hits(p *apptest.Page, selector string) []string { return p.Find(selector + " mark").Map(texts) }

// found fails the test unless a question finds exactly the elements, in their order.
func found(t *testing.T, c *apptest.Client, question, more string, want ...string) *apptest.Page {
	t.Helper()
	p := searched(c, question, more).Want(200)
	if got := ids(p); !slices.Equal(got, want) {
		t.Errorf("%q finds %q, want %q", question, got, want)
	}
	return p
}

// The page has a few things of each kind, with the words marked, and the box the question.
func TestSearchFindsEachKind(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.minji, "카드결제가 <b>또</b> 안 돼요")
	comment := v.comments(v.haneul, post, "저는 결제 됐어요")
	v.minji.Post("/settings/profile", "status_message", "결제를 만들어요").Want(303)
	room := v.opens(v.sua, "결제 공부방", 5)
	v.enters(room, v.minji)
	seq := speaks(t, talks(v.minji, room), "결제 로그부터 봐요")

	p := found(t, v.minji, "결제", "", "post-"+post, "comment-"+comment, "person-"+minjiID, "room-"+room, "message-"+room+"-"+seq)
	for _, id := range ids(p) {
		if got := hits(p, "#"+id); !slices.Equal(got, []string{"결제"}) {
			t.Errorf("marked in %s are %q", id, got)
		}
	}
	p.Has(`#q[value="결제"]`).Has(`.tabs [aria-current="page"][href="/search?q=%EA%B2%B0%EC%A0%9C"]`).Lacks("#results .post-text b")
	for _, kind := range []string{"posts", "comments", "people", "rooms", "messages"} {
		if got := p.Text("#found-" + kind); got != web.Korean("search."+kind) {
			t.Errorf("the heading of %s is %q", kind, got)
		}
		one := searched(v.minji, "결제", "&in="+kind).Want(200)
		if got := ids(one); len(got) != 1 || !slices.Contains(ids(p), got[0]) {
			t.Errorf("of %s it finds %q", kind, got)
		}
	}
	if got := p.Find("#message-"+room+"-"+seq+" a").AttrOr("href", ""); !strings.HasSuffix(got, "#message-"+room+"-"+seq) {
		t.Errorf("the message leads to %s", got)
	}
	p.Has("#comment-" + comment + ` a[href="/comments/` + comment + `"]`)
	found(t, v.minji, "자유", "&in=rooms", "board-1").Has(`#board-1 a[href="/boards/free"]`)
}

// Marks change nothing else of a text: its links lead to where they did, and code is code.
func TestMarksLeaveLinksAndCode(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "https://example.com/결제/문서 에 있어요. `결제()`\n```\n결제 < 1 && true\n```\n끝")
	p := found(t, v.minji, "결제", "&in=posts", "post-"+post)
	p.Has(`.post-text a[href="https://example.com/결제/문서"] mark`).Has(".post-text > code mark").Has(".post-text pre mark")
	if got := p.Text(".post-text pre"); got != "결제 < 1 && true" {
		t.Errorf("the code is %q", got)
	}
	for _, text := range evil {
		v.posts(v.minji, "결제 "+text)
		v.comments(v.minji, post, "결제 "+text)
	}
	for _, in := range []string{"posts", "comments"} {
		harmless(t, searched(v.minji, "결제", "&in="+in))
		harmless(t, searched(v.minji, "alert data", "&in="+in))
	}
}

// Of a long text the words around the first hit are shown.
func TestALongTextShowsItsFirstHit(t *testing.T) {
	v := open(t)
	filler := strings.Repeat("아주 다른 이야기예요. ", 60)
	deep := v.posts(v.minji, filler+"마침내 결제 이야기")
	first := v.posts(v.minji, "결제 이야기부터. "+filler)
	lines := v.posts(v.minji, strings.Repeat("줄\n", 20)+"결제 줄")
	p := found(t, v.minji, "결제", "&in=posts", "post-"+lines, "post-"+first, "post-"+deep)
	if text := p.Text("#post-" + lines + " .post-text"); !strings.HasSuffix(text, "줄 줄 결제 줄") {
		t.Errorf("of many lines is shown %q", text)
	}
	if text := p.Text("#post-" + deep + " .post-text"); !strings.HasPrefix(text, "…") || !strings.HasSuffix(text, "마침내 결제 이야기") || len(text) > 200 {
		t.Errorf("shown is %q", text)
	}
	p.Has("#post-" + first + " .post-text.fold mark")
}

// A kind goes on page by page, each with an address, newest first and without doubles.
func TestSearchTurnsPages(t *testing.T) {
	v := open(t)
	want := make([]string, sns.SearchPage*2+5)
	for i := range want {
		want[len(want)-1-i] = "post-" + v.posts(v.minji, fmt.Sprint("결제 ", i))
	}
	p := found(t, v.seojun, "결제", "", want[:sns.SearchFew]...)
	p.Has(`#results .more[href="/search?in=posts&q=%EA%B2%B0%EC%A0%9C"]`)
	p = found(t, v.seojun, "결제", "&in=posts", want[:sns.SearchPage]...)
	more := p.Find("#results .more").AttrOr("href", "")
	got := ids(p)
	for more != "" {
		whole, part := v.seojun.Get(more).Want(200), v.seojun.HX().Get(more).Want(200)
		part.Lacks("html > head > title")
		if shown := part.Find("article").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("id", "") }); !slices.Equal(shown, ids(whole)) {
			t.Errorf("htmx gets %q, the page has %q", shown, ids(whole))
		}
		got = append(got, ids(whole)...)
		more = part.Find(".more").AttrOr("href", "")
		if whole.Find("#results .more").AttrOr("href", "") != more {
			t.Error("the page goes on elsewhere")
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("all pages have %q", got)
	}
}

// Words that narrow are links that take the word away; others are offered.
func TestSearchNarrows(t *testing.T) {
	v := openWithBoards(t)
	free := v.posts(v.minji, "결제 하나")
	invest := v.writes(v.seojun, "결제 둘", "단타")
	comment := v.comments(v.seojun, free, "결제 댓글")

	p := found(t, v.haneul, "결제", "", "post-"+invest, "post-"+free, "comment-"+comment)
	want := []string{"결제 board:invest", "결제 board:free", "결제 from:서준", "결제 from:민지"}
	if got := questions(t, p, ".chips a"); !slices.Equal(got, want) {
		t.Errorf("offered are %q", got)
	}
	p = found(t, v.haneul, "결제 from:서준", "", "post-"+invest, "comment-"+comment)
	if got := questions(t, p, ".chips a.on"); !slices.Equal(got, []string{"결제"}) {
		t.Errorf("without the author it is %q", got)
	}
	p = found(t, v.haneul, "board:자유 결제 from:민지", "&in=posts", "post-"+free)
	if got := questions(t, p, ".chips a.on"); !slices.Equal(got, []string{"board:자유 결제", "결제 from:민지"}) {
		t.Errorf("without one it is %q", got)
	}
	p = found(t, v.haneul, "결제 from:아무도아님", "")
	if got := questions(t, p, ".empty a"); !slices.Equal(got, []string{"결제"}) {
		t.Errorf("more is found by %q", got)
	}
	says(t, searched(v.haneul, "from:민지", ""), "search.empty")
}

// questions returns the questions of links to searches.
func questions(t *testing.T, p *apptest.Page, selector string) []string {
	t.Helper()
	return p.Find(selector).Map(func(_ int, s *goquery.Selection) string {
		u, err := url.Parse(s.AttrOr("href", ""))
		if err != nil || u.Path != "/search" {
			t.Errorf("a link to %v", u)
			return ""
		}
		return u.Query().Get("q")
	})
}

// Every state says what happened, and what to do.
func TestStatesOfTheSearch(t *testing.T) {
	v := openWithRooms(t)
	v.posts(v.minji, "결제")
	room := v.opens(v.sua, "결제 공부방", 5)
	for question, key := range map[string]string{"": "search.start", "없는 말": "search.none", "   ": "search.start", `""`: "search.empty"} {
		says(t, searched(v.minji, question, "").Want(200).Has("#results .empty").Lacks("#results article"), key)
	}
	searched(v.minji, "", "").Has("#q[autofocus]").Has("#recent[hidden] template").Lacks(".tabs")

	says(t, found(t, v.minji, "결", "", "room-"+room), "search.short", "Min", 2)
	says(t, found(t, v.minji, "결", "&in=posts"), "search.none")
	long := searched(v.minji, strings.Repeat("결제 ", 80), "").Want(200)
	says(t, long, "search.long", "Max", sns.QuestionMost)
	if length := len([]rune(long.Find("#q").AttrOr("value", ""))); length > sns.QuestionMost {
		t.Errorf("the box holds %d characters", length)
	}
	words := ""
	for i := range 2 * sns.QuestionWordsMost {
		words += fmt.Sprint(" 낱말", i)
	}
	says(t, searched(v.minji, words, "").Want(200), "search.words", "Max", sns.QuestionWordsMost)
}
