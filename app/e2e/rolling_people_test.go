package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
)

const (
	// busyPause is the time between two acts of a person: all people together
	// make some 150 requests a second.
	busyPause = 50 * time.Millisecond

	// reconnectAfter is the time after which a page connects again.
	reconnectAfter = 500 * time.Millisecond

	oldestPost = "모두가 보는 글"
)

// A busyPerson has the timeline and a room open, and does all acts at once.
type busyPerson struct {
	*throng
	name   string
	client *apptest.Client
	kept   *http.Client // keeps connections
	fresh  *http.Client // makes a connection for each request
	stream atomic.Pointer[apptest.Stream]
	talk   *steadyTalk

	written  []string // texts of posts and comments that were answered with success
	pictures []string // addresses
	liked    int      // 1 if the first post is
}

// newBusyPerson makes a member who lands on the replica and enters the room.
func newBusyPerson(t *testing.T, c *throng, r *apptest.Replica, name string) *busyPerson {
	t.Helper()
	client := r.Member(name)
	client.Post("/rooms/1/enter").Want(http.StatusSeeOther)
	fresh := *client.HTTP()
	transport := fresh.Transport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	fresh.Transport = transport
	return &busyPerson{
		throng: c, name: name, client: client, kept: client.HTTP(), fresh: &fresh,
		talk: &steadyTalk{throng: c, name: name, client: client},
	}
}

// begin lets the person act until the throng's work is over.
func (p *busyPerson) begin() {
	picture := mediatest.PhoneJPEG(320, 240, 6)
	p.busy.Go(func() {
		for n := 0; !p.over.Load(); n++ {
			p.reads(n)
			time.Sleep(busyPause)
		}
	})
	p.busy.Go(func() {
		for n := 0; !p.over.Load(); n++ {
			p.writes(n)
			if n%5 == 0 {
				p.uploads(n, picture)
			}
			time.Sleep(busyPause)
		}
	})
	p.busy.Go(p.watches)
	p.busy.Go(p.talk.speaks)
	p.busy.Go(p.talk.listens)
}

// reads loads one page after the other.
func (p *busyPerson) reads(n int) {
	paths := []string{"/", "/posts/1", "/rooms", "/rooms/1", "/posts/new?after=1", "/users/" + url.PathEscape(p.name), "/settings"}
	p.does("read", n, p.client.Request(http.MethodGet, paths[n%len(paths)], nil), http.StatusOK)
}

// writes posts, comments and likes in turn.
func (p *busyPerson) writes(n int) {
	text, on := fmt.Sprintf("%s의 %d번째", p.name, n), n%2
	switch n % 3 {
	case 0:
		p.keeps(text, "post", n, "/posts", "content", text)
	case 1:
		p.keeps(text, "comment", n, "/posts/1/comments", "content", text)
	case 2:
		if _, ok := p.does("like", n, p.form("/posts/1/like", "on", fmt.Sprint(on == 1)), http.StatusSeeOther); ok {
			p.liked = on
		}
	}
}

// keeps remembers a text that was taken.
func (p *busyPerson) keeps(text, what string, n int, path string, pairs ...string) {
	if _, ok := p.does(what, n, p.form(path, pairs...), http.StatusSeeOther); ok {
		p.written = append(p.written, text)
	}
}

// picture matches the picture's address in the answer to the post.
var picture = regexp.MustCompile(`<a href="(/uploads/[^"]+)"`)

// uploads posts a picture, and loads the picture.
func (p *busyPerson) uploads(n int, content []byte) {
	text := fmt.Sprintf("%s의 %d번째 사진", p.name, n)
	form := p.client.HX().Form("/posts", []apptest.File{{Field: "images", Name: "사진.jpg", Content: content}}, "content", text)
	body, ok := p.does("upload", n/5, form, http.StatusOK)
	if !ok {
		return
	}
	p.written = append(p.written, text)
	found := picture.FindStringSubmatch(body)
	if found == nil {
		p.note("picture", fmt.Errorf("none in %.200q", body))
		return
	}
	p.pictures = append(p.pictures, found[1])
	p.does("picture", n/5, p.client.Request(http.MethodGet, found[1], nil), http.StatusOK)
}

// form makes the request of a plain form.
func (p *busyPerson) form(path string, pairs ...string) *http.Request {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	req := p.client.Request(http.MethodPost, path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

// does sends a request, two of four on a new connection, and returns the answer
// and whether the answer is as expected.
func (p *busyPerson) does(what string, n int, req *http.Request, want int) (body string, ok bool) {
	client := p.kept
	if n%4 < 2 {
		client = p.fresh
	}
	res, err := client.Do(req)
	if err == nil {
		var all []byte
		all, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
		body = string(all)
		if res.StatusCode != want {
			err = fmt.Errorf("%s %s: status %d from %s, %v: %.200q", req.Method, req.URL.Path, res.StatusCode, res.Header.Get("X-Served-By"), err, body)
		}
	}
	p.note(what, err)
	return body, err == nil
}

// watches holds the stream of the timeline. When the stream ends the page
// connects again and asks for missed posts.
func (p *busyPerson) watches() {
	for n := 0; !p.over.Load(); n++ {
		stream, err := p.client.TryListen("timeline", "post:1")
		p.note("stream", err)
		if err == nil {
			p.stream.Store(stream)
			p.does("catch up", n, p.client.HX().Request(http.MethodGet, "/posts/counts?id=1", nil), http.StatusOK)
			p.sees(stream)
		}
		time.Sleep(reconnectAfter)
	}
}

// sees handles the events of a stream until the stream ends.
func (p *busyPerson) sees(stream *apptest.Stream) {
	for open := true; open; {
		_, open = stream.Next(time.Hour)
	}
	if !p.over.Load() {
		p.note("stream ended", stream.Ended())
	}
}

// leaves closes the pages.
func (p *busyPerson) leaves() {
	if stream := p.stream.Load(); stream != nil {
		stream.Close()
	}
	if talk := p.talk.socket.Load(); talk != nil {
		talk.Close()
	}
}
