package web_test

import (
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// provedAgo makes the last password of all sessions so old.
func (v *siteWithMembers) provedAgo(age time.Duration) {
	v.t.Helper()
	v.edits("UPDATE sessions SET proved_at = ?", time.Now().Add(-age).UnixMicro())
}

func TestEndingDevicesAsksForThePasswordAfterAQuarterOfAnHour(t *testing.T) {
	v := open(t)
	laptop, phone, galaxy := v.minji, v.signsInWith(onPhone, "민지"), v.signsInWith(onGalaxy, "민지")
	session := sessionOf(t, laptop.Get("/settings"), device("iOS", "Safari"))
	v.provedAgo(sns.ProofLife + time.Second)
	for _, c := range []*apptest.Client{laptop, laptop.HX()} {
		for _, act := range [][]string{{"session", session}, {"others", "1"}} {
			p := c.Post("/settings/sessions", act...).Want(422)
			says(t, p, "password.again")
			p.Lacks("#devices [aria-invalid]") // nothing is wrong yet
			p.Has(`#ask-password [name="` + act[0] + `"][value="` + act[1] + `"]`)
			p = c.Post("/settings/sessions", append(act, "current_password", "틀린비밀번호")...).Want(422)
			wrong(t, p, "current_password")
			says(t, p, "password.wrong")
		}
	}
	for _, c := range []*apptest.Client{phone, galaxy} {
		c.Get("/").Want(200)
	}
	// The form of the question is whole: a browser without scripts sends what stands in it.
	p := laptop.Post("/settings/sessions", "session", session)
	fields := []string{"current_password", apptest.Password}
	for _, hidden := range p.Find("#ask-password [type=hidden]").EachIter() {
		fields = append(fields, hidden.AttrOr("name", ""), hidden.AttrOr("value", ""))
	}
	leadsTo(t, laptop.Post(p.Find("#ask-password").AttrOr("action", ""), fields...), "/settings")
	phone.Get("/").Want(303)
	galaxy.Get("/").Want(200)

	// The password holds for the next act in this session, and in no other.
	galaxy.Post("/settings/sessions", "others", "1").Want(422)
	laptop.HX().Post("/settings/sessions", "others", "1").Want(200).Lacks("#ask-password")
	galaxy.Get("/").Want(303)
}

func TestAPasswordIsProvedByEveryFormThatTakesIt(t *testing.T) {
	v := open(t)
	for _, proves := range []func(){
		func() { v.minji.Post("/sign-in", "username", "민지", "password", apptest.Password).Want(303) },
		func() { changesPassword(t, v.minji, apptest.Password, "새비밀번호입니다") },
		func() {
			v.minji.Post("/settings/password", "current_password", "새비밀번호입니다", "password", "짧다").Want(422)
		},
	} {
		v.provedAgo(time.Hour)
		v.minji.Post("/settings/sessions", "others", "1").Want(422)
		proves()
		v.minji.Post("/settings/sessions", "others", "1").Want(303)
	}
	v.provedAgo(sns.ProofLife - time.Minute)
	v.minji.Post("/settings/sessions", "others", "1").Want(303)
}

func changesPassword(t *testing.T, c *apptest.Client, from, to string) {
	t.Helper()
	leadsTo(t, c.Post("/settings/password", "current_password", from, "password", to, "password_confirm", to), "/settings")
}

// Deleting the account asks always, and a proved password does not replace it.
func TestDeletingTheAccountAsksAlways(t *testing.T) {
	v := open(t)
	for _, password := range []string{"", "틀린비밀번호"} {
		wrong(t, v.minji.Post("/settings/delete", "current_password", password).Want(422), "current_password")
	}
	v.minji.Get("/").Want(200)
}

// A thief of a cookie cannot guess the password without end.
func TestProvingThePasswordIsSlow(t *testing.T) {
	v := open(t, limited)
	phone := v.signsInWith(onPhone, "민지")
	v.provedAgo(time.Hour)
	p := until429(t, web.BurstPassword, func(int) *apptest.Page {
		return v.minji.HX().Post("/settings/sessions", "others", "1", "current_password", "추측한비밀번호")
	})
	p.Has("#ask-password .alert.bad")
	v.minji.Post("/settings/sessions", "others", "1", "current_password", apptest.Password).Want(429)
	phone.Get("/").Want(200)
	v.seojun.Post("/settings/sessions", "others", "1", "current_password", apptest.Password).Want(303)
}
