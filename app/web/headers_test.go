package web_test

import (
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"

func TestEveryAnswerSaysWhatABrowserMayDo(t *testing.T) {
	v := openWithRooms(t)
	post := v.posts(v.minji, "글")
	room := v.opens(v.sua, "질문방", 5)
	for _, p := range []*apptest.Page{
		v.minji.Get("/rooms"), v.minji.Get("/rooms/" + room), v.sua.Get("/rooms/" + room), v.sua.HX().Get("/rooms/" + room + "/messages"),
		v.sua.Get("/rooms/" + room + "/transcript"), v.minji.Get("/rooms/" + room + "/socket"), v.Guest().Get("/rooms/" + room + "/socket"), v.sua.Get("/desk"),
		v.minji.Get("/"), v.minji.HX().Get("/posts/" + post), v.Guest().Get("/sign-in"), v.Guest().Get("/nowhere"), v.minji.Post("/posts"),
		v.minji.Get("/posts/99"), v.minji.Get("/me.css"), v.minji.Post("/posts", "content", "글"), v.minji.HX().Post("/posts"), v.Guest().Get("/live"),
	} {
		h := p.Header
		if got := h.Get("Content-Security-Policy"); got != policy || strings.Contains(got, "unsafe") || len(h.Values("Content-Security-Policy")) != 1 {
			t.Errorf("%d: Content-Security-Policy %q", p.Status, got)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if h.Get(name) != want {
				t.Errorf("%d: %s is %q, want %q", p.Status, name, h.Get(name), want)
			}
		}
		if h.Get("Server") != "" || h.Get("X-Powered-By") != "" || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%d: headers %v", p.Status, h)
		}
	}
}

func TestOnlyTLSIsRemembered(t *testing.T) {
	v := open(t)
	req := v.Guest().Request(http.MethodGet, "/sign-in", nil)
	req.Header.Set("X-Forwarded-Proto", "https")
	if got := v.Guest().Do(req).Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
		t.Errorf("behind TLS: %q", got)
	}
	if got := v.Guest().Get("/sign-in").Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("without TLS: %q", got)
	}
}

// The proxy before the program may not say that the browser speaks TLS.
func TestAServerOfHTTPSIsRemembered(t *testing.T) {
	for address, remembered := range map[string]bool{"https://sns.example.org": true, "http://sns.example.org": false} {
		guest := apptest.Start(t, func(c *config.Config) { c.PublicURL = address }).Guest()
		for _, path := range []string{"/sign-in", "/nowhere", "/healthz", "/favicon.ico"} {
			if got := guest.Get(path).Header.Get("Strict-Transport-Security"); (got == "max-age=31536000") != remembered {
				t.Errorf("%s at %s: %q", path, address, got)
			}
		}
	}
}

// Back would show a page that is kept to the next person at the device, without asking.
func TestPagesOfMembersAreKeptNowhere(t *testing.T) {
	v := openWithRooms(t)
	v.posts(v.minji, "글")
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	for _, p := range []*apptest.Page{
		v.minji.Get("/"), v.minji.Get("/posts/1"), v.minji.Get("/rooms/" + room), v.minji.Get("/settings"), v.minji.Get("/users/" + url.PathEscape("민지")),
		v.minji.Get("/posts/99").Want(404), v.minji.Get("/admin").Want(403), v.minji.Post("/posts").Want(422), v.minji.HX().Post("/nowhere"),
		v.Guest().Post("/sign-in", "username", "민지", "password", "이게 아닌데요").Want(422), v.minji.Get("/rooms/" + room + "/transcript"),
	} {
		if h := p.Header; !strings.HasSuffix(h.Get("Cache-Control"), "no-store") || h.Get("ETag") != "" {
			t.Errorf("%d: kept by %q and %q\n%.300s", p.Status, h.Get("Cache-Control"), h.Get("ETag"), p.Text("title"))
		}
	}
	// htmx, restoring a page of the history, gets the page.
	req := v.minji.HX().Request(http.MethodGet, "/", nil)
	req.Header.Set("HX-History-Restore-Request", "true")
	if got := v.minji.Do(req).Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a restored page: %q", got)
	}
	if h := v.Guest().Get("/sign-in").Header; h.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("a page for everybody: %v", h)
	}
}

// A page that comes back from the page cache asks here whether it may be shown.
func TestAPageThatComesBackAsksWhoseItIs(t *testing.T) {
	v := open(t)
	asks := func(c *apptest.Client, account string) *apptest.Page {
		req := c.Request(http.MethodGet, "/me.css", nil)
		req.Header.Set("X-Account", account)
		return c.Do(req)
	}
	mine := v.minji.Get("/").Find("body").AttrOr("data-me", "")
	asks(v.minji, mine).Want(200)
	for _, c := range []*apptest.Client{v.seojun, v.Guest()} {
		if h := asks(c, mine).Want(401).Header; h.Get("Cache-Control") != "no-store" {
			t.Errorf("the refusal is kept: %v", h)
		}
	}
}

func TestFragmentsAreTheViewersAloneAndKeptWhileTheyHold(t *testing.T) {
	v := openWithRooms(t)
	v.posts(v.minji, "글")
	v.enters(v.opens(v.sua, "질문방", 5), v.minji)
	home := "/users/" + url.PathEscape("민지")
	for _, path := range []string{home, "/settings", "/posts/1/edit", "/rooms", "/rooms/1/leave"} {
		first := v.minji.HX().Get(path).Want(200)
		h := first.Header
		if h.Get("Cache-Control") != "private, no-cache" || h.Get("ETag") == "" {
			t.Errorf("%s: headers %v", path, h)
		}
		for _, name := range []string{"HX-Request", "HX-Request-Type", "Accept-Language", "Cookie"} {
			if !strings.Contains(strings.Join(h.Values("Vary"), ", "), name) {
				t.Errorf("%s varies with %v, not with %s", path, h.Values("Vary"), name)
			}
		}
		again := func(c *apptest.Client, tag string) *apptest.Page {
			req := c.Request(http.MethodGet, path, nil)
			req.Header.Set("If-None-Match", tag)
			return c.Do(req)
		}
		for _, tag := range []string{h.Get("ETag"), strings.TrimPrefix(h.Get("ETag"), "W/"), `"x", ` + h.Get("ETag")} {
			if p := again(v.minji.HX(), tag).Want(304); p.Body != "" || p.Header.Get("ETag") != h.Get("ETag") || p.Header.Get("Cache-Control") != "private, no-cache" {
				t.Errorf("%s: 304 with %q and %v", path, p.Body, p.Header)
			}
		}
		again(v.minji.HX(), `"x"`).Want(200)
		again(v.minji, h.Get("ETag")).Want(200) // the page at the same address differs from the fragment
	}
	tag := v.minji.HX().Get(home).Header.Get("ETag")
	if v.seojun.HX().Get(home).Header.Get("ETag") == tag {
		t.Error("two people have the same fragment")
	}
	v.posts(v.minji, "또 글")
	req := v.minji.HX().Request(http.MethodGet, home, nil)
	req.Header.Set("If-None-Match", tag)
	v.minji.Do(req).Want(200)
	if p := v.minji.Post("/posts").Want(422); p.Header.Get("ETag") != "" {
		t.Error("the answer to a form has an ETag")
	}
}

func TestRedirectsAreNotKept(t *testing.T) {
	v := open(t)
	for what, p := range map[string]*apptest.Page{
		"guest": v.Guest().Get("/").Want(303), "htmx guest": v.Guest().HX().Get("/").Want(200),
		"form": v.minji.Post("/posts", "content", "글").Want(303), "sign-in": v.minji.Get("/sign-in").Want(303),
	} {
		if got := p.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", what, got)
		}
	}
}

func TestFilesAreKeptForAYear(t *testing.T) {
	v := open(t)
	_, image, thumb := v.postsImage(v.minji, "바다")
	const forever = "public, max-age=31536000, immutable"
	for _, name := range []string{image, thumb} {
		whole := v.Guest().Get("/uploads/" + name).Want(200)
		h := whole.Header
		if h.Get("Cache-Control") != forever || h.Get("Content-Security-Policy") != "default-src 'none'; style-src 'unsafe-inline'; sandbox" || len(h.Values("Content-Security-Policy")) != 1 ||
			h.Get("Content-Type") != mime.TypeByExtension(filepath.Ext(name)) || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Set-Cookie") != "" {
			t.Errorf("%s: headers %v", name, h)
		}
		req := v.Guest().Request(http.MethodGet, "/uploads/"+name, nil)
		req.Header.Set("Range", "bytes=0-3")
		if p := v.Guest().Do(req).Want(206); p.Body != whole.Body[:4] {
			t.Errorf("the first bytes are %q", p.Body)
		}
		req = v.Guest().Request(http.MethodGet, "/uploads/"+name, nil)
		req.Header.Set("If-None-Match", h.Get("ETag"))
		v.Guest().Do(req).Want(304)
	}
	for _, name := range []string{"nothing.png", strings.Repeat("a", 32) + ".png", image + "%00", "." + image + ".tmp", strings.ToUpper(image)} {
		if h := v.Guest().Get("/uploads/" + name).Want(404).Header; h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: that it is not there is kept: %v", name, h)
		}
	}
	page := v.Guest().Get("/sign-in")
	for _, n := range page.Find("link[href^='/static/'], script[src^='/static/']").EachIter() {
		path := n.AttrOr("href", n.AttrOr("src", ""))
		if h := v.Guest().Get(path).Want(200).Header; h.Get("Cache-Control") != forever || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

func TestTheIconAnswersUnderTheNameThatBrowsersGuess(t *testing.T) {
	v := open(t)
	icon := v.Guest().Get("/favicon.ico").Want(200)
	if h := icon.Header; h.Get("Content-Type") != "image/x-icon" || !strings.HasPrefix(icon.Body, "\x00\x00\x01\x00") || h.Get("Cache-Control") != "public, max-age=86400" || h.Get("Set-Cookie") != "" {
		t.Errorf("%.8q %v", icon.Body, h)
	}
	if head := v.Guest().Do(v.Guest().Request(http.MethodHead, "/favicon.ico", nil)); head.Status != 200 || head.Header.Get("ETag") != icon.Header.Get("ETag") {
		t.Errorf("HEAD: %d %v", head.Status, head.Header)
	}
	req := v.Guest().Request(http.MethodGet, "/favicon.ico", nil)
	req.Header.Set("If-None-Match", icon.Header.Get("ETag"))
	v.Guest().Do(req).Want(304)
}

func TestAnotherSiteCannotActForAMember(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	send := func(header, value string) *apptest.Page {
		req := v.minji.Request(http.MethodPost, "/posts/"+post+"/delete", nil)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set(header, value)
		return v.minji.Do(req)
	}
	for _, h := range [][2]string{
		{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", v.URL + "0"}, {"Origin", "http://localhost"},
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
	} {
		send(h[0], h[1]).Want(403)
	}
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 1 {
		t.Fatal("another site has deleted the post")
	}
	// A link from another site may lead here.
	req := v.minji.Request(http.MethodGet, "/", nil)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	v.minji.Do(req).Want(200)
	for _, h := range [][2]string{{"Origin", v.URL}, {"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "none"}, {"X-Nothing", "curl"}} {
		if p := send(h[0], h[1]); p.Status != 303 && p.Status != 404 { // the first request deletes the post
			t.Errorf("%v: %d", h, p.Status)
		}
	}
	if n := v.count("SELECT COUNT(*) FROM posts"); n != 0 {
		t.Error("the own site cannot delete the post")
	}
}

func TestEveryAnswerHasAnIDOfItsOwn(t *testing.T) {
	v := open(t)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/", "/nowhere", "/healthz", "/me.css"} {
		id := v.minji.Get(path).Header.Get("X-Request-Id")
		if id == "" || seen[id] {
			t.Errorf("%s: the id is %q", path, id)
		}
		seen[id] = true
	}
	req := v.minji.Request(http.MethodGet, "/", nil)
	req.Header.Set("X-Request-Id", "what-somebody-sent")
	if id := v.minji.Do(req).Header.Get("X-Request-Id"); id == "" || id == "what-somebody-sent" {
		t.Errorf("to a request with an id the answer has %q", id)
	}
}
