package web_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

func TestACommentStandsBelowItsPost(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	p := v.seojun.Post("/posts/"+post+"/comments", "content", "첫 댓글")
	leadsTo(t, p, "/posts/"+post+"#comment-1")
	p = v.seojun.HX().Post("/posts/"+post+"/comments", "content", "둘째\n댓글").Want(200)
	p.Has("#reply").Lacks(".toast").Has(`[hx-target="#comments"][hx-swap^=beforeend] li#comment-2`).Has("#post-" + post + "-comments[hx-swap-oob]")
	if p.Text("#post-"+post+"-comments") != "2" || p.Text("#reply textarea") != "" {
		t.Errorf("the answer is %s", p.Body)
	}
	p = v.minji.Get("/posts/" + post).Want(200)
	if got := p.Find("#comments .comment-text").Map(texts); !slices.Equal(got, []string{"첫 댓글", "둘째\n댓글"}) {
		t.Errorf("the comments are %q", got)
	}
	if p.Text("#post-"+post+"-comments") != "2" {
		t.Errorf("the post counts %q comments", p.Text("#post-"+post+"-comments"))
	}
	v.seojun.Post("/posts/"+post+"/comments", "content", strings.Repeat("가", sns.CommentMax)).Want(303)
	v.seojun.Post("/posts/"+post+"/comments", "content", strings.Repeat("가", sns.CommentMax+1)).Want(422)
	v.seojun.Post("/posts/99/comments", "content", "글").Want(404)
}

func TestTheSameFormTwiceMakesOneComment(t *testing.T) {
	v := open(t)
	post, other := v.posts(v.minji, "글"), v.posts(v.minji, "다른 글")
	path := "/posts/" + post + "/comments"
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if p := v.seojun.HX().Post(path, "content", "한 번만", "key", "once"); p.Status != 200 {
				t.Errorf("answer %d", p.Status)
			}
		})
	}
	all.Wait()
	leadsTo(t, v.seojun.Post(path, "content", "한 번만", "key", "once"), "/posts/"+post+"#comment-1")
	if v.count("SELECT COUNT(*) FROM comments") != 1 || v.count("SELECT comment_count FROM posts WHERE id = ?", post) != 1 {
		t.Error("there is not one comment")
	}
	for _, c := range []*apptest.Client{v.seojun, v.seojun.HX()} {
		p := c.Post(path, "content", "다른 말", "key", "once").Want(422)
		says(t, p, "comment.again")
		if p.Text("#reply textarea") != "다른 말" || p.Find("#reply [name=key]").AttrOr("value", "once") == "once" {
			t.Errorf("kept is %q with the key %q", p.Text("#reply textarea"), p.Find("#reply [name=key]").AttrOr("value", ""))
		}
	}
	says(t, v.seojun.Post("/posts/"+other+"/comments", "content", "한 번만", "key", "once").Want(422), "comment.again")
	v.seojun.Post(path, "content", "글", "key", "나쁜 키").Want(400)
	if v.count("SELECT COUNT(*) FROM comments") != 1 || v.count("SELECT SUM(comment_count) FROM posts") != 1 {
		t.Error("something refused was saved or counted")
	}
}

func TestAnAuthorEditsAndDeletesAComment(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	comment := v.comments(v.seojun, post, "처음")
	path := "/comments/" + comment
	v.seojun.HX().Get(path + "/edit").Want(200).Has("li#comment-" + comment + " form textarea")
	v.seojun.HX().Get(path).Want(200).Has("li#comment-" + comment + " .comment-text") // editing is cancelled
	leadsTo(t, v.seojun.Post(path, "content", "처음"), "/posts/"+post+"#comment-"+comment)
	if strings.Contains(v.minji.Get("/posts/"+post).Text("#comment-"+comment), web.Korean("post.edited")) {
		t.Error("saved without a change it is marked as edited")
	}
	v.seojun.HX().Post(path, "content", "고침").Want(200)
	p := v.minji.Get("/posts/" + post)
	if p.Text("#comment-"+comment+" .comment-text") != "고침" || !strings.Contains(p.Text("#comment-"+comment+" .meta"), web.Korean("post.edited")) {
		t.Errorf("the comment is %q", p.Text("#comment-"+comment))
	}
	// The author of the post may not delete another user's comment.
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		c.Post(path, "content", "남의 말").Want(403)
		c.Post(path + "/delete").Want(403)
	}
	if v.count("SELECT comment_count FROM posts") != 1 {
		t.Error("a refused deletion is counted")
	}
	v.seojun.Get(path + "/delete").Want(200).Has(`form[action="` + path + `/delete"]`)
	p = v.seojun.HX().Post(path + "/delete").Want(200).Has(`[hx-target="#comment-` + comment + `"][hx-swap=delete]`)
	if p.Text("#post-"+post+"-comments") != "0" {
		t.Errorf("then there are %q comments", p.Text("#post-"+post+"-comments"))
	}
	v.seojun.Post(path + "/delete").Want(404)
	v.seojun.Post(path, "content", "늦었다").Want(404)

	comment = v.comments(v.seojun, post, "둘째")
	leadsTo(t, v.seojun.Post("/comments/"+comment+"/delete"), "/posts/"+post)
	toasts(t, v.seojun.Get("/posts/"+post), "done.deleted")
}

func TestTheNewestCommentsStandBelowAPostInAList(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	path := "/posts/" + post + "/comments"
	p := v.seojun.HX().Get(path + "/latest").Want(200).Has("#post-" + post + "-latest #reply-" + post + " textarea")
	says(t, p, "comment.none")
	for _, text := range []string{"하나", "둘", "셋", "넷"} {
		v.comments(v.haneul, post, text)
	}
	p = v.seojun.HX().Get(path + "/latest").Want(200).Has(`a[href="/posts/` + post + `#comments"]`)
	if got := p.Find("#post-" + post + "-newest .comment-text").Map(texts); !slices.Equal(got, []string{"둘", "셋", "넷"}) {
		t.Errorf("the newest are %q", got)
	}
	p = v.seojun.HX().Post(path, "content", "다섯", "under", "true").Want(200).Lacks(".toast")
	p.Has(`[hx-target="#post-` + post + `-newest"] li.comment`).Has("#reply-" + post + ` [name=under]`)
	p.Has("#post-" + post + "-comments[hx-swap-oob]")
	p = v.seojun.HX().Post(path, "content", " ", "under", "true").Want(422)
	p.Has("form#reply-" + post + " [aria-invalid=true]")
	v.seojun.HX().Get("/posts/99/comments/latest").Want(404)
	v.seojun.Get("/posts/" + post).Want(200).Has("#comments + .none")
}

func TestOlderCommentsAreShownOnce(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	db := v.database()
	most := 2*web.CommentsSize + 3
	for i := range most {
		if _, err := db.Exec("INSERT INTO comments (post_id, user_id, content, created_at) VALUES (?, 2, ?, ?)", post, strconv.Itoa(i+1), 1_700_000_000_000_000+i); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		var got []string
		for path := "/posts/" + post + "/comments"; path != ""; {
			p := c.Get(path).Want(200)
			got = append(p.Find("li.comment .comment-text").Map(texts), got...)
			path, _ = p.Find(".comments-more a").Attr("href")
		}
		if len(got) != most || got[0] != "1" || got[most-1] != strconv.Itoa(most) || len(slices.Compact(slices.Sorted(slices.Values(got)))) != most {
			t.Errorf("passed %v", got)
		}
	}
}

func TestAPageCatchesUpOnTheCommentsItMissed(t *testing.T) {
	v := open(t)
	post, other := v.posts(v.minji, "글"), v.posts(v.minji, "다른 글")
	last := v.comments(v.seojun, post, "본 댓글")
	v.comments(v.seojun, other, "다른 글의 댓글")
	path := "/posts/" + post + "/comments?after="
	if got := v.minji.HX().Get(path + last).Want(200).Find("li").Length(); got != 0 {
		t.Errorf("%d comments were missed, none was written", got)
	}
	v.comments(v.seojun, post, "놓친 댓글")
	v.comments(v.haneul, post, "또 놓친 댓글")
	p := v.minji.HX().Get(path + last).Want(200).Lacks(".comments-more")
	if got := p.Find("li.comment .comment-text").Map(texts); !slices.Equal(got, []string{"놓친 댓글", "또 놓친 댓글"}) {
		t.Errorf("caught up on %q", got)
	}
	if got := v.minji.HX().Get(path + "0").Want(200).Find("li.comment").Length(); got != 3 {
		t.Errorf("a page without comments catches up on %d, want 3", got)
	}
	v.minji.HX().Get(path + "x").Want(400)
	v.minji.HX().Get("/posts/99/comments?after=1").Want(404)
}

func TestALikeSetsAState(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	like := "/posts/" + post + "/like"
	for _, step := range []struct{ on, likes, pressed string }{
		{"true", "1", "true"}, {"true", "1", "true"}, {"false", "0", "false"}, {"false", "0", "false"}, {"true", "1", "true"},
	} {
		p := v.seojun.HX().Post(like, "on", step.on).Want(200)
		if p.Text("#post-"+post+"-likes") != step.likes || p.Find("#post-"+post+"-like").AttrOr("aria-pressed", "") != step.pressed {
			t.Errorf("after %s: %s", step.on, p.Body)
		}
	}
	v.minji.Post(like, "on", "true").Want(303)
	if p := v.minji.Get("/"); p.Text("#post-"+post+"-likes") != "2" || p.Find("#post-"+post+"-like").AttrOr("value", "") != "false" {
		t.Error("the heart does not show what is mine and everybody's")
	}
	if p := v.haneul.Get("/"); p.Text("#post-"+post+"-likes") != "2" || p.Find("#post-"+post+"-like").AttrOr("aria-pressed", "") != "false" {
		t.Error("the heart shows to others what is not theirs")
	}
	for _, on := range []string{"", "garbage", "2", "참"} {
		v.seojun.Post(like, "on", on).Want(400)
		v.seojun.HX().Post(like, "on", on).Want(400)
	}
	v.seojun.Post("/posts/99/like", "on", "true").Want(404)
	if v.count("SELECT like_count FROM posts") != 2 || v.count("SELECT COUNT(*) FROM likes") != 2 {
		t.Error("the likes are not counted right")
	}
}

func TestALikeWithoutScriptsLeadsBackToThePost(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	for from, want := range map[string]string{"/?before=9": "/?before=9#post-" + post, "/posts/" + post: "/posts/" + post + "#post-" + post} {
		req := v.seojun.Request("POST", "/posts/"+post+"/like", strings.NewReader("on=true"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Referer", v.URL+from)
		leadsTo(t, v.seojun.Do(req), want)
	}
}
