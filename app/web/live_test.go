package web_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/apptest/await"
	"xxsns/app/live"
	"xxsns/app/web"
)

// patience is that of all tests.
const patience = await.Patience

// A stream is an open stream of events, read as by a browser.
type stream struct {
	t      testing.TB
	res    *http.Response
	events chan event
}

type event struct{ name, data string }

// listen opens a stream, which closes at the end of the test.
func (v *siteWithMembers) listen(c *apptest.Client, query string) *stream {
	v.t.Helper()
	res, err := c.HTTP().Do(c.Request(http.MethodGet, "/live?"+query, nil))
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		v.t.Fatalf("no stream: %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	s := &stream{t: v.t, res: res, events: make(chan event, 4096)}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	lines.Scan() // ": ok": the stream is joined
	go s.read(lines)
	return s
}

// read parses the stream by the rules of server-sent events.
func (s *stream) read(lines *bufio.Scanner) {
	defer close(s.events)
	var e event
	var data []string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "" && len(data) > 0:
			e.data = strings.Join(data, "\n")
			s.events <- e
			e, data = event{}, nil
		case field == "event":
			e.name = value
		case field == "data":
			data = append(data, value)
		}
	}
}

// next returns the next event, or false if no event arrives within the time.
func (s *stream) next(within time.Duration) (event, bool) {
	select {
	case e, ok := <-s.events:
		return e, ok
	case <-time.After(within):
		return event{}, false
	}
}

// gets waits for an event with this name and data.
func (s *stream) gets(name, data string) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		e, ok := s.next(time.Until(deadline))
		if !ok {
			s.t.Fatalf("no event %q %q", name, data)
		}
		if e.name == name && e.data == data {
			return
		}
	}
}

// shows waits for a fragment with this text in the selector's element, and returns the
// fragment.
func (s *stream) shows(selector, text string) *goquery.Document {
	s.t.Helper()
	last := "(nothing)"
	for deadline := time.Now().Add(patience); ; {
		e, ok := s.next(time.Until(deadline))
		if !ok {
			s.t.Fatalf("no fragment shows %q at %s; the last one is %s", text, selector, last)
		}
		doc := fragment(s.t, e.data)
		if found := doc.Find(selector); found.Length() > 0 && strings.TrimSpace(found.First().Text()) == text {
			return doc
		}
		last = e.data
	}
}

func fragment(tb testing.TB, data string) *goquery.Document {
	tb.Helper()
	html := strings.NewReplacer("<hx-partial", "<div data-partial", "</hx-partial>", "</div>").Replace(data)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		tb.Fatal(err)
	}
	return doc
}

// ends waits for the server to end the stream.
func (s *stream) ends() {
	s.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		select {
		case _, open := <-s.events:
			if !open {
				return
			}
		case <-time.After(time.Until(deadline)):
			s.t.Fatal("the stream is still open")
		}
	}
}

func TestStreamsAreRefusedWithAStatus(t *testing.T) {
	v := open(t)
	topics := strings.Repeat("topic=timeline&", web.MostTopics+1)
	for query, want := range map[string]int{
		"": 400, "topic=": 400, "topic=room:1": 400, "topic=room:1:1": 400, "topic=rooms:1": 400, "topic=settlement:2": 403, "topic=user:1": 400, "topic=session:x": 400, "topic=post:0": 400, "topic=post:-1": 400,
		"topic=post:9999999999999999999": 400, "topic=post:1%0a": 400, "topic=timeline&topic=nothing": 400, topics: 400,
	} {
		v.minji.Get("/live?" + query).Want(want)
	}
	p := v.Guest().Get("/live?topic=timeline").Want(401)
	if p.Header.Get("Location") != "" || p.Body != "" {
		t.Errorf("a guest gets %q and %q", p.Header.Get("Location"), p.Body)
	}
	p = v.Guest().HX().Get("/live?topic=timeline").Want(401)
	if p.Header.Get("HX-Redirect") != "" {
		t.Error("a guest is redirected")
	}
}

func TestAStreamIsNotKeptBackByProxies(t *testing.T) {
	v := open(t)
	h := v.listen(v.minji, "topic=timeline").res.Header
	if h.Get("X-Accel-Buffering") != "no" || h.Get("Cache-Control") != "no-store" || h.Get("Content-Encoding") != "" {
		t.Errorf("headers %v", h)
	}
}

// A like waits for the window of the Gatherer, and for nothing else.
func TestALikeReachesEverybodyWithinASecond(t *testing.T) {
	if live.GatherWindow > time.Second/2 {
		t.Errorf("likes are gathered for %s", live.GatherWindow)
	}
	v := open(t)
	post := v.posts(v.minji, "글")
	lookers := []*stream{v.listen(v.minji, "topic=timeline"), v.listen(v.haneul, "topic=timeline&topic=post:"+post)}
	for round := range 3 {
		on := []string{"true", "false", "true"}[round]
		v.seojun.HX().Post("/posts/"+post+"/like", "on", on).Want(200)
		for _, s := range lookers {
			doc := s.shows("#post-"+post+"-likes", []string{"1", "0", "1"}[round])
			if doc.Find(`#post-`+post+`-likes[hx-swap-oob="true"], #post-`+post+`-comments[hx-swap-oob="true"]`).Length() != 2 {
				h, _ := doc.Html()
				t.Errorf("htmx would not put it into its places: %s", h)
			}
		}
	}
}

func TestABurstOfLikesMakesFewEvents(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "인기 글")
	s := v.listen(v.haneul, "topic=timeline") // who has no notices of the likes
	const each = 334                          // of three members: 1,002 changes
	start := time.Now()
	var all sync.WaitGroup
	for _, c := range []*apptest.Client{v.minji.HX(), v.seojun.HX(), v.haneul.HX()} {
		all.Go(func() {
			for i := range each {
				if p := c.Post("/posts/"+post+"/like", "on", fmt.Sprint(i%2 == 1 || i == 0)); p.Status != 200 {
					t.Errorf("like: %d", p.Status)
					return
				}
			}
		})
	}
	all.Wait()
	// The last change of each member is "on": i = 333. A comment changes the counts after all likes.
	v.comments(v.haneul, post, "이제 그만")
	events := 0
	for said := false; !said; events++ {
		e, ok := s.next(patience)
		if !ok {
			t.Fatal("the last counts are not told")
		}
		counts := fragment(t, e.data)
		said = strings.TrimSpace(counts.Find("#post-"+post+"-comments").Text()) == "1"
		if likes := strings.TrimSpace(counts.Find("#post-" + post + "-likes").Text()); said && likes != "3" {
			t.Errorf("the last event says %q likes, want 3", likes)
		}
	}
	// An event begins a window that has passed before the next event.
	took := time.Since(start)
	if most := int(took/live.GatherWindow) + 2; events > most {
		t.Errorf("%d events for %d changes in %s, want at most %d", events, 3*each, took, most)
	}
	if n := v.count("SELECT like_count FROM posts"); n != 3 {
		t.Errorf("the post has %d likes", n)
	}
}

// The badge is the author's alone, the same at each device.
func TestInboxIsToldToItsUserAlone(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	devices := []*stream{v.listen(v.minji, "topic=timeline"), v.listen(v.client("민지"), "topic=rooms")}
	other := v.listen(v.haneul, "topic=timeline")
	for i, want := range []string{"1", "1", "2"} {
		on := post
		if i == 2 {
			on = v.posts(v.minji, "또 글")
		}
		v.seojun.HX().Post("/posts/"+on+"/comments", "content", "댓글").Want(200)
		if i == 1 {
			continue // gathered: the same number
		}
		for _, s := range devices {
			doc := s.shows("#unread", want)
			if doc.Find(`#unread[hx-swap-oob="true"][data-version]`).Length() != 1 {
				h, _ := doc.Html()
				t.Errorf("htmx would not put it into its place: %s", h)
			}
		}
	}
	for {
		e, ok := other.next(2 * live.GatherWindow)
		if !ok {
			break
		}
		if strings.Contains(e.data, "unread") {
			t.Errorf("somebody else was told %q", e.data)
		}
	}
}

func TestTheSameWishTwiceTellsNothing(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	s := v.listen(v.haneul, "topic=timeline")
	for range 3 {
		v.seojun.HX().Post("/posts/"+post+"/like", "on", "true").Want(200)
		time.Sleep(live.GatherWindow)
	}
	s.shows("#post-"+post+"-likes", "1")
	if e, ok := s.next(2 * live.GatherWindow); ok {
		t.Errorf("told again: %v", e)
	}
}

func TestANewPostIsAnnouncedAndNotPushed(t *testing.T) {
	v := open(t)
	s := v.listen(v.seojun, "topic=timeline")
	post := v.posts(v.minji, "새로운 소식")
	e, ok := s.next(patience)
	if !ok || e != (event{"post", post}) {
		t.Errorf("the event is %v, want the id %s alone", e, post)
	}
}

func TestCommentsAppearBelowTheirPostOnly(t *testing.T) {
	v := open(t)
	post, other := v.posts(v.minji, "글"), v.posts(v.minji, "다른 글")
	below := v.listen(v.haneul, "topic=post:"+post)
	elsewhere := v.listen(v.haneul, "topic=post:"+other)
	timeline := v.listen(v.haneul, "topic=timeline")
	text := "첫 줄\n\nevent: post\ndata: 7\n\n" + evil[0]
	comment := v.comments(v.seojun, post, text)
	doc := below.shows("li#comment-"+comment+" .comment-text", text)
	if doc.Find(`[hx-target="#comments"][hx-swap=beforeend]`).Length() != 1 || doc.Find("[data-xss], script").Length() > 0 {
		h, _ := doc.Html()
		t.Errorf("the fragment is %s", h)
	}
	timeline.shows("#post-"+post+"-comments", "1")

	v.seojun.HX().Post("/comments/" + comment + "/delete").Want(200)
	e, ok := below.next(patience)
	if !ok || fragment(t, e.data).Find(`[hx-target="#comment-`+comment+`"][hx-swap=delete]`).Length() != 1 {
		t.Errorf("the deleted comment stays: %v", e)
	}
	timeline.shows("#post-"+post+"-comments", "0")
	if e, ok := elsewhere.next(live.GatherWindow); ok {
		t.Errorf("below another post arrives %v", e)
	}
}

func TestADeletedPostIsSaidToBeGone(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "지울 글")
	s := v.listen(v.seojun, "topic=timeline")
	v.minji.HX().Post("/posts/" + post + "/delete").Want(200)
	doc := s.shows("article#post-"+post, web.Korean("post.gone"))
	if doc.Find(`[hx-target="#post-`+post+`"][hx-swap=outerHTML]`).Length() != 1 {
		h, _ := doc.Html()
		t.Errorf("the fragment is %s", h)
	}
}

func TestWhatIsRefusedIsNotTold(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "글")
	s := v.listen(v.seojun, "topic=timeline&topic=post:"+post)
	comment := v.comments(v.minji, post, "댓글")
	s.shows("#post-"+post+"-comments", "1") // the counts are told last
	for s.drains() {
		continue
	}
	v.seojun.HX().Post("/posts", "content", "").Want(422)
	v.seojun.HX().Post("/posts/"+post+"/comments", "content", "").Want(422)
	v.seojun.HX().Post("/posts/" + post + "/delete").Want(403)
	v.seojun.HX().Post("/comments/" + comment + "/delete").Want(403)
	v.seojun.HX().Post("/posts/"+post+"/like", "on", "x").Want(400)
	if e, ok := s.next(2 * live.GatherWindow); ok {
		t.Errorf("told is %v", e)
	}
}

// drains reads an event that was under way, and reports whether there was one.
func (s *stream) drains() bool {
	_, ok := s.next(2 * live.GatherWindow)
	return ok
}
