package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/server"
	"xxsns/app/sns"
)

// setCookie returns the session cookie that an answer sets, or nil.
func setCookie(p *apptest.Page) *http.Cookie {
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		if strings.TrimPrefix(c.Name, "__Host-") == "session" {
			return c
		}
	}
	return nil
}

func TestTheCookieIsForNobodyElse(t *testing.T) {
	v := open(t)
	for proto, secure := range map[string]bool{"": false, "https": true} {
		req := v.Guest().Request(http.MethodPost, "/sign-in", strings.NewReader("username=%EB%AF%BC%EC%A7%80&password="+apptest.Password))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if proto != "" {
			req.Header.Set("X-Forwarded-Proto", proto)
		}
		c := setCookie(v.Guest().Do(req).Want(303))
		if c == nil {
			t.Fatal("no cookie")
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != secure || strings.HasPrefix(c.Name, "__Host-") != secure {
			t.Errorf("behind %q: %s", proto, c.Raw)
		}
		if life := time.Duration(c.MaxAge) * time.Second; life != sns.SessionLife {
			t.Errorf("the cookie lives for %s", life)
		}
	}
}

func TestSigningInMakesANewSession(t *testing.T) {
	v := open(t)
	before := v.cookie(v.minji)
	v.minji.Post("/sign-in", "username", "민지", "password", apptest.Password).Want(303)
	after := v.cookie(v.minji)
	if before == after || after == "" {
		t.Fatal("the session is the one of before")
	}
	v.holder(before).Get("/").Want(303)
	v.holder(after).Get("/").Want(200)

	// A session id that an attacker has chosen is not taken over.
	c := v.holder("chosen")
	c.Post("/sign-in", "username", "민지", "password", apptest.Password).Want(303)
	if v.cookie(c) == "chosen" {
		t.Error("the session is the chosen one")
	}
}

func TestAForgedCookieIsAsGoodAsNone(t *testing.T) {
	v := open(t)
	good := v.cookie(v.minji)
	flipped := []byte(good)
	flipped[len(flipped)/2] ^= 1
	for _, forged := range []string{"x", "민지", good + "A", good[:len(good)-4], string(flipped), strings.Repeat("A", 8000), "MTcwMDAwMDAwMHxEWDhFQVFMX2dBQUJFQUVRQUFBfA=="} {
		req := v.Guest().Request(http.MethodGet, "/", nil)
		req.Header.Set("Cookie", "session="+forged)
		v.Guest().Do(req).Want(303)
	}
	v.holder(good).Get("/").Want(200)
	// A session of a deleted user is not valid.
	v.edits("DELETE FROM users WHERE username = ?", "민지")
	v.holder(good).Get("/").Want(303)
}

func TestSigningOutEndsTheSessionOnTheServer(t *testing.T) {
	v := open(t)
	cookie := v.cookie(v.minji)
	page, elsewhere := v.listen(v.minji, "topic=timeline"), v.listen(v.seojun, "topic=timeline")
	p := v.minji.Post("/sign-out")
	leadsTo(t, p, "/sign-in")
	if c := setCookie(p); c == nil || c.MaxAge >= 0 || c.Value != "" || !c.HttpOnly {
		t.Errorf("the cookie is not taken away: %v", c)
	}
	if p.Header.Get("Clear-Site-Data") != `"cache", "storage"` {
		t.Error("the browser keeps the pages")
	}
	page.ends()
	v.holder(cookie).Get("/").Want(303)
	v.holder(cookie).HX().Post("/posts", "content", "글").Want(200) // HX-Redirect
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 0 {
		t.Error("the old cookie still posts")
	}
	v.seojun.Get("/").Want(200)
	post := v.posts(v.seojun, "나는 아직 있어요")
	elsewhere.gets("post", post)
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	v := open(t)
	phone, laptop := v.SignIn("민지"), v.minji
	onPhone, onLaptop := v.listen(phone, "topic=timeline"), v.listen(laptop, "topic=timeline")
	fields := []string{"current_password", apptest.Password, "password", "새비밀번호입니다", "password_confirm", "새비밀번호입니다"}
	stolen := v.holder(v.cookie(laptop))
	leadsTo(t, laptop.Post("/settings/password", fields...), "/settings")
	toasts(t, laptop.Get("/settings").Want(200), "done.password") // with a new session
	for _, c := range []*apptest.Client{phone, stolen} {
		c.Get("/").Want(303)
	}
	onPhone.ends()
	onLaptop.ends() // the browser opens a new stream
	again := v.listen(laptop, "topic=timeline")
	post := v.posts(laptop, "여전히 여기")
	again.gets("post", post)
	v.seojun.Get("/").Want(200)
	v.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password).Want(422)
	v.Guest().Post("/sign-in", "username", "민지", "password", "새비밀번호입니다").Want(303)
}

func TestAPasswordSetByCommandEndsAllSessions(t *testing.T) {
	v := open(t)
	if err := server.SetPassword(context.Background(), v.Config, v.Log(), "민지", "새비밀번호입니다"); err != nil {
		t.Fatal(err)
	}
	v.minji.Get("/").Want(303)
	v.seojun.Get("/").Want(200)
}

func TestWrongNewPasswordsChangeNothing(t *testing.T) {
	v := open(t)
	for _, hx := range []bool{false, true} {
		c := v.minji
		if hx {
			c = c.HX()
		}
		for field, fields := range map[string][]string{
			"current_password": {"current_password", "틀린비밀번호", "password", "새비밀번호입니다", "password_confirm", "새비밀번호입니다"},
			"password":         {"current_password", apptest.Password, "password", "짧다", "password_confirm", "짧다"},
			"password_confirm": {"current_password", apptest.Password, "password", "새비밀번호입니다", "password_confirm", "다른비밀번호"},
		} {
			p := c.Post("/settings/password", fields...).Want(422)
			wrong(t, p, field)
			for _, secret := range []string{"틀린비밀번호", "새비밀번호입니다", "다른비밀번호", apptest.Password} {
				if strings.Contains(p.Body, secret) {
					t.Errorf("the page holds the password %s", secret)
				}
			}
		}
	}
	v.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password).Want(303)
}

func TestASessionIsProlongedOnceADay(t *testing.T) {
	v := open(t)
	seen := func(ago time.Duration) {
		t.Helper()
		at := time.Now().Add(-ago).UnixMicro()
		v.edits("UPDATE sessions SET seen_at = ? WHERE user_id = (SELECT id FROM users WHERE username = ?)", at, "민지")
	}
	const ageOf = "SELECT (CAST(strftime('%s','now') AS INTEGER) - seen_at/1000000) FROM sessions WHERE user_id = (SELECT id FROM users WHERE username = ?)"

	seen(sns.SessionRenewal - time.Hour)
	if c := setCookie(v.minji.Get("/").Want(200)); c != nil {
		t.Error("a session of today is written again")
	}
	seen(sns.SessionRenewal + time.Hour)
	cookie := v.cookie(v.minji)
	c := setCookie(v.minji.Get("/").Want(200))
	if c == nil || time.Duration(c.MaxAge)*time.Second != sns.SessionLife || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Fatalf("the cookie of yesterday's session becomes %v", c)
	}
	if age := v.count(ageOf, "민지"); age > 60 {
		t.Errorf("in the database the session was seen %d seconds ago", age)
	}
	v.holder(cookie).Get("/").Want(200) // the id stays: other tabs go on
	seen(sns.SessionLife - time.Hour)
	v.minji.Get("/").Want(200)
	seen(sns.SessionLife + time.Hour)
	v.minji.Get("/").Want(303)
}

func TestASessionEndsAfter180DaysHoweverMuchItIsUsed(t *testing.T) {
	v := open(t)
	phone := v.SignIn("민지")
	age := func(days int) {
		t.Helper()
		at := time.Now().AddDate(0, 0, -days).Add(time.Minute).UnixMicro()
		v.edits("UPDATE sessions SET created_at = ? WHERE user_id = (SELECT id FROM users WHERE username = ?)", at, "민지")
	}
	age(180)
	v.minji.Get("/").Want(200)
	age(181)
	v.minji.Get("/").Want(303)
	phone.Get("/").Want(303)
	v.SignIn("민지").Get("/").Want(200)
	v.seojun.Get("/").Want(200)
}

// Session 21 ends the first, with its streams.
func TestTheOldestOfTwentySessionsMakesRoom(t *testing.T) {
	v := open(t)
	first, second := v.minji, v.SignIn("민지")
	onFirst, onSecond := v.listen(first, "topic=timeline"), v.listen(second, "topic=timeline")
	for range sns.SessionsMax - 2 {
		v.SignIn("민지")
	}
	first.Get("/").Want(200)
	newest := v.SignIn("민지")
	onFirst.ends()
	first.Get("/").Want(303)
	second.Get("/").Want(200)
	onSecond.gets("post", v.posts(newest, "스물한 번째 기기에서"))
}

func TestTheToastCookieSaysOnlyOurSentences(t *testing.T) {
	v := open(t)
	for value, shown := range map[string]bool{"done.saved": true, "done.nothing": false, "error.server": false, "<b>": false, "done.": false} {
		req := v.minji.Request(http.MethodGet, "/settings", nil)
		req.AddCookie(&http.Cookie{Name: "toast", Value: value})
		if got := v.minji.Do(req).Want(200).Find(".toasts .toast").Length() > 0; got != shown {
			t.Errorf("%q is shown: %t", value, got)
		}
	}
}

// Signing in with the old password while the password changes either fails, or the new
// session ends with the change.
func TestSigningInWhileThePasswordChanges(t *testing.T) {
	v := open(t)
	v.database() // opens the connection before the race begins
	statuses := make(chan int, 8)
	for range cap(statuses) {
		go func() {
			req, _ := http.NewRequest(http.MethodPost, v.URL+"/sign-in", strings.NewReader(url.Values{"username": {"민지"}, "password": {apptest.Password}}.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res, err := v.Guest().HTTP().Do(req)
			if err != nil {
				statuses <- 0
				return
			}
			_ = res.Body.Close()
			statuses <- res.StatusCode
		}()
	}
	if err := server.SetPassword(context.Background(), v.Config, v.Log(), "민지", "새비밀번호입니다"); err != nil {
		t.Fatal(err)
	}
	for range cap(statuses) {
		if status := <-statuses; status != 303 && status != 422 {
			t.Errorf("somebody was answered %d", status)
		}
	}
	if n := v.count("SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.username = '민지'"); n != 0 {
		t.Errorf("%d sessions outlive the password", n)
	}
}
