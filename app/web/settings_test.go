package web_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
)

func TestAStatusMessageWithinItsBounds(t *testing.T) {
	v := open(t)
	home := "/users/" + url.PathEscape("민지")
	longest := strings.Repeat("각", sns.StatusMessageMax)
	leadsTo(t, v.minji.Post("/settings/profile", "status_message", longest), "/settings")
	toasts(t, v.minji.Get("/settings"), "done.saved")
	if got := v.seojun.Get(home).Text(".profile p.full"); got != longest {
		t.Errorf("the home says %q", got)
	}
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		for _, bad := range []string{longest + "각", strings.Repeat("👨\u200d👩\u200d👧\u200d👦", sns.StatusMessageMax)} {
			p := c.Post("/settings/profile", "status_message", bad).Want(422)
			wrong(t, p, "status_message")
			if value(p, "status_message") != bad {
				t.Errorf("kept is %q", value(p, "status_message"))
			}
		}
	}
	if got := v.minji.Get("/settings"); value(got, "status_message") != longest {
		t.Error("something refused was saved")
	}
	p := v.minji.HX().Post("/settings/profile", "status_message", " 한\n줄 ").Want(200).Has("#profile .ok").Lacks(".bar")
	if value(p, "status_message") != "한 줄" {
		t.Errorf("two lines become %q", value(p, "status_message"))
	}
	v.minji.Post("/settings/profile", "status_message", "").Want(303)
	if got := v.seojun.Get(home).Text(".profile p.full"); got != "" {
		t.Errorf("emptied it says %q", got)
	}
}

func TestAProfileImageReplacesTheOneBefore(t *testing.T) {
	v := open(t)
	set := func(c *apptest.Client, status int, content []byte, fields ...string) *apptest.Page {
		t.Helper()
		return c.Upload("/settings/profile", []apptest.File{{Field: "image", Name: "나.png", Content: content}}, append(fields, "status_message", "안녕")...).Want(status)
	}
	post := v.posts(v.minji, "글")
	set(v.minji, 303, smallPNG())
	first := v.uploads()
	if len(first) != 1 {
		t.Fatalf("the files are %v", first)
	}
	for _, page := range []string{"/", "/posts/" + post, "/users/" + url.PathEscape("민지")} {
		v.seojun.Get(page).Has(`.avatar img[src="/uploads/` + first[0] + `"]`)
	}
	v.Guest().Get("/uploads/" + first[0]).Want(200)

	p := set(v.minji.HX(), 200, mediatest.PhoneJPEG(320, 240, 3))
	second := v.uploads()
	if len(second) != 1 || slices.Equal(first, second) {
		t.Fatalf("the files are %v, before %v", second, first)
	}
	p.Has(`.avatar-xl img[src="/uploads/` + second[0] + `"]`)
	v.Guest().Get("/uploads/" + first[0]).Want(404)

	for _, bad := range [][]byte{[]byte("x"), mediatest.BrokenJPEG(), mediatest.HEIC(), mediatest.BombPNG()} {
		p := set(v.minji.HX(), 422, bad, "remove_image", "1").Has("#profile .alert.bad")
		p.Has(`.avatar-xl img[src="/uploads/` + second[0] + `"]`)
	}
	v.minji.Upload("/settings/profile", []apptest.File{{Field: "image", Name: "나.png", Content: smallPNG()}}, "status_message", strings.Repeat("가", 101)).Want(422)
	two := []apptest.File{{Field: "image", Name: "1.png", Content: smallPNG()}, {Field: "image", Name: "2.png", Content: smallPNG()}}
	says(t, v.minji.Upload("/settings/profile", two, "status_message", "안녕").Want(422), "image.most", "Max", 1)
	if files := v.uploads(); !slices.Equal(files, second) {
		t.Errorf("refused images have changed %v into %v", second, files)
	}

	v.minji.Get("/settings").Has("[name=remove_image]")
	p = v.minji.HX().Post("/settings/profile", "status_message", "안녕", "remove_image", "1").Want(200)
	p.Lacks("[name=remove_image]").Lacks(".avatar img")
	if files := v.uploads(); len(files) != 0 {
		t.Errorf("left are %v", files)
	}
	v.minji.HX().Post("/settings/profile", "status_message", "안녕", "remove_image", "1").Want(200) // nothing to remove
}
