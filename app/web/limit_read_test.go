package web_test

import (
	"fmt"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/web"
)

// A program that copies every post is slowed, in all its sessions, and nobody else is.
func TestCopyingTheCommunityIsSlow(t *testing.T) {
	v := open(t, limited)
	post := v.posts(v.seojun, "글")
	paths := []string{"/posts/" + post, "/posts/" + post + "/comments", "/users/서준", "/nowhere", "/"}
	p := until429(t, web.BurstPage, func(i int) *apptest.Page { return v.minji.Get(paths[i%len(paths)]) })
	p.Has("nav").Has("main")
	if fragment := v.minji.HX().Get("/?before=" + post); fragment.Status != 429 || fragment.Header.Get("HX-Reswap") != "none" {
		t.Errorf("more posts are answered with %d %v", fragment.Status, fragment.Header)
	} else {
		fragment.Has("[hx-target='#toasts'] .toast")
	}
	v.seojun.Get("/").Want(200)
	v.haneul.Get("/posts/" + post).Want(200)
	v.Guest().Get("/sign-in").Want(200)

	// Forms, files, and the requests of open pages go on.
	v.minji.Post("/posts", "content", "그래도 써요").Want(303)
	stylesheet, _ := v.seojun.Get("/").Find("link[href^='/static/']").First().Attr("href")
	for _, path := range []string{stylesheet, "/favicon.ico", "/me.css", "/posts/new?after=0", "/posts/counts?id=" + post} {
		v.minji.Get(path).Want(200)
	}
	v.listen(v.minji, "topic=timeline")
}

// A person restores forty tabs after each of ten interruptions, each of which asks for its
// page, its style, its stream and what it has missed; then turns pages back and forth.
func TestNobodyReadsTooFast(t *testing.T) {
	v := open(t, limited)
	post := v.posts(v.seojun, "글")
	latest := []string{"/me.css", "/posts/counts?id=" + post, "/posts/new?after=0", "/posts/" + post + "/comments/latest?after=0"}
	for range 10 {
		for range 40 {
			v.minji.Get("/").Want(200)
			for _, path := range latest {
				v.minji.HX().Get(path).Want(200)
			}
		}
	}
	for range 100 {
		v.minji.Get("/posts/" + post).Want(200)
		v.minji.Get("/").Want(200)
	}
}

// Pages that ask by themselves are bounded, too, apart from the pages that a person turns.
func TestAskingForTheLatestIsSlow(t *testing.T) {
	v := open(t, limited)
	until429(t, web.BurstLatest, func(int) *apptest.Page { return v.minji.HX().Get("/posts/new?after=0") })
	v.minji.Get("/posts/counts?id=1").Want(429)
	v.minji.Get("/").Want(200)
}

// Guests are counted by their network; a member behind the same address is not a guest.
func TestGuestsOfAnAddressAreSlow(t *testing.T) {
	v := open(t, limited, func(c *config.Config) { c.TrustedProxies = []string{"127.0.0.1"} })
	from := func(c *apptest.Client, address, path string) *apptest.Page {
		req := c.Request("GET", path, nil)
		req.Header.Set("X-Forwarded-For", address)
		return c.Do(req)
	}
	guest := v.Guest()
	until429(t, web.BurstGuest, func(i int) *apptest.Page {
		return from(guest, fmt.Sprintf("2001:db8:1:2::%x", i), []string{"/sign-in", "/nowhere/" + fmt.Sprint(i)}[i%2])
	})
	from(guest, "2001:db8:1:3::1", "/sign-in").Want(200)
	from(v.minji, "2001:db8:1:2::1", "/").Want(200)
}

// The table of what pages ask for by themselves names routes.
func TestTheRoutesOfTheLatestExist(t *testing.T) {
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(routes, "\n") + "\n"
	for route := range web.AsksLatest {
		if !strings.Contains(all, "GET "+route+"\n") {
			t.Errorf("%s is no route", route)
		}
	}
}
