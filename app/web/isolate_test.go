package web_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"xxsns/app/apptest"
	"xxsns/app/sns"
)

// loose returns the texts of a page that hold a word without an element around them, or
// characters in them, that isolate the word from its surroundings.
func loose(p *apptest.Page, word string) (found []string) {
	var walk func(n *html.Node, isolated bool)
	walk = func(n *html.Node, isolated bool) {
		switch n.Type {
		case html.TextNode:
			rest := strings.ReplaceAll(n.Data, "\u2068"+word+"\u2069", "")
			if !isolated && strings.Contains(rest, word) {
				found = append(found, n.Parent.Data+": "+n.Data)
			}
		case html.ElementNode:
			isolated = isolated || n.Data == "bdi" || n.Data == "textarea" || n.Data == "option"
			for _, a := range n.Attr {
				isolated = isolated || a.Key == "dir" && a.Val == "auto"
			}
		}
		for child := range n.ChildNodes() {
			walk(child, isolated)
		}
	}
	for _, n := range p.Nodes {
		walk(n, false)
	}
	return found
}

// A name in Hebrew turns the punctuation and the numbers around it unless the name is
// isolated, on every page.
func TestEveryUserTextIsIsolated(t *testing.T) {
	app := apptest.Start(t)
	const name, topic, text = "שלום", "סלון", "עולם"
	app.AddUser(name, sns.RoleAdmin)
	mentor, minji := app.SignIn(name), app.Member("민지")
	mentor.Post("/settings/location", "location", text).Want(303)
	mentor.Upload("/settings/profile", nil, "status_message", text).Want(303)
	mentor.Upload("/posts", nil, "content", text, "board", sns.LocalBoard).Want(303)
	mentor.Post("/posts/1/comments", "content", text).Want(303)
	minji.Post("/users/"+name+"/follow", "on", "true").Want(303)
	for _, room := range []string{"/rooms/1", "/rooms/2"} {
		mentor.Post("/rooms", "name", topic, "user_limit", "5").Want(303)
		mentor.Post(room, "name", topic, "user_limit", "5", "notice", text).Want(303)
		mentor.Post(room+"/messages", "content", text, "client_id", "a").Want(303)
		minji.Post(room + "/enter").Want(303)
	}
	mentor.Post("/rooms/2/end").Want(303)
	for _, who := range []*apptest.Client{mentor, minji} {
		for _, path := range []string{
			"/", "/posts/1", "/following", "/users/" + name, "/users/" + name + "/followers", "/users/민지/following", "/settings", "/local",
			"/rooms", "/rooms/1", "/rooms/2", "/rooms/2?q=" + text, "/rooms/1/end", "/rooms/1/leave", "/rooms/1/edit", "/desk", "/users/민지/followers",
		} {
			p := who.Get(path)
			for _, word := range []string{name, topic, text} {
				for _, found := range loose(p, word) {
					t.Errorf("%s: %s", path, found)
				}
			}
		}
	}
	outsider := app.Member("서준")
	for _, word := range []string{name, topic} {
		if found := loose(outsider.Get("/rooms/1"), word); len(found) > 0 {
			t.Errorf("the door: %q", found)
		}
	}
	if txt := minji.Get("/rooms/2/transcript?format=txt").Want(200).Body; !strings.Contains(txt, "\u2068"+name+"\u2069: "+text) {
		t.Errorf("the file: %s", txt)
	}
}
