package web_test

import (
	"bytes"
	"errors"
	"image/gif"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
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
	// The link of an image without a description has a name, too.
	if got := p.Find(".images a").Eq(1).Text(); got != web.Korean("post.image") {
		t.Errorf("the second link is called %q", got)
	}
	p = v.minji.HX().Upload("/posts", files, "alt", "하나뿐").Want(200)
	if got := p.Find(".images img").Eq(2).AttrOr("alt", "?"); got != "" {
		t.Errorf("the third description is %q", got)
	}
}

// badImages returns files that the program rejects, by the key of the sentence.
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
		"image.broken": {good, image("반쪽.jpg", mediatest.BrokenJPEG())},
		"image.heic":   {image("IMG_1.HEIC", mediatest.HEIC()), good},
		"image.avif":   {image("a.avif", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1miaf")), good},
	}
}

// movingWebP returns a WebP of two frames.
func movingWebP(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("../media/testdata/anim.webp")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheAuthorOfAStilledImageIsTold(t *testing.T) {
	v := open(t)
	moving := apptest.File{Field: "images", Name: "춤.webp", Content: movingWebP(t)}
	kept := apptest.File{Field: "images", Name: "춤.gif", Content: mediatest.AnimatedGIF(3)}
	for done, files := range map[string][]apptest.File{"done.posted_still": {photo("a.png"), moving}, "done.posted": {photo("a.png"), kept}} {
		toasts(t, v.minji.HX().Upload("/posts", files, "content", "춤").Want(200), done)
		leadsTo(t, v.minji.Upload("/posts", files, "content", "춤"), "/")
		toasts(t, v.minji.Get("/"), done)
	}
	portrait := []apptest.File{{Field: "image", Name: "춤.gif", Content: kept.Content}}
	v.minji.Upload("/settings/profile", portrait, "status_message", "춤").Want(303)
	toasts(t, v.minji.Get("/settings"), "done.saved_still")
	p := v.minji.HX().Upload("/settings/profile", portrait, "status_message", "춤").Want(200)
	if got := p.Text("#profile .ok"); got != web.Korean("done.saved_still") {
		t.Errorf("the form says %q", got)
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
	// A new page has lost the files; htmx keeps the chosen files in the form.
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
		"no UTF-8":         {"content", "글\xff"},
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
	// The part that browsers send for an empty file field.
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
		// The same text in a form with images is too large, too.
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

// zeros is an endless file.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// Of many heavy pictures that a person sends at once, some find no place in the queue. Their
// texts are kept, and nothing is left of them.
func TestTooManyPicturesAtOnceAreRefusedForNow(t *testing.T) {
	v := open(t)
	heavy := apptest.File{Field: "images", Name: "바다.png", Content: mediatest.GrayPNG(8000, 6000)}
	answers := make(chan *apptest.Page, 16)
	var sent sync.WaitGroup
	for i := range cap(answers) {
		sent.Go(func() {
			c := v.minji
			if i%2 == 1 {
				c = c.HX()
			}
			answers <- c.Upload("/posts", []apptest.File{heavy}, "content", "쓰던 글")
		})
	}
	sent.Wait()
	close(answers)
	refused := map[int]int{} // 503 with a page; 429 to htmx, which shows no 503
	for p := range answers {
		if p.Status < 400 {
			continue
		}
		refused[p.Status]++
		says(t, p, "image.busy")
		if p.Text("#compose textarea") != "쓰던 글" || p.Header.Get("Retry-After") == "" {
			t.Errorf("of the text is left %q; to be tried again after %q", p.Text("#compose textarea"), p.Header.Get("Retry-After"))
		}
	}
	if refused[503] == 0 || refused[429] == 0 || refused[503]+refused[429] == cap(answers) {
		t.Errorf("refused by status: %v", refused)
	}
	v.postsImage(v.minji, "다시 돼요")
}

// A picture that would hold up all others is refused before anything is decoded.
func TestAPictureOfTooMuchWorkIsRefused(t *testing.T) {
	v := open(t)
	bomb := mediatest.ScanBomb(7000, 7000, 100)
	p := v.minji.Upload("/posts", []apptest.File{{Field: "images", Name: "바다.jpg", Content: bomb}}, "content", "쓰던 글").Want(422)
	says(t, p, "image.work", "Name", "바다.jpg")
	if p.Text("#compose textarea") != "쓰던 글" {
		t.Errorf("of the text is left %q", p.Text("#compose textarea"))
	}
	p = v.minji.Upload("/settings/profile", []apptest.File{{Field: "image", Name: "나.jpg", Content: bomb}}).Want(422)
	says(t, p, "image.work", "Name", "나.jpg")
}
