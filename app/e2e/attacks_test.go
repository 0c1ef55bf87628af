package e2e

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/sns"
)

// allAttacks are all attacks. Numbers are those of SECURITY.md.
var allAttacks = []attack{
	{name: "slow bodies", run: slowBodies, defence: []string{"408", "429", "503", "cut", "refused"}},
	{name: "slow headers", run: slowHeaders, defence: []string{"408", "429", "503", "cut", "refused"}, lasts: headerTime + time.Second},
	{name: "idle connections", run: idleConnections, defence: []string{"429", "503", "cut", "refused"}, lasts: headerTime + time.Second},
	{name: "large bodies", run: largeBodies, defence: []string{"413", "404", "405", "cut"}},
	{name: "large headers", run: largeHeaders, defence: []string{"431", "400", "414", "cut"}},
	{name: "many fields", run: manyFields, defence: []string{"400", "413", "422", "429"}},
	{name: "readers that never read", run: neverRead, defence: []string{"429", "cut", "closed"}},
	{name: "guessing passwords", run: guessPasswords, defence: []string{"429"}},
	{name: "making accounts", run: makeAccounts, defence: []string{"429"}},
	{name: "scan bombs", run: scanBombs, defence: []string{"422", "429"}},
	{name: "large pictures", run: largePictures, defence: []string{"422", "429"}},
	{name: "a flooded room", run: floodRoom, defence: []string{"refused", "429", "closed"}},
	{name: "heavy messages", run: heavyMessages, defence: []string{"refused", "429", "closed"}},
	{name: "broken frames", run: brokenFrames, defence: []string{"closed"}},
	{name: "many streams", run: manyStreams, defence: []string{"429", "503"}},
	{name: "many sockets", run: manySockets, defence: []string{"429", "503"}},
	{name: "a scraper", run: scrape, defence: []string{"429"}},
	{name: "a flood of posts", run: floodPosts, defence: []string{"429"}},
	{name: "a flood of likes", run: floodLikes, defence: []string{"429"}},
	{name: "a room entered and left", run: enterAndLeave, defence: []string{"429"}},
	{name: "another site", run: anotherSite, defence: []string{"403"}},
}

// slowSenders opens 260 connections from one address, each of which sends first at once
// and then a byte a second. Their answers are met.
func (s *siege) slowSenders(ctx context.Context, first, more string) {
	s.each(260, func(int) {
		conn, err := s.dial(ctx, 0)
		if err != nil {
			s.meets(refusal(ctx, err))
			return
		}
		defer func() { _ = conn.Close() }()
		defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
		go func() {
			_, err := io.WriteString(conn, first)
			for ; err == nil && ctx.Err() == nil; time.Sleep(time.Second) {
				_, err = io.WriteString(conn, more)
			}
		}()
		s.meets(s.answer(ctx, conn))
	})
}

// answer reads the status of an answer: "cut" if the connection is closed without an
// answer, "waits" if nothing comes until the attack ends.
func (s *siege) answer(ctx context.Context, conn net.Conn) string {
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	switch {
	case ctx.Err() != nil:
		return "waits"
	case err != nil:
		return "cut"
	}
	_ = res.Body.Close()
	return fmt.Sprint(res.StatusCode)
}

// refusal says why no connection was made.
func refusal(ctx context.Context, err error) string {
	switch {
	case ctx.Err() != nil:
		return "waits"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	}
	return "refused"
}

func slowBodies(ctx context.Context, s *siege) {
	s.slowSenders(ctx, "POST /sign-in HTTP/1.1\r\nHost: "+s.host()+"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500000\r\n\r\n", "a")
}

func slowHeaders(ctx context.Context, s *siege) {
	s.slowSenders(ctx, "GET / HTTP/1.1\r\nHost: "+s.host()+"\r\nX-Slow: ", "a")
}

// idleConnections opens connections that send nothing.
func idleConnections(ctx context.Context, s *siege) { s.slowSenders(ctx, "", "") }

// repeat asks again and again from one address until the attack ends, and meets the
// statuses.
func (s *siege) repeat(ctx context.Context, workers int, c *apptest.Client, request func(n int) *http.Request) {
	s.each(workers, func(n int) {
		for i := 0; ctx.Err() == nil; i++ {
			res, err := c.HTTP().Do(request(n + i*workers).WithContext(ctx))
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				s.meets("cut")
				continue
			}
			_, _ = io.Copy(io.Discard, res.Body) // a cut body is an answer, too
			_ = res.Body.Close()
			s.meets(fmt.Sprint(res.StatusCode))
		}
	})
}

// stranger returns a guest at an address of the attackers.
func (s *siege) stranger() *apptest.Client { return s.guest().From(s.attacker(0)) }

// form makes the request of a form.
func form(c *apptest.Client, path string, pairs ...string) *http.Request {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	req := c.Request(http.MethodPost, path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

func largeBodies(ctx context.Context, s *siege) {
	c, body := s.stranger(), bytes.Repeat([]byte("a"), 70<<20)
	s.repeat(ctx, 4, c, func(n int) *http.Request {
		return c.Request(http.MethodPost, []string{"/sign-in", "/nowhere", "/healthz", "/posts"}[n%4], bytes.NewReader(body))
	})
}

func largeHeaders(ctx context.Context, s *siege) {
	c, large := s.stranger(), strings.Repeat("a", 900<<10)
	s.repeat(ctx, 8, c, func(n int) *http.Request {
		req := c.Request(http.MethodGet, "/sign-in", nil)
		if n%2 == 0 {
			req.Header.Set("Cookie", "session="+large)
		} else {
			req.URL.RawQuery = "next=" + large
		}
		return req
	})
}

func manyFields(ctx context.Context, s *siege) {
	c := s.stranger()
	fields := strings.Repeat("content=a&", 50_000)
	var parts []string
	for range 5_000 {
		parts = append(parts, "alt", "a")
	}
	s.repeat(ctx, 4, c, func(n int) *http.Request {
		if n%2 == 0 {
			return c.Form("/sign-in", nil, parts...)
		}
		req := c.Request(http.MethodPost, "/sign-in", strings.NewReader(fields))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return req
	})
}

// neverRead opens streams and asks for pages, and reads no answer.
func neverRead(ctx context.Context, s *siege) {
	c := s.member("손", sns.RoleUser)
	cookie := s.cookies(c)
	s.each(120, func(n int) {
		conn, err := s.dial(ctx, n%2)
		if err != nil {
			s.meets(refusal(ctx, err))
			return
		}
		defer func() { _ = conn.Close() }()
		path := []string{"/live?topic=timeline", "/"}[n%2]
		request := "GET " + path + " HTTP/1.1\r\nHost: " + s.host() + "\r\nCookie: " + cookie + "\r\n\r\n"
		for ctx.Err() == nil { // pipelined, as long as the other side takes requests
			_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
			if _, err := io.WriteString(conn, request); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				s.meets("cut")
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		_ = conn.SetReadDeadline(time.Now().Add(time.Second))
		s.meets(s.answer(context.Background(), conn))
	})
}

// cookies returns the cookies of a client as a browser sends them.
func (s *siege) cookies(c *apptest.Client) string {
	req := c.Request(http.MethodGet, "/", nil)
	for _, cookie := range c.HTTP().Jar.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
	return req.Header.Get("Cookie")
}

// guessPasswords tries wrong passwords of one member from eleven addresses. The member
// signs in meanwhile, in the browser that the member always uses.
func guessPasswords(ctx context.Context, s *siege) {
	name := fmt.Sprint("민지", s.people.Add(1))
	s.addUser(name, sns.RoleUser)
	known := s.guest()
	signIn := func() *http.Request { return form(known, "/sign-in", "username", name, "password", apptest.Password) }
	known.Do(signIn()).Want(http.StatusSeeOther)
	go func() {
		for ; ctx.Err() == nil; time.Sleep(time.Second) {
			known.Post("/sign-out")
			if p := known.Do(signIn()); p.Status != http.StatusSeeOther {
				s.t.Errorf("%s: the member is locked out: %d %s", s.shape, p.Status, p.Text("main"))
			}
		}
	}()
	s.each(11, func(n int) {
		c := s.guest().From(s.attacker(n))
		s.repeat(ctx, 1, c, func(i int) *http.Request {
			return form(c, "/sign-in", "username", name, "password", fmt.Sprint("비밀번호 ", i))
		})
	})
}

func makeAccounts(ctx context.Context, s *siege) {
	c := s.stranger()
	s.repeat(ctx, 8, c, func(int) *http.Request {
		password := rand.Text()
		return form(c, "/sign-up", "username", rand.Text()[:12], "password", password, "password_confirm", password, "email", "someone@example.com")
	})
}

// pictures sends a picture again and again as one member.
func (s *siege) pictures(ctx context.Context, picture []byte) {
	c := s.member("화가", sns.RoleUser)
	s.repeat(ctx, 24, c, func(int) *http.Request {
		return c.Form("/posts", []apptest.File{{Field: "images", Name: "그림.jpg", Content: picture}}, "content", "그림")
	})
}

func scanBombs(ctx context.Context, s *siege) { s.pictures(ctx, mediatest.ScanBomb(7000, 7000, 100)) }

func largePictures(ctx context.Context, s *siege) { s.pictures(ctx, mediatest.Large()) }

// floodRoom has three members say a text as fast as their sockets take it.
func (s *siege) flood(ctx context.Context, frame func() string) {
	mentor := s.member("멘토", sns.RoleMentor)
	p := mentor.Post("/rooms", "name", "시끄러운 방", "user_limit", "5").Want(http.StatusSeeOther)
	room := p.Header.Get("Location")
	people := []*apptest.Client{mentor, s.member("손", sns.RoleUser), s.member("손", sns.RoleUser)}
	s.each(len(people), func(n int) {
		people[n].Post(room + "/enter")
		talk, err := people[n].TryTalk(room + "/socket")
		if err != nil {
			s.meets("429")
			return
		}
		go func() {
			for ctx.Err() == nil && talk.TrySend(frame()) {
				time.Sleep(time.Millisecond)
			}
		}()
		for ctx.Err() == nil {
			f, ok := talk.Next(200 * time.Millisecond)
			switch {
			case ok && f.Find("[data-seq]").Length() == 0:
				s.meets("refused")
			case ok:
				s.meets("said")
			case talk.Closed():
				s.meets("closed")
				return
			}
		}
		talk.Close()
	})
}

func floodRoom(ctx context.Context, s *siege) {
	s.flood(ctx, func() string {
		return `{"content": "` + strings.Repeat("가", 1000) + `", "client_id": "` + rand.Text() + `"}`
	})
}

func heavyMessages(ctx context.Context, s *siege) {
	text := strings.Repeat("a"+strings.Repeat("\u0301", 22), 1000)
	s.flood(ctx, func() string { return `{"content": "` + text + `", "client_id": "` + rand.Text() + `"}` })
}

func brokenFrames(ctx context.Context, s *siege) {
	mentor := s.member("멘토", sns.RoleMentor)
	room := mentor.Post("/rooms", "name", "방", "user_limit", "5").Want(http.StatusSeeOther).Header.Get("Location")
	frames := []string{"{", `{"content": 1}`, strings.Repeat("[", 10_000), "\xff\xfe", strings.Repeat("a", 200<<10)}
	for i := 0; ctx.Err() == nil; i++ {
		talk, err := mentor.TryTalk(room + "/socket")
		if err != nil {
			s.meets(websocketStatus(err))
			continue
		}
		for range 50 {
			if !talk.TrySend(frames[i%len(frames)]) {
				break
			}
		}
		time.Sleep(50 * time.Millisecond)
		if talk.Closed() {
			s.meets("closed")
		}
		talk.Close()
	}
}

// websocketStatus says how a handshake was refused.
func websocketStatus(err error) string {
	if errors.Is(err, websocket.ErrBadHandshake) {
		return "429"
	}
	return "cut"
}

func manyStreams(ctx context.Context, s *siege) {
	c := s.member("손", sns.RoleUser)
	s.each(200, func(int) {
		res, err := c.HTTP().Do(c.Request(http.MethodGet, "/live?topic=timeline", nil).WithContext(ctx))
		if err != nil {
			s.meets(refusal(ctx, err))
			return
		}
		s.meets(fmt.Sprint(res.StatusCode))
		_, _ = io.Copy(io.Discard, res.Body) // until the attack ends
		_ = res.Body.Close()
	})
}

func manySockets(ctx context.Context, s *siege) {
	mentor := s.member("멘토", sns.RoleMentor)
	room := mentor.Post("/rooms", "name", "방", "user_limit", "5").Want(http.StatusSeeOther).Header.Get("Location")
	s.each(200, func(int) {
		talk, err := mentor.TryTalk(room + "/socket")
		if err != nil {
			s.meets(websocketStatus(err))
			return
		}
		<-ctx.Done()
		talk.Close()
	})
}

func scrape(ctx context.Context, s *siege) {
	c := s.member("손", sns.RoleUser)
	s.repeat(ctx, 8, c, func(n int) *http.Request {
		return c.Request(http.MethodGet, []string{"/", "/rooms", "/boards/free", "/posts/counts?id=1"}[n%4], nil)
	})
}

func floodPosts(ctx context.Context, s *siege) {
	c := s.member("손", sns.RoleUser)
	s.repeat(ctx, 8, c, func(n int) *http.Request { return form(c, "/posts", "content", fmt.Sprint("글 ", n)) })
}

func floodLikes(ctx context.Context, s *siege) {
	c := s.member("손", sns.RoleUser)
	post := strings.TrimPrefix(c.HX().Post("/posts", "content", "글").Find("article.post").AttrOr("id", ""), "post-")
	s.repeat(ctx, 8, c, func(n int) *http.Request {
		return form(c, "/posts/"+post+"/like", "on", fmt.Sprint(n%2 == 0))
	})
}

func enterAndLeave(ctx context.Context, s *siege) {
	room := s.member("멘토", sns.RoleMentor).Post("/rooms", "name", "방", "user_limit", "5").Header.Get("Location")
	c := s.member("손", sns.RoleUser)
	s.repeat(ctx, 4, c, func(n int) *http.Request { return form(c, room+[]string{"/enter", "/leave"}[n%2]) })
}

func anotherSite(ctx context.Context, s *siege) {
	c := s.member("손", sns.RoleUser)
	s.repeat(ctx, 4, c, func(int) *http.Request {
		req := form(c, "/posts", "content", "남의 글")
		req.Header.Set("Origin", "https://evil.example")
		return req
	})
}
