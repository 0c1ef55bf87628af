package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// addPosts writes posts into the database, since forms would be slow, and returns the
// newest id.
func (v *siteWithMembers) addPosts(author string, posts int) int {
	v.t.Helper()
	db := v.database()
	for range posts {
		_, err := db.Exec(`INSERT INTO posts (user_id, board_id, content, like_count, comment_count, version, created_at)
			SELECT u.id, b.id, '글', 0, 0, 0, ? FROM users u, boards b WHERE u.username = ? AND b.slug = 'free'`, time.Now().UnixMicro(), author)
		if err != nil {
			v.t.Fatal(err)
		}
	}
	return v.count("SELECT MAX(id) FROM posts")
}

// walks follows 더 보기 from page to page and returns the ids of all posts.
func walks(t *testing.T, c *apptest.Client, path string, between func()) []string {
	t.Helper()
	var ids []string
	for pages := 0; path != ""; pages++ {
		if pages > 20 {
			t.Fatal("there is always more")
		}
		p := c.Get(path).Want(200)
		ids = append(ids, timelineIDs(p)...)
		path, _ = p.Find("a.more").Attr("href")
		between()
	}
	return ids
}

func countDown(from, to int) []string {
	var ids []string
	for id := from; id >= to; id-- {
		ids = append(ids, strconv.Itoa(id))
	}
	return ids
}

func TestMoreShowsEveryPostOnce(t *testing.T) {
	v := open(t)
	newest := v.addPosts("민지", 2*web.PageSize+5)
	home := "/users/" + url.PathEscape("민지")
	for _, c := range []*apptest.Client{v.seojun, v.seojun.HX()} {
		for _, path := range []string{"/", home} {
			from := newest
			// Posts that are written meanwhile do not shift the next pages.
			got := walks(t, c, path, func() { newest = v.addPosts("민지", 1) })
			if want := countDown(from, 1); !slices.Equal(got, want) {
				t.Errorf("%s: passed %v", path, got)
			}
		}
	}
	v.seojun.HX().Get("/?before=30").Want(200).Has("article.post").Lacks("#compose").Lacks("title")
	req := v.seojun.HX().Request(http.MethodGet, "/?before=30", nil)
	req.Header.Set("HX-History-Restore-Request", "true")
	v.seojun.Do(req).Want(200).Has("#compose").Has("title") // the page again, for the history
	req = v.seojun.Request(http.MethodGet, "/?before=30", nil)
	req.Header.Set("HX-Request", "true")
	v.seojun.Do(req).Want(200).Has("#compose").Has("title") // htmx, but not for a fragment
}

func TestAFullPageHasNoMore(t *testing.T) {
	v := open(t)
	v.addPosts("민지", web.PageSize)
	v.seojun.Get("/").Lacks("a.more")
	v.addPosts("민지", 1)
	v.seojun.Get("/").Has("a.more")
	if got := timelineIDs(v.seojun.Get("/?before=1")); len(got) != 0 {
		t.Errorf("before the first post stand %v", got)
	}
}

func TestTheBannerCountsThePostsOfOthers(t *testing.T) {
	v := open(t)
	first := v.addPosts("민지", 1)
	after := fmt.Sprintf("/posts/new?after=%d", first)
	if got := v.seojun.Get("/").Find("#fresh").AttrOr("data-after", ""); got != strconv.Itoa(first) {
		t.Errorf("the page knows posts up to %q, want %d", got, first)
	}
	v.seojun.HX().Get(after).Want(200).Has("#fresh").Lacks("#fresh a")
	v.addPosts("서준", 2)
	v.seojun.HX().Get(after).Want(200).Lacks("#fresh a") // the viewer's own posts are no news
	newest := v.addPosts("하늘", 3)
	p := v.seojun.HX().Get(after).Want(200)
	if got := p.Text("#fresh a"); got != web.Korean("post.fresh", "Count", 3) {
		t.Errorf("the banner says %q", got)
	}
	show := p.Find("#fresh a").AttrOr("hx-get", "")
	p = v.seojun.HX().Get(show).Want(200)
	if got := timelineIDs(p); !slices.Equal(got, countDown(newest, newest-2)) {
		t.Errorf("shown are %v", got)
	}
	if got := p.Find(`[hx-target="#fresh"][hx-swap=outerHTML] #fresh`).AttrOr("data-after", ""); got != strconv.Itoa(newest) {
		t.Errorf("then the page knows posts up to %q, want %d", got, newest)
	}
	p.Lacks("#fresh a").Lacks("a.more")
}

func TestManyNewPostsLoadThePageAnew(t *testing.T) {
	v := open(t)
	after := v.addPosts("민지", 1)
	v.addPosts("민지", web.PageSize)
	path := fmt.Sprintf("/posts/new?after=%d", after)
	p := v.seojun.HX().Get(path)
	if p.Text("#fresh a") != web.Korean("post.fresh", "Count", web.PageSize) || p.Find("#fresh a[hx-get]").Length() != 1 {
		t.Errorf("for a page of posts the banner is %q", p.Text("#fresh"))
	}
	v.addPosts("민지", 5)
	p = v.seojun.HX().Get(path)
	if p.Text("#fresh a") != web.Korean("post.fresh_many", "Count", web.PageSize) || p.Find("#fresh a[hx-get]").Length() != 0 || p.Find("#fresh a").AttrOr("href", "") != "/" {
		t.Errorf("for more than a page of posts the banner is %q", p.Text("#fresh"))
	}
}

// More posts than a page holds may be written between the banner and the press of the
// banner: no post may be missing between the new posts and the posts on the page.
func TestNoPostFallsBetweenTheNewAndTheOld(t *testing.T) {
	v := open(t)
	after := v.addPosts("민지", 1)
	newest := v.addPosts("민지", web.PageSize+5)
	p := v.seojun.HX().Get(fmt.Sprintf("/posts/new?after=%d&show=true", after)).Want(200)
	if p.Header.Get("HX-Redirect") == "/" || p.Header.Get("HX-Refresh") == "true" {
		return // the page loads again
	}
	got := timelineIDs(p)
	if more, ok := p.Find("a.more").Attr("href"); ok {
		got = append(got, walks(t, v.seojun.HX(), more, func() {})...)
	}
	if want := countDown(newest, after+1); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("%d posts are new; shown, with the way to more, are %v", len(want), got)
	}
}

func TestCountsAfterAGap(t *testing.T) {
	v := open(t)
	liked, gone := v.posts(v.minji, "글"), v.posts(v.minji, "지울 글")
	v.seojun.HX().Post("/posts/"+liked+"/like", "on", "true").Want(200)
	v.comments(v.seojun, liked, "댓글")
	v.minji.HX().Post("/posts/" + gone + "/delete").Want(200)
	p := v.haneul.HX().Get("/posts/counts?id=" + liked + "&id=" + gone + "&id=99&id=" + liked).Want(200)
	if p.Text("#post-"+liked+"-likes") != "1" || p.Text("#post-"+liked+"-comments") != "1" {
		t.Errorf("the counts are %s", p.Body)
	}
	p.Has("#post-" + liked + "-likes[hx-swap-oob]").Has(`[hx-target="#post-` + gone + `"] article#post-` + gone).Has(`[hx-target="#post-99"]`).Lacks(`[hx-target="#post-` + liked + `"]`)
	if p := v.haneul.HX().Get("/posts/counts").Want(200); p.Body != "" {
		t.Errorf("asked for nothing it answers %q", p.Body)
	}
	query := ""
	for id := range web.MostCounts {
		query += fmt.Sprintf("id=%d&", id+1)
	}
	v.haneul.HX().Get("/posts/counts?" + query).Want(200)
	v.haneul.HX().Get("/posts/counts?" + query + "id=1").Want(400)
	for _, malformed := range []string{"id=%zz", "id=1&%", "id=1;id=2"} {
		v.haneul.HX().Get("/posts/counts?" + malformed).Want(400)
	}
}

func TestAHomeIsFoundByItsNameInAnyForm(t *testing.T) {
	v := open(t)
	v.AddUser("Yujin_é", "USER")
	v.posts(v.SignIn("Yujin_é"), "유진의 글")
	v.posts(v.minji, "민지의 글")
	for _, name := range []string{"Yujin_é", "YUJIN_É", norm.NFD.String("yujin_é")} {
		p := v.minji.Get("/users/" + url.PathEscape(name)).Want(200)
		if p.Text(".profile .post-by") != "Yujin_é" || !slices.Equal(timelineIDs(p), []string{"1"}) {
			t.Errorf("%s: %q with %v", name, p.Text(".profile .post-by"), timelineIDs(p))
		}
		if got := p.Text(".profile .num"); got != web.Korean("user.posts", "Count", 1) {
			t.Errorf("the number of posts is %q", got)
		}
	}
	home := v.minji.Get("/users/" + url.PathEscape(norm.NFD.String("민지"))).Want(200).Has(`.profile a[href="/settings"]`)
	if p := v.minji.Get(home.Find("#post-2 .post-by a").AttrOr("href", "")).Want(200); p.Text(".profile .post-by") != "민지" {
		t.Error("the name beside a post leads elsewhere")
	}
	v.seojun.Get("/users/" + url.PathEscape("민지")).Want(200).Lacks(`.profile a[href="/settings"]`)
	for _, name := range []string{"유진", "%ff", "%00", ".", "%2e%2e", "%25", "a%2fb"} {
		if p := v.minji.Get("/users/" + name); p.Status != 404 && p.Status != 301 && p.Status != 307 {
			t.Errorf("/users/%s: %d", name, p.Status)
		}
	}
}

func TestMineIsShownByStyle(t *testing.T) {
	v := open(t)
	p := v.minji.Get("/me.css").Want(200)
	if p.Header.Get("Content-Type") != "text/css; charset=utf-8" || p.Header.Get("Cache-Control") != "private, max-age=86400" || p.Header.Get("Vary") != "Cookie" {
		t.Errorf("headers %v", p.Header)
	}
	want := `[data-from]:not([data-from="1"]) .own:not(.manages *) { display: none; }` + "\n" + `[data-from="1"] { --theirs: ; --mine: initial; }` + "\n"
	if p.Body != want {
		t.Errorf("the style is %q", p.Body)
	}
	if p := v.seojun.Get("/me.css"); p.Body == v.minji.Get("/me.css").Body {
		t.Error("two people have the same style")
	}
	v.minji.Get("/").Has(`link[rel=stylesheet][href="/me.css?v=3.1"]`)
	if p := v.Guest().Get("/me.css").Want(401); p.Header.Get("Cache-Control") != "no-store" {
		t.Error("a guest's answer is kept")
	}
}

// A browser that goes back asks for as many posts as the person had before.
func TestAListReachesDownToAPost(t *testing.T) {
	v := open(t)
	v.addPosts("민지", 2*web.PageSize+5)
	for path, want := range map[string]int{
		"/?before=26&through=3": 23, "/?before=26&through=24": web.PageSize, homeOf("민지") + "?before=26&through=1": 25,
		"/boards/free?before=46&through=1": 45, "/?before=26": web.PageSize,
	} {
		ids := timelineIDs(v.seojun.HX().Get(path).Want(200))
		if len(ids) != want {
			t.Errorf("%s lists %d posts, want %d", path, len(ids), want)
		}
	}
	p := v.seojun.HX().Get("/?before=46&through=10").Want(200)
	if more := p.Find("a.more").AttrOr("href", ""); more != "/?before=10" {
		t.Errorf("the older posts are at %q", more)
	}
	v.seojun.Get("/?through=x").Want(400)
}
