package e2e

import (
	"net/url"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// TestFromTheDoorToTheRoom: a guest applies, an administrator accepts, and the new member reads
// that, puts the notice away and applies to be a mentor. With and without scripts.
func TestFromTheDoorToTheRoom(t *testing.T) {
	for name, look := range map[string][]apptest.Option{
		"with scripts": {apptest.Phone}, "without scripts": {apptest.Phone, apptest.NoJavaScript},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := apptest.Start(t)
			admin := comes(t, app, "현우", sns.RoleAdmin, look...)
			admin.Goto("/admin/community")
			admin.Paste("#name", "책 모임")
			admin.Paste("#notice", "토요일에 만나요")
			admin.Click(`[value="approval"]`)
			admin.Click("#admin-community .btn-main")
			admin.WaitContains("#toasts", "저장했어요")

			jimin := &member{Person: apptest.NewPerson(t, app.URL, look...), t: t, app: app}
			jimin.Goto("/sign-up")
			jimin.fillsIn("지민")
			jimin.Paste("#apply", "책을 좋아해요")
			jimin.Click("form .btn-main")
			jimin.WaitText("h1", "기다리고 있어요")
			jimin.Goto("/sign-in")
			jimin.signsInWith("지민", "h1", "기다리고 있어요")

			admin.Goto("/admin/applications")
			admin.WaitContains("#application-1", "책을 좋아해요")
			admin.Paste("#note-1", "반가워요")
			admin.Click(`#application-1 [value="accept"]`)
			admin.WaitGone("#application-1")

			jimin.Goto("/sign-in")
			jimin.signsInWith("지민", ".mark", "책 모임")
			jimin.WaitContains("#site-notice", "토요일에 만나요")
			jimin.Click("#site-notice button")
			jimin.WaitGone("#site-notice")
			jimin.Goto("/reports")
			jimin.WaitContains("main", "반가워요")
			jimin.Goto("/settings/mentor")
			jimin.Paste("#text", "시를 읽고 싶어요")
			jimin.Click("#mentor .btn-main")
			jimin.WaitContains("#mentor", "관리자가 신청을 읽고 있어요")
			admin.Goto("/admin/applications")
			admin.Click(`#application-2 [value="accept"]`)
			admin.WaitGone("#application-2")
			jimin.Goto("/mentors")
			jimin.WaitContains("#mentors", "지민")
		})
	}
}

// TestComingByAnInvitation: a member makes a link, a guest comes by it, and the next guest is
// told that the link is used up.
func TestComingByAnInvitation(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	app.AddUser("현우", sns.RoleAdmin)
	app.SignIn("현우").Post("/admin/community", "sign_up", "invitation", "invites", "2", "min_age", "14").Want(303)
	minji := comes(t, app, "민지", sns.RoleUser, apptest.Phone)
	minji.Goto("/settings/invitations")
	minji.Click("#my-invitations .btn-main")
	minji.WaitVisible("#invitation-1 input[readonly]")
	link, err := url.Parse(minji.Value("#invitation-1 input[readonly]"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"지민", "하준"} {
		guest := &member{Person: apptest.NewPerson(t, app.URL, apptest.Phone), t: t, app: app}
		guest.AllowConsole("status of 40[39]")
		guest.Goto("/sign-up")
		guest.WaitText("h1", "초대받은 사람만 가입할 수 있어요")
		guest.Goto(link.RequestURI())
		if name == "하준" {
			guest.WaitText("h1", "다 쓴 초대예요")
			continue
		}
		guest.WaitContains("form", "민지님이 초대했어요")
		guest.fillsIn(name)
		guest.Click("[name=age]")
		guest.Click("form .btn-main")
		guest.WaitPath("/")
	}
	minji.Reload()
	minji.WaitContains("#invitation-1", "지민")
}

// fillsIn fills in the form to sign up.
func (m *member) fillsIn(name string) {
	m.t.Helper()
	m.WaitVisible("#username")
	m.Paste("#username", name)
	m.Type("#password", apptest.Password)
	m.Type("#password_confirm", apptest.Password)
	m.Type("#email", "jimin@example.com")
}

// signsInWith signs in by the form that is open, and waits for a text.
func (m *member) signsInWith(name, selector, text string) {
	m.t.Helper()
	m.WaitVisible("#username")
	m.Type("#username", name)
	m.Type("#password", apptest.Password)
	m.Click("form .btn-main")
	m.WaitContains(selector, text)
}
