package web_test

import (
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

func TestAnAddressIsChangedAndConfirmed(t *testing.T) {
	v, smtp := openWithMail(t)
	p := &plain{t: t, c: v.minji}
	p.opens("/settings")
	says(t, p.page, "address.unconfirmed")
	p.presses("#email", "", "email", "minji@example.org", "current_password", apptest.Password)
	m := smtp.Wait(1)[0]
	link := m.Link("/mail/confirm/")
	if m.To != "minji@example.org" || link == "" {
		t.Fatalf("got %+v", m)
	}
	says(t, v.Guest().Get(link+"0").Want(404), "error.reset")
	says(t, v.Guest().Get(strings.Replace(link, "/1-", "/2-", 1)).Want(404), "error.reset")
	v.Guest().Get(link).Want(200) // a program looks into the mail
	says(t, v.minji.Get("/settings").Want(200), "address.unconfirmed")
	guest := &plain{t: t, c: v.Guest()}
	guest.opens(link).presses("#confirm", "")
	says(t, guest.page, "address.confirmed")
	says(t, v.minji.Get("/settings").Want(200), "address.confirmed")

	v.minji.HX().Post("/settings/email", "email", "other@example.org", "current_password", apptest.Password).Want(200).Has("#email-form .ok")
	says(t, v.Guest().Get(link).Want(404), "error.reset") // the link is for the address before
	if second := smtp.Wait(2)[1]; second.To != "other@example.org" {
		t.Errorf("got %+v", second)
	}
}

func TestAnAddressIsChangedWithThePasswordAlone(t *testing.T) {
	v, smtp := openWithMail(t)
	for _, fields := range [][]string{
		{"email", "thief@example.org"},
		{"email", "thief@example.org", "current_password", "틀린 비밀번호"},
		{"email", "no address", "current_password", apptest.Password},
	} {
		p := v.minji.HX().Post("/settings/email", fields...).Want(http.StatusUnprocessableEntity)
		if value, _ := p.Find("#email").Attr("value"); value != fields[1] {
			t.Errorf("%q is left of what was typed", value)
		}
	}
	v.lives(minjiID, "minji@example.org")
	v.minji.Post("/settings/email", "again", "1", "email", "thief@example.org").Want(http.StatusSeeOther)
	if m := smtp.Wait(1)[0]; m.To != "minji@example.org" {
		t.Errorf("got %+v", m)
	}
}
