// Package e2e drives the whole program: people with browsers, and faults.
package e2e

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // the format of processed uploads
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// A member is a person with an account and a browser; the methods of a member
// are acts.
type member struct {
	*apptest.Person
	t    *testing.T
	app  *apptest.App
	name string
}

// signsUp opens a browser and makes an account through the form.
func signsUp(t *testing.T, app *apptest.App, name string, look ...apptest.Option) *member {
	t.Helper()
	m := &member{Person: apptest.NewPerson(t, app.URL, append(look, apptest.ReducedMotion)...), t: t, app: app, name: name}
	m.Goto("/sign-up")
	m.Type("#username", name)
	m.Type("#password", apptest.Password)
	m.Type("#password_confirm", apptest.Password)
	m.Type("#email", "someone@example.com")
	m.Click("form .btn-main")
	m.WaitVisible("#compose")
	return m
}

// posts writes a post on the timeline.
func (m *member) posts(text string) {
	m.t.Helper()
	m.Paste("#compose-content", text)
	m.Click("#compose .btn-main")
	m.WaitContains("#timeline .post-text", text)
	m.WaitFor(`document.getElementById('compose-content').value === ''`) // the answer comes in parts
}

// likes presses the heart of a post, and waits until the heart is pressed.
func (m *member) likes(id int) {
	m.t.Helper()
	m.Click(fmt.Sprintf("#post-%d-like", id))
	m.WaitCount(fmt.Sprintf(`#post-%d-like[aria-pressed="true"]`, id), 1)
}

// comments writes below the post whose page is open.
func (m *member) comments(text string) {
	m.t.Helper()
	m.Paste("#reply-content", text)
	m.Click("#reply .btn-main")
	m.WaitContains(".comment-text", text)
}

// photo writes a picture as a phone takes pictures, lying on its side, with the
// place of the shot, to a file.
func photo(t *testing.T, width, height, orientation int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "사진.jpg")
	if err := os.WriteFile(path, mediatest.PhoneJPEG(width, height, orientation), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// download returns the public file at an address.
func download(t *testing.T, url string) []byte {
	t.Helper()
	res, err := http.Get(url) //nolint:noctx // the test has a time limit
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", url, res.StatusCode, err)
	}
	return body
}

// size returns the size at which a picture is shown.
func size(t *testing.T, url string) image.Point {
	t.Helper()
	body := download(t, url)
	cfg, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if mediatest.HasMetadata(body) {
		t.Errorf("%s still tells where it was taken", url)
	}
	return image.Pt(cfg.Width, cfg.Height)
}

// clean fails the test for every violation that axe finds on the page. The page
// is checked as one long sheet: a sticky bar covers some elements at any
// moment, and scrolling uncovers them.
func (m *member) clean(page string) {
	m.t.Helper()
	m.Eval(`document.querySelectorAll('.bar, .reply').forEach(e => e.style.position = 'static'), true`, new(bool))
	defer m.Eval(`document.querySelectorAll('.bar, .reply').forEach(e => e.style.position = ''), true`, new(bool))
	for _, v := range m.Axe() {
		m.t.Errorf("%s: %+v", page, v)
	}
}

// cutShort leaves the start of a file, before the first pixel.
func cutShort(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, min(info.Size(), 100))
	}
	if err != nil {
		t.Fatal(err)
	}
}
