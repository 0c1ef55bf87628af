package web_test

import (
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// applicant returns the fields of a form to sign up.
func applicant(name string, more ...string) []string {
	return append([]string{"username", name, "password", apptest.Password, "password_confirm", apptest.Password, "email", "a@example.com"}, more...)
}

// linkOf returns the path and token of the latest invitation on a page.
func linkOf(tb testing.TB, p *apptest.Page) (path, token string) {
	tb.Helper()
	link, err := url.Parse(p.Find("[id^=invitation-] input[readonly]").First().AttrOr("value", ""))
	if err != nil || link.Query().Get("invitation") == "" || link.Host == "" {
		tb.Fatalf("the link is %v, %v\n%.900s", link, err, p.Body)
	}
	return link.RequestURI(), link.Query().Get("invitation")
}

func (v *siteWithWords) invites(pairs ...string) (path, token string) {
	v.t.Helper()
	fields := append(pairs, "role", "USER", "uses", "1", "days", "7")
	return linkOf(v.t, v.admin.HX().Post("/admin/invitations", fields...).Want(200))
}

func TestNobodySignsUpWhereSigningUpIsClosed(t *testing.T) {
	v := openWithWords(t)
	path, token := v.invites()
	v.sets("sign_up", "closed")
	for _, p := range []*apptest.Page{
		v.Guest().Get("/sign-up"), v.Guest().Get(path), v.Guest().Post("/sign-up", applicant("지민")...),
		v.Guest().Post("/sign-up", applicant("지민", "invitation", token)...),
	} {
		says(t, p.Want(403), "signup.closed_help")
		p.Lacks("form")
	}
	v.sets("sign_up", "invitation")
	says(t, v.Guest().Get("/sign-up").Want(403), "signup.invitation_help")
	says(t, v.Guest().Post("/sign-up", applicant("지민")...).Want(403), "signup.invitation_help")
	v.Guest().Get(path).Want(200).Has("form [name=invitation]")
	v.SignIn("민지").Get("/").Want(200) // who is a member comes in as before
}

// An application is no account before somebody accepts it: its name is kept, and signing in
// tells the applicant alone.
func TestAnApplicantWaitsAndIsAccepted(t *testing.T) {
	v := openWithWords(t)
	v.sets("sign_up", "approval")
	jimin := &plain{t: t, c: v.Guest()}
	jimin.opens("/sign-up").presses("#apply", "next")
	p := v.Guest().Post("/sign-up", applicant("지민")...).Want(422).Has("#apply[aria-invalid=true]")
	if value(p, "username") != "지민" {
		t.Error("the name is lost")
	}
	leadsTo(t, v.Guest().Post("/sign-up", applicant("지민", "apply", "책을 좋아해요")...), "/sign-up/waiting")
	says(t, v.Guest().Get("/sign-up/waiting").Want(200), "signup.waiting_help")
	says(t, v.Guest().Post("/sign-up", applicant("지민", "apply", "나도")...).Want(422), "username.taken")
	says(t, v.Guest().Get("/sign-up/username?username="+url.QueryEscape("지민")), "username.taken")
	guest := v.Guest()
	says(t, guest.Post("/sign-in", "username", "지민", "password", apptest.Password).Want(200), "signup.waiting_help")
	if v.cookie(guest) != "" {
		t.Error("an applicant has a session")
	}
	says(t, guest.Post("/sign-in", "username", "지민", "password", "틀린비밀번호1").Want(422), "signin.wrong")
	v.minji.Get(homeOf("지민")).Want(404)

	p = v.admin.Get("/admin/applications").Want(200)
	if got := p.Text("#application-1 .comment-text"); got != "책을 좋아해요" || !strings.Contains(p.Text("#application-1"), "a@example.com") {
		t.Errorf("the application says %q", p.Text("#application-1"))
	}
	v.minji.Get("/admin/applications").Want(403)
	(&plain{t: t, c: v.admin}).opens("/admin/applications").presses("#application-1 form", "accept", "note", "반가워요").says("done.accepted").page.Lacks("#application-1")
	leadsTo(t, guest.Post("/sign-in", "username", "지민", "password", apptest.Password), "/")
	v.minji.Get(homeOf("지민")).Want(200)

	other := v.joins("지우", sns.RoleAdmin)
	for _, c := range []*apptest.Client{other, other.HX()} {
		says(t, c.Post("/admin/applications/1", "decision", "decline").Want(409), "application.decided", "Name", "현우")
	}
}

func TestADeclinedApplicantReadsTheNoteAndAppliesAgain(t *testing.T) {
	v := openWithWords(t)
	v.sets("sign_up", "approval")
	v.Guest().Post("/sign-up", applicant("지민", "apply", "안녕하세요")...).Want(303)
	long := strings.Repeat("가", sns.DecisionNoteMax+1)
	v.admin.HX().Post("/admin/applications/1", "decision", "decline", "note", long).Want(422).Has("#application-1 [aria-invalid=true]")
	v.admin.Post("/admin/applications/1", "decision", "decline", "note", long).Want(422).Has("#application-1 [aria-invalid=true]")
	toasts(t, v.admin.HX().Post("/admin/applications/1", "decision", "decline", "note", "자리가 없어요").Want(200), "done.turned_down")
	p := v.Guest().Post("/sign-in", "username", "지민", "password", apptest.Password).Want(200).Has("a[href='/sign-up']")
	if !strings.Contains(p.Text("main"), "자리가 없어요") {
		t.Errorf("the applicant reads %q", p.Text("main"))
	}
	v.Guest().Post("/sign-up", applicant("지민", "apply", "다시 부탁드려요")...).Want(303)
	path, token := v.invites()
	v.Guest().Get(path).Want(200).Lacks("#apply") // who is invited does not wait
	v.Guest().Post("/sign-up", applicant("하준", "invitation", token)...).Want(303)
	v.minji.Get(homeOf("하준")).Want(200)
}

func TestAnInvitationByTwoAtOnceLetsOneIn(t *testing.T) {
	v := openWithWords(t)
	v.sets("sign_up", "invitation")
	path, token := v.invites("role", "MENTOR")
	var wg sync.WaitGroup
	pages := make([]*apptest.Page, 2)
	for i, name := range []string{"지민", "하준"} {
		wg.Go(func() { pages[i] = v.Guest().Post("/sign-up", applicant(name, "invitation", token)...) })
	}
	wg.Wait()
	if pages[0].Status+pages[1].Status != 303+409 {
		t.Errorf("the answers are %d and %d", pages[0].Status, pages[1].Status)
	}
	says(t, v.Guest().Get(path).Want(409), "invitation.used_help")
	if n := v.count("SELECT COUNT(*) FROM users WHERE role = 'MENTOR' AND invitation_id = 1"); n != 1 {
		t.Errorf("%d mentors came by the invitation", n)
	}
	p := v.admin.Get("/admin/invitations").Want(200).Has("tr#invitation-1").Lacks("#invitation-1 input")
	if p.Find("#invitation-1 td:nth-child(2) a").Length() != 1 {
		t.Errorf("who came is %q", p.Text("#invitation-1"))
	}
}

func TestInvitationsThatLetNobodyIn(t *testing.T) {
	v := openWithWords(t)
	path, token := v.invites()
	for _, bad := range []string{"x", "1", "1-", token + "0", "99" + token[1:], "-1-x", "'"} {
		p := v.Guest().Get("/sign-up?invitation=" + url.QueryEscape(bad)).Want(404)
		says(t, p, "invitation.unknown_help")
		p.Has("a[href='/sign-up']") // the community is open
		v.Guest().Post("/sign-up", applicant("지민", "invitation", bad)...).Want(404)
	}
	v.edits("UPDATE invitations SET expires_at = 1")
	says(t, v.Guest().Get(path).Want(409), "invitation.expired_help")
	v.edits("UPDATE invitations SET expires_at = 9000000000000000")
	(&plain{t: t, c: v.admin}).opens("/admin/invitations").presses("#invitation-1 form", "").says("done.invitation_closed").page.Lacks("#invitation-1 form")
	says(t, v.Guest().Post("/sign-up", applicant("지민", "invitation", token)...).Want(409), "invitation.closed_help")
	for _, bad := range []struct{ field, value string }{
		{"role", "ADMIN"}, {"role", ""}, {"uses", "0"}, {"uses", "1001"}, {"days", "366"}, {"days", "x"},
	} {
		v.admin.Post("/admin/invitations", bad.field, bad.value, "role", "USER", "uses", "1", "days", "7").Want(422)
	}
	if n := v.count("SELECT COUNT(*) FROM invitations"); n != 1 {
		t.Errorf("%d invitations", n)
	}
}

func TestMembersInviteWhenTheCommunityAllows(t *testing.T) {
	v := openWithWords(t)
	v.minji.Get("/settings").Lacks("a[href='/settings/invitations']")
	says(t, v.minji.Post("/settings/invitations").Want(422), "invitation.off")
	v.sets("invites", "1", "sign_up", "invitation")
	v.minji.Get("/settings").Has("a[href='/settings/invitations']")
	minji := &plain{t: t, c: v.minji}
	_, token := linkOf(t, minji.opens("/settings/invitations").presses("form[action='/settings/invitations']", "").says("done.invited").page)
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		says(t, c.Post("/settings/invitations").Want(422), "invitation.most")
	}
	v.seojun.Post("/settings/invitations/1/close").Want(404)
	minji.presses("#invitation-1 form", "").says("done.invitation_closed")
	_, token2 := linkOf(t, v.minji.HX().Post("/settings/invitations").Want(200))
	v.Guest().Post("/sign-up", applicant("지민", "invitation", token)...).Want(409)
	v.Guest().Post("/sign-up", applicant("지민", "invitation", token2)...).Want(303)
	v.minji.Get("/settings/invitations").Has("#invitation-2 a[href='" + homeOf("지민") + "']")
	if got := v.admin.Get("/admin/invitations").Text("#invitation-2 small bdi"); got != "민지" {
		t.Errorf("the inviter is %q", got)
	}
	id := v.count("SELECT id FROM users WHERE username = '지민'")
	v.admin.Get("/admin/users/" + strconv.Itoa(id)).Want(200).Has("#person .meta a[href='" + homeOf("민지") + "']")
	v.sets("invites", "1", "first_day", "on")
	says(t, v.seojun.Post("/settings/invitations").Want(422), "newcomer.invitations")
}

func TestAGuestConfirmsTheAge(t *testing.T) {
	v := openWithWords(t)
	v.Guest().Get("/sign-up").Lacks("[name=age]")
	v.sets("min_age", "14", "rules", "서로 돕기")
	p := v.Guest().Get("/sign-up").Has("[name=age]").Has("form a[href='/rules']")
	says(t, p, "signup.age", "Age", 14)
	p = v.Guest().Post("/sign-up", applicant("지민")...).Want(422).Has("[name=age][aria-invalid=true]")
	says(t, p, "signup.age_missing", "Age", 14)
	v.Guest().Post("/sign-up", applicant("지민", "age", "on")...).Want(303)
}

func TestAMemberBecomesAMentor(t *testing.T) {
	v := openWithWords(t)
	says(t, v.minji.Get("/mentors").Want(200), "mentor.none")
	minji := &plain{t: t, c: v.minji}
	v.minji.Post("/settings/mentor", "text", strings.Repeat("가", sns.ApplyMentorMax+1)).Want(422).Has("#text[aria-invalid=true]")
	minji.opens("/settings/mentor").presses("#text", "", "text", "책 모임을 이끌고 싶어요").says("done.applied").page.Lacks("#text")
	v.minji.HX().Post("/settings/mentor", "text", "한 번 더").Want(422).Has("#mentor .alert").Lacks("#text")
	v.seojun.HX().Post("/settings/mentor", "text", "저도요").Want(200)
	v.admin.HX().Post("/admin/applications/1", "decision", "accept").Want(200)
	v.admin.Post("/admin/applications/2", "decision", "decline", "note", "다음에 해요").Want(303)
	v.minji.Get("/rooms/new").Want(200)
	says(t, v.minji.Get("/settings/mentor").Want(200), "mentor.is")
	says(t, v.minji.Post("/settings/mentor", "text", "또").Want(422), "mentor.is")
	p := v.seojun.Get("/settings/mentor").Want(200).Lacks("#text")
	if !strings.Contains(p.Text("#mentor"), "다음에 해요") {
		t.Errorf("the applicant reads %q", p.Text("#mentor"))
	}
	v.seojun.Post("/settings/mentor", "text", "그래도요").Want(422)
	p = v.haneul.Get("/mentors").Want(200).Has("#mentors a[href='" + homeOf("민지") + "']").Has("a[href='/settings/mentor']")
	says(t, p, "mentor.led_none")
	v.minji.Post("/rooms", "name", "책 모임", "user_limit", "5").Want(303)
	if got := v.haneul.Get("/mentors").Text("#mentors"); !strings.Contains(got, "1") {
		t.Errorf("the list says %q", got)
	}
	v.haneul.Get("/rooms").Has("a[href='/mentors']")
}
