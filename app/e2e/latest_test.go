package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
)

// TestCommentsUnderTheCard: in a list the comments open in place, with a field to
// write; the number moves for all, and a comment appears once.
func TestCommentsUnderTheCard(t *testing.T) {
	t.Parallel()
	for name, look := range map[string][]apptest.Option{"phone": {apptest.Phone}, "desktop": {apptest.Dark}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := apptest.Start(t)
			minji := signsUp(t, app, "민지", look...)
			seojun := app.Member("서준")
			minji.posts("비 오는 날")
			minji.posts("맑은 날")
			minji.WaitCount(`#post-1 .discuss[aria-expanded="false"]`, 1)
			minji.Click("#post-1 .discuss")
			minji.WaitContains("#post-1-latest", "아직 댓글이 없어요")
			minji.Screenshot("latest-empty-" + name)
			for i := range 4 {
				seojun.Post("/posts/1/comments", "content", fmt.Sprintf("%d번째 댓글", i+1)).Want(http.StatusSeeOther)
			}
			minji.WaitText("#post-1-comments", "4")
			minji.Click("#post-1 .discuss")
			minji.WaitGone("#post-1-latest")
			minji.Click("#post-1 .discuss")
			minji.WaitCount(`#post-1 .discuss[aria-expanded="true"]`, 1)
			minji.WaitCount("#post-1-latest .comment", 3)
			minji.Paste("#reply-1-content", "저는 집에 있었어요")
			minji.Click("#reply-1 .btn-main")
			minji.WaitContains("#post-1-newest", "저는 집에 있었어요")
			minji.WaitText("#post-1-comments", "5")
			minji.WaitCount("#post-1-latest .comment", 4)
			minji.Click("#post-2 .discuss")
			minji.WaitVisible("#reply-2-content")
			minji.Screenshot("latest-" + name)
			minji.fits("comments below a card")
			minji.clean("comments below a card")

			// A text that is not sent outlives closing.
			minji.Paste("#reply-2-content", "아직 쓰는 중")
			minji.Press(kb.Escape)
			minji.WaitGone("#post-2-latest")
			minji.WaitFocus("#post-2 .discuss")
			minji.Press(" ")
			minji.WaitVisible("#reply-2-content")
			if text := minji.Value("#reply-2-content"); text != "아직 쓰는 중" {
				t.Errorf("the text became %q", text)
			}
			minji.WaitFocus("#post-2 .discuss")
			minji.Click("#post-1-latest > .btn")
			minji.WaitFor(`location.pathname + location.hash === '/posts/1#comments'`)
		})
	}
}

// TestReplyFieldAtTheLowerEdge: on a phone the field stands at the lower edge, also
// below a short post, and goes with the post.
func TestReplyFieldAtTheLowerEdge(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji, seojun := signsUp(t, app, "민지", apptest.Phone), signsUp(t, app, "서준")
	minji.posts("짧은 글")
	minji.Goto("/posts/1")
	minji.WaitContains(".none", "아직 댓글이 없어요")
	minji.atTheLowerEdge()
	minji.Screenshot("post-short-phone")
	seojun.Goto("/posts/1")
	seojun.Screenshot("post-short-desktop")
	seojun.comments("안녕")
	minji.WaitGone(".none")
	again := app.SignIn("서준")
	for range 30 {
		again.Post("/posts/1/comments", "content", "또 안녕").Want(http.StatusSeeOther)
	}
	minji.Reload()
	minji.atTheLowerEdge()
	minji.Goto("/")
	minji.Click("#post-1 .post-head > button")
	minji.Click("#post-1-menu .bad")
	minji.Click("#dialog .btn-danger")
	seojun.WaitVisible("#post-1.gone")
	seojun.WaitGone("#reply")
	seojun.WaitGone("#comments")
	seojun.Screenshot("post-gone-desktop")
}

// atTheLowerEdge waits until the reply field ends where the window ends.
func (m *member) atTheLowerEdge() {
	m.t.Helper()
	m.WaitFor(`Math.abs(document.querySelector('#reply').getBoundingClientRect().bottom - innerHeight) < 1`)
}
