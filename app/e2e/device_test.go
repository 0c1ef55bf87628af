package e2e

import (
	"net/http"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// soon is the time limit for a page to show that the member was signed out on
// another device: replicas that are not told look at all sessions every 30 s.
const soon = 25 * time.Second

// comesAgain opens a second browser of the member, and signs in.
func (m *member) comesAgain(look ...apptest.Option) *member {
	m.t.Helper()
	again := &member{Person: apptest.NewPerson(m.t, m.app.URL, append(look, apptest.ReducedMotion)...), t: m.t, app: m.app, name: m.name}
	again.Goto("/sign-in")
	again.signsInAs(m.name)
	return again
}

// takesAMoment fails the test if do takes longer than soon.
func takesAMoment(t *testing.T, what string, do func()) {
	t.Helper()
	start := time.Now()
	do()
	took := time.Since(start).Round(time.Millisecond)
	if took > soon {
		t.Errorf("%s took %v", what, took)
	}
	t.Logf("%s took %v", what, took)
}

// TestOtherDevicesAreSignedOut: a page that is open on another device says so
// without a request, and the page of a room leads to the door; half-typed text
// stays.
func TestOtherDevicesAreSignedOut(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("유진", sns.RoleMentor)
	app.SignIn("유진").Post("/rooms", "name", "저녁 이야기", "user_limit", "5").Want(http.StatusSeeOther)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	typing, talking := minji.comesAgain(apptest.Phone), minji.comesAgain()
	for _, m := range []*member{typing, talking} {
		m.AllowConsole(`status of 401|SSE reconnect failed|WebSocket`)
	}
	typing.Paste("#compose-content", "쓰던 글")
	talking.Goto("/rooms")
	talking.enters(1)

	minji.Goto("/settings")
	minji.WaitCount("#devices .person", 3)
	minji.WaitContains("#devices .person:first-child", "이 기기")
	minji.Screenshot("devices-phone")
	minji.clean("settings with devices")
	minji.Click("#devices .btn-danger")
	takesAMoment(t, "telling who types", func() { typing.WaitContains("#toasts", "로그아웃되었어요. 다시 로그인해 주세요") })
	takesAMoment(t, "leaving the room", func() { talking.WaitVisible("#username") })
	minji.WaitContains("#devices .ok", "다른 기기에서 로그아웃했어요")
	minji.WaitCount("#devices .person", 1)
	minji.Screenshot("devices-alone-phone")
	typing.Screenshot("signed-out-elsewhere-phone")
	if text := typing.Value("#compose-content"); text != "쓰던 글" {
		t.Errorf("the text became %q", text)
	}
	talking.Screenshot("signed-out-room")
	talking.signsInFrom("민지", "/rooms/1")
	talking.connected() // and sits in the old seat
	minji.WaitGone("#offline")
	minji.Goto("/settings")
	minji.Click("#devices li .btn")
	minji.WaitCount("#devices .person", 1)
	takesAMoment(t, "leaving the room again", func() { talking.WaitVisible("#username") })
}

// signsInFrom signs in by the form that has come up, and is led back to the
// page before.
func (m *member) signsInFrom(name, path string) {
	m.t.Helper()
	m.Type("#username", name)
	m.Type("#password", apptest.Password)
	m.Click("form .btn-main")
	m.WaitPath(path)
}

// TestMentorDeletesTheAccount: the room ends before the eyes of the members
// inside, and the mentor's posts and messages stay, without a name.
func TestMentorDeletesTheAccount(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	yujin, minji := comes(t, app, "유진", sns.RoleMentor, apptest.Phone), comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	yujin.posts("멘토의 글")
	app.SignIn("유진").Post("/posts/1/comments", "content", "멘토의 댓글").Want(http.StatusSeeOther)
	yujin.opensRoom("마지막 이야기", 5)
	minji.Goto("/rooms")
	minji.enters(1)
	yujin.says("그동안 고마웠어요")
	minji.hears("그동안 고마웠어요")
	minji.says("어디 가세요?")

	yujin.AllowConsole(`status of 422`)
	yujin.Goto("/settings")
	yujin.Click(`[href="/settings/delete"]`)
	yujin.WaitContains("#dialog", "열어 둔 단톡방 1개는 먼저 끝나고 대화가 저장돼요")
	yujin.WaitFocus("#delete-password")
	yujin.Screenshot("delete-account-phone")
	yujin.clean("deleting the account")
	yujin.Type("#delete-password", "이게 아닌데요")
	yujin.Click("#dialog .btn-danger")
	yujin.WaitContains("#delete-password-error", "현재 비밀번호가 맞지 않아요")
	yujin.WaitFocus("#delete-password")
	yujin.Screenshot("delete-account-wrong-phone")
	yujin.clean("deleting the account with a wrong password")
	yujin.Type("#delete-password", apptest.Password)
	yujin.Click("#dialog .btn-danger")
	minji.WaitContains(".settle", "저장됨")
	yujin.WaitPath("/sign-in")
	yujin.WaitContains("#toasts", "탈퇴했어요. 그동안 고마웠어요")
	yujin.Screenshot("account-deleted-phone")

	minji.WaitContains("#messages", "그동안 고마웠어요")
	minji.WaitContains("#messages", "탈퇴한 사용자")
	minji.Screenshot("transcript-deleted-phone")
	minji.clean("transcript of a deleted mentor")
	minji.Goto("/posts/1")
	minji.WaitText("#post-1 .post-by", "탈퇴한 사용자")
	minji.WaitContains("#comment-1", "멘토의 댓글")
	minji.WaitContains("#comment-1", "탈퇴한 사용자")
	minji.WaitCount("#post-1 .post-by a, #comment-1 a[href^='/users/']", 0)
	minji.Screenshot("post-deleted-phone")
	minji.clean("post of a deleted account")
	minji.AllowConsole(`status of 404`)
	minji.Goto("/users/유진")
	minji.WaitText("h1", "여기에는 아무것도 없어요")
	yujin.AllowConsole(`status of 422`)
	yujin.Type("#username", "유진")
	yujin.Type("#password", apptest.Password)
	yujin.Click("form .btn-main")
	yujin.WaitContains("#password-error, .alert", "아이디나 비밀번호가 맞지 않아요")
}

// TestAccountWithoutJavaScript: devices and leaving by forms and pages.
func TestAccountWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone, apptest.NoJavaScript)
	minji.posts("남는 글")
	other := app.SignIn("민지")
	minji.Goto("/settings")
	minji.WaitCount("#devices .person", 2)
	minji.Click("#devices .btn-danger")
	minji.WaitPath("/settings")
	minji.WaitContains("#toasts", "다른 기기에서 로그아웃했어요")
	minji.WaitCount("#devices .person", 1)
	other.Get("/").Want(http.StatusSeeOther)

	minji.AllowConsole(`status of 422`)
	minji.Click(`[href="/settings/delete"]`)
	minji.WaitText("h1", "정말 탈퇴할까요?")
	minji.Type("#delete-password", "이게 아닌데요")
	minji.Click("main .btn-danger")
	minji.WaitContains("#delete-password-error", "맞지 않아요")
	minji.Screenshot("delete-account-nojs-phone")
	minji.Type("#delete-password", apptest.Password)
	minji.Click("main .btn-danger")
	minji.WaitPath("/sign-in")
	minji.WaitContains("#toasts", "탈퇴했어요")
	app.Member("서준").Get("/").Want(http.StatusOK).Has("#post-1 .deleted")
}
