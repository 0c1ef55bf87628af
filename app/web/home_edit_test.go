package web_test

import (
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// sets saves a profile from the page at a path.
func sets(c *apptest.Client, page, message string, files ...apptest.File) *apptest.Page {
	return c.Do(withReferer(c.Form("/settings/profile", files, "status_message", message), page))
}

func TestOnesOwnHomeIsEditedInItsPlace(t *testing.T) {
	v := open(t)
	home := homeOf("민지")
	edit := v.minji.Get(home).Want(200).Find("#profile .edit")
	if edit.AttrOr("hx-target", "") != "#profile" || edit.AttrOr("href", "") != "/settings" {
		t.Errorf("the button leads to %q and puts its answer into %q", edit.AttrOr("href", ""), edit.AttrOr("hx-target", ""))
	}
	v.seojun.Get(home).Lacks("#profile .edit")
	p := getFrom(v.minji.HX(), home, edit.AttrOr("hx-get", "")).Want(200).Has("#profile form [name=status_message]").Lacks("title")
	cancel := p.Find("#profile a.btn[hx-get]")
	if cancel.Text() != web.Korean("confirm.no") || cancel.AttrOr("href", "") != home {
		t.Errorf("the way back is %q to %q", cancel.Text(), cancel.AttrOr("href", ""))
	}
	// Cancelling brings the head of the home back.
	getFrom(v.minji.HX(), home, cancel.AttrOr("hx-get", "")).Want(200).Has("section#profile.profile .edit").Lacks("form")

	p = sets(v.minji.HX(), home, "졸려요").Want(200).Has("section#profile.profile .edit").Lacks("form")
	toasts(t, p, "done.saved")
	if got := p.Text("#profile p.full"); got != "졸려요" {
		t.Errorf("the home says %q", got)
	}
	if got := v.seojun.Get(home).Text("#profile p.full"); got != "졸려요" {
		t.Errorf("others see %q", got)
	}
	// A page with ?before= is the same home.
	sets(v.minji.HX(), home+"?before=9", "다 봤어요").Want(200).Has("section#profile.profile")
}

func TestWhatIsWrongWithAProfileIsSaidInItsPlace(t *testing.T) {
	v := open(t)
	home, long := homeOf("민지"), strings.Repeat("가", sns.StatusMessageMax+1)
	p := sets(v.minji.HX(), home, long).Want(422).Has("#profile form").Lacks("title")
	wrong(t, p, "status_message")
	if value(p, "status_message") != long || p.Find("#profile a.btn[hx-get]").AttrOr("hx-get", "") != home+"/about" {
		t.Errorf("kept is %q, the way back is %q", value(p, "status_message"), p.Find("#profile a.btn[hx-get]").AttrOr("hx-get", ""))
	}
	p = sets(v.minji.HX(), home, "사진이에요", apptest.File{Field: "image", Name: "메모.png", Content: []byte("글")}).Want(422)
	says(t, p, "image.kind", "Name", "메모.png")
	if files := v.uploads(); len(files) != 0 {
		t.Errorf("left are %v", files)
	}
	v.seojun.Get(home).Lacks("#profile p.full")
}

func TestANewFaceIsSeenAtOnceWhereverOneIs(t *testing.T) {
	v := open(t)
	home := homeOf("민지")
	v.posts(v.minji, "글")
	face := apptest.File{Field: "image", Name: "나.png", Content: smallPNG()}
	for _, page := range []string{home, "/settings"} {
		p := sets(v.minji.HX(), page, "안녕", face).Want(200)
		src := v.minji.Get("/").Find(".side .me .avatar img").AttrOr("src", "")
		if page == home { // the posts show the image, too: the browser loads the whole page again
			if to := p.Header.Get("HX-Redirect"); to != home {
				t.Errorf("one is led to %q", to)
			}
			p = v.minji.Get(home)
			if got := p.Find("#profile .avatar-xl img, .post .avatar img"); src == "" || got.Length() != 2 || got.Last().AttrOr("src", "") != src {
				t.Errorf("the face %q stands in %d places", src, got.Length())
			}
			continue
		}
		if src == "" || p.Find("#profile .avatar-xl img").AttrOr("src", "") != src || p.Find(`[hx-target=".side .me .avatar"] img`).AttrOr("src", "") != src {
			t.Errorf("on %s the face is not %q everywhere", page, src)
		}
	}
}

func TestAFaceStandsBesideTheNameEverywhere(t *testing.T) {
	v := openWithRooms(t)
	sets(v.minji, "/settings", "안녕", apptest.File{Field: "image", Name: "나.png", Content: smallPNG()}).Want(303)
	src := v.minji.Get("/").Find(".side .me .avatar img").AttrOr("src", "")
	post := v.posts(v.minji, "글")
	comment, faceless := v.comments(v.minji, post, "댓글"), v.comments(v.seojun, post, "사진은 없어요")
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	speaks(t, talks(v.minji, room), "질문이요")
	v.follows(v.minji, "서준")
	for path, beside := range map[string]string{
		"/": "#post-" + post, "/boards/free": "#post-" + post, "/posts/" + post: "#comment-" + comment, homeOf("민지"): "#profile",
		homeOf("서준") + "/followers": ".person", "/rooms/" + room: `[data-from="` + minjiID + `"][data-seq]`,
	} {
		p := v.sua.Get(path).Want(200).Has(beside)
		if got := p.Find(beside+" .avatar img").AttrOr("src", ""); got != src {
			t.Errorf("%s: beside %s is the face %q, want %q", path, beside, got, src)
		}
	}
	v.sua.Get("/rooms/" + room).Has(`#participants #participant-` + minjiID + ` .avatar img[src="` + src + `"]`)
	// Without an image the page shows the initial, in a colour of the user.
	avatar := v.sua.Get("/posts/" + post).Find("#comment-" + faceless + " .avatar")
	if avatar.Text() != "서" || !avatar.HasClass("hue-"+seojunID) || avatar.Find("img").Length() != 0 {
		t.Errorf("without an image stands %q", avatar.Text())
	}
}

func TestTheSettingsAreEditedAsSettings(t *testing.T) {
	v := open(t)
	for _, page := range []string{"/settings", "/", homeOf("서준"), "/users/"} {
		getFrom(v.minji.HX(), page, "/settings/profile").Want(200).Has("#profile form").Lacks(`#profile a.btn`)
		p := sets(v.minji.HX(), page, "안녕").Want(200).Has("#profile form .ok")
		if value(p, "status_message") != "안녕" {
			t.Errorf("on %s the form holds %q", page, value(p, "status_message"))
		}
	}
	// Without scripts the browser gets a page.
	leadsTo(t, sets(v.minji, homeOf("민지"), "안녕하세요"), "/settings")
	leadsTo(t, v.minji.Get("/settings/profile"), "/settings#profile")
	leadsTo(t, v.seojun.Get(homeOf("민지")+"/about"), homeOf("민지"))
	req := v.minji.HX().Request(http.MethodGet, "/settings/profile", nil)
	req.Header.Set("HX-Current-URL", "https://evil.example"+homeOf("민지"))
	v.minji.Do(req).Want(200).Lacks(`#profile a.btn`)
}

// A username is found in any case, and the address stays as typed.
func TestAHomeAskedForInAnotherCaseIsOnesOwn(t *testing.T) {
	v := open(t)
	v.AddUser("Yujin", sns.RoleUser)
	yujin := v.SignIn("Yujin")
	yujin.Get("/users/YUJIN").Want(200).Has("#profile .edit")
	getFrom(yujin.HX(), "/users/YUJIN", "/settings/profile").Want(200).Has(`#profile a.btn`)
	sets(yujin.HX(), "/users/yujin", "안녕").Want(200).Has("section#profile.profile .edit")
}
