package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"xxsns/app/apptest"
	"xxsns/app/media"
)

// TestTwoPeople is the main job: Minji posts a photo from the phone, Seojun
// likes and comments at a desk, and Minji sees the numbers move.
func TestTwoPeople(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji := signsUp(t, app, "민지", apptest.Phone)
	seojun := signsUp(t, app, "서준")
	seojun.Screenshot("timeline-empty-desktop")
	seojun.clean("empty timeline")

	minji.SetFiles("#compose-images", photo(t, 1600, 1200, 6))
	minji.Type("#compose-previews .preview input", "노을 진 강가")
	minji.Paste("#compose-content", "퇴근길에 찍었어요. 자세한 이야기는 https://example.com/river에서 봐요")
	minji.Screenshot("compose-phone")
	minji.clean("composer")
	minji.Click("#compose .btn-main")
	minji.WaitVisible("#post-1 .images img")
	minji.WaitContains("#toasts", "글을 올렸어요")
	if left := minji.Value("#compose-content"); left != "" {
		t.Errorf("the composer still holds %q", left)
	}

	seojun.WaitContains("#fresh", "새 글 1개")
	seojun.Screenshot("fresh-desktop")
	seojun.Click("#fresh a")
	seojun.WaitVisible("#post-1 .images img")
	seojun.WaitCount("#fresh a", 0)
	if alt := seojun.Attr("#post-1 .images img", "alt"); alt != "노을 진 강가" {
		t.Errorf("the picture is described as %q", alt)
	}
	if href := seojun.Attr("#post-1 .post-text a", "href"); href != "https://example.com/river" {
		t.Errorf("the link leads to %q", href)
	}
	full, thumb := seojun.Attr("#post-1 .images a", "href"), seojun.Attr("#post-1 .images img", "src")
	for _, at := range []string{full, thumb} {
		if s := size(t, app.URL+at); s.X >= s.Y {
			t.Errorf("%s lies on its side: %v", at, s)
		}
	}
	if s := size(t, app.URL+thumb); s.Y > media.ThumbSide {
		t.Errorf("the thumbnail is %v", s)
	}
	seojun.Screenshot("timeline-desktop")

	start := time.Now()
	seojun.likes(1)
	minji.WaitText("#post-1-likes", "1")
	t.Logf("a like was seen after %v", time.Since(start).Round(time.Millisecond))
	seojun.Click("#post-1 .meta a")
	seojun.WaitVisible("#reply")
	seojun.comments("와, 이렇게 보이는군요! 다음에는 같이 가요")
	minji.WaitText("#post-1-comments", "1")
	seojun.Screenshot("post-desktop")
	seojun.clean("post")

	minji.Click("#post-1 .meta a")
	minji.WaitContains("#comments", "다음에는 같이 가요")
	minji.Screenshot("post-phone")
	minji.clean("post on the phone")
	seojun.comments("여기서도 보여요")
	minji.WaitContains("#comments", "여기서도 보여요")
	seojun.WaitCount("#comments .comment", 2)
	minji.WaitCount("#comments .comment", 2)
	seojun.likesNot(1)
	minji.WaitText("#post-1-likes", "0")
}

// likesNot takes back a like.
func (m *member) likesNot(id int) {
	m.t.Helper()
	m.Click(fmt.Sprintf("#post-%d-like", id))
	m.WaitCount(fmt.Sprintf(`#post-%d-like[aria-pressed="false"]`, id), 1)
}

// TestEditAndDelete: authors can change and delete posts and comments in place;
// other people have no buttons for that.
func TestEditAndDelete(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	haneul, yujin := signsUp(t, app, "하늘", apptest.Phone, apptest.Dark), signsUp(t, app, "유진", apptest.Dark)
	haneul.posts("처음 쓴 글")
	yujin.Goto("/")
	yujin.Click("#post-1 .post-head .btn-icon")
	yujin.WaitVisible("#post-1-menu .theirs")
	yujin.WaitGone("#post-1-menu .own")

	haneul.Click("#post-1 .post-head .btn-icon")
	haneul.WaitVisible("#post-1-menu")
	haneul.Screenshot("menu-phone-dark")
	haneul.Click("#post-1-menu a")
	haneul.WaitVisible("#edit-1")
	haneul.Clear("#edit-1")
	haneul.Paste("#edit-1", "고친 글")
	haneul.Click("#post-1 .btn-main")
	haneul.WaitText("#post-1 .post-text", "고친 글")
	haneul.WaitContains("#post-1 .meta", "수정됨")

	yujin.Goto("/posts/1")
	yujin.comments("댓글이에요")
	yujin.Click("#comment-1 .own")
	yujin.WaitVisible("#comment-edit-1")
	yujin.Clear("#comment-edit-1")
	yujin.Paste("#comment-edit-1", "고친 댓글")
	yujin.Click("#comment-1 .btn-main")
	yujin.WaitText("#comment-1 .comment-text", "고친 댓글")
	yujin.Click("#comment-1 .own[href$='delete']")
	yujin.WaitVisible("#dialog")
	yujin.Screenshot("dialog-desktop-dark")
	yujin.clean("dialog")
	yujin.Click("#dialog .btn-danger")
	yujin.WaitCount("#comment-1", 0)
	haneul.WaitText("#post-1-comments", "0")

	haneul.Click("#post-1 .post-head .btn-icon")
	haneul.Click("#post-1-menu .bad")
	haneul.WaitVisible("#dialog")
	haneul.Screenshot("dialog-phone-dark")
	haneul.Click("#dialog .btn-danger")
	haneul.WaitCount("#post-1", 0)
	yujin.WaitContains("#post-1", "삭제된 글이에요")
}

// TestWrongInput: an error shows beside the field, and no typed text is lost.
func TestWrongInput(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	doyun := apptest.NewPerson(t, app.URL, apptest.Phone)
	doyun.AllowConsole(`status of 422`)
	doyun.Goto("/sign-up")
	doyun.Type("#username", "도")
	doyun.WaitContains("#username-check", "2~15자")
	doyun.Type("#username", "윤")
	doyun.WaitContains("#username-check", "쓸 수 있는")
	doyun.Type("#password", "짧아")
	doyun.Type("#password_confirm", "짧아")
	doyun.Type("#email", "doyun@example.com")
	doyun.Click("form .btn-main")
	doyun.WaitContains("#password-hint", "8~128자")
	if name := doyun.Value("#username"); name != "도윤" {
		t.Errorf("the name became %q", name)
	}
	doyun.Screenshot("sign-up-wrong-phone")
	for _, v := range doyun.Axe() {
		t.Errorf("sign-up: %+v", v)
	}

	chaewon := signsUp(t, app, "채원", apptest.Phone)
	chaewon.AllowConsole(`status of 422`)
	chaewon.Paste("#compose-content", "깨진 사진과 함께")
	broken := photo(t, 800, 600, 1)
	cutShort(t, broken)
	chaewon.SetFiles("#compose-images", photo(t, 800, 600, 1), broken)
	chaewon.WaitCount("#compose-previews .preview", 2)
	chaewon.Click("#compose .btn-main")
	chaewon.WaitContains("#compose-error", "깨져 있어요")
	chaewon.Screenshot("compose-wrong-phone")
	chaewon.clean("refused composer")
	if text := chaewon.Value("#compose-content"); text != "깨진 사진과 함께" {
		t.Errorf("the text became %q", text)
	}
	chaewon.WaitCount("#compose-previews .preview", 2)
	chaewon.Click("#compose-previews .preview:nth-child(2) button")
	chaewon.WaitCount("#compose-previews .preview", 1)
	chaewon.Click("#compose .btn-main")
	chaewon.WaitVisible("#post-1 .images img")
}

// TestWithoutJavaScript is the same journey by forms and links alone.
func TestWithoutJavaScript(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	bora := signsUp(t, app, "보라", apptest.Phone, apptest.NoJavaScript)
	bora.WaitContains("#toasts", "어서 오세요")
	bora.SetFiles("#compose-images", photo(t, 800, 600, 3))
	bora.Click("#compose summary")
	bora.Paste(`#compose [name="alt"]`, "하늘과 강")
	bora.Screenshot("compose-phone-nojs")
	bora.posts("자바스크립트 없이")
	bora.WaitContains("#toasts", "글을 올렸어요")
	bora.WaitVisible("#post-1 .images img")
	if alt := bora.Attr("#post-1 .images img", "alt"); alt != "하늘과 강" {
		t.Errorf("the picture is described as %q", alt)
	}
	bora.Screenshot("timeline-phone-nojs")
	bora.Click("#post-1-like")
	bora.WaitText("#post-1-likes", "1")
	bora.Click("#post-1 .post-foot a")
	bora.WaitVisible("#reply")
	bora.comments("댓글도 돼요")
	bora.Click("#comment-1 .own")
	bora.WaitVisible("#comment-edit-1")
	bora.Paste("#comment-edit-1", "!")
	bora.Click("#comment-1 .btn-main")
	bora.WaitText("#comment-1 .comment-text", "댓글도 돼요!")
	bora.Click("#post-1 .post-head .btn-icon")
	bora.Click("#post-1-menu .bad")
	bora.WaitContains("h1", "이 글을 삭제할까요?")
	bora.Screenshot("confirm-phone-nojs")
	bora.Click(".btn-danger")
	bora.WaitContains("#toasts", "삭제했어요")
	bora.WaitCount("#post-1", 0)
}

// TestEnterSignsUp: the key that sends a form signs up, with scripts and
// without; Enter does not press 중복확인.
func TestEnterSignsUp(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	for name, look := range map[string]apptest.Option{"시윤": apptest.Phone, "하린": apptest.NoJavaScript} {
		p := apptest.NewPerson(t, app.URL, look, apptest.ReducedMotion)
		p.Goto("/sign-up")
		p.Type("#username", name)
		p.Type("#password", apptest.Password)
		p.Type("#password_confirm", apptest.Password)
		p.Type("#email", "someone@example.com")
		p.Press(kb.Enter)
		p.WaitVisible("#compose")
		p.WaitContains("#toasts", "어서 오세요")
	}
}

// TestPictures: a picture opens above the page, arrow keys lead through the
// pictures of the post, and Escape leads back to the place before.
func TestPictures(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	somin := signsUp(t, app, "소민")
	somin.SetFiles("#compose-images", photo(t, 800, 600, 1), photo(t, 600, 800, 1))
	somin.WaitCount("#compose-previews .preview", 2)
	somin.Type("#compose-previews .preview:nth-child(1) input", "첫 사진")
	somin.Type("#compose-previews .preview:nth-child(2) input", "둘째 사진")
	somin.Click("#compose .btn-main")
	somin.WaitCount("#post-1 .images img", 2)
	somin.Click("#post-1 .images a")
	somin.WaitText("#viewer p", "첫 사진")
	somin.WaitFor(`document.querySelector('#viewer img').naturalWidth === 800`)
	somin.Screenshot("viewer-desktop")
	somin.clean("picture")
	somin.Press(kb.ArrowRight)
	somin.WaitText("#viewer p", "둘째 사진")
	somin.Press(kb.Escape)
	somin.WaitGone("#viewer")
	somin.WaitFor(`document.activeElement.closest('.images') !== null`)
}

// TestPicturesOfAnyName: the server, not the name, decides which file is a picture.
func TestPicturesOfAnyName(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	somin := signsUp(t, app, "소민")
	var files []string
	for _, name := range []string{"사진", "사진.bin", "사진.jpg_large", "사진.heic"} {
		path := photo(t, 80, 60, 1)
		if err := os.Rename(path, filepath.Join(filepath.Dir(path), name)); err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Join(filepath.Dir(path), name))
	}
	somin.SetFiles("#compose-images", files...)
	somin.WaitCount("#compose-previews .preview", len(files))
	somin.Click("#compose .btn-main")
	somin.WaitCount("#post-1 .images img", len(files))
}
