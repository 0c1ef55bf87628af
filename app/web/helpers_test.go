package web_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/media/mediatest"
	"xxsns/app/web"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// A village is the program with three members who are signed in. Each test has
// one of its own.
type village struct {
	*apptest.App
	t                     testing.TB
	minji, seojun, haneul *apptest.Client
}

// founding is a database with the members, and their cookies: hashing
// passwords is slow, and it is done once for all tests.
type founding struct {
	once    sync.Once
	files   map[string][]byte
	cookies map[string][]*http.Cookie
}

var founded founding

func (f *founding) found(tb testing.TB) {
	tb.Helper()
	a := apptest.Start(tb)
	home, _ := url.Parse(a.URL)
	cookies := map[string][]*http.Cookie{}
	for _, name := range []string{"민지", "서준", "하늘"} {
		cookies[name] = a.Member(name).HTTP().Jar.Cookies(home)
	}
	a.Stop()
	dir := filepath.Dir(databaseOf(a.Config))
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	f.files = map[string][]byte{}
	for _, entry := range entries {
		if f.files[entry.Name()], err = os.ReadFile(filepath.Join(dir, entry.Name())); err != nil {
			tb.Fatal(err)
		}
	}
	f.cookies = cookies
}

// settle puts a copy of the founding where the configuration looks for its
// database.
func settle(tb testing.TB, c config.Config) {
	tb.Helper()
	founded.once.Do(func() { founded.found(tb) })
	if founded.cookies == nil {
		tb.Fatal("the members could not be made, as another test says")
	}
	dir := filepath.Dir(databaseOf(c))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		tb.Fatal(err)
	}
	for name, content := range founded.files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

func databaseOf(c config.Config) string { return strings.TrimPrefix(c.DatabaseURL, "sqlite:") }

// open starts the program for a test, which runs beside others.
func open(t *testing.T, change ...func(*config.Config)) *village {
	t.Helper()
	t.Parallel()
	v := &village{t: t}
	v.App = apptest.Start(t, append(change, func(c *config.Config) { settle(t, *c) })...)
	v.minji, v.seojun, v.haneul = v.client("민지"), v.client("서준"), v.client("하늘")
	return v
}

// client is a new client with the session that a member has from the founding.
func (v *village) client(name string) *apptest.Client {
	v.t.Helper()
	c := v.Guest()
	c.HTTP().Jar.SetCookies(v.address(), founded.cookies[name])
	return c
}

func (v *village) address() *url.URL {
	u, err := url.Parse(v.URL)
	if err != nil {
		v.t.Fatal(err)
	}
	return u
}

// cookie is the present session cookie of a client, or empty.
func (v *village) cookie(c *apptest.Client) string {
	for _, cookie := range c.HTTP().Jar.Cookies(v.address()) {
		if cookie.Name == "session" {
			return cookie.Value
		}
	}
	return ""
}

// holder is a client with nothing but this session cookie.
func (v *village) holder(cookie string) *apptest.Client {
	c := v.Guest()
	c.HTTP().Jar.SetCookies(v.address(), []*http.Cookie{{Name: "session", Value: cookie, Path: "/"}})
	return c
}

// database opens the program's database beside it.
func (v *village) database() *sql.DB {
	v.t.Helper()
	db, err := sql.Open("sqlite", "file:"+databaseOf(v.Config)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() { _ = db.Close() })
	return db
}

// count is the number that a query returns.
func (v *village) count(query string, args ...any) (n int) {
	v.t.Helper()
	if err := v.database().QueryRow(query, args...).Scan(&n); err != nil {
		v.t.Fatal(err)
	}
	return n
}

// uploads lists the files in the folder of images.
func (v *village) uploads() []string { return filesIn(v.t, v.Config.UploadsDir) }

func filesIn(tb testing.TB, dir string) []string {
	tb.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.Name() != ".owner" { // whose the folder is
			names = append(names, entry.Name())
		}
	}
	return names
}

var articleID = regexp.MustCompile(`^(?:post|comment)-(\d+)$`)

// idOf is the number in the id of the first element of the selector.
func idOf(tb testing.TB, p *apptest.Page, selector string) string {
	tb.Helper()
	id, _ := p.Find(selector).First().Attr("id")
	m := articleID.FindStringSubmatch(id)
	if m == nil {
		tb.Fatalf("%q of %s holds no number\n%.600s", id, selector, p.Body)
	}
	return m[1]
}

// posts makes a post and returns its id.
func (v *village) posts(c *apptest.Client, text string) string {
	v.t.Helper()
	return idOf(v.t, c.HX().Post("/posts", "content", text).Want(200), "article.post")
}

// postsImage makes a post with a small image and returns its id and the names
// of the image and its thumbnail.
func (v *village) postsImage(c *apptest.Client, text string) (id, image, thumb string) {
	v.t.Helper()
	p := c.HX().Upload("/posts", []apptest.File{photo("바다.png")}, "content", text).Want(200)
	image, _ = p.Find(".images a").Attr("href")
	thumb, _ = p.Find(".images img").Attr("src")
	return idOf(v.t, p, "article.post"), strings.TrimPrefix(image, "/uploads/"), strings.TrimPrefix(thumb, "/uploads/")
}

// comments makes a comment and returns its id.
func (v *village) comments(c *apptest.Client, post, text string) string {
	v.t.Helper()
	return idOf(v.t, c.HX().Post("/posts/"+post+"/comments", "content", text).Want(200), "li.comment")
}

// texts is what goquery's Map calls to list the texts of elements.
func texts(_ int, s *goquery.Selection) string { return s.Text() }

// photo is an image of a form.
func photo(name string) apptest.File {
	return apptest.File{Field: "images", Name: name, Content: smallPNG()}
}

var smallPNG = sync.OnceValue(func() []byte { return mediatest.PNG(24, 16) })

// says fails the test unless the page shows the sentence.
func says(t *testing.T, p *apptest.Page, key string, args ...any) {
	t.Helper()
	want := web.Korean(key, args...)
	if !strings.Contains(p.Document.Text(), want) {
		t.Errorf("nowhere it says %q (%s)\n%.1500s", want, key, p.Body)
	}
}

// toasts fails the test unless the page shows the sentence in passing.
func toasts(t *testing.T, p *apptest.Page, key string, args ...any) {
	t.Helper()
	if got := p.Text("#toasts .toast, [hx-target='#toasts'] .toast"); got != web.Korean(key, args...)+web.Korean("toast.close") {
		t.Errorf("the toast is %q, want %q", got, web.Korean(key, args...))
	}
}

// leadsTo fails the test unless the answer is a redirect of a plain form.
func leadsTo(t *testing.T, p *apptest.Page, to string) {
	t.Helper()
	p.Want(http.StatusSeeOther)
	if got := p.Header.Get("Location"); got != to {
		t.Errorf("leads to %q, want %q", got, to)
	}
}

// harmless fails the test if the page holds anything that a browser would run
// but the program's own scripts, or an element that a text has smuggled in:
// those bear the attribute data-xss.
func harmless(t *testing.T, p *apptest.Page) {
	t.Helper()
	var look func(*html.Node)
	look = func(n *html.Node) {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "data-xss" || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
			if n.Data == "script" && a.Key == "src" && !strings.HasPrefix(a.Val, "/static/") {
				t.Errorf("a script from %q", a.Val)
			}
		}
		if n.Data == "script" && n.FirstChild != nil {
			t.Errorf("an inline script: %.80s", n.FirstChild.Data)
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			look(child)
		}
	}
	for _, n := range p.Nodes {
		look(n)
	}
}

// evil are texts that try to become more than text.
var evil = []string{
	`<script data-xss>alert(1)</script>`,
	`"><img src=x onerror=alert(1) data-xss>`,
	`' data-xss onfocus='alert(1)`,
	`</textarea></title><svg data-xss onload=alert(1)>`,
	`<a href="javascript:alert(1)" data-xss>여기</a>`,
	`https://example.com/"onmouseover="alert(1)"data-xss="`,
	`<hx-partial hx-target="#toasts"><b data-xss></b></hx-partial>`,
	`{{.Viewer}} ${1} &lt;b data-xss&gt;`,
}

// multipartBody writes a form by hand: every part is its header lines and its
// content.
func multipartBody(boundary string, parts ...string) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		fmt.Fprintf(&b, "--%s\r\n%s\r\n", boundary, p)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return b.Bytes()
}
