package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

func TestABoardShowsItsPostsAlone(t *testing.T) {
	v := openWithBoards(t)
	p := v.minji.Get("/boards/invest").Want(200).Has("#empty")
	says(t, p, "board.empty")
	v.writes(v.minji, "투자 글", "장기")
	v.posts(v.seojun, "자유 글")
	for path, want := range map[string][]string{"/boards/invest": {"투자 글"}, "/boards/free": {"자유 글"}, "/": {"자유 글", "투자 글"}} {
		if got := texted(v.haneul.Get(path).Want(200)); !slices.Equal(got, want) {
			t.Errorf("%s shows %v", path, got)
		}
	}
	p = v.haneul.Get("/boards/invest")
	if p.Text("h1") != "투자" || p.Text(".tabs [aria-current=page]") != "투자" || !strings.HasPrefix(p.Text("title"), "투자") {
		t.Errorf("the page is called %q, %q, %q", p.Text("h1"), p.Text(".tabs [aria-current=page]"), p.Text("title"))
	}
	if got := hrefs(p, ".tabs a"); !slices.Equal(got, []string{"/boards/free", "/local", "/boards/invest"}) {
		t.Errorf("the boards are at %v", got)
	}
	if got := p.Find("#post-1 .meta a[href='/boards/invest']").Text(); got != "투자" {
		t.Errorf("the post says that it stands on %q", got)
	}
	v.Guest().Get("/boards/invest").Want(303)
}

func TestAPlainPostLeadsBackToTheBoardItWasWrittenOn(t *testing.T) {
	v := openWithBoards(t)
	fields := append([]string{"board", "invest", "content", "장기로 갑니다"}, v.answers("장기")...)
	leadsTo(t, postFrom(v.minji, "/boards/invest?f="+v.option("장기"), "/posts", fields...), "/boards/invest")
	toasts(t, v.minji.Get("/boards/invest"), "done.posted")
	leadsTo(t, postFrom(v.minji, "/", "/posts", fields...), "/")
	leadsTo(t, postFrom(v.minji, "/posts/1", "/posts", fields...), "/")
	leadsTo(t, v.minji.Post("/posts", fields...), "/") // a browser that sends no Referer
}

// The page that shows the form again has the address of the form's action.
func TestAPlainPostThatWasRefusedFirstLeadsBackToItsBoard(t *testing.T) {
	v := openWithBoards(t)
	fields := append([]string{"board", "invest", "content", "어때요?"}, v.answers("장기")...)
	for _, from := range []string{"/boards/invest", "/"} {
		address := from
		form := v.minji.Get(from).Find("#compose").AttrOr("action", "")
		for range 2 { // the second time from the page of the first answer
			p := postFrom(v.minji, address, form, "board", "invest", "content", "어때요?").Want(422)
			if got, want := p.Find(".tabs [aria-current]").AttrOr("href", ""), from; got != want {
				t.Errorf("refused on %s one is on %s", from, got)
			}
			address, form = form, p.Find("#compose").AttrOr("action", "")
		}
		leadsTo(t, postFrom(v.minji, address, form, fields...), from)
	}
	// If the board was closed meanwhile, the post leads to the timeline.
	form := v.minji.Get("/boards/invest").Find("#compose").AttrOr("action", "")
	v.closes(v.invest)
	p := postFrom(v.minji, "/boards/invest", form, fields...).Want(422)
	leadsTo(t, postFrom(v.minji, form, p.Find("#compose").AttrOr("action", ""), "content", "자유롭게"), "/")
}

func TestANewPostAppearsOnAFilteredPageOnlyWhenItFits(t *testing.T) {
	v := openWithBoards(t)
	page := v.filtered("단타", "가치")
	for option, fits := range map[string]bool{"단타": true, "가치": true, "장기": false} {
		p := postFrom(v.minji.HX(), page, "/posts", append([]string{"board", "invest", "content", option}, v.answers(option)...)...).Want(200)
		toasts(t, p, "done.posted")
		if shown := p.Find(`[hx-target="#timeline"][hx-swap=afterbegin] article.post`).Length() == 1; shown != fits {
			t.Errorf("a post about %s appears: %t", option, shown)
		}
		if facets, chosen := asked(p); destination(p) != "invest" || len(facets) != 1 || chosen[0] != "" {
			t.Errorf("the next post is for %q with %v", destination(p), chosen)
		}
	}
	for from, shown := range map[string]bool{"/boards/invest": true, "/": true, "/boards/free": false, "/boards/invest?f=9999": true} {
		p := postFrom(v.minji.HX(), from, "/posts", append([]string{"board", "invest", "content", "글"}, v.answers("장기")...)...).Want(200)
		if got := p.Find("article.post").Length() == 1; got != shown {
			t.Errorf("on %s it appears: %t", from, got)
		}
		want := map[string]string{"/": sns.DefaultBoard, "/boards/free": "free"}[from]
		if got := destination(p); want != "" && got != want {
			t.Errorf("on %s the next post is for %q", from, got)
		}
	}
}

func TestAClosedBoardStillShowsItsPosts(t *testing.T) {
	v := openWithBoards(t)
	v.writes(v.minji, "지난 글", "장기")
	v.closes(v.invest)
	for _, path := range []string{"/boards/invest", v.filtered("장기")} {
		p := v.seojun.Get(path).Want(200).Lacks("#compose")
		says(t, p, "board.closed_notice")
		if got := texted(p); !slices.Equal(got, []string{"지난 글"}) {
			t.Errorf("%s shows %v", path, got)
		}
		if got := p.Text(".tabs [aria-current=page]"); got != "투자" {
			t.Errorf("on its page the tabs stand on %q", got)
		}
	}
	v.seojun.Get("/boards/free").Lacks(`.tabs a[href="/boards/invest"]`)
	v.seojun.Get("/").Lacks(`#compose-board option[value=invest]`).Has("#post-1")
	v.seojun.HX().Post("/posts/1/like", "on", "true").Want(200)
	v.comments(v.seojun, "1", "그래도 말은 해요")
	v.minji.Post("/posts/1", "content", "고친 글").Want(303)

	leadsTo(t, v.hyunwoo.Post("/admin/boards/"+v.invest+"/close", "on", "false"), "/admin/boards/"+v.invest)
	v.seojun.Get("/boards/invest").Want(200).Has("#compose")
	v.writes(v.seojun, "다시 열렸네요", "장기")
}

func TestSlugsInHangulAreAddresses(t *testing.T) {
	v := openWithBoards(t)
	v.boards("질문 & 답", "")
	path := "/boards/" + url.PathEscape("질문-답")
	p := v.minji.Get(path).Want(200)
	if p.Text("h1") != "질문 & 답" || destination(p) != "질문-답" {
		t.Errorf("the page is %q for %q", p.Text("h1"), destination(p))
	}
	leadsTo(t, postFrom(v.minji, path, "/posts", "board", "질문-답", "content", "질문이요"), path)
	if p := postFrom(v.minji.HX(), path, "/posts", "board", "질문-답", "content", "하나 더").Want(200); p.Find("article.post").Length() != 1 {
		t.Error("the new post does not appear on the board it is on")
	}
	ask := v.seojun.Get(path).Find("#fresh").AttrOr("data-src", "") + "after=0"
	if got := v.seojun.HX().Get(ask).Want(200).Text("#fresh a"); got != web.Korean("post.fresh", "Count", 2) {
		t.Errorf("the banner says %q", got)
	}
	for _, nothing := range []string{"질문", "%EC", "..", "free%2f", "%00", "FREE"} {
		if p := v.minji.Get("/boards/" + nothing); p.Status != http.StatusNotFound && p.Status != http.StatusMovedPermanently {
			t.Errorf("/boards/%s: %d", nothing, p.Status)
		}
	}
}

func TestTheBoardsLeadToTheFirstOpenOne(t *testing.T) {
	v := openWithBoards(t)
	leadsTo(t, v.minji.Get("/boards"), "/boards/free")
	for range 2 {
		v.hyunwoo.Post("/admin/boards/"+v.invest+"/move", "up", "true").Want(303)
	}
	leadsTo(t, v.minji.Get("/boards"), "/boards/invest")
	v.closes(v.invest)
	leadsTo(t, v.minji.Get("/boards"), "/boards/free")
}

func TestNobodyElseSeesTheDoorToTheAdministration(t *testing.T) {
	v := openWithBoards(t)
	for _, c := range []*apptest.Client{v.minji, v.sua} {
		c.Get("/").Lacks(`a[href^="/admin"]`)
		says(t, c.Get("/admin/boards").Want(403), "error.admin")
	}
	v.hyunwoo.Get("/").Has(`a[href="/admin"]`)
	v.hyunwoo.Get("/settings").Has(`a[href="/admin"]`)
}
