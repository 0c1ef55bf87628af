package view

import (
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
)

func TestNarrowingWordsAreTakenAway(t *testing.T) {
	for _, c := range []struct{ typed, from, board string }{
		{"결제 from:민지", "결제", "결제 from:민지"},
		{"from:민지 결제", "결제", "from:민지 결제"},
		{"결제 FROM：@민지 취소", "결제 취소", "결제 FROM：@민지 취소"},
		{`결제 board:"우리 동네" 취소`, `결제 board:"우리 동네" 취소`, "결제 취소"},
		{`결제 board:“우리 동네`, `결제 board:“우리 동네`, "결제 동네"},
		{"a from:b from:c d", "a d", "a from:b from:c d"},
		{"xfrom:민지 onboard:x", "xfrom:민지 onboard:x", "xfrom:민지 onboard:x"},
		{"from: board:", "from: board:", "from: board:"},
	} {
		if got := without(c.typed, fromWord); got != c.from {
			t.Errorf("%q without from: is %q", c.typed, got)
		}
		if got := without(c.typed, boardWord); got != c.board {
			t.Errorf("%q without board: is %q", c.typed, got)
		}
		question, _ := sns.ParseQuestion(c.typed)
		rest, _ := sns.ParseQuestion(without(without(c.typed, fromWord), boardWord))
		if rest.From != "" || rest.Board != "" || strings.Join(rest.Words, " ") != strings.Join(question.Words, " ") {
			t.Errorf("%q: without what narrows, %+v", c.typed, rest)
		}
	}
}

func TestOffersNarrow(t *testing.T) {
	l := sampleLocale(t)
	boards := []sns.Board{{ID: 1, Name: "자유", Slug: "free"}, {ID: 2, Name: "우리 동네", Slug: "town"}}
	post := func(author int64, name string, board int) sns.Post {
		return sns.Post{Author: sns.User{ID: author, Username: name}, Board: boards[board]}
	}
	question, _ := sns.ParseQuestion("결제")
	names := func(all []Narrowing) (names string) {
		for _, n := range all {
			names += n.Name + "|"
		}
		return names
	}
	if all := l.Narrowings(question, "", boards, []sns.Post{post(1, "민지", 0), post(1, "민지", 0)}); len(all) != 0 {
		t.Errorf("one author on one board: %q", names(all))
	}
	gone := post(2, "", 1)
	got := names(l.Narrowings(question, "", boards, []sns.Post{post(1, "민지", 0), gone, post(3, "서준", 1), post(4, "하늘", 1), post(5, "수아", 1)}))
	if got != "자유 게시판만|우리 동네 게시판만|민지님이 쓴 것만|서준님이 쓴 것만|하늘님이 쓴 것만|" {
		t.Errorf("offered are %q", got)
	}
	question, _ = sns.ParseQuestion("결제 board:town from:민지")
	all := l.Narrowings(question, "posts", boards, nil)
	if names(all) != "민지님이 쓴 것만|우리 동네 게시판만|" || all[0].Added || all[1].URL != "/search?in=posts&q=%EA%B2%B0%EC%A0%9C+from%3A%EB%AF%BC%EC%A7%80" {
		t.Errorf("taken away are %+v", all)
	}
}

// As long as old texts are being indexed, the page says how far that is.
func TestTheIndexIsGrowing(t *testing.T) {
	if NewIndexing(7, 7) != nil || NewIndexing(0, 0) != nil {
		t.Error("a whole index is growing")
	}
	for _, c := range []struct{ done, total, want int64 }{{0, 9, 0}, {2, 3, 66}, {999, 1000, 99}} {
		if got := NewIndexing(c.done, c.total); got == nil || got.Percent != c.want {
			t.Errorf("%d of %d is %+v", c.done, c.total, got)
		}
	}
	l := sampleLocale(t)
	page := Page{Title: "찾기", Data: Results{Query: "결제", Tabs: []Tab{NewTab("전체", "/search", true)}, Indexing: NewIndexing(2, 3), Notes: []string{l.T("search.slow")}}}
	body, err := l.AppendPage(nil, "search/show", &page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<progress max="100" value="66"`, l.T("search.indexing", "Percent", int64(66)), l.T("search.slow")} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// The description of a picture is shown if a word stands there.
func TestFoundDescriptionsAreShown(t *testing.T) {
	l := sampleLocale(t)
	question, _ := sns.ParseQuestion("바다")
	posts := []sns.Post{{
		ID: 7, Author: sns.User{ID: 1, Username: "민지"}, Content: "여름",
		Images: []sns.PostImage{{Name: "a.jpg", Width: 9, Height: 9, Alt: "밤<바다>"}, {Name: "b.jpg", Width: 9, Height: 9, Alt: "산"}},
	}}
	list, err := l.FoundPosts(posts, nil, question, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	html := string(list.HTML())
	if !strings.Contains(html, `여름<span class="meta alt">`) || !strings.Contains(html, "밤&lt;<mark>바다</mark>&gt;</span>") || strings.Contains(html, "산</span>") {
		t.Errorf("the card is %s", html)
	}
	if list, err := l.FoundPosts(nil, nil, question, time.Now()); list != nil || err != nil {
		t.Errorf("nothing found is %v, %v", list, err)
	}
}
