package web_test

import (
	"slices"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/view"
)

// mentionsOf returns the texts of the mentions in an element, and checks where they lead.
func mentionsOf(t *testing.T, p *apptest.Page, selector string) []string {
	t.Helper()
	links := p.Find(selector + " a.mention")
	for _, link := range links.EachIter() {
		if to := link.AttrOr("href", ""); to != view.HomePath("서준")+"?id="+seojunID {
			t.Errorf("%q leads to %s", link.Text(), to)
		}
	}
	return links.Map(texts)
}

func wantMentions(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// The names of a text lead to homes, on the pages and in the answers to what is written.
func TestMentionsOnPages(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "@서준님이 @없는사람에게 mail@서준 `@서준`")
	for _, path := range []string{"/", "/posts/" + post, "/search?q=%EC%84%9C%EC%A4%80%EB%8B%98"} {
		wantMentions(t, path, mentionsOf(t, v.minji.Get(path).Want(200), ".post-text"), "@서준")
	}
	p := v.minji.HX().Post("/posts/"+post+"/comments", "content", "@서준에게도").Want(200)
	wantMentions(t, "the new comment", mentionsOf(t, p, ".comment-text"), "@서준")
	wantMentions(t, "the comment", mentionsOf(t, v.seojun.Get("/posts/"+post), ".comment-text"), "@서준")
	p = v.minji.HX().Post("/comments/1", "content", "@서준 @서준").Want(200)
	wantMentions(t, "the changed comment", mentionsOf(t, p, ".comment-text"), "@서준", "@서준")
	p = v.minji.HX().Post("/comments/1", "content", "아무도").Want(200)
	wantMentions(t, "the comment without names", mentionsOf(t, p, ".comment-text"))
	p = v.minji.HX().Post("/posts/"+post, "content", "모두 @서준만").Want(200)
	wantMentions(t, "the changed post", mentionsOf(t, p, ".post-text"), "@서준")
}

// In a room, only who is inside is mentioned.
func TestMentionsInARoom(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "이야기방", 5)
	v.sua.Post("/rooms/"+room+"/messages", "content", "@서준 아직 밖이에요").Want(303)
	v.enters(room, v.seojun)
	talk := talks(v.seojun, room)
	v.sua.Post("/rooms/"+room+"/messages", "content", "@서준님 어서 오세요").Want(303)
	frame := hears(t, talk, ".message-body", "@서준님 어서 오세요")
	if got := frame.Find("a.mention").Text(); got != "@서준" {
		t.Errorf("live, %q is a link", got)
	}
	page := func(what string) {
		t.Helper()
		wantMentions(t, what, mentionsOf(t, v.sua.Get("/rooms/"+room).Want(200), ".message-body"), "@서준")
	}
	page("the room")
	v.ends(v.sua, room)
	v.saved(room)
	page("the transcript")
}
