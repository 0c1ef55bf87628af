package web_test

import (
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// localPost makes a post on the local board and returns the id.
func (v *siteWithMembers) localPost(c *apptest.Client, text string) string {
	v.t.Helper()
	return idOf(v.t, postFrom(c.HX(), "/local", "/posts", "board", "local", "content", text).Want(200), "article.post")
}

func TestWithoutALocationTheLocalBoardSaysHowToSetOne(t *testing.T) {
	v := open(t)
	lives(t, v.seojun, "서울 성동구")
	v.localPost(v.seojun, "성동구 소식")
	p := v.minji.Get("/local").Want(200).Lacks("#compose").Lacks("article.post")
	says(t, p, "location.ask")
	says(t, p, "location.ask_help")
	if regions, _ := offered(p, "region"); len(regions) == 0 || value(p, "next") != "/local" {
		t.Errorf("the picker offers %v and leads to %q", regions, value(p, "next"))
	}
	leadsTo(t, v.minji.Post("/settings/location", "next", "/local", "region", "서울특별시", "district", "성동구"), "/local")
	p = v.minji.Get("/local").Want(200).Has("#compose")
	toasts(t, p, "done.saved")
	if got := texted(p); !slices.Equal(got, []string{"성동구 소식"}) || p.Text(".here b") != "서울 성동구" {
		t.Errorf("at %q stands %v", p.Text(".here b"), got)
	}
}

func TestNeighboursSeeEachOther(t *testing.T) {
	v := open(t)
	leadsTo(t, v.minji.Post("/settings/location", "region", "서울특별시", "district", "성동구", "town", "성수동1가"), "/settings")
	lives(t, v.seojun, "서울 성동구 금호동1가") // a different 동 of the same 구
	lives(t, v.haneul, "부산 중구")
	if n := v.count("SELECT COUNT(*) FROM users WHERE town <> ''"); n != 2 {
		t.Fatalf("%d of the places have a town", n)
	}
	v.localPost(v.minji, "벼룩시장 열려요")
	v.localPost(v.haneul, "부산 중구 소식")
	v.posts(v.seojun, "모두에게")
	v.localPost(v.seojun, "저도 갈게요")
	for name, c := range map[string]*apptest.Client{"민지": v.minji, "서준": v.seojun} {
		p := c.Get("/local").Want(200)
		if got := texted(p); !slices.Equal(got, []string{"저도 갈게요", "벼룩시장 열려요"}) {
			t.Errorf("%s sees %v", name, got)
		}
	}
	if got := texted(v.haneul.Get("/local")); !slices.Equal(got, []string{"부산 중구 소식"}) {
		t.Errorf("in Busan stands %v", got)
	}
	// 중구 of a different city is a different place.
	lives(t, v.minji, "대구 중구")
	if got := texted(v.minji.Get("/local")); len(got) != 0 {
		t.Errorf("in Daegu stands %v", got)
	}
}

func TestLocalPostsStandElsewhereWithTheirPlace(t *testing.T) {
	v := open(t)
	leadsTo(t, v.minji.Post("/settings/location", "region", "서울특별시", "district", "성동구", "town", "성수동1가"), "/settings")
	post := v.localPost(v.minji, "벼룩시장 열려요")
	v.posts(v.minji, "모두에게")
	for _, path := range []string{"/", homeOf("민지"), "/posts/" + post} {
		p := v.haneul.Get(path).Want(200) // 하늘 has no location
		if got := p.Text("#post-" + post + " .place"); got != "서울 성동구 성수동1가" {
			t.Errorf("%s: the post was written at %q", path, got)
		}
		p.Lacks("#post-2 .place")
	}
	v.haneul.Get("/boards/free").Lacks("#post-" + post)
}

func TestMovingHouseLeavesOldPosts(t *testing.T) {
	v := open(t)
	lives(t, v.minji, "서울 성동구")
	lives(t, v.seojun, "서울 성동구")
	post := v.localPost(v.minji, "성동구에서")
	lives(t, v.minji, "부산 중구")
	v.localPost(v.minji, "부산에서")
	if got := texted(v.minji.Get("/local")); !slices.Equal(got, []string{"부산에서"}) {
		t.Errorf("after moving one sees %v", got)
	}
	p := v.seojun.Get("/local").Want(200)
	if got := texted(p); !slices.Equal(got, []string{"성동구에서"}) || p.Text("#post-"+post+" .place") != "서울 성동구" {
		t.Errorf("the old neighbours see %v at %q", got, p.Text("#post-"+post+" .place"))
	}
	leadsTo(t, v.minji.Post("/settings/location", "remove", "1"), "/settings")
	v.minji.Post("/posts/"+post, "content", "성동구에서, 고침").Want(303)
	p = v.seojun.Get("/local").Want(200)
	if got := p.Text("#post-" + post + " .place"); got != "서울 성동구" {
		t.Errorf("edited from nowhere it was written at %q", got)
	}
	if got := p.Text("#post-" + post + " .post-text"); got != "성동구에서, 고침" {
		t.Errorf("it says %q", got)
	}
}

func TestWithoutALocationNothingIsWrittenLocally(t *testing.T) {
	v := open(t)
	v.minji.Get("/").Lacks(`#compose-board option[value=local]`)
	for _, page := range []string{"/local", "/"} {
		for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
			p := postFrom(c, page, "/posts", "board", "local", "content", "여기는 어디?").Want(422)
			says(t, p, "board.needs_location", "Name", "우리 동네")
			if !strings.Contains(p.Text("textarea"), "여기는 어디?") {
				t.Errorf("on %s the text is not kept", page)
			}
		}
	}
	lives(t, v.minji, "서울 성동구")
	p := v.minji.Get("/").Want(200).Has(`#compose-board option[value=local]`)
	if destination(p) != sns.DefaultBoard {
		t.Errorf("the timeline writes for %q", destination(p))
	}
	if got := v.minji.Get("/local").Text("#compose .meta"); !strings.Contains(got, "서울 성동구") {
		t.Errorf("the composer says that one writes at %q", got)
	}
	leadsTo(t, postFrom(v.minji, "/local", "/posts", "board", "local", "content", "여기예요"), "/local")
}

func TestLocalNewsAreThoseOfNeighbours(t *testing.T) {
	v := open(t)
	for _, c := range []*apptest.Client{v.minji, v.seojun} {
		lives(t, c, "서울 성동구")
	}
	lives(t, v.haneul, "부산 중구")
	page := v.minji.Get("/local").Want(200)
	for _, ask := range []string{page.Find("#fresh").AttrOr("data-src", ""), "/posts/new?local=true&"} {
		after := v.minji.Get("/local").Find("#fresh").AttrOr("data-after", "")
		v.posts(v.seojun, "모두에게")
		v.localPost(v.haneul, "부산 소식")
		v.minji.HX().Get(ask + "after=" + after).Want(200).Lacks("#fresh a")
		v.localPost(v.seojun, "성동구 소식")
		p := v.minji.HX().Get(ask + "after=" + after).Want(200)
		if got := p.Text("#fresh a"); got != web.Korean("post.fresh", "Count", 1) || p.Find("#fresh a").AttrOr("href", "") != "/local" {
			t.Errorf("%s: the banner says %q", ask, got)
		}
		if got := texted(v.minji.HX().Get(ask + "show=true&after=" + after)); !slices.Equal(got, []string{"성동구 소식"}) {
			t.Errorf("%s: shown are %v", ask, got)
		}
	}
	// A user without a location gets no news of local posts.
	leadsTo(t, v.minji.Post("/settings/location", "remove", "1"), "/settings")
	v.minji.HX().Get("/posts/new?local=true&after=0").Want(200).Lacks("#fresh a")
}

func TestMoreLocalPostsShowEveryOneOnce(t *testing.T) {
	v := openWithBoards(t)
	for _, c := range []*apptest.Client{v.minji, v.seojun} {
		lives(t, c, "서울 성동구")
	}
	lives(t, v.haneul, "부산 중구")
	mine, theirs, far := v.localPost(v.minji, "글"), v.localPost(v.seojun, "글"), v.localPost(v.haneul, "글")
	for range 3 {
		v.copyPosts(mine, web.PageSize-3)
		v.copyPosts(far, 4)
		v.copyPosts(theirs, 3)
	}
	want := v.names(t, "SELECT id FROM posts WHERE bucket_id IN (SELECT id FROM buckets WHERE area = '서울특별시 성동구') ORDER BY id DESC")
	if got := walks(t, v.minji, "/local", func() {}); len(got) <= 2*web.PageSize || !slices.Equal(got, want) {
		t.Errorf("passed %v, want %v", got, want)
	}
}

func TestALocalBoardMayAskAndIsFilteredByItsOwnPosts(t *testing.T) {
	v := openWithBoards(t)
	local := v.names(t, "SELECT id FROM boards WHERE slug = 'local'")[0]
	v.asks(local, "종류", false, "나눔", "모임")
	lives(t, v.minji, "서울 성동구")
	lives(t, v.haneul, "부산 중구")
	page := v.minji.Get("/local").Want(200)
	gift, meeting := page.Find("#compose-facets option").Eq(1).AttrOr("value", ""), page.Find("#compose-facets option").Eq(2).AttrOr("value", "")
	for c, text := range map[*apptest.Client]string{v.minji: "성동구", v.haneul: "부산"} {
		composerRejects(t, postFrom(c.HX(), "/local", "/posts", "board", "local", "content", text), text, "facet.missing", "Name", "종류")
		leadsTo(t, postFrom(c, "/local?f="+gift, "/posts", "board", "local", "content", text, "f", gift), "/local")
	}
	p := v.minji.Get("/local?f=" + gift).Want(200)
	if got := texted(p); !slices.Equal(got, []string{"성동구"}) || counted(p)["나눔"] != "1" || counted(p)["모임"] != "0" {
		t.Errorf("there are %v, and the filter counts %v", got, counted(p))
	}
	if got := hrefs(p, ".tag"); !slices.Equal(got, []string{"/local?f=" + gift}) {
		t.Errorf("the tags lead to %v", got)
	}
	if got := texted(v.minji.Get("/local?f=" + meeting)); len(got) != 0 {
		t.Errorf("meetings are %v", got)
	}
}

// An administrator may make more local boards.
func TestAnotherLocalBoardIsLocalToo(t *testing.T) {
	v := openWithBoards(t)
	v.hyunwoo.Post("/admin/boards", "name", "나눔", "slug", "share", "local", "1").Want(303)
	p := v.minji.Get("/boards/share").Want(200).Lacks("#compose")
	if value(p, "next") != "/boards/share" {
		t.Errorf("having set a location one comes to %q", value(p, "next"))
	}
	lives(t, v.minji, "서울 성동구")
	lives(t, v.haneul, "부산 중구")
	postFrom(v.minji, "/boards/share", "/posts", "board", "share", "content", "책 나눠요").Want(303)
	v.localPost(v.minji, "다른 판에")
	if got := texted(v.minji.Get("/boards/share")); !slices.Equal(got, []string{"책 나눠요"}) {
		t.Errorf("there are %v", got)
	}
	if got := texted(v.haneul.Get("/boards/share")); len(got) != 0 {
		t.Errorf("in Busan there are %v", got)
	}
}
