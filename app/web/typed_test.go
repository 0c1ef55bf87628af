package web_test

import (
	"bytes"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/url"
	"os"
	"testing"

	"xxsns/app/apptest"
)

// Keyboards and programs add characters that nobody sees: a backspace, a vertical tab,
// the next line of old mainframes. No text is refused for them.
func TestInvisibleCharactersAreDroppedEverywhere(t *testing.T) {
	v := openWithRooms(t)
	const typed, want = "안녕\b하세요\x00\v반가워요\u0085끝\ufffe", "안녕하세요\n반가워요\n끝"
	const line, wantLine = "\u202e모임\b 이름\v둘\u2066", "모임 이름 둘"
	post := v.posts(v.minji, typed)
	if got := v.seojun.Get("/posts/" + post).Text(".post-text"); got != want {
		t.Errorf("a post says %q", got)
	}
	v.minji.Post("/posts/"+post+"/comments", "content", typed).Want(303)
	if got := v.seojun.Get("/posts/" + post).Text(".comment-text"); got != want {
		t.Errorf("a comment says %q", got)
	}
	room := v.opens(v.sua, line, 5)
	v.enters(room, v.minji)
	talk := talks(v.minji, room)
	talk.Say(typed, "by-socket")
	hears(t, talk, ".message-body", want)
	v.minji.Post("/rooms/"+room+"/messages", "content", typed, "client_id", "by-form").Want(303)
	hears(t, talk, ".message-body", want)
	if got := v.minji.Get("/rooms/" + room).Text("#room-title"); got != wantLine {
		t.Errorf("the room is called %q", got)
	}
	v.minji.Get("/rooms?q=" + url.QueryEscape("임\b 이름 둘")).Want(200).Has("#room-" + room)
	v.minji.Get("/rooms/" + room + "?q=" + url.QueryEscape("하세\b요")).Want(200).Has(".message-body")
	v.minji.Post("/settings/profile", "status_message", line).Want(303)
	if got := value(v.minji.Get("/settings"), "status_message"); got != wantLine {
		t.Errorf("the status message is %q", got)
	}
}

// Pictures with the faults of people's devices and programs are taken, and what is
// served is a sound picture of the right size.
func TestFaultyPicturesAreServed(t *testing.T) {
	v := open(t)
	for name, size := range map[string]image.Point{
		"no-eoi.jpg": {X: 240, Y: 160}, "trunc-prog-60.jpg": {X: 240, Y: 160}, "cmyk-noadobe.jpg": {X: 240, Y: 160},
		"png-badcrc-iccp.png": {X: 240, Y: 160}, "png-no-iend.png": {X: 240, Y: 160}, "gif-no-trailer.gif": {X: 240, Y: 160},
		"o6-lossless.webp": {X: 160, Y: 240},
	} {
		data, err := os.ReadFile("../media/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		// The type that a browser guesses may be wrong or missing: the bytes decide.
		v.minji.Upload("/posts", []apptest.File{{Field: "images", Name: "사진", Content: data}}, "content", name).Want(303)
		address, _ := v.minji.Get("/").Find(".post .images a").First().Attr("href")
		got, _, err := image.Decode(bytes.NewReader([]byte(v.Guest().Get(address).Want(200).Body)))
		if err != nil || got.Bounds().Size() != size {
			t.Errorf("%s is served as %v, %v; want %v", name, got.Bounds().Size(), err, size)
		}
	}
}

func TestTheFirstPictureOfAPageIsLoadedAtOnce(t *testing.T) {
	v := open(t)
	v.postsImage(v.minji, "하나")
	v.postsImage(v.minji, "둘")
	v.posts(v.minji, "글만")
	for range 2 { // also from the cache of cards
		p := v.minji.Get("/")
		if n := p.Find(".images img[fetchpriority=high]:not([loading])").Length(); n != 1 {
			t.Errorf("%d pictures are loaded at once", n)
		}
		if n := p.Find(".images img[loading=lazy]").Length(); n != 1 {
			t.Errorf("%d pictures wait", n)
		}
		p.Has("article.post:nth-of-type(2) img[fetchpriority=high]")
	}
}
