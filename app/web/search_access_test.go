package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// Messages are found by who may read them, and by nobody else.
func TestMessagesAreFoundByThoseWhoMayReadThem(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "비밀 이야기방", 5)
	v.enters(room, v.minji, v.haneul)
	message := "message-" + room + "-" + speaks(t, talks(v.minji, room), "보물은 느티나무 아래에")
	v.sua.Post("/rooms/" + room + "/participants/" + haneulID + "/remove").Want(303)
	finds := func(c *apptest.Client, want ...string) {
		t.Helper()
		found(t, c, "느티나무", "", want...)
		found(t, c, "느티나무", "&in=messages", want...)
	}
	finds(v.minji, message)
	finds(v.sua, message)
	finds(v.haneul)
	finds(v.seojun)
	finds(v.hyunwoo) // an administrator reads no open room
	v.ends(v.sua, room)
	finds(v.minji, message)
	finds(v.hyunwoo, message)
	finds(v.haneul)
	finds(v.seojun)
	found(t, v.minji, "비밀 이야기", "&in=rooms", "room-"+room)
	found(t, v.seojun, "비밀 이야기", "&in=rooms")
	leadsTo(t, searched(v.Guest(), "느티나무", ""), "/sign-in?next="+url.QueryEscape("/search?q="+url.QueryEscape("느티나무")))
}

// No text that somebody types is an error, or an element of the page.
func TestAnyQuestionIsAnswered(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.minji, "100% 할인_쿠폰 AND 한글 가나다 ABC!")
	for _, question := range append([]string{
		"가", "!", "!!!", "%", "%%", "_", "*", `"`, `"""`, `"닫지 않은`, "NEAR(", "NEAR(가 나)", "AND OR NOT", "a:b c:d", "from:", "board:", "from:from: board:", `from:"`,
		"-글", "(가 OR 나", "'; DROP TABLE posts; --", "\x00", "\xff\xfe", "\u200b", "😀😀", "👨‍👩‍👧‍👦", "ㄱㅏ", strings.Repeat("가", 1000), strings.Repeat("가 ", 500),
		strings.Repeat(`"`, 999), strings.Repeat("from:가 ", 100), "{{.}}", "ß", "İ",
	}, evil...) {
		for _, in := range []string{"", "posts", "comments", "people", "rooms", "messages", "nothing"} {
			p := searched(v.minji, question, "&in="+in).Want(200)
			harmless(t, p)
			if p.Find("#results [id]").Length() == 0 && p.Text("#results") == "" {
				t.Errorf("%.40q in %q: nothing is said", question, in)
			}
		}
		v.minji.HX().Get("/search/suggest?q=" + url.QueryEscape(question)).Want(200)
		v.minji.HX().Get("/people/complete?q=" + url.QueryEscape(question)).Want(200)
	}
	for _, question := range []string{"100%", "할인_쿠", "한글", "한글", "ａｂｃ", "abc!", `"가나다 abc"`, "AND 한글"} {
		found(t, v.minji, question, "&in=posts", "post-"+post)
	}
	for _, question := range []string{"100_", "할인%쿠", `"가나다 한글"`} {
		found(t, v.minji, question, "&in=posts")
	}
}

// names returns the names of a fragment, in order.
func names(p *apptest.Page, selector string) []string {
	return p.Find(selector).Map(func(_ int, s *goquery.Selection) string { return s.Find("bdi").Text() })
}

// While somebody types, people, boards and rooms are suggested, also by initials.
func TestSuggestions(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "민주주의 공부방", 5)
	p := v.minji.HX().Get("/search/suggest?q=" + url.QueryEscape("민")).Want(200)
	if got := names(p, ".complete a[href^='/users/'], .complete a[href^='/rooms/']"); !slices.Equal(got, []string{"민지", "민주주의 공부방"}) {
		t.Errorf("suggested are %q", got)
	}
	p.Has(`.complete a[href="/rooms/` + room + `"] mark`).Has(`.complete a[href="/search?q=%EB%AF%BC"]`)
	for question, want := range map[string]string{"ㅁㅈ": homeOf("민지"), "자유": "/boards/free", "ㅈㅇ": "/boards/free"} {
		if got := hrefs(v.minji.HX().Get("/search/suggest?q="+url.QueryEscape(question)), ".complete a"); !slices.Contains(got, want) {
			t.Errorf("%q suggests %q", question, got)
		}
	}
	for _, question := range []string{"", "없는 이름", "from:민지"} {
		if p := v.minji.HX().Get("/search/suggest?q=" + url.QueryEscape(question)).Want(200); strings.TrimSpace(p.Body) != "" {
			t.Errorf("%q suggests %s", question, p.Body)
		}
	}
}

// Names behind @ are completed: those in the room or the thread first, eight at most.
func TestCompletion(t *testing.T) {
	v := openWithRooms(t)
	for i := range 10 {
		v.joins(fmt.Sprint("민수", i), "user")
	}
	late := v.joins("민희", "user")
	room := v.opens(v.sua, "방", 5)
	v.enters(room, late, v.minji)
	post := v.posts(v.seojun, "글")
	v.comments(late, post, "댓글")
	for _, place := range []string{"&room=" + room, "&post=" + post} {
		p := v.minji.HX().Get("/people/complete?q=" + url.QueryEscape("민") + place).Want(200)
		got := names(p, `ul[role="listbox"] [role="option"]`)
		if len(got) != 8 || !slices.Contains(got[:2], "민희") {
			t.Errorf("%s: completed are %q", place, got)
		}
	}
	p := v.minji.HX().Get("/people/complete?q=" + url.QueryEscape("ㅅㅈ")).Want(200)
	if got := names(p, `[role="option"][data-name="서준"]`); !slices.Equal(got, []string{"서준"}) {
		t.Errorf("the initials complete %q", got)
	}
	if p := v.minji.HX().Get("/people/complete?q=" + url.QueryEscape("없는이름")).Want(200); strings.TrimSpace(p.Body) != "" {
		t.Errorf("nobody is completed as %s", p.Body)
	}
	v.minji.HX().Get("/people/complete?q=a&room=x").Want(400)
	v.minji.HX().Get("/people/complete?q=a&post=-1").Want(400)
}

// Searching, and asking while one types, are bounded for each person.
func TestSearchingIsBounded(t *testing.T) {
	v := open(t, limited)
	until429(t, web.BurstSearch, func(int) *apptest.Page { return searched(v.minji, "바다", "") })
	until429(t, web.BurstSuggest, func(i int) *apptest.Page {
		return v.minji.HX().Get([]string{"/search/suggest?q=a", "/people/complete?q=a"}[i%2])
	})
	v.minji.Get("/search").Want(200)
	v.minji.Get("/").Want(200)
	searched(v.seojun, "바다", "").Want(200)
}
