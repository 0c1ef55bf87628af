package e2e

import (
	"net/http"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestBlockingFromAHome: the menu of a home asks, what the blocked one writes is seen nowhere
// any more, and what they say in a room is folded until the viewer points at it.
func TestBlockingFromAHome(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji, seojun := comes(t, app, "민지", sns.RoleMentor), comes(t, app, "서준", sns.RoleUser)
	seojun.posts("바다에 다녀왔어요")
	minji.Goto("/users/서준")
	minji.Click(`[popovertarget="home-menu"]`)
	minji.WaitVisible("#home-menu a")
	minji.clean("menu of a home")
	minji.Screenshot("block-menu-desk")
	minji.Click("#home-menu a")
	minji.WaitContains("#dialog", "서준님을 차단할까요?")
	minji.clean("question before a block")
	minji.Screenshot("block-question-desk")
	minji.Click("#dialog .btn-danger")
	minji.WaitContains("main", "차단한 회원이에요")
	minji.WaitContains("#toasts", "차단했어요")
	minji.clean("home of a blocked member")
	minji.Screenshot("block-home-desk")
	minji.Goto("/")
	minji.WaitGone("#post-1")

	minji.opensRoom("함께 읽기", 5)
	seojun.Goto("/rooms")
	seojun.enters(1)
	seojun.says("안녕하세요")
	minji.WaitCount("#messages .message .said", 1)
	folded := func(is string) {
		t.Helper()
		minji.WaitFor(`getComputedStyle(document.querySelector('#messages .said')).visibility === '` + is + `'`)
	}
	folded("hidden")
	minji.WaitFor(`getComputedStyle(document.querySelector('#messages .said'), '::before').content.includes('차단한 사람의 말')`)
	minji.clean("room with a folded message")
	minji.Screenshot("block-room-desk")
	minji.Hover("#messages .message")
	folded("visible")
	seojun.WaitFor(`getComputedStyle(document.querySelector('#messages .said')).visibility === 'visible'`)

	minji.Goto("/settings/blocks")
	minji.clean("list of blocked members")
	minji.Screenshot("block-list-desk")
	minji.Click("#block-2 .btn")
	minji.WaitGone("#block-2")
	minji.Goto("/")
	minji.WaitVisible("#post-1")
}

func TestBlockingWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone, apptest.NoJavaScript)
	seojun := comes(t, app, "서준", sns.RoleUser, apptest.Phone, apptest.NoJavaScript)
	seojun.Paste("#compose-content", "바다에 다녀왔어요")
	seojun.Click("#compose .btn-main")
	seojun.WaitVisible("#post-1")
	minji.Goto("/users/서준")
	minji.Click(`[popovertarget="home-menu"]`)
	minji.Screenshot("block-menu-phone")
	minji.Click("#home-menu a")
	minji.WaitContains("main", "서준님을 차단할까요?")
	minji.Screenshot("block-question-phone")
	minji.Click("main .btn-danger")
	minji.WaitContains("main", "차단한 회원이에요")
	minji.Screenshot("block-home-phone")
	minji.AllowConsole("status of 404")
	minji.Goto("/posts/1")
	minji.WaitContains("main", "여기에는 아무것도 없어요")
	seojun.Goto("/users/민지")
	seojun.WaitContains("main", "아직 쓴 글이 없어요")
	seojun.Screenshot("block-other-phone")
	minji.Goto("/settings")
	minji.Click(`main a[href="/settings/blocks"]`)
	minji.WaitVisible("#block-2")
	minji.Screenshot("block-list-phone")
	minji.Click("#block-2 .btn")
	minji.WaitContains("main", "차단한 회원이 없어요")
	minji.Screenshot("block-none-phone")
	minji.Goto("/")
	minji.WaitVisible("#post-1")
}

// TestBlocksAcrossReplicas: a block at one replica holds for the next request at the other, and
// streams there get nothing of the blocked member.
func TestBlocksAcrossReplicas(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	minji, seojun, haneul := r.One.Member("민지"), r.Two.Member("서준"), r.One.Member("하늘")
	haneul.Post("/posts", "content", "산").Want(http.StatusSeeOther)
	seojun.Post("/posts", "content", "바다").Want(http.StatusSeeOther)
	minji.Get("/").Want(http.StatusOK).Has("#post-2")
	hears, hearsAll := minji.Listen("post:1"), haneul.Listen("post:1")
	for range 3 {
		minji.Post("/users/서준/block", "on", "true").Want(http.StatusSeeOther)
		seojun.Get("/users/민지").Want(http.StatusOK).Lacks("article.post")
		seojun.Post("/users/민지/follow", "on", "true").Want(http.StatusNotFound)
		minji.Get("/").Want(http.StatusOK).Lacks("#post-2")
		minji.Post("/users/서준/block", "on", "false").Want(http.StatusSeeOther)
		seojun.Post("/users/민지/follow", "on", "true").Want(http.StatusSeeOther)
		minji.Get("/").Want(http.StatusOK).Has("#post-2")
	}
	seojun.Post("/users/민지/block", "on", "true").Want(http.StatusSeeOther)
	minji.Get("/posts/2").Want(http.StatusNotFound)
	seojun.Post("/posts/1/comments", "content", "안 보이는 댓글").Want(http.StatusSeeOther)
	haneul.Post("/posts/1/comments", "content", "보이는 댓글").Want(http.StatusSeeOther)
	hearsAll.Until("the comment", func(f apptest.Frame) bool { return f.Find("#comment-1").Length() > 0 })
	hears.Until("the other comment alone", func(f apptest.Frame) bool {
		if f.Find("#comment-1").Length() > 0 {
			t.Error("the stream has the comment of who has blocked the viewer")
		}
		return f.Find("#comment-2").Length() > 0
	})
}
