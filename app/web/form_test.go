package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/media"
	"xxsns/app/server"
	"xxsns/app/store"
)

// A site is the program without a network: a test can send requests that no HTTP client
// would send.
type site struct {
	handler http.Handler
	config  config.Config
	store   *store.Store // a second store of the same database
	cookie  *http.Cookie // of 민지
}

func newSite(tb testing.TB) *site {
	tb.Helper()
	dir := tb.TempDir()
	s := &site{config: config.Config{
		DatabaseURL: "sqlite:" + filepath.Join(dir, "db", "xxsns.db"), UploadsDir: filepath.Join(dir, "uploads"), Zone: apptest.Seoul, RoomMaxLimit: 15,
		ProveEvery: 1,
	}}
	copyMembers(tb, s.config)
	made, err := server.New(context.Background(), s.config, slog.New(slog.DiscardHandler), false)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(made.Close)
	if s.store, err = store.Open(context.Background(), s.config.DatabaseURL); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.store.Close() })
	s.handler = made.Handler()
	for _, c := range members.cookies["민지"] {
		s.cookie = c
	}
	return s
}

// post sends 민지's form.
func (s *site) post(path, contentType string, body io.Reader, hx bool) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, path, body)
	req.Header.Set("Content-Type", contentType)
	req.AddCookie(s.cookie)
	if hx {
		req.Header.Set("HX-Request", "true")
		req.Header.Set("HX-Request-Type", "partial")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, req)
	return w
}

// orphans returns the files in the folder of images that no post and no profile shows.
func (s *site) orphans(tb testing.TB) []string {
	tb.Helper()
	files := filesIn(tb, s.config.UploadsDir)
	used, err := s.store.ImagesInUse(context.Background(), files)
	if err != nil {
		tb.Fatal(err)
	}
	return slices.DeleteFunc(files, func(name string) bool {
		if used[name] {
			return true
		}
		for image := range used {
			if media.Thumb(image) == name {
				return true
			}
		}
		return false
	})
}

func TestAConnectionThatBreaksLeavesNoFileBehind(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	image := "Content-Disposition: form-data; name=\"images\"; filename=\"1.png\"\r\n\r\n" + string(smallPNG())
	whole := multipartBody("x", "Content-Disposition: form-data; name=\"content\"\r\n\r\n글", image, image)
	for cut := len(whole) - 1; cut > 0; cut -= 1 + len(whole)/40 {
		for what, broken := range map[string]error{"ended": io.EOF, "broke": io.ErrUnexpectedEOF, "gone": errors.New("connection reset by peer")} {
			w := s.post("/posts", "multipart/form-data; boundary=x", io.MultiReader(bytes.NewReader(whole[:cut]), failing{broken}), cut%2 == 0)
			if w.Code >= 500 || w.Code < 400 && cut < len(whole)-4 {
				t.Errorf("after %d of %d bytes the form %s: answer %d", cut, len(whole), what, w.Code)
			}
			if files := s.orphans(t); len(files) > 0 {
				t.Fatalf("after %d of %d bytes the form %s: left are %v", cut, len(whole), what, files)
			}
		}
	}
}

// failing is a body that breaks off with an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestFormsThatNoBrowserSends(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, bad := range []struct{ contentType, body string }{
		{"multipart/form-data", "x"},
		{"multipart/form-data; boundary=", "x"},
		{"multipart/form-data; boundary=x", "--y\r\n\r\n--y--"},
		{"multipart/form-data; boundary=x", ""},
		{"multipart/mixed; boundary=x", string(multipartBody("x", "\r\n글"))},
		{"application/json", `{"content":"글"}`},
		{"", "content=글"},
		{"text/plain", "content=글"},
		{"application/x-www-form-urlencoded", "content=%zz"},
		{"application/x-www-form-urlencoded", "%"},
		{"application/x-www-form-urlencoded", ";;;"},
	} {
		for _, path := range []string{"/posts", "/settings/profile", "/sign-up"} {
			if w := s.post(path, bad.contentType, strings.NewReader(bad.body), false); w.Code >= 500 || w.Code < 400 && path != "/settings/profile" {
				t.Errorf("%s with %q %q: answer %d", path, bad.contentType, bad.body, w.Code)
			}
		}
	}
}

func FuzzPostForm(f *testing.F) {
	s := newSite(f)
	text := func(name, value string) string {
		return fmt.Sprintf("Content-Disposition: form-data; name=%q\r\n\r\n%s", name, value)
	}
	image := "Content-Disposition: form-data; name=\"images\"; filename=\"1.png\"\r\nContent-Type: image/png\r\n\r\n"
	f.Add(true, false, multipartBody("x", text("key", "a"), text("content", "글"), image+string(smallPNG()), text("alt", "바다")))
	f.Add(true, true, multipartBody("x", image+"GIF89a", image, text("content", "\xff\x00")))
	f.Add(true, false, multipartBody("x", "Content-Disposition: form-data; name=\"images\"; filename=\"../../x\"\r\n\r\nx"))
	f.Add(true, true, []byte("--x\r\n"))
	f.Add(false, false, []byte("content=%EA%B8%80&key=b&board=free&alt=x"))
	f.Add(false, true, []byte("content=%ff&content=&key=%00;%"))
	f.Fuzz(func(t *testing.T, multipart, hx bool, body []byte) {
		contentType := "application/x-www-form-urlencoded"
		if multipart {
			contentType = "multipart/form-data; boundary=x"
		}
		for _, path := range []string{"/posts", "/settings/profile"} {
			if w := s.post(path, contentType, bytes.NewReader(body), hx); w.Code >= 500 {
				t.Errorf("%s: answer %d", path, w.Code)
			}
		}
		if files := s.orphans(t); len(files) > 0 {
			t.Errorf("left are %v", files)
		}
	})
}
