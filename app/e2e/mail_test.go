package e2e

import (
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/server"
	"xxsns/app/sns"
)

// TestAForgottenPasswordIsMailed: a person who forgot the password asks for a link, opens the
// mail, and signs in with a new password.
func TestAForgottenPasswordIsMailed(t *testing.T) {
	t.Parallel()
	for name, look := range map[string][]apptest.Option{"scripts": {apptest.Phone}, "no scripts": {apptest.Phone, apptest.NoJavaScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scripts := name == "scripts"
			smtp := apptest.NewSMTPServer(t)
			app := apptest.Start(t, func(c *config.Config) {
				c.SMTPURL, c.MailFrom, c.PublicURL = smtp.URL(), "sns@example.org", "http://sns.example.org"
			})
			err := server.AddUser(t.Context(), app.Config, app.Log(), "민지", "minji@example.org", apptest.Password, sns.RoleUser)
			if err != nil {
				t.Fatal(err)
			}
			minji := &member{Person: apptest.NewPerson(t, app.URL, look...), t: t, app: app}
			minji.Goto("/sign-in")
			minji.Click(`a[href="/forgot"]`)
			minji.WaitVisible("#forgot")
			minji.cleanWith(scripts, "forgotten password")
			minji.Type("#username", "민지")
			minji.Click("#forgot .btn-main")
			minji.WaitVisible("#forgot .alert.ok")
			minji.cleanWith(scripts, "mail on its way")
			minji.Goto(smtp.Wait(1)[0].Link("/reset/"))
			minji.WaitVisible("#reset")
			minji.cleanWith(scripts, "new password")
			minji.Type("#password", "바다로 가는 길목")
			minji.Type("#password_confirm", "바다로 가는 길목")
			minji.Click("#reset .btn-main")
			minji.WaitContains("#toasts", "비밀번호를 바꿨어요")
		})
	}
}
