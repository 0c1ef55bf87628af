package web_test

import (
	"database/sql"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/store"
)

// A siteWithMembers is the program with three members, who are signed in. Each test
// starts a program with a database of its own.
type siteWithMembers struct {
	*apptest.App
	t                     testing.TB
	minji, seojun, haneul *apptest.Client
}

// A memberDatabase is the files of a database with the members, and the cookies of the
// members. All tests copy one memberDatabase, since hashing passwords is slow.
type memberDatabase struct {
	once    sync.Once
	files   map[string][]byte
	cookies map[string][]*http.Cookie
}

var members memberDatabase

func (m *memberDatabase) create(tb testing.TB) {
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
	m.files = map[string][]byte{}
	for _, entry := range entries {
		if m.files[entry.Name()], err = os.ReadFile(filepath.Join(dir, entry.Name())); err != nil {
			tb.Fatal(err)
		}
	}
	m.cookies = cookies
}

// copyMembers writes the files of members to the place of the configured database.
func copyMembers(tb testing.TB, c config.Config) {
	tb.Helper()
	members.once.Do(func() { members.create(tb) })
	if members.cookies == nil {
		tb.Fatal("the members could not be made, as another test says")
	}
	dir := filepath.Dir(databaseOf(c))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		tb.Fatal(err)
	}
	for name, content := range members.files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

func databaseOf(c config.Config) string { return strings.TrimPrefix(c.DatabaseURL, "sqlite:") }

// open starts the program for a test, which runs in parallel with other tests.
func open(t *testing.T, change ...func(*config.Config)) *siteWithMembers {
	t.Helper()
	t.Parallel()
	v := &siteWithMembers{t: t}
	v.App = apptest.Start(t, append(change, checkedLater, func(c *config.Config) { copyMembers(t, *c) })...)
	v.minji, v.seojun, v.haneul = v.client("민지"), v.client("서준"), v.client("하늘")
	return v
}

// checkedLater puts the check of all streams and sockets off, which would close what a deed
// has left open.
func checkedLater(c *config.Config) { c.CheckEvery = time.Hour }

// atNoon sets the zone in which it is noon: no day ends during the test.
func atNoon(c *config.Config) {
	now := time.Now().UTC()
	c.Zone = time.FixedZone("noon", 12*60*60-now.Hour()*60*60-now.Minute()*60)
}

// client returns a new client with the session of a member.
func (v *siteWithMembers) client(name string) *apptest.Client {
	v.t.Helper()
	c := v.Guest()
	c.HTTP().Jar.SetCookies(v.address(), members.cookies[name])
	return c
}

func (v *siteWithMembers) address() *url.URL {
	u, err := url.Parse(v.URL)
	if err != nil {
		v.t.Fatal(err)
	}
	return u
}

// cookie returns the present session cookie of a client, or "".
func (v *siteWithMembers) cookie(c *apptest.Client) string {
	for _, cookie := range c.HTTP().Jar.Cookies(v.address()) {
		if cookie.Name == "session" {
			return cookie.Value
		}
	}
	return ""
}

// holder returns a client with this session cookie alone.
func (v *siteWithMembers) holder(cookie string) *apptest.Client {
	c := v.Guest()
	c.HTTP().Jar.SetCookies(v.address(), []*http.Cookie{{Name: "session", Value: cookie, Path: "/"}})
	return c
}

// database opens a second connection to the program's database.
func (v *siteWithMembers) database() *sql.DB {
	v.t.Helper()
	db, err := sql.Open("sqlite", "file:"+databaseOf(v.Config)+"?_pragma=busy_timeout(60000)")
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() { _ = db.Close() })
	return db
}

// edits changes rows behind the back of the program, and waits until the program has
// forgotten what was there.
func (v *siteWithMembers) edits(statement string, args ...any) {
	v.t.Helper()
	v.puts(statement, args...)
	time.Sleep(store.RecentFor)
}

// puts changes rows that the program keeps nowhere else.
func (v *siteWithMembers) puts(statement string, args ...any) {
	v.t.Helper()
	if _, err := v.database().Exec(statement, args...); err != nil {
		v.t.Fatal(err)
	}
}

// count returns the number of a query.
func (v *siteWithMembers) count(query string, args ...any) (n int) {
	v.t.Helper()
	if err := v.database().QueryRow(query, args...).Scan(&n); err != nil {
		v.t.Fatal(err)
	}
	return n
}

// uploads lists the files in the folder of images.
func (v *siteWithMembers) uploads() []string { return filesIn(v.t, v.Config.UploadsDir) }

// posts makes a post and returns the id.
func (v *siteWithMembers) posts(c *apptest.Client, text string) string {
	v.t.Helper()
	return idOf(v.t, c.HX().Post("/posts", "content", text).Want(200), "article.post")
}

// postsImage makes a post with a small image and returns the post's id and the names of
// the image and the thumbnail.
func (v *siteWithMembers) postsImage(c *apptest.Client, text string) (id, image, thumb string) {
	v.t.Helper()
	p := c.HX().Upload("/posts", []apptest.File{photo("바다.png")}, "content", text).Want(200)
	image, _ = p.Find(".images a").Attr("href")
	thumb, _ = p.Find(".images img").Attr("src")
	return idOf(v.t, p, "article.post"), strings.TrimPrefix(image, "/uploads/"), strings.TrimPrefix(thumb, "/uploads/")
}

// comments makes a comment and returns the id.
func (v *siteWithMembers) comments(c *apptest.Client, post, text string) string {
	v.t.Helper()
	return idOf(v.t, c.HX().Post("/posts/"+post+"/comments", "content", text).Want(200), "li.comment")
}
