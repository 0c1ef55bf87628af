package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/gif"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/media"
	"xxsns/app/media/mediatest"
	"xxsns/app/server"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/web"
)

func TestImagesThatArePosted(t *testing.T) {
	v := open(t)
	for name, content := range map[string][]byte{
		"a.jpg": mediatest.PhoneJPEG(320, 240, 6), "b.png": mediatest.PNG(64, 48), "c.webp": mediatest.WebP(),
		"d.gif": mediatest.AnimatedGIF(5), "거짓말.exe": mediatest.PNG(64, 48),
	} {
		p := v.minji.HX().Upload("/posts", []apptest.File{{Field: "images", Name: name, Content: content}}).Want(200)
		p.Has("article.post").Lacks(".post-text") // an image alone is a post
		url, _ := p.Find(".images a").Attr("href")
		if !regexp.MustCompile(`^/uploads/[a-z2-7]{32}\.(jpg|png|gif)$`).MatchString(url) {
			t.Errorf("%s is at %s", name, url)
		}
		for _, url := range []string{url, p.Find(".images img").AttrOr("src", "")} {
			file := v.Guest().Get(url).Want(200)
			if mediatest.HasMetadata([]byte(file.Body)) {
				t.Errorf("%s: %s says where it was taken", name, url)
			}
		}
		if name == "d.gif" {
			g, err := gif.DecodeAll(strings.NewReader(v.Guest().Get(url).Body))
			if err != nil || len(g.Image) != 5 {
				t.Errorf("the animation has become something else: %v", err)
			}
		}
		if name == "a.jpg" && (p.Find(".images img").AttrOr("width", "") != "240" || p.Find(".images img").AttrOr("height", "") != "320") {
			t.Error("the photo lies on its side")
		}
	}
}

func TestDescriptionsKeepTheirOrder(t *testing.T) {
	v := open(t)
	files := []apptest.File{photo("1.png"), photo("2.png"), photo("3.png")}
	p := v.minji.HX().Upload("/posts", files, "content", "여행", "alt", "바다", "alt", "", "alt", " 산 ").Want(200)
	alts := p.Find(".images img").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("alt", "?") })
	if !slices.Equal(alts, []string{"바다", "", "산"}) {
		t.Errorf("the descriptions are %q", alts)
	}
	// An image without a description has a link with a name all the same.
	if got := p.Find(".images a").Eq(1).Text(); got != web.Korean("post.image") {
		t.Errorf("the second link is called %q", got)
	}
	p = v.minji.HX().Upload("/posts", files, "alt", "하나뿐").Want(200)
	if got := p.Find(".images img").Eq(2).AttrOr("alt", "?"); got != "" {
		t.Errorf("the third description is %q", got)
	}
}

// badImages are files that are refused, each with a sentence of its own.
func badImages() map[string][]apptest.File {
	image := func(name string, content []byte) apptest.File {
		return apptest.File{Field: "images", Name: name, Content: content}
	}
	good := photo("좋은.png")
	return map[string][]apptest.File{
		"image.most":   {good, good, good, good, good},
		"image.kind":   {good, image("메모.jpg", []byte("그냥 글이에요"))},
		"image.bytes":  {good, image("영상.jpg", mediatest.Large())},
		"image.pixels": {image("폭탄.png", mediatest.BombPNG()), good},
		"image.broken": {good, image("반쪽.jpg", mediatest.TruncatedJPEG())},
		"image.heic":   {image("IMG_1.HEIC", mediatest.HEIC()), good},
	}
}

func TestBadImagesAreRefusedAndTheTextIsKept(t *testing.T) {
	v := open(t)
	for key, files := range badImages() {
		var args []any
		for _, f := range files {
			if f.Name != "좋은.png" {
				args = []any{"Name", f.Name}
			}
		}
		if args == nil {
			args = []any{"Max", sns.PostImagesMax}
		}
		for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
			p := c.Upload("/posts", files, "content", "쓰던 글").Want(422)
			says(t, p, key, args...)
			if p.Text("#compose textarea") != "쓰던 글" {
				t.Errorf("%s: of the text is left %q", key, p.Text("#compose textarea"))
			}
			if files := v.uploads(); len(files) > 0 {
				t.Fatalf("%s: left are %v", key, files)
			}
		}
	}
	// A plain page has forgotten the files; htmx leaves the chosen ones in place.
	heic := badImages()["image.heic"]
	says(t, v.minji.Upload("/posts", heic, "content", "쓰던 글").Want(422), "image.again")
	v.minji.HX().Upload("/posts", heic, "content", "쓰던 글").Want(422).Has("#compose-images[hx-preserve]").Has("#compose-previews[hx-preserve]").Lacks("article.post")
	if n := v.count("SELECT COUNT(*) FROM posts") + v.count("SELECT COUNT(*) FROM post_images"); n != 0 {
		t.Error("half a post was saved")
	}
	v.minji.Post("/posts", "content", "쓰던 글").Want(303)
}

func TestOtherFilesAreNoImages(t *testing.T) {
	v := open(t)
	for name, content := range map[string]string{
		"그림.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "page.html": "<html><script>alert(1)</script>", "doc.pdf": "%PDF-1.7 ",
		"빈파일.png": "", "머리만.png": "\x89PNG\r\n\x1a\n", "gifar.gif": "GIF89a<script>", "../../../etc/passwd": "x", strings.Repeat("긴", 300) + ".jpg": "x",
	} {
		p := v.minji.HX().Upload("/posts", []apptest.File{{Field: "images", Name: name, Content: []byte(content)}}, "content", "글").Want(422)
		if p.Text("#compose-error") == "" {
			t.Errorf("%s: nothing is said", name)
		}
		if strings.Contains(p.Body, "etc/") || strings.Contains(p.Body, strings.Repeat("긴", 50)) {
			t.Errorf("the page names the file in full")
		}
	}
	if files := v.uploads(); len(files) != 0 {
		t.Errorf("left are %v", files)
	}
}

func TestARefusedFormLeavesNoFileBehind(t *testing.T) {
	v := open(t)
	good := []apptest.File{photo("1.png"), photo("2.png")}
	for what, fields := range map[string][]string{
		"long text":        {"content", strings.Repeat("가", sns.PostMax+1)},
		"long description": {"content", "글", "alt", strings.Repeat("가", sns.AltMax+1)},
		"unknown board":    {"content", "글", "board", "nowhere"},
		"control":          {"content", "글\x00"},
	} {
		for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
			if p := c.Upload("/posts", good, fields...).Want(422); p.Text("#compose-error") == "" {
				t.Errorf("%s: nothing is said", what)
			}
			if files := v.uploads(); len(files) > 0 {
				t.Errorf("%s: left are %v", what, files)
			}
		}
	}
	v.minji.Upload("/posts", good, "content", "글", "key", "나쁜 키").Want(400)
	v.Guest().Upload("/posts", good, "content", "글").Want(303)
	if files := v.uploads(); len(files) > 0 {
		t.Errorf("left are %v", files)
	}
}

func TestAnEmptyFileFieldIsNoFile(t *testing.T) {
	v := open(t)
	// What browsers send for a file field that nobody has filled in.
	v.minji.Upload("/posts", []apptest.File{{Field: "images", Name: ""}}, "content", "글만").Want(303)
	p := v.minji.Upload("/posts", []apptest.File{{Field: "images", Name: ""}}, "content", "").Want(422)
	says(t, p, "invalid.empty")
	if strings.Contains(p.Text("#compose-error"), web.Korean("image.again")) {
		t.Error("one is asked to choose images again that one never chose")
	}
}

func TestNothingIsLostWhileTheFolderIsAway(t *testing.T) {
	v := open(t)
	post, image, _ := v.postsImage(v.minji, "사진")
	aside := v.Config.UploadsDir + ".aside"
	for what, breaks := range map[string]func() error{
		"a file stands there": func() error { return os.WriteFile(v.Config.UploadsDir, nil, 0o600) },
		"nothing is there":    func() error { return nil },
	} {
		if err := errors.Join(os.Rename(v.Config.UploadsDir, aside), breaks()); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
			p := c.Upload("/posts", []apptest.File{photo("바다.png")}, "content", "쓰던 글").Want(422)
			says(t, p, "image.space", "Name", "바다.png")
			if p.Text("#compose textarea") != "쓰던 글" {
				t.Errorf("%s: of the text is left %q", what, p.Text("#compose textarea"))
			}
		}
		p := v.minji.Upload("/settings/profile", []apptest.File{{Field: "image", Name: "나.png", Content: smallPNG()}}, "status_message", "쓰던 말").Want(422)
		says(t, p, "image.space", "Name", "나.png")
		if value(p, "status_message") != "쓰던 말" {
			t.Errorf("%s: of the status message is left %q", what, value(p, "status_message"))
		}
		v.posts(v.minji, "글은 올라가요")
		if p := v.Guest().Get("/uploads/" + image); p.Status < 400 {
			t.Errorf("%s: the image is answered with %d", what, p.Status)
		}
		if err := errors.Join(os.RemoveAll(v.Config.UploadsDir), os.Rename(aside, v.Config.UploadsDir)); err != nil {
			t.Fatal(err)
		}
	}
	v.postsImage(v.minji, "다시 돼요")
	v.Guest().Get("/uploads/" + image).Want(200)
	v.minji.HX().Post("/posts/" + post + "/delete").Want(200)
}

func TestBodiesBeyondTheLimit(t *testing.T) {
	v := open(t)
	long := strings.Repeat("가", web.MaxForm/3) // three bytes each, nine in a form
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		post := v.posts(v.minji, "글")
		for _, path := range []string{"/posts/" + post, "/posts/" + post + "/comments", "/settings/password", "/sign-in"} {
			p := c.Post(path, "content", long, "password", long).Want(413)
			if !strings.Contains(p.Document.Text(), web.Korean("error.large_help")) {
				t.Errorf("%s: the answer is %.200s", path, p.Body)
			}
		}
		// As one field of a form with images it is no more welcome.
		p := c.Upload("/posts", []apptest.File{photo("1.png")}, "content", strings.Repeat(long, 3))
		if p.Status < 400 || p.Status >= 500 || len(v.uploads()) > 0 {
			t.Errorf("answer %d, left are %v", p.Status, v.uploads())
		}
	}
}

func TestMoreThanAllImagesMayHave(t *testing.T) {
	v := open(t)
	head := multipartBody("x", "Content-Disposition: form-data; name=\"content\"\r\n\r\n쓰던 글",
		"Content-Disposition: form-data; name=\"images\"; filename=\"1.png\"\r\n\r\n"+string(smallPNG()))
	head = append(bytes.TrimSuffix(head, []byte("--x--\r\n")), "--x\r\nContent-Disposition: form-data; name=\"images\"; filename=\"2.png\"\r\n\r\n"...)
	req := v.minji.HX().Request(http.MethodPost, "/posts", io.MultiReader(bytes.NewReader(head), io.LimitReader(zeros{}, web.MaxUpload)))
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	p := v.minji.Do(req).Want(422)
	says(t, p, "image.all")
	if p.Text("#compose textarea") != "쓰던 글" {
		t.Errorf("of the text is left %q", p.Text("#compose textarea"))
	}
	if files := v.uploads(); len(files) > 0 {
		t.Errorf("left are %v", files)
	}
}

// zeros is a file without an end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// A site is the program without a network: one can send it what no client
// would.
type site struct {
	handler http.Handler
	config  config.Config
	store   *store.Store // beside the program's own
	cookie  *http.Cookie // of 민지
}

func newSite(tb testing.TB) *site {
	tb.Helper()
	dir := tb.TempDir()
	s := &site{config: config.Config{
		DatabaseURL: "sqlite:" + filepath.Join(dir, "db", "xxsns.db"), UploadsDir: filepath.Join(dir, "uploads"), Zone: apptest.Seoul,
	}}
	settle(tb, s.config)
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
	for _, c := range founded.cookies["민지"] {
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

// orphans are the files that no post and no profile shows, and whatever else
// lies in the folder.
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

// failing is the rest of a body that does not come.
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
