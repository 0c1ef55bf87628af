package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// timelineIDs returns the ids of the posts on a page, in the order of the page.
func timelineIDs(p *apptest.Page) []string {
	var ids []string
	for _, n := range p.Find("article.post").EachIter() {
		id, _ := n.Attr("id")
		ids = append(ids, strings.TrimPrefix(id, "post-"))
	}
	return ids
}

func TestAPostStandsOnTheTimelineWithAndWithoutScripts(t *testing.T) {
	v := open(t)
	v.minji.Get("/").Want(200).Has("#empty")
	leadsTo(t, v.minji.Post("/posts", "content", "  첫 줄\r\n둘째 줄  "), "/")
	p := v.minji.Get("/").Want(200).Lacks("#empty")
	toasts(t, p, "done.posted")
	if got := p.Find("#post-1 .post-text").Text(); got != "  첫 줄\n둘째 줄" {
		t.Errorf("the text is %q", got)
	}

	p = v.minji.HX().Post("/posts", "content", "셋째").Want(200)
	p.Has("#compose").Has(`[hx-target="#timeline"][hx-swap=afterbegin] #post-2`).Has(`[hx-target="#empty"][hx-swap=delete]`).Lacks("html head meta")
	toasts(t, p, "done.posted")
	if p.Text("#compose textarea") != "" {
		t.Error("the composer is not empty again")
	}
	if got := timelineIDs(v.seojun.Get("/")); !slices.Equal(got, []string{"2", "1"}) {
		t.Errorf("the timeline is %v", got)
	}
	from, _ := v.seojun.Get("/").Find("#post-1").Attr("data-from")
	if from != "1" {
		t.Errorf("data-from is %q", from)
	}
}

func TestBadTextIsRefusedAndKept(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "처음 글")
	comment := v.comments(v.minji, post, "처음 댓글")
	long := strings.Repeat("가", sns.PostMax+1)
	for _, bad := range []struct {
		text, kept, key string
		args            []any
	}{
		{"", "", "invalid.empty", nil},
		{" \n\t\r\n ", "", "invalid.empty", nil},
		{"\u200b\u3164\ufeff", "\u200b\u3164\ufeff", "invalid.empty", nil},
		{long, long, "invalid.long", []any{"Max", sns.PostMax, "Length", sns.PostMax + 1}},
		{"이거 x" + strings.Repeat("\u0301\u0302\u0303", 5000), "", "invalid.bytes", nil},
		{"깨진 \xff\xfe 글자", "깨진", "invalid.encoding", nil},
		{"\xb0\xa1\xb3\xaa 완성형", "완성형", "invalid.encoding", nil}, // EUC-KR
	} {
		for path, field := range map[string]string{
			"/posts": "#compose textarea", "/posts/" + post: "#edit-" + post,
			"/posts/" + post + "/comments": "#reply textarea", "/comments/" + comment: "#comment-edit-" + comment,
		} {
			args := bad.args
			if strings.Contains(path, "comment") && bad.key == "invalid.long" {
				args = []any{"Max", sns.CommentMax, "Length", sns.PostMax + 1}
			}
			for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
				p := c.Post(path, "content", bad.text).Want(422)
				says(t, p, bad.key, args...)
				if got := p.Text(field); !strings.Contains(got, bad.kept) {
					t.Errorf("%s: of %.20q the form keeps %.40q", path, bad.text, got)
				}
				if p.Find(field).AttrOr("aria-invalid", "") != "true" {
					t.Errorf("%s: %.20q: the field is not marked", path, bad.text)
				}
			}
		}
	}
	if v.count("SELECT COUNT(*) FROM posts") != 1 || v.count("SELECT COUNT(*) FROM comments") != 1 {
		t.Error("something refused was saved")
	}
	if p := v.minji.Get("/posts/" + post); p.Text(".post-text") != "처음 글" || p.Text(".comment-text") != "처음 댓글" {
		t.Error("something refused was changed")
	}
}

func TestTheLongestTextFits(t *testing.T) {
	v := open(t)
	for _, text := range []string{strings.Repeat("가", sns.PostMax), strings.Repeat("👍🏽", sns.PostMax), norm.NFD.String(strings.Repeat("각", sns.PostMax))} {
		post := v.posts(v.minji, text)
		if got := v.seojun.Get("/posts/" + post).Text(".post-text"); got != norm.NFC.String(text) {
			t.Errorf("%.20s…: %d characters came back", text, sns.Length(got))
		}
	}
}

func TestTheSameFormTwiceMakesOnePost(t *testing.T) {
	v := open(t)
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		key := "key-" + strconv.Itoa(len(timelineIDs(v.minji.Get("/"))))
		first := c.Post("/posts", "content", "한 번만", "key", key)
		again := c.Post("/posts", "content", "한 번만", "key", key)
		if first.Status != again.Status || !slices.Equal(timelineIDs(first), timelineIDs(again)) {
			t.Errorf("the second answer is %d with %v, the first was %d with %v", again.Status, timelineIDs(again), first.Status, timelineIDs(first))
		}
	}
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 2 {
		t.Errorf("%d posts, want 2", n)
	}
	// The same key of a different user is a different key.
	v.seojun.HX().Post("/posts", "content", "서준의 글", "key", "key-0").Want(200).Has("#post-3")
	key := value(v.minji.Get("/"), "key")
	if key == "" || key == value(v.minji.Get("/"), "key") {
		t.Error("two composers have the same key, or none")
	}
}

func TestAnotherTextWithTheSameKeyIsNotLost(t *testing.T) {
	v := open(t)
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		before := v.count("SELECT COUNT(*) FROM posts")
		key := "key-" + strconv.Itoa(before)
		c.Post("/posts", "content", "처음", "key", key)
		p := c.Post("/posts", "content", "다른 글", "key", key).Want(422)
		says(t, p, "post.again")
		if p.Text("#compose textarea") != "다른 글" || value(p, "key") == key || value(p, "key") == "" {
			t.Errorf("kept is %q with the key %q", p.Text("#compose textarea"), value(p, "key"))
		}
		c.Post("/posts", "content", "다른 글", "key", value(p, "key"))
		if n := v.count("SELECT COUNT(*) FROM posts"); n != before+2 {
			t.Errorf("%d posts, want %d", n, before+2)
		}
	}
	// The same text with a different image is a different post, too.
	v.minji.HX().Upload("/posts", []apptest.File{photo("하나.png")}, "content", "바다", "key", "sea").Want(200)
	p := v.minji.HX().Upload("/posts", []apptest.File{photo("하나.png"), photo("둘.png")}, "content", "바다", "key", "sea").Want(422)
	says(t, p, "post.again")
	if n := len(v.uploads()); n != 2 {
		t.Errorf("%d files, want the first image and its thumbnail", n)
	}
}

func TestTwentyAtOnceMakeOnePost(t *testing.T) {
	v := open(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			c, want := v.minji, http.StatusSeeOther
			if i%2 == 0 {
				c, want = v.minji.HX(), http.StatusOK
			}
			if p := c.Upload("/posts", []apptest.File{photo("바다.png")}, "content", "한 번만", "key", "once"); p.Status != want {
				t.Errorf("answer %d", p.Status)
			}
		})
	}
	all.Wait()
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 1 {
		t.Errorf("%d posts", n)
	}
	if files := v.uploads(); len(files) != 2 {
		t.Errorf("the files are %v, want one image and its thumbnail", files)
	}
}

func TestKeysAndBoardsThatNoFormOfOursSends(t *testing.T) {
	v := open(t)
	for _, key := range []string{"' OR 1=1", "키", strings.Repeat("a", 65), "a b", "\x00"} {
		v.minji.Post("/posts", "content", "글", "key", key).Want(400)
		v.minji.HX().Post("/posts", "content", "글", "key", key).Want(400)
	}
	p := v.minji.Post("/posts", "content", "글", "board", "nowhere").Want(422)
	says(t, p, "board.unknown")
	v.minji.Post("/posts", "content", "글", "board", sns.DefaultBoard).Want(303)
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 1 {
		t.Errorf("%d posts, want 1", n)
	}
}

func TestAnAuthorEditsAPost(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "처음 글")
	edited := web.Korean("post.edited")
	v.minji.HX().Get("/posts/" + post + "/edit").Want(200).Has("article#post-" + post + " form textarea")
	if got := v.minji.Get("/posts/" + post + "/edit").Want(200).Text("textarea"); got != "처음 글" {
		t.Errorf("the form holds %q", got)
	}
	v.minji.Post("/posts/"+post, "content", "처음 글").Want(303)
	if strings.Contains(v.seojun.Get("/posts/"+post).Text(".post-head"), edited) {
		t.Error("saved without a change it is marked as edited")
	}
	leadsTo(t, v.minji.Post("/posts/"+post, "content", "고친 글"), "/posts/"+post)
	toasts(t, v.minji.Get("/posts/"+post), "done.saved")
	p := v.minji.HX().Post("/posts/"+post, "content", "또 고친 글").Want(200)
	toasts(t, p, "done.saved")
	for _, p := range []*apptest.Page{p, v.seojun.Get("/posts/" + post), v.seojun.Get("/")} {
		if p.Text("#post-"+post+" .post-text") != "또 고친 글" || !strings.Contains(p.Text("#post-"+post+" .post-head"), edited) {
			t.Errorf("the post is %q", p.Text("#post-"+post))
		}
	}
	p = v.minji.HX().Get("/posts/" + post).Want(200) // editing is cancelled
	p.Has("article#post-" + post + " .post-text").Lacks(".bar")

	with, _, _ := v.postsImage(v.minji, "사진과 글")
	v.minji.HX().Post("/posts/"+with, "content", "").Want(200).Has(".images img").Lacks(".post-text")
	v.seojun.Post("/posts/"+post, "content", "남의 글").Want(403)
	v.seojun.HX().Post("/posts/"+post, "content", "").Want(403)
	if got := v.seojun.Get("/posts/" + post).Text(".post-text"); got != "또 고친 글" {
		t.Errorf("somebody else made it %q", got)
	}
}

func TestDeletingAPostTakesEverythingAlong(t *testing.T) {
	v := open(t)
	post, image, thumb := v.postsImage(v.minji, "지울 글")
	kept, _, _ := v.postsImage(v.minji, "남을 글")
	v.comments(v.seojun, post, "댓글")
	v.seojun.HX().Post("/posts/"+post+"/like", "on", "true").Want(200)

	p := v.minji.Get("/posts/" + post + "/delete").Want(200)
	says(t, p, "post.delete_help")
	p.Has(`form[method=post][action="/posts/` + post + `/delete"]`)
	v.minji.HX().Get("/posts/" + post + "/delete").Want(200).Has("#dialog-title").Lacks(".bar")
	v.seojun.Post("/posts/" + post + "/delete").Want(403)
	if len(v.uploads()) != 4 {
		t.Fatalf("before: %v", v.uploads())
	}

	p = v.minji.HX().Post("/posts/" + post + "/delete").Want(200).Has(`[hx-target="#post-` + post + `"][hx-swap=delete]`)
	toasts(t, p, "done.deleted")
	if files := v.uploads(); len(files) != 2 || slices.Contains(files, image) || slices.Contains(files, thumb) {
		t.Errorf("left are the files %v", files)
	}
	v.Guest().Get("/uploads/" + image).Want(404)
	for _, table := range []string{"post_images", "comments", "likes"} {
		if n := v.count("SELECT COUNT(*) FROM "+table+" WHERE post_id = ?", post); n != 0 {
			t.Errorf("left are %d %s", n, table)
		}
	}
	for _, path := range []string{"", "/edit", "/delete", "/comments"} {
		v.minji.Get("/posts/" + post + path).Want(404)
	}
	v.seojun.Post("/posts/"+post+"/like", "on", "true").Want(404)
	v.seojun.HX().Post("/posts/"+post+"/like", "on", "false").Want(404)
	v.seojun.Post("/posts/"+post+"/comments", "content", "늦었다").Want(404)
	v.minji.Post("/posts/" + post + "/delete").Want(404)
	v.minji.Post("/posts/"+post, "content", "늦었다").Want(404)
	v.seojun.Get("/posts/" + kept).Want(200)
}

func TestDeletingFromThePostsOwnPageLeadsAway(t *testing.T) {
	v := open(t)
	for _, page := range []string{"", "#comment-3", "/comments?before=9"} { // the last page shows the post, too
		post := v.posts(v.minji, "지울 글")
		req := v.minji.HX().Request(http.MethodPost, "/posts/"+post+"/delete", nil)
		req.Header.Set("HX-Current-URL", v.URL+"/posts/"+post+page)
		if to := v.minji.Do(req).Want(200).Header.Get("HX-Redirect"); to != "/" {
			t.Errorf("from /posts/%s%s one is sent to %q", post, page, to)
		}
	}
	post := v.posts(v.minji, "지울 글")
	leadsTo(t, v.minji.Post("/posts/"+post+"/delete"), "/")
	toasts(t, v.minji.Get("/"), "done.deleted")
}

func TestLinksAreClickableAndParticlesAreNot(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "https://example.com에서 만나요, (https://example.org/a?b=1&c=2) javascript:alert(1)")
	links := v.seojun.Get("/posts/" + post).Find(".post-text a")
	var got []string
	for _, a := range links.EachIter() {
		href, _ := a.Attr("href")
		got = append(got, href)
		if rel, _ := a.Attr("rel"); !strings.Contains(rel, "noopener") || !strings.Contains(rel, "nofollow") {
			t.Errorf("rel is %q", rel)
		}
	}
	if want := []string{"https://example.com", "https://example.org/a?b=1&c=2"}; !slices.Equal(got, want) {
		t.Errorf("links %v, want %v", got, want)
	}
}

func TestNothingThatPeopleWriteBecomesMarkup(t *testing.T) {
	v := open(t)
	for _, text := range evil {
		post := v.posts(v.minji, text)
		v.comments(v.minji, post, text)
		v.minji.Post("/settings/profile", "status_message", text).Want(303)
		with := idOf(t, v.minji.HX().Upload("/posts", []apptest.File{photo(text + ".png")}, "content", "", "alt", text).Want(200), "article.post")
		pages := []*apptest.Page{
			v.seojun.Get("/"), v.seojun.Get("/posts/" + post), v.seojun.Get("/posts/" + with), v.seojun.Get("/users/" + url.PathEscape("민지")),
			v.seojun.HX().Get("/posts/" + post), v.seojun.HX().Get("/posts/" + post + "/comments"),
			v.minji.Get("/posts/" + post + "/edit"), v.minji.HX().Get("/posts/" + post + "/edit"), v.minji.Get("/settings"),
			v.minji.HX().Post("/posts/"+post, "content", text+"\x00"), v.minji.Post("/posts", "content", text+"\x00", "board", text),
			v.minji.HX().Upload("/posts", []apptest.File{{Field: "images", Name: text, Content: []byte("x")}}, "content", text),
			v.minji.Upload("/settings/profile", []apptest.File{{Field: "image", Name: text, Content: []byte("x")}}, "status_message", text),
			v.Guest().Post("/sign-up", "username", text, "email", text), v.Guest().Post("/sign-in", "username", text, "next", "/"+text),
			v.Guest().HX().Get("/sign-up/username?username=" + url.QueryEscape(text)), v.Guest().Get("/sign-in?next=/" + url.QueryEscape(text)),
			v.minji.Get("/" + url.PathEscape(text)), v.minji.Get("/users/" + url.PathEscape(text)),
		}
		for i, p := range pages {
			harmless(t, p)
			if t.Failed() {
				t.Fatalf("page %d with %q", i, text)
			}
		}
		if got := pages[1].Text("#post-" + post + " .post-text"); got != text {
			t.Errorf("%q is shown as %q", text, got)
		}
		if got := pages[2].Find(".images img").AttrOr("alt", ""); got != text {
			t.Errorf("%q is described as %q", text, got)
		}
		if got := pages[3].Text(".profile p.full"); got != text {
			t.Errorf("the status message %q is shown as %q", text, got)
		}
	}
}
