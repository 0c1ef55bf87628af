package web_test

import (
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
)

// openWithMail starts the program with a mail server.
func openWithMail(t *testing.T, change ...func(*config.Config)) (*siteWithMembers, *apptest.SMTPServer) {
	t.Helper()
	smtp := apptest.NewSMTPServer(t)
	return open(t, append(change, mailing(smtp))...), smtp
}

// mailing lets the program mail by a server.
func mailing(smtp *apptest.SMTPServer) func(*config.Config) {
	return func(c *config.Config) {
		c.SMTPURL, c.MailFrom, c.PublicURL = smtp.URL(), "sns@example.org", "http://sns.example.org"
	}
}

// lives gives an account an e-mail address.
func (v *siteWithMembers) lives(user, address string) {
	v.t.Helper()
	if _, err := v.database().Exec("UPDATE users SET email = ? WHERE id = ?", address, user); err != nil {
		v.t.Fatal(err)
	}
}

func TestWhoForgotThePasswordGetsALink(t *testing.T) {
	v, smtp := openWithMail(t)
	v.lives(minjiID, "minji@example.org")
	p := &plain{t: t, c: v.Guest()}
	p.opens("/sign-in").page.Want(200).Has(`a[href="/forgot"]`)
	p.opens("/forgot").presses("#forgot", "", "username", "민지")
	says(t, p.page, "forgot.sent")
	m := smtp.Wait(1)[0]
	link := m.Link("/reset/")
	if m.To != "minji@example.org" || !strings.Contains(m.Text, "민지님") || !strings.Contains(m.Text, "http://sns.example.org"+link) || !strings.Contains(m.HTML, link) {
		t.Fatalf("got %+v", m)
	}
	v.Guest().Post(link, "password", "바다로 가는 길목", "password_confirm", "바다로 가는 길목").Want(http.StatusSeeOther)
	v.Guest().Post("/sign-in", "username", "민지", "password", "바다로 가는 길목").Want(http.StatusSeeOther)
	says(t, v.Guest().Get(link).Want(404), "error.reset")
}

func TestOneMailNamesEveryAccountOfAnAddress(t *testing.T) {
	v, smtp := openWithMail(t)
	v.lives(minjiID, "family@example.org")
	v.lives(seojunID, "family@example.org")
	for _, name := range []string{"nobody@example.org", "유진", "Family@example.org"} { // the queue is in order
		answer := v.Guest().HX().Post("/forgot", "username", name).Want(200)
		says(t, answer, "forgot.sent")
	}
	m := smtp.Wait(1)
	if len(m) != 1 || strings.Count(m[0].Text, "/reset/") != 2 || !strings.Contains(m[0].Text, "민지님") || !strings.Contains(m[0].Text, "서준님") {
		t.Errorf("got %+v", m)
	}
}

func TestForgottenPasswordsHaveLimits(t *testing.T) {
	v, _ := openWithMail(t, limited)
	for _, name := range []string{"민지", "유진"} { // nobody is 유진
		for range 3 {
			v.Guest().Post("/forgot", "username", name).Want(http.StatusSeeOther)
		}
		p := v.Guest().HX().Post("/forgot", "username", name).Want(http.StatusTooManyRequests)
		if value, _ := p.Find("#username").Attr("value"); value != name {
			t.Errorf("%q is left of what was typed", value)
		}
	}
	v.Guest().Post("/forgot", "username", " ").Want(http.StatusUnprocessableEntity)
}

func TestWithoutAServerNothingShowsOfMail(t *testing.T) {
	v := open(t)
	v.Guest().Get("/sign-in").Want(200).Lacks(`a[href="/forgot"]`)
}
