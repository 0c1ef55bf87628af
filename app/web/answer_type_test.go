package web_test

import (
	"mime"
	"net/http"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// mistyped returns what is wrong with the type that an answer says it has, or "".
func mistyped(p *apptest.Page) string {
	if p.Body == "" {
		return ""
	}
	kind, parameters, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
	begins := strings.TrimPrefix(strings.TrimSpace(p.Body), "\ufeff")
	isText := strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "xml")
	switch {
	case err != nil:
		return err.Error()
	case isText && !strings.EqualFold(parameters["charset"], "utf-8"):
		return "no character encoding"
	case kind == "text/html" && begins != "" && !strings.HasPrefix(begins, "<"): // a list may be empty
		return "no HTML"
	case kind != "text/html" && strings.HasPrefix(begins, "<"):
		return "HTML"
	case strings.HasPrefix(kind, "image/") && kind != "image/x-icon" && kind != "image/svg+xml" && http.DetectContentType([]byte(p.Body)) != kind:
		return "another picture"
	case kind == "application/json" && !strings.HasPrefix(begins, "{") && !strings.HasPrefix(begins, "["):
		return "no JSON"
	}
	return ""
}

// A browser that has to guess what an answer is may take a text for a page.
func TestEveryAnswerSaysWhatItIs(t *testing.T) {
	m := openMatrix(t)
	m.set()
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	check := func(what string, p *apptest.Page) {
		t.Helper()
		kinds[p.Header.Get("Content-Type")]++
		if wrong := mistyped(p); wrong != "" {
			t.Errorf("%s: %d is %q: %s\n%.80q", what, p.Status, p.Header.Get("Content-Type"), wrong, p.Body)
		}
	}
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if method == http.MethodPost {
			method = http.MethodPut // the refusal; forms answer with the pages of GET
		}
		for _, client := range []*apptest.Client{m.Guest(), m.minji, m.sua, m.hyunwoo} {
			check(route, m.sends(client, method, m.path(route)))
			check(route+" by htmx", m.sends(client.HX(), method, m.path(route)))
		}
		check(route+" with a mistake", m.sends(m.minji, method, m.path("GET "+path)+"?before=x&format=x&after=-1"))
	}
	room := m.path("GET /rooms/:id")
	for _, path := range []string{
		room + "/transcript?format=json", "/nowhere", "/static/nothing.css", "/uploads/nothing.png", "/rooms/x", "/me.css", "/manifest.json",
	} {
		check(path, m.minji.Get(path))
	}
	for path, fields := range map[string][]string{"/sign-in": {"username", "<b>"}, "/sign-up": nil, "/posts": nil, room + "/messages": nil} {
		check("POST "+path, m.minji.Post(path, fields...))
		check("POST "+path+" by htmx", m.minji.HX().Post(path, fields...))
	}
	for _, kind := range []string{"text/html; charset=utf-8", "text/css; charset=utf-8", "text/plain; charset=utf-8", "application/json", "image/jpeg"} {
		if kinds[kind] == 0 {
			t.Errorf("no answer was %s: %v", kind, kinds)
		}
	}
}
