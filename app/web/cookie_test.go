package web_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/securecookie"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// overTLS sends a form, or asks for a page if fields is nil, as the proxy passes it on
// from a browser that speaks TLS and has these cookies.
func (v *siteWithMembers) overTLS(path, cookies string, fields url.Values) *apptest.Page {
	v.t.Helper()
	method := http.MethodGet
	if fields != nil {
		method = http.MethodPost
	}
	req := v.Guest().Request(method, path, strings.NewReader(fields.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Forwarded-Proto", "https")
	if cookies != "" {
		req.Header.Set("Cookie", cookies)
	}
	return v.Guest().Do(req)
}

// signInOverTLS returns the cookie of a new session of a user, as NAME=VALUE.
func (v *siteWithMembers) signInOverTLS(name string) string {
	v.t.Helper()
	p := v.overTLS("/sign-in", "", url.Values{"username": {name}, "password": {apptest.Password}}).Want(303)
	c := setCookie(p)
	if c == nil || c.Name != "__Host-session" || !c.Secure || c.Path != "/" || c.Domain != "" {
		v.t.Fatalf("the cookie is %v", c)
	}
	return c.Name + "=" + c.Value
}

func TestACookieOfASiblingDomainSignsNobodyOut(t *testing.T) {
	v := open(t)
	mine, forged := "session="+v.cookie(v.minji), "session=planted"
	ended := v.SignIn("민지")
	endedCookie := "session=" + v.cookie(ended)
	ended.Post("/sign-out").Want(303)
	for _, cookies := range []string{
		mine + "; " + forged, forged + "; " + mine, endedCookie + "; " + mine,
		strings.Repeat(forged+"; ", 40) + endedCookie + "; " + mine,
	} {
		req := v.Guest().Request(http.MethodGet, "/settings", nil)
		req.Header.Set("Cookie", cookies)
		v.Guest().Do(req).Want(200)
	}
	secure := v.signInOverTLS("민지")
	for _, cookies := range []string{secure + "; " + forged, forged + "; " + secure, strings.Replace(secure, "=", "=x", 1) + "; " + secure} {
		v.overTLS("/settings", cookies, nil).Want(200)
	}
}

// An attacker who plants the cookie of a session of their own makes nobody act as them:
// the cookie of the host counts first, and its value counts under no other name.
func TestAPlantedSessionIsNotTakenForTheHosts(t *testing.T) {
	v := open(t)
	victims, attackers := v.signInOverTLS("민지"), v.signInOverTLS("서준")
	planted := strings.TrimPrefix(attackers, "__Host-")
	v.overTLS("/settings", planted, nil).Want(303)
	for _, cookies := range []string{planted + "; " + victims, "session=" + v.cookie(v.seojun) + "; " + victims} {
		if body := v.overTLS("/settings", cookies, nil).Want(200).Body; !strings.Contains(body, "민지") || strings.Contains(body, "서준") {
			t.Error("the settings are somebody else's")
		}
	}
}

// The cookies of before the prefix stay valid, and the next renewal gives the session
// the new one.
func TestASessionOfBeforeThePrefixGoesOn(t *testing.T) {
	v := open(t)
	old := "session=" + v.cookie(v.minji)
	v.overTLS("/settings", old, nil).Want(200)
	at := time.Now().Add(-sns.SessionRenewal - time.Hour).UnixMicro()
	v.edits("UPDATE sessions SET seen_at = ?", at)
	c := setCookie(v.overTLS("/settings", old, nil).Want(200))
	if c == nil || c.Name != "__Host-session" || !c.Secure {
		t.Fatalf("the cookie becomes %v", c)
	}
	both := old + "; __Host-session=" + c.Value
	gone := map[string]bool{}
	for _, c := range (&http.Response{Header: v.overTLS("/sign-out", both, url.Values{}).Want(303).Header}).Cookies() {
		gone[c.Name] = c.MaxAge < 0 && c.Secure
	}
	if !gone["session"] || !gone["__Host-session"] {
		t.Errorf("signing out takes away %v", gone)
	}
	v.overTLS("/settings", both, nil).Want(303)
}

func TestTheToastOfAHostIsItsOwn(t *testing.T) {
	v := open(t)
	mine := v.signInOverTLS("민지")
	out := v.overTLS("/sign-out", v.signInOverTLS("민지"), url.Values{}).Want(303)
	toast := (&http.Response{Header: out.Header}).Cookies()
	if c := toast[len(toast)-1]; c.Name != "__Host-toast" || c.Value != "done.signed_out" || !c.Secure || c.Path != "/" || c.Domain != "" {
		t.Errorf("the toast is %v", c)
	}
	for cookies, shown := range map[string]bool{
		"__Host-toast=done.saved": true, "__Host-toast=x; __Host-toast=done.saved": true, "toast=done.saved": false,
	} {
		p := v.overTLS("/settings", mine+"; "+cookies, nil).Want(200)
		if got := p.Find(".toasts .toast").Length() > 0; got != shown {
			t.Errorf("%s is shown: %t", cookies, got)
		}
		if set := strings.Join(p.Header["Set-Cookie"], "\n"); shown && (!strings.Contains(set, "__Host-toast=; Path=/; Max-Age=0") || !strings.Contains(set, "Secure")) {
			t.Errorf("%s is not taken away: %q", cookies, set)
		}
	}
}

// A token cannot be guessed, and whoever reads the database finds none.
func TestTokensAreLongAndOnlyTheBrowserHasThem(t *testing.T) {
	v := open(t)
	secret, err := os.ReadFile(filepath.Join(filepath.Dir(databaseOf(v.Config)), "session.secret"))
	if err != nil {
		t.Fatal(err)
	}
	stored := strings.Join(lines(t, v.database(), "SELECT id || agent FROM sessions"), "\n")
	seen := map[string]bool{}
	for _, c := range []*apptest.Client{v.minji, v.seojun, v.SignIn("민지"), v.SignIn("민지")} {
		token := ""
		if err := securecookie.DecodeMulti("session", v.cookie(c), &token, securecookie.CodecsFromPairs(secret)...); err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^[A-Z2-7]{52}$`).MatchString(token) || seen[token] { // five bits a letter
			t.Errorf("the token is %q", token)
		}
		seen[token] = true
		if stored == "" || strings.Contains(stored, token) {
			t.Error("the database has the token")
		}
	}
}
