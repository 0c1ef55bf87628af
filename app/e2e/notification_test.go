package e2e

import (
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestNotifications: the number stands on every page of both devices of 민지 at once; a tap
// leads to the comment and reads its notice everywhere. What comes while she looks is read.
func TestNotifications(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	phone := comes(t, app, "민지", sns.RoleUser, apptest.Phone, apptest.Dark)
	desk := &member{Person: apptest.NewPerson(t, app.URL), t: t, app: app, name: "민지"}
	desk.Goto("/sign-in")
	desk.signsInAs("민지")
	app.SignIn("민지").Post("/posts", "content", "다리를 건너요").Want(303)
	app.AddUser("하늘", sns.RoleUser)
	app.AddUser("서준", sns.RoleUser)
	haneul, seojun := app.SignIn("하늘"), app.SignIn("서준")
	desk.Goto("/settings")
	phone.Goto("/boards/free")
	for _, c := range []*apptest.Client{haneul, seojun} {
		c.Post("/posts/1/like", "on", "true").Want(303)
	}
	phone.WaitFor(`document.getElementById('unread-dock').matches('[data-news]:empty')`)
	haneul.Post("/posts/1/comments", "content", "저도 건너요").Want(303)
	desk.WaitText("#unread", "1")
	phone.WaitText("#unread-dock", "1")
	phone.Click(`.dock [href="/notifications"]`)
	phone.WaitContains("#notifications .unread", "하늘님이 내 글에 댓글을 남겼어요.")
	phone.WaitContains("#notifications", "서준님 외 1명이 내 글을 좋아해요.")
	phone.clean("the inbox on a phone")
	desk.Goto("/notifications?in=news")
	desk.clean("the news on a desk")
	seojun.Post("/posts/1/comments", "content", "갈까요").Want(303)
	phone.WaitContains("#notifications .unread", "서준님 외 1명이 내 글에 댓글을 남겼어요.") // the open inbox shows the present state

	phone.Click("#notifications [data-kind=comment] a")
	phone.WaitPath("/posts/1")
	phone.WaitVisible("#comment-2")
	desk.WaitText("#unread", "")

	haneul.Post("/posts/1/comments", "content", "가요").Want(303)
	phone.WaitVisible("#comment-3")
	phone.WaitFor(`document.getElementById('unread').dataset.version >= 5 && document.getElementById('unread').textContent === ''`)
	desk.WaitText("#unread", "")
	desk.Goto("/notifications")
	desk.WaitCount("#notifications li[data-kind=comment].unread", 0)

	desk.Goto("/settings/notifications")
	desk.clean("the switches")
	desk.Click(`[name="comment.inbox"]`)
	desk.Click(`#switches .btn-main`)
	desk.WaitVisible("#switches .ok")
	haneul.Post("/posts/1/comments", "content", "조용히").Want(303)
	phone.WaitVisible("#comment-4")
	phone.Click("#post-1-mute")
	phone.WaitCount(`#post-1-mute[aria-pressed="true"]`, 1)
}

// TestNotificationsWithoutScripts: the inbox, the tap and reading all are links and forms.
func TestNotificationsWithoutScripts(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone, apptest.NoJavaScript)
	app.SignIn("민지").Post("/posts", "content", "다리를 건너요").Want(303)
	app.AddUser("하늘", sns.RoleUser)
	haneul := app.SignIn("하늘")
	app.SignIn("민지").Post("/posts", "content", "바람이 좋아요").Want(303)
	haneul.Post("/posts/1/comments", "content", "저도 건너요").Want(303)
	haneul.Post("/posts/2/like", "on", "true").Want(303)
	minji.Goto("/")
	minji.WaitText("#unread-dock", "1")
	minji.Click(`.dock [href="/notifications"]`)
	minji.Click("#notifications [data-kind=comment] a")
	minji.WaitVisible("#comment-1")
	minji.Goto("/notifications")
	minji.Click(`form[action="/notifications/read"] button`)
	minji.WaitPath("/notifications")
	minji.WaitCount("#notifications li.unread", 0)
	minji.Goto("/settings/notifications")
	minji.Click(`[name="like.inbox"]`)
	minji.Click(`#switches .btn-main`)
	minji.WaitPath("/settings/notifications")
	minji.WaitCount(`[name="like.inbox"]:not(:checked)`, 1)
}
