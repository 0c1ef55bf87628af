package e2e

import (
	"net/http"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestTakingEverythingAlongAndLeaving: a member fetches everything as a file, and leaves without
// leaving anything behind.
func TestTakingEverythingAlongAndLeaving(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin, minji := comes(t, app, "유진", sns.RoleMentor), comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	yujin.posts("멘토의 글")
	yujin.opensRoom("마지막 이야기", 5)
	minji.posts("내 글이에요")
	app.SignIn("민지").Post("/posts/1/comments", "content", "내 댓글이에요").Want(http.StatusSeeOther)
	minji.Goto("/rooms")
	minji.enters(1)
	minji.says("내가 한 말")
	yujin.hears("내가 한 말")

	minji.Goto("/settings")
	minji.Click(`a[href="/settings/export"]`)
	minji.WaitText("h1", "내 것 모두 받기")
	minji.Screenshot("export-none-phone")
	minji.clean("no export yet")
	minji.Click("#export .btn-main")
	minji.WaitVisible("#export a[download]")
	minji.Screenshot("export-ready-phone")
	minji.clean("an export that is ready")

	minji.Goto("/settings")
	minji.Click(`[href="/settings/delete"]`)
	minji.WaitFocus("#delete-password")
	minji.Click("#dialog details summary")
	minji.Click("#dialog [value=none]")
	minji.Screenshot("delete-everything-phone")
	minji.clean("deleting everything")
	minji.Type("#delete-password", apptest.Password)
	minji.Click("#dialog .btn-danger")
	minji.WaitPath("/sign-in")
	minji.WaitContains("#toasts", "탈퇴했어요")

	yujin.WaitCount("#messages .message-body:not(.gone)", 0)
	yujin.Goto("/posts/1")
	yujin.WaitCount("li.comment", 0)
	yujin.WaitText("#post-1-comments", "0")
	yujin.Goto("/")
	yujin.WaitCount("article.post", 1)
}

// TestTakingEverythingAlongWithoutJavaScript: the same by forms and pages.
func TestTakingEverythingAlongWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.NoJavaScript)
	minji.posts("내 글이에요")
	minji.Goto("/settings/export")
	minji.Click("#export .btn-main")
	minji.WaitVisible("#export [role=status]") // the path stays
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end) && minji.Count("#export a[download]") == 0; {
		minji.Goto("/settings/export")
	}
	minji.WaitVisible("#export a[download]")
	minji.Screenshot("export-ready-nojs")
	minji.Goto("/settings/delete")
	minji.Click("[value=none]")
	minji.Screenshot("delete-everything-nojs")
	minji.Type("#delete-password", apptest.Password)
	minji.Click("main .btn-danger")
	minji.WaitPath("/sign-in")
	minji.WaitContains("#toasts", "탈퇴했어요")
	seojun := app.Member("서준")
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end) && seojun.Get("/").Find("article.post").Length() > 0; {
		time.Sleep(100 * time.Millisecond)
	}
	seojun.Get("/").Want(http.StatusOK).Lacks("article.post")
}
