package web_test

import (
	"fmt"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

func TestFollowingIsSlow(t *testing.T) {
	v := open(t, limited)
	p := until429(t, web.BurstFollow, func(i int) *apptest.Page {
		return v.minji.HX().Post(homeOf("서준")+"/follow", "on", fmt.Sprint(i%2 == 0))
	})
	if p.Header.Get("HX-Reswap") != "none" {
		t.Error("htmx would put the sentence in the place of the button")
	}
	v.minji.Post(homeOf("서준")+"/follow", "on", "true").Want(429).Has("main h1")
	v.haneul.Post(homeOf("서준")+"/follow", "on", "true").Want(303)
}

func TestMovingHouseIsSlowAndWhatWasTypedIsKept(t *testing.T) {
	v := open(t, limited)
	until429(t, web.BurstEdit, func(int) *apptest.Page {
		p := v.minji.Post("/settings/location", "location", "한빛대학교 기숙사")
		if p.Status == 429 && value(p, "location") != "한빛대학교 기숙사" {
			t.Errorf("of what was typed is left %q", value(p, "location"))
		}
		return p
	})
	until429(t, web.BurstEdit, func(int) *apptest.Page { return v.seojun.HX().Post("/settings/sessions", "others", "1") })
}

// A stranger at a signed-in screen can guess the password no faster than by signing in.
func TestGuessingAPasswordToDeleteAnAccountIsSlow(t *testing.T) {
	v := open(t, limited)
	until429(t, web.BurstPassword, func(int) *apptest.Page {
		return v.minji.HX().Post("/settings/delete", "current_password", "추측한비밀번호")
	})
	v.minji.Post("/settings/delete", "current_password", apptest.Password).Want(429) // the right password gets the same answer
	v.minji.Post("/settings/password", "current_password", apptest.Password, "password", "새비밀번호입니다", "password_confirm", "새비밀번호입니다").Want(429)
	v.seojun.Get(homeOf("민지")).Want(200)
}
