package web_test

import (
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/templates"
)

// Every form that changes something names the account, but those for people who are not
// signed in, and the one that signs out.
func TestEveryFormNamesTheAccount(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`(?s)<form\b[^>]*method="post"(?:\{\{[^}]*\}\}|[^>])*>\s*(\{\{account\}\})?`)
	exempt := regexp.MustCompile(`action="/sign-(in|up|out)"`)
	named := 0
	err := fs.WalkDir(templates.FS, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".html") {
			return err
		}
		source, err := fs.ReadFile(templates.FS, path)
		for _, m := range form.FindAllSubmatch(source, -1) {
			if !exempt.Match(m[0]) && len(m[1]) == 0 {
				t.Errorf("%s: a form without {{account}}:\n%s", path, m[0])
			}
			named += len(m[1])
		}
		return err
	})
	if err != nil || named == 0 {
		t.Errorf("%d, %v", named, err)
	}
}

// The page of one account does nothing as another account, which has signed in in the
// same browser since.
func TestAPageOfAnotherAccountIsRefused(t *testing.T) {
	v := open(t)
	account := func(c *apptest.Client) string {
		id, _ := c.Get("/").Find(`#compose input[name="account"]`).Attr("value")
		return id
	}
	minji, seojun := account(v.minji), account(v.seojun)
	if minji == "" || seojun == "" || minji == seojun {
		t.Fatalf("the composers name %q and %q", minji, seojun)
	}

	// Plain forms, with and without files: the text is on the page, ready to be sent.
	p := v.seojun.Post("/posts", "content", "민지가 쓰던 글", "account", minji).Want(http.StatusConflict)
	says(t, p, "error.account_help", "Name", "서준")
	if got := p.Find(`.again textarea[name="content"]`).Text(); got != "민지가 쓰던 글" {
		t.Errorf("kept is %q", got)
	}
	if got := p.Find(`.again input[name="account"]`).AttrOr("value", ""); got != seojun {
		t.Errorf("the kept form names %q, want 서준", got)
	}
	p = v.seojun.Upload("/posts", []apptest.File{photo("바다.png")}, "content", "사진도", "alt", "", "alt", "바다", "account", minji).Want(http.StatusConflict)
	if got := p.Find(".again textarea").Map(func(_ int, field *goquery.Selection) string { return field.Text() }); !slices.Equal(got, []string{"바다", "사진도"}) {
		t.Errorf("the fields that people have filled in are %q", got)
	}
	v.seojun.Post("/settings/profile", "status_message", "민지의 상태", "account", minji).Want(http.StatusConflict).Has(".again textarea")

	// Scripts: a toast, which leaves the form as it is.
	hx := func(method, path, body string) *apptest.Page {
		req := v.seojun.HX().Request(method, path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Account", minji)
		return v.seojun.Do(req)
	}
	p = hx(http.MethodPost, "/posts", "content=글").Want(http.StatusConflict).Has("[hx-target='#toasts']")
	if p.Header.Get("HX-Reswap") != "none" {
		t.Error("the answer takes the place of the form")
	}
	if p = hx(http.MethodGet, "/posts/new?after=0", "").Want(http.StatusOK); p.Header.Get("HX-Refresh") != "true" || p.Body != "" {
		t.Errorf("a fragment of 서준 for the page of 민지: %v %q", p.Header, p.Body)
	}
	v.seojun.Get("/live?topic=timeline&account=" + minji).Want(http.StatusConflict)
	v.seojun.Get("/").Want(http.StatusOK).Lacks(".post")

	// The same with the right name.
	v.seojun.Post("/posts", "content", "서준의 글", "account", seojun).Want(http.StatusSeeOther)
}

func TestASocketOfAnotherAccountIsRefused(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "면접 준비", 5)
	v.enters(room, v.minji, v.seojun)
	socket, _ := v.minji.Get("/rooms/" + room).Find("#socket").Attr("hx-ws:connect")
	if socket != "/rooms/"+room+"/socket?account="+minjiID {
		t.Fatalf("the socket is %q", socket)
	}
	v.seojun.Get(socket).Want(http.StatusConflict)
}

// The sender of a form signs in after the end of the session, and sends the same text.
func TestASessionThatEndedCostsNothing(t *testing.T) {
	v := open(t)
	v.minji.Post("/posts", "content", "첫 글").Want(http.StatusSeeOther)
	for name, send := range map[string]func(*apptest.Client) *apptest.Page{
		"post": func(c *apptest.Client) *apptest.Page {
			return c.Post("/posts?from=/boards/free", "content", "긴 글\n둘째 줄", "board", "free")
		},
		"with file": func(c *apptest.Client) *apptest.Page {
			return c.Upload("/posts?from=/boards/free", []apptest.File{photo("바다.png")}, "content", "긴 글\n둘째 줄", "board", "free")
		},
		"comment": func(c *apptest.Client) *apptest.Page {
			return c.Post("/posts/1/comments", "content", "긴 글\n둘째 줄")
		},
	} {
		c := v.SignIn("민지")
		cookie := v.cookie(c)
		c.Post("/sign-out").Want(http.StatusSeeOther)
		c = v.holder(cookie)
		p := send(c).Want(http.StatusUnauthorized)
		says(t, p, "resume.sign_in")
		fields := []string{"username", "민지", "password"}
		for _, f := range []string{"next", "again_action", "again"} {
			fields = append([]string{f, p.Find(`form [name="`+f+`"]`).AttrOr("value", "")}, fields...)
		}
		p = c.Post("/sign-in", append(fields, "아니야아니야")...).Want(http.StatusUnprocessableEntity)
		if p.Find(`[name="again"]`).AttrOr("value", "") == "" {
			t.Errorf("%s: a wrong password loses the text", name)
		}
		p = c.Post("/sign-in", append(fields, apptest.Password)...).Want(http.StatusOK)
		text := strings.ReplaceAll(p.Find(`.again textarea[name="content"]`).Text(), "\r\n", "\n")
		if text != "긴 글\n둘째 줄" {
			t.Fatalf("%s: the text is %q", name, text)
		}
		again := []string{"content", text}
		if board, ok := p.Find(`.again [name="board"]`).Attr("value"); ok {
			again = append(again, "board", board)
		}
		p = c.Post(p.Find(".again").AttrOr("action", ""), again...).Want(http.StatusSeeOther)
		if !strings.Contains(c.Get(p.Header.Get("Location")).Body, "둘째 줄") {
			t.Errorf("%s: the text is not at %s", name, p.Header.Get("Location"))
		}
	}
	// Nothing to keep: passwords, and buttons.
	c := v.SignIn("서준")
	cookie := v.cookie(c)
	c.Post("/sign-out").Want(http.StatusSeeOther)
	c = v.holder(cookie)
	leadsTo(t, c.Post("/settings/password", "current_password", "비밀", "password", "비밀번호1"), "/sign-in?next=%2F")
	leadsTo(t, c.Post("/posts/1/like", "on", "true"), "/sign-in?next=%2F")
	if p := c.HX().Post("/posts", "content", "글").Want(http.StatusOK); p.Header.Get("HX-Redirect") == "" {
		t.Error("htmx is not led to the sign-in page")
	}
}

// The text of another site does not stand behind a button of ours.
func TestAFormOfAnotherSiteIsNotShownAgain(t *testing.T) {
	v := open(t)
	req := v.minji.Request(http.MethodPost, "/posts", strings.NewReader("content=스팸"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	v.minji.Do(req).Want(http.StatusForbidden).Lacks("textarea")
	v.minji.Post("/nothing", "content", "길 잃은 글").Want(http.StatusNotFound).Has(".again textarea")
}
