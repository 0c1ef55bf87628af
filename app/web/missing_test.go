package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

func TestIDsThatNameNothing(t *testing.T) {
	v := open(t)
	v.posts(v.minji, "글")
	admin := v.joins("현우", sns.RoleAdmin)
	for _, id := range []string{"0", "-1", "99", "abc", "1e3", "9223372036854775808", "1%20", "%00", url.PathEscape("일")} {
		for _, path := range []string{"/posts/%s", "/posts/%s/edit", "/posts/%s/delete", "/posts/%s/comments", "/comments/%s", "/comments/%s/edit", "/comments/%s/delete"} {
			v.minji.Get(fmt.Sprintf(path, id)).Want(404)
		}
		for _, path := range []string{"/posts/%s", "/posts/%s/delete", "/posts/%s/like", "/posts/%s/comments", "/comments/%s", "/comments/%s/delete"} {
			v.minji.Post(fmt.Sprintf(path, id), "content", "글", "on", "true").Want(404)
		}
		admin.Get(fmt.Sprintf("/admin/boards/%s", id)).Want(404)
		for _, path := range []string{
			"boards/%s", "boards/%s/move", "boards/%s/close", "boards/%s/facets", "facets/%s", "facets/%s/move", "facets/%s/close", "facets/%s/options",
			"options/%s", "options/%s/move", "options/%s/close",
		} {
			admin.Post("/admin/"+fmt.Sprintf(path, id), "name", "이름", "options", "가", "on", "true", "up", "true").Want(404)
		}
	}
	for _, cursor := range []string{"-1", "abc", "9223372036854775808"} {
		for _, path := range []string{"/?before=", "/following?before=", "/boards/free?before=", "/local?before=", homeOf("민지") + "/followers?before=", "/posts/1/comments?before=", "/users/" + url.PathEscape("민지") + "?before=", "/posts/new?after=", "/posts/counts?id="} {
			v.minji.Get(path + cursor).Want(400)
		}
	}
	v.minji.Get("/posts/new?after=0").Want(200) // the request of a page without posts
}

func TestNothingHereIsSaidInKorean(t *testing.T) {
	v := open(t)
	for _, c := range []*apptest.Client{v.Guest(), v.minji} {
		p := c.Get("/nowhere").Want(404)
		says(t, p, "error.missing")
		if lang, _ := p.Find("html").Attr("lang"); lang != "ko" || p.Find("main h1").Length() != 1 {
			t.Errorf("the page is in %q with %d headings", lang, p.Find("main h1").Length())
		}
	}
	says(t, v.minji.Get("/posts/77").Want(404), "error.missing")
	v.minji.Get("/nowhere").Has(".side") // the page has the menu
	v.Guest().Get("/nowhere").Lacks(".side")

	p := v.minji.HX().Get("/posts/77").Want(404)
	toasts(t, p, "error.missing_help")
	if p.Header.Get("HX-Reswap") != "none" {
		t.Error("htmx would put the error in the place of the page")
	}
	says(t, v.seojun.Post("/posts/"+v.posts(v.minji, "내 글"), "content", "남의 글").Want(403), "error.forbidden")
}

func TestOtherMethodsAreRefused(t *testing.T) {
	v := open(t)
	for _, c := range []*apptest.Client{v.Guest(), v.minji} {
		for _, what := range []string{
			"DELETE /posts/1", "PUT /", "GET /posts", "GET /sign-out", "GET /posts/1/like", "PATCH /settings/profile", "POST /me.css", "POST /uploads/x.jpg",
			"GET /users/x/follow", "GET /settings/sessions", "POST /local", "POST /boards/free", "GET /admin/boards/1/close", "GET /admin/options/1/move", "DELETE /admin/boards/1",
			"GET /rooms/1/enter", "GET /rooms/1/wait", "GET /rooms/1/settle", "GET /rooms/1/participants/1/restore", "POST /rooms/1/socket", "POST /desk",
		} {
			method, path, _ := strings.Cut(what, " ")
			p := c.Do(c.Request(method, path, nil)).Want(405)
			if p.Header.Get("Allow") == "" {
				t.Errorf("%s: no Allow", what)
			}
			p.Has("main h1")
		}
	}
	if n := v.count("SELECT COUNT(*) FROM likes"); n != 0 {
		t.Errorf("%d likes by GET", n)
	}
}
