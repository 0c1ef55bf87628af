package web_test

import (
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// An answer shows no e-mail address, no hash of a password, and no session, whoever asks for
// whatever.
func TestNoAnswerHoldsWhatIsPrivate(t *testing.T) {
	m := openMatrix(t)
	m.set()
	if _, err := m.rows.Exec("UPDATE users SET email = 'private-' || id || '@example.com' WHERE username <> ''"); err != nil {
		t.Fatal(err)
	}
	secrets := append(lines(t, m.rows, "SELECT email FROM users WHERE email <> ''"), lines(t, m.rows, "SELECT password_hash FROM users WHERE password_hash <> ''")...)
	sessions := lines(t, m.rows, "SELECT id FROM sessions")
	secrets = append(secrets, "@example.com", "argon2id")
	if len(secrets) < 8 || len(sessions) < 5 {
		t.Fatalf("only %d secrets and %d sessions", len(secrets), len(sessions))
	}
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	served := 0
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodGet || path == "/live" || strings.HasPrefix(path, "/static") {
			continue
		}
		for _, p := range m.people {
			for _, client := range []*apptest.Client{p.client, p.client.HX()} {
				for _, format := range []string{"", "?format=json"} {
					if format != "" && !strings.HasSuffix(path, "/transcript") {
						continue
					}
					answer := m.sends(client, method, m.path(route)+format)
					served++
					if path == "/settings" { // one's own address stands in the form that changes it
						answer.Body = strings.ReplaceAll(answer.Body, value(answer, "email"), "")
					}
					for _, secret := range secrets {
						if strings.Contains(answer.Body, secret) {
							t.Errorf("%s%s shows %s %s", route, format, p.name, secret)
						}
					}
					for _, session := range sessions { // settings name one's own devices by their ids, which sign nobody in
						if path != "/settings" && strings.Contains(answer.Body, session) {
							t.Errorf("%s shows %s a session", route, p.name)
						}
					}
				}
			}
		}
	}
	if served < 300 {
		t.Errorf("only %d answers were read", served)
	}
}

// A new community has no account, whatever name and password are tried.
func TestANewCommunityHasNoAccount(t *testing.T) {
	t.Parallel()
	a := apptest.Start(t)
	v := &siteWithMembers{App: a, t: t}
	if n := v.count("SELECT COUNT(*) FROM users") + v.count("SELECT COUNT(*) FROM sessions"); n != 0 {
		t.Fatalf("there are %d accounts and sessions", n)
	}
	for _, name := range []string{"admin", "root", "sa", "administrator", "관리자", ""} {
		for _, password := range []string{name, "admin", "password", "root", "12345678", ""} {
			a.Guest().Post("/sign-in", "username", name, "password", password).Want(422)
		}
	}
	// Files beside the program are at no address.
	for _, path := range []string{
		"/.git/HEAD", "/.git/config", "/.env", "/.env.example", "/go.mod", "/Dockerfile", "/db/local/xxsns.db", "/session.secret", "/templates/page.html",
		"/static/", "/static", "/uploads/", "/uploads", "/uploads/.owner", "/static/..%2f..%2fgo.mod", "/metrics", "/debug/pprof/", "/debug/vars",
	} {
		if p := a.Guest().Get(path); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
}
