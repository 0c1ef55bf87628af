package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"xxsns/app/apptest"
	"xxsns/app/server"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// wrong fails the test unless exactly these fields of the page are marked, each with
// a sentence, and the first marked field has the focus.
func wrong(t *testing.T, p *apptest.Page, fields ...string) {
	t.Helper()
	var marked []string
	for _, n := range p.Find("[aria-invalid=true]").EachIter() {
		name, _ := n.Attr("name")
		marked = append(marked, name)
		described, _ := n.Attr("aria-describedby")
		if !slices.ContainsFunc(strings.Fields(described), func(id string) bool { return p.Text("#"+id+".error, #"+id+" .bad") != "" }) {
			t.Errorf("nothing is said beside %s", name)
		}
	}
	if !slices.Equal(marked, fields) {
		t.Errorf("marked are %v, want %v", marked, fields)
	}
	if focus, _ := p.Find("[autofocus]").First().Attr("name"); len(fields) > 0 && focus != fields[0] {
		t.Errorf("the focus is on %q, want %q", focus, fields[0])
	}
}

// value returns the value of a field of the page.
func value(p *apptest.Page, name string) string {
	v, _ := p.Find("[name=" + name + "]").Attr("value")
	return v
}

// guessedFirst are passwords that a user called Haneul must not have, by the text that
// says why.
var guessedFirst = map[string][]string{
	"password.common":    {"password", "Sunshine"},
	"password.username":  {"haneul2026!"},
	"password.community": {"작은 SNS 2026"},
	"password.simple":    {"12345678", "가나다라마바사아", "하하하하하하하하"},
	"password.invisible": {strings.Repeat(" ", 8), strings.Repeat("\u200b", 8)},
}

func TestNobodyGetsAPasswordThatIsGuessedFirst(t *testing.T) {
	v := open(t)
	v.AddUser("Haneul", sns.RoleUser)
	c := v.SignIn("Haneul")
	for reason, passwords := range guessedFirst {
		for _, password := range passwords {
			p := v.Guest().Post("/sign-up", "username", "haneul", "password", password, "password_confirm", password, "email", "y@example.com").Want(422)
			says(t, p, reason)
			p = c.Post("/settings/password", "current_password", apptest.Password, "password", password, "password_confirm", password).Want(422)
			wrong(t, p, "password")
			says(t, p, reason)
			if err := server.SetPassword(t.Context(), v.Config, v.Log(), "Haneul", password); err == nil {
				t.Errorf("the command sets the password %q", password)
			}
			if err := server.AddUser(t.Context(), v.Config, v.Log(), "haneul_2", "", password, sns.RoleUser); err == nil {
				t.Errorf("the command makes an account with the password %q", password)
			}
		}
	}
	v.SignIn("Haneul")
}

func TestSignUpSaysAllThatIsWrongAtOnce(t *testing.T) {
	v := open(t)
	p := v.Guest().Post("/sign-up", "username", "민 지", "password", "짧다요", "password_confirm", "다른것", "email", "어디에도").Want(422)
	wrong(t, p, "username", "password", "email")
	says(t, p, "username.characters")
	says(t, p, "password.length", "Min", sns.PasswordMin, "Max", sns.PasswordMax)
	says(t, p, "email.format")
	if value(p, "username") != "민 지" || value(p, "email") != "어디에도" {
		t.Errorf("kept are %q and %q", value(p, "username"), value(p, "email"))
	}

	p = v.Guest().Post("/sign-up", "username", "유진", "password", "열려라참깨하나둘셋", "password_confirm", "열려라참깨둘셋넷", "email", "y@example.com").Want(422)
	wrong(t, p, "password_confirm")
	for _, secret := range []string{"짧다요", "다른것", "열려라참깨"} {
		if strings.Contains(p.Body, secret) {
			t.Errorf("the page holds the password %s", secret)
		}
	}
	if n := v.count("SELECT COUNT(*) FROM users"); n != 3 {
		t.Errorf("%d accounts, want 3", n)
	}
}

func TestSignUpRefusesWhatANameMayNotBe(t *testing.T) {
	v := open(t)
	for name, key := range map[string]string{
		"": "username.length", "가": "username.length", "가나다라마바사아자차카타파하거너": "username.length",
		"minji!": "username.characters", "min ji": "username.characters", "<b>": "username.characters",
		".minji": "username.dot", "minji.": "username.dot", "__": "username.letter", "\xff\xfeab": "invalid.encoding",
		"ㅤㅤㅤ": "username.characters", // Hangul fillers, which are invisible
	} {
		p := v.Guest().Post("/sign-up", "username", name, "password", apptest.Password, "password_confirm", apptest.Password, "email", "y@example.com")
		p.Want(422)
		says(t, p, key, "Min", sns.UsernameMin, "Max", sns.UsernameMax)
	}
}

func TestSignUpSignsInAndWelcomes(t *testing.T) {
	v := open(t)
	c := v.Guest()
	leadsTo(t, c.Post("/sign-up", "username", "유진", "password", apptest.Password, "password_confirm", apptest.Password, "email", "yujin@example.com"), "/")
	p := c.Get("/").Want(200)
	toasts(t, p, "done.welcome")
	if got := p.Text(".me .cut"); got != "유진" {
		t.Errorf("signed in as %q", got)
	}
	c.Get("/").Want(200).Lacks("#toasts .toast") // the toast appears once
	if strings.Contains(v.seojun.Get("/users/"+url.PathEscape("유진")).Want(200).Body, "yujin@example.com") {
		t.Error("the e-mail address is shown to others")
	}
	v.Guest().Post("/sign-in", "username", "유진", "password", apptest.Password).Want(303)
}

func TestATakenNameIsNotGivenAgain(t *testing.T) {
	v := open(t)
	v.AddUser("Haneul_é", sns.RoleUser)
	for _, name := range []string{"Haneul_é", "HANEUL_É", "haneul_e\u0301", norm.NFD.String("민지"), " 민지 "} {
		p := v.Guest().Post("/sign-up", "username", name, "password", apptest.Password, "password_confirm", apptest.Password, "email", "y@example.com").Want(422)
		says(t, p, "username.taken")
		wrong(t, p, "username")
	}
	if n := v.count("SELECT COUNT(*) FROM users"); n != 4 {
		t.Errorf("%d accounts, want 4", n)
	}
}

func TestTwoCannotSignUpWithOneName(t *testing.T) {
	v := open(t)
	answers := make(chan int)
	for range 4 {
		c := v.Guest()
		go func() {
			res, err := c.HTTP().PostForm(v.URL+"/sign-up", url.Values{
				"username": {"유진"}, "password": {apptest.Password}, "password_confirm": {apptest.Password}, "email": {"y@example.com"},
			})
			if err != nil {
				answers <- 0
				return
			}
			_ = res.Body.Close()
			answers <- res.StatusCode
		}()
	}
	got := []int{<-answers, <-answers, <-answers, <-answers}
	slices.Sort(got)
	if want := []int{303, 422, 422, 422}; !slices.Equal(got, want) {
		t.Errorf("answers %v, want %v", got, want)
	}
}

func TestCheckingANameIsAlways200(t *testing.T) {
	v := open(t)
	hx := v.Guest().HX()
	for name, want := range map[string]string{
		"유진": web.Korean("username.free"), "민지": web.Korean("username.taken"), norm.NFD.String("민지"): web.Korean("username.taken"),
		"": web.Korean("signup.username_hint"), "!": web.Korean("username.characters"), "\xff": web.Korean("invalid.encoding"),
		strings.Repeat("가", 5000): web.Korean("username.length", "Min", sns.UsernameMin, "Max", sns.UsernameMax),
	} {
		p := hx.Get("/sign-up/username?username=" + url.QueryEscape(name)).Want(200)
		if got := p.Text("#username-check"); got != want {
			t.Errorf("%.20q: %q, want %q", name, got, want)
		}
	}
}

func TestCheckingANameWithoutScriptsKeepsWhatWasTyped(t *testing.T) {
	v := open(t)
	for name, key := range map[string]string{"유진": "username.free", "민지": "username.taken", "!": "username.characters"} {
		p := v.Guest().Post("/sign-up", "username", name, "email", "y@", "password", "열려라참깨", "password_confirm", "다른것", "check", "1").Want(200)
		if got := p.Text("#username-check"); got != web.Korean(key) {
			t.Errorf("%s: %q", name, got)
		}
		if value(p, "username") != name || value(p, "email") != "y@" || strings.Contains(p.Body, "열려라참깨") {
			t.Errorf("%s: kept are %q and %q, and perhaps a password", name, value(p, "username"), value(p, "email"))
		}
		if key == "username.free" {
			wrong(t, p)
		} else {
			wrong(t, p, "username") // the only field that was looked at
		}
	}
	if n := v.count("SELECT COUNT(*) FROM users"); n != 3 {
		t.Errorf("%d accounts, want 3", n)
	}
}

func TestSignInDoesNotSayWhichWasWrong(t *testing.T) {
	v := open(t)
	known := v.Guest().Post("/sign-in", "username", "민지", "password", "틀린비밀번호").Want(422)
	unknown := v.Guest().Post("/sign-in", "username", "유진", "password", "틀린비밀번호").Want(422)
	says(t, known, "signin.wrong")
	if strings.ReplaceAll(known.Body, "민지", "유진") != unknown.Body {
		t.Error("the pages differ in more than the name")
	}
	if value(known, "username") != "민지" || strings.Contains(known.Body, "틀린비밀번호") {
		t.Error("the name is not kept, or the password is")
	}
	for _, c := range []string{"", "\x00", "\xff", strings.Repeat("a", 100_000)} {
		v.Guest().Post("/sign-in", "username", "민지", "password", c).Want(422)
		v.Guest().Post("/sign-in", "username", c, "password", apptest.Password).Want(422)
	}
}

func TestSignInTakesANameInAnyForm(t *testing.T) {
	v := open(t)
	for _, name := range []string{norm.NFD.String("민지"), " 민지 "} {
		leadsTo(t, v.Guest().Post("/sign-in", "username", name, "password", norm.NFD.String(apptest.Password)), "/")
	}
}

func TestSignInLeadsBack(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	for next, want := range map[string]string{
		"/posts/" + post: "/posts/" + post, "/users/%EB%AF%BC?before=3": "/users/%EB%AF%BC?before=3", "": "/",
		"//evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "https://evil.example": "/", "javascript:alert(1)": "/",
		"/\t/evil.example": "/", "/\n/evil.example": "/", "/a\r\nSet-Cookie: x=y": "/", "/\x7f": "/", "evil": "/", " //evil": "/", "///evil": "/",
	} {
		p := v.Guest().Get("/sign-in?next=" + url.QueryEscape(next)).Want(200)
		if got := value(p, "next"); got != want {
			t.Errorf("%q: the form keeps %q, want %q", next, got, want)
		}
		leadsTo(t, v.minji.Get("/sign-in?next="+url.QueryEscape(next)), want) // signed in already
	}
	for _, next := range []string{"//evil.example", `/\evil.example`, "https://evil.example", "/\r\nx"} {
		leadsTo(t, v.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password, "next", next), "/")
	}
	leadsTo(t, v.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password, "next", "/posts/"+post), "/posts/"+post)
	if p := v.Guest().Post("/sign-in", "username", "민지", "password", "x", "next", "/posts/"+post).Want(422); value(p, "next") != "/posts/"+post {
		t.Error("after a wrong password the way back is forgotten")
	}
}

func TestGuestsComeBackToThePageTheyWereOn(t *testing.T) {
	v := open(t)
	for from, want := range map[string]string{
		v.URL + "/posts/7?before=3": "/posts/7?before=3", "https://evil.example/x": "/", "": "/", v.URL + "//evil.example": "/", "::": "/",
	} {
		for _, header := range []string{"Referer", "HX-Current-URL"} {
			req := v.Guest().Request(http.MethodPost, "/posts/7/like", strings.NewReader("on=true"))
			if header == "HX-Current-URL" {
				req.Header.Set("HX-Request", "true")
			}
			req.Header.Set(header, from)
			p := v.Guest().Do(req)
			if got := p.Header.Get("Location") + p.Header.Get("HX-Redirect"); got != "/sign-in?next="+url.QueryEscape(want) {
				t.Errorf("%s %q: sent to %q", header, from, got)
			}
		}
	}
}

func TestARoleGivenByCommandHoldsAtTheNextRequest(t *testing.T) {
	v := open(t)
	home := "/users/" + url.PathEscape("민지")
	v.seojun.Get(home).Lacks(".badge")
	v.minji.Get("/desk").Want(403)
	for _, role := range []sns.Role{sns.RoleMentor, sns.RoleAdmin} { // in this order: the last user remains
		if err := server.SetRole(context.Background(), v.Config, v.Log(), "민지", role); err != nil {
			t.Fatal(err)
		}
		if got := v.seojun.Get(home).Text(".profile .badge"); got != web.Korean("role."+strings.ToLower(string(role))) {
			t.Errorf("as %s the badge is %q", role, got)
		}
		v.minji.Get("/desk").Want(200)
		if status, want := v.minji.Get("/admin/boards").Status, map[bool]int{true: 200, false: 403}[role == sns.RoleAdmin]; status != want {
			t.Errorf("as %s the boards answer %d, want %d", role, status, want)
		}
	}
	post := v.posts(v.minji, "관리자가 씀")
	if got := v.seojun.Get("/posts/" + post).Text("#post-" + post + " .badge"); got != web.Korean("role.admin") {
		t.Errorf("beside the post the badge is %q", got)
	}
}

func TestSignUpSaysThatTheNameIsTakenBesideTheRest(t *testing.T) {
	v := open(t)
	p := v.Guest().Post("/sign-up", "username", "민지", "password", "짧아", "password_confirm", "짧아", "email", "아니").Want(422)
	for id, key := range map[string]string{"#username-check": "username.taken", "#email-hint": "email.format"} {
		if p.Text(id) != web.Korean(key) {
			t.Errorf("%s says %q", id, p.Text(id))
		}
	}
	p.Has("#username[aria-invalid=true][autofocus]").Has("#password[aria-invalid=true]")
}

// A name that readers confuse with another account, or with the people who run the
// site, is refused with a reason; the form keeps the other fields.
func TestNamesThatMislead(t *testing.T) {
	v := open(t)
	v.AddUser("user1", sns.RoleUser)
	for name, key := range map[string]string{"userl": "username.alike", "관리자_1": "username.reserved", "аdmin": "username.reserved", "раypal": "username.mixed"} {
		p := v.Guest().Get("/sign-up/username?username=" + url.QueryEscape(name)).Want(200)
		says(t, p, key)
		p = v.Guest().Post("/sign-up", "username", name, "password", "correct horse", "password_confirm", "correct horse", "email", "a@example.com").Want(422)
		says(t, p, key)
		if value(p, "username") != name || value(p, "email") != "a@example.com" {
			t.Errorf("%q: the form keeps %q and %q", name, value(p, "username"), value(p, "email"))
		}
	}
	if n := v.count("SELECT COUNT(*) FROM users WHERE username = 'userl'"); n != 0 {
		t.Error("userl was made")
	}
}
