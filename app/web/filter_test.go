package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// openWithPosts opens a site with four posts on 투자.
func openWithPosts(t *testing.T) *siteWithBoards {
	t.Helper()
	v := openWithBoards(t)
	v.asksAll()
	v.writes(v.minji, "하나", "단타", "반도체")
	v.writes(v.minji, "둘", "단타", "이차전지")
	v.writes(v.seojun, "셋", "장기", "반도체", "매수")
	v.writes(v.haneul, "넷", "가치", "반도체")
	v.posts(v.minji, "자유 글") // on another board
	return v
}

func TestABoardIsFilteredByAnyOptionsTogether(t *testing.T) {
	v := openWithPosts(t)
	for _, c := range []struct {
		chosen, posts []string
		counts        string
	}{
		{nil, []string{"넷", "셋", "둘", "하나"}, "단타2 장기1 가치1 반도체3 이차전지1 매수1 매도0"},
		{[]string{"단타"}, []string{"둘", "하나"}, "단타2 장기1 가치1 반도체1 이차전지1 매수0 매도0"},
		{[]string{"단타", "장기"}, []string{"셋", "둘", "하나"}, "단타2 장기1 가치1 반도체2 이차전지1 매수1 매도0"},
		{[]string{"단타", "장기", "반도체"}, []string{"셋", "하나"}, "단타1 장기1 가치1 반도체2 이차전지1 매수1 매도0"},
		{[]string{"매수"}, []string{"셋"}, "단타0 장기1 가치0 반도체1 이차전지0 매수1 매도0"},
		{[]string{"가치", "이차전지"}, nil, "단타1 장기0 가치0 반도체1 이차전지0 매수0 매도0"},
	} {
		// A shared link shows the same posts to another user.
		for who, client := range map[string]*apptest.Client{"민지": v.minji, "하늘": v.haneul} {
			p := client.Get(v.filtered(c.chosen...)).Want(200)
			if got := texted(p); !slices.Equal(got, c.posts) {
				t.Errorf("%v shows %s %v", c.chosen, who, got)
			}
			want := map[string]string{}
			for each := range strings.FieldsSeq(c.counts) {
				name := strings.TrimRight(each, "0123456789")
				want[name] = strings.TrimPrefix(each, name)
			}
			if got := counted(p); !maps.Equal(got, want) {
				t.Errorf("%v counts %v, want %v", c.chosen, got, want)
			}
			if got := p.Find("#filter [name=f][checked]").Parent().Find("span:not(.num)").Map(texts); !slices.Equal(got, c.chosen) {
				t.Errorf("%v: chosen are %v", c.chosen, got)
			}
			all := p.Find("p.chosen a[href='/boards/invest']")
			if len(c.chosen) == 0 {
				p.Lacks("p.chosen")
			} else if all.Text() != web.Korean("board.all") || p.Text("p.chosen .meta") != web.Korean("board.found", "Count", len(c.posts)) {
				t.Errorf("%v: above the posts stands %q", c.chosen, p.Text("p.chosen"))
			}
			if len(c.posts) == 0 {
				says(t, p, "board.none")
			}
		}
	}
}

func TestTheFilterSaysWhatWouldComeOfIt(t *testing.T) {
	v := openWithPosts(t)
	p := v.minji.HX().Get("/boards/invest/filter?f=" + v.option("단타")).Want(200).Has("form#filter").Lacks("article.post")
	if got := p.Text("#filter .btn-main .scripted"); got != web.Korean("board.show", "Count", 2) {
		t.Errorf("the button says %q", got)
	}
	if p.Text("#filter summary .count") != "1" || p.Text("#filter summary .meta") != "단타" {
		t.Errorf("folded the filter says %q", p.Text("#filter summary"))
	}
	if got := p.Find("#filter").AttrOr("action", ""); got != "/boards/invest" {
		t.Errorf("without scripts the filter leads to %q", got)
	}
	v.minji.Get("/boards/free").Lacks("#filter") // a board without facets
	v.minji.HX().Post("/posts/1/delete").Want(200)
	p = v.minji.Get(v.filtered("단타")).Want(200)
	if got := counted(p)["단타"]; got != "1" || !slices.Equal(texted(p), []string{"둘"}) {
		t.Errorf("after a post was deleted there are %s: %v", got, texted(p))
	}
}

func TestUnknownOptionsInALinkAreIgnoredAndSaid(t *testing.T) {
	v := openWithPosts(t)
	gossip := v.boards("가십", "gossip")
	v.asks(gossip, "소문", false, "카더라")
	foreign := v.minji.Get("/boards/gossip").Find("#compose-facets option[value!='']").AttrOr("value", "")
	for _, odd := range []string{"9999", foreign, "x", "-1", "0", "1e9", "9223372036854775808", "%00", "%ff", "%3Cscript%3E"} {
		p := v.minji.Get(v.filtered("단타") + "&f=" + odd).Want(200)
		says(t, p, "board.unknown_options")
		harmless(t, p)
		if got := texted(p); !slices.Equal(got, []string{"둘", "하나"}) {
			t.Errorf("f=%s shows %v", odd, got)
		}
		// The page applies the options that exist.
		if got := p.Find("#fresh").AttrOr("data-src", ""); strings.Contains(got, "f="+odd) {
			t.Errorf("f=%s: the page asks %q for news", odd, got)
		}
		p = v.minji.Get("/boards/invest?f=" + odd).Want(200)
		if got := texted(p); len(got) != 4 {
			t.Errorf("f=%s alone shows %v", odd, got)
		}
		says(t, p, "board.unknown_options")
		says(t, v.minji.Get("/boards/free?f="+odd).Want(200), "board.unknown_options")
	}
	for _, fine := range []string{v.filtered("단타") + "&f=", v.filtered("단타", "단타"), v.filtered()} {
		if p := v.minji.Get(fine).Want(200); strings.Contains(p.Body, web.Korean("board.unknown_options")) {
			t.Errorf("%s names nothing unknown", fine)
		}
	}
	if p := v.minji.Get("/boards/invest?" + strings.Repeat("f="+v.option("단타")+"&", 2000)).Want(200); len(texted(p)) != 2 {
		t.Errorf("an option two thousand times shows %v", texted(p))
	}
}

// A closed facet or option stays in the filter while a post has the option.
func TestClosedOptionsOfOldPostsStayInTheFilter(t *testing.T) {
	v := openWithPosts(t)
	for _, name := range []string{"단타", "매도"} {
		v.hyunwoo.Post("/admin/options/"+v.option(name)+"/close", "on", "true").Want(303)
	}
	p := v.minji.Get("/boards/invest")
	if counts := counted(p); counts["단타"] != "2" || counts["매도"] != "" {
		t.Errorf("the filter is %v", counts)
	}
	if got := texted(v.minji.Get(v.filtered("단타"))); !slices.Equal(got, []string{"둘", "하나"}) {
		t.Errorf("the closed option finds %v", got)
	}
	if p := v.minji.Get(v.filtered("매도")).Want(200); p.Find("#filter [checked]").Length() != 1 {
		t.Error("a chosen option is not in the filter")
	}
}

// copyPosts writes posts with the options of an earlier post into the database: forms
// would be slow.
func (v *siteWithBoards) copyPosts(like string, posts int) {
	v.t.Helper()
	_, err := v.database().Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO posts (user_id, board_id, bucket_id, content, created_at) SELECT p.user_id, p.board_id, p.bucket_id, '글', ? FROM posts p, n WHERE p.id = ?`,
		posts, time.Now().UnixMicro(), like)
	if err == nil {
		_, err = v.database().Exec("UPDATE buckets SET post_count = post_count + ? WHERE id = (SELECT bucket_id FROM posts WHERE id = ?)", posts, like)
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

func TestMoreOfAFilterShowsEveryPostOnce(t *testing.T) {
	v := openWithBoards(t)
	short, long, value := v.writes(v.minji, "하나", "단타"), v.writes(v.minji, "둘", "장기"), v.writes(v.seojun, "셋", "가치")
	for range 3 { // in mixed order
		v.copyPosts(short, web.PageSize-3)
		v.copyPosts(value, 5)
		v.copyPosts(long, 7)
	}
	wanted := func(of ...string) []string {
		return v.names(t, fmt.Sprintf("SELECT id FROM posts WHERE bucket_id IN (SELECT bucket_id FROM posts WHERE id IN (%s)) ORDER BY id DESC", strings.Join(of, ",")))
	}
	for path, of := range map[string][]string{
		v.filtered("단타"): {short}, v.filtered("단타", "장기"): {short, long}, v.filtered("단타", "장기", "가치"): {short, long, value}, "/boards/invest": {short, long, value},
	} {
		for _, c := range []*apptest.Client{v.seojun, v.seojun.HX()} {
			want := wanted(of...)
			// Posts that are written meanwhile do not shift the next pages.
			got := walks(t, c, path, func() { v.copyPosts(short, 1) })
			if len(want) <= 2*web.PageSize || !slices.Equal(got, want) {
				t.Errorf("%s: passed %v, want %v", path, got, want)
			}
		}
	}
}

func TestTheBannerOfAPageIsAboutItsPosts(t *testing.T) {
	v := openWithPosts(t)
	page := v.minji.Get(v.filtered("단타", "반도체")).Want(200)
	ask := page.Find("#fresh").AttrOr("data-src", "") + "after=" + page.Find("#fresh").AttrOr("data-after", "")
	v.writes(v.seojun, "다른 분류", "장기", "반도체")
	v.writes(v.seojun, "반만 맞아요", "단타", "이차전지")
	v.posts(v.seojun, "다른 게시판")
	v.writes(v.minji, "내 글", "단타", "반도체")
	v.minji.HX().Get(ask).Want(200).Has("#fresh").Lacks("#fresh a")
	fits := v.writes(v.seojun, "맞아요", "단타", "반도체")
	p := v.minji.HX().Get(ask).Want(200)
	if got := p.Text("#fresh a"); got != web.Korean("post.fresh", "Count", 1) {
		t.Errorf("the banner says %q", got)
	}
	if got := p.Find("#fresh a").AttrOr("href", ""); got != v.filtered("단타", "반도체") {
		t.Errorf("without scripts the banner leads to %q", got)
	}
	shown := v.minji.HX().Get(p.Find("#fresh a").AttrOr("hx-get", "")).Want(200)
	if got := timelineIDs(shown); !slices.Equal(got, []string{fits}) {
		t.Errorf("shown are %v", got)
	}
	again := shown.Find(`[hx-target="#fresh"] #fresh`)
	v.minji.HX().Get(again.AttrOr("data-src", "") + "after=" + again.AttrOr("data-after", "")).Lacks("#fresh a") // no news after the newest post

	v.copyPosts(fits, web.PageSize+1)
	p = v.minji.HX().Get(ask).Want(200).Lacks("#fresh a[hx-get]")
	if got := p.Find("#fresh a").AttrOr("href", ""); got != v.filtered("단타", "반도체") {
		t.Errorf("with many new posts the banner leads to %q", got)
	}
	if p := v.minji.HX().Get(ask + "&show=true").Want(200); p.Header.Get("HX-Redirect") != v.filtered("단타", "반도체") {
		t.Errorf("asked to show them all the same, it leads to %q", p.Header.Get("HX-Redirect"))
	}
}

func TestTheBannerOfAWholeBoardIsAboutThatBoard(t *testing.T) {
	v := openWithPosts(t)
	for _, path := range []string{"/boards/free", "/boards/invest"} {
		page := v.minji.Get(path).Want(200)
		ask := page.Find("#fresh").AttrOr("data-src", "") + "after=" + page.Find("#fresh").AttrOr("data-after", "")
		v.posts(v.seojun, "자유 글")
		v.writes(v.haneul, "투자 글", "장기", "반도체")
		p := v.minji.HX().Get(ask).Want(200)
		if got := p.Text("#fresh a"); got != web.Korean("post.fresh", "Count", 1) || p.Find("#fresh a").AttrOr("href", "") != path {
			t.Errorf("%s: the banner says %q", path, got)
		}
		if got := texted(v.minji.HX().Get(p.Find("#fresh a").AttrOr("hx-get", ""))); len(got) != 1 || !strings.HasPrefix(got[0], map[string]string{"/boards/free": "자유", "/boards/invest": "투자"}[path]) {
			t.Errorf("%s: shown are %v", path, got)
		}
	}
}

func TestTagsLeadToThePostsLikeIt(t *testing.T) {
	v := openWithPosts(t)
	for _, path := range []string{"/", "/posts/3", homeOf("서준"), "/boards/invest"} {
		p := v.minji.Get(path).Want(http.StatusOK)
		if got := hrefs(p, "#post-3 .tag"); !slices.Equal(got, []string{v.filtered("장기"), v.filtered("반도체"), v.filtered("매수")}) {
			t.Errorf("on %s the tags lead to %v", path, got)
		}
	}
	if got := texted(v.minji.Get(v.filtered("반도체"))); !slices.Equal(got, []string{"넷", "셋", "하나"}) {
		t.Errorf("there are %v", got)
	}
}
