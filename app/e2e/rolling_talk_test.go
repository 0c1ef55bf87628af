package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
)

// A steadyTalk is a page of a room that comes back after every interruption, as
// the page's scripts do: the page asks for missed lines, shows each line once,
// in order, and repeats unacknowledged messages.
type steadyTalk struct {
	*throng
	name   string
	client *apptest.Client
	socket atomic.Pointer[apptest.Talk]
	last   atomic.Int64 // number of the last line shown
	shown  []string     // messages, in order

	mu      sync.Mutex // guards the fields below
	up      bool       // the socket stands, and no line is missed
	said    int        // how many messages, ever
	pending []string   // texts not acknowledged yet, in order
}

// speaks says new messages all the time.
func (s *steadyTalk) speaks() {
	for ; !s.over.Load(); time.Sleep(2 * busyPause) {
		s.mu.Lock()
		text := fmt.Sprintf("%s-%d", s.name, s.said)
		s.said++
		s.pending = append(s.pending, text)
		if s.up {
			s.socket.Load().TrySay(text, clientID(text))
		}
		s.mu.Unlock()
	}
}

// clientID is made of a text: only some characters are allowed.
func clientID(text string) string { return fmt.Sprintf("%x", text) }

// waits reports whether a message is unacknowledged.
func (s *steadyTalk) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending) > 0
}

// listens keeps a socket open until all is over and acknowledged, or all pages are
// closed.
func (s *steadyTalk) listens() {
	for !s.left.Load() && (!s.over.Load() || s.waits()) {
		talk, err := s.client.TryTalk("/rooms/1/socket")
		s.note("socket", err)
		if err == nil {
			s.socket.Store(talk)
			s.hears(talk)
		}
		time.Sleep(reconnectAfter)
	}
}

// hears handles the frames of a socket until the socket closes.
func (s *steadyTalk) hears(talk *apptest.Talk) {
	if err := s.catchUp(); err != nil {
		s.note("missed lines", err)
		talk.Close()
		return
	}
	s.repeats(talk)
	for {
		f, open := talk.Next(time.Hour)
		if !open {
			break
		}
		if f.Find(".refusal").Length() > 0 {
			s.note("message", errors.New(f.Text()))
		}
		if s.shows(f.Document) {
			continue
		}
		if err := s.catchUp(); err != nil { // brings this line, too
			s.note("missed lines", err)
		}
	}
	s.mu.Lock()
	s.up = false
	s.mu.Unlock()
	if code := talk.CloseCode(); !s.over.Load() {
		var err error
		if code != 1012 {
			err = fmt.Errorf("code %d", code)
		}
		s.note("socket hung up", err)
	}
}

// repeats says the unacknowledged messages again, before any new message.
func (s *steadyTalk) repeats(talk *apptest.Talk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.up = true
	for _, text := range s.pending {
		talk.TrySay(text, clientID(text))
	}
}

// catchUp asks for the lines after the last until there are no more.
func (s *steadyTalk) catchUp() error {
	for from := int64(-1); from < s.last.Load(); {
		from = s.last.Load()
		res, err := s.client.HTTP().Do(s.client.HX().Request(http.MethodGet, fmt.Sprintf("/rooms/1/messages?after=%d", from), nil))
		if err != nil {
			return err
		}
		page, err := goquery.NewDocumentFromReader(res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			return fmt.Errorf("status %d: %w", res.StatusCode, err)
		}
		if !s.shows(page) {
			return fmt.Errorf("lines are missing after %d", s.last.Load())
		}
	}
	return nil
}

// shows appends the lines that follow the last line; lines that are there
// already are passed over. False means that a line before is missing.
func (s *steadyTalk) shows(page *goquery.Document) bool {
	follows := true
	page.Find("[data-seq]").EachWithBreak(func(_ int, line *goquery.Selection) bool {
		seq, _ := strconv.ParseInt(line.AttrOr("data-seq", ""), 10, 64)
		if seq <= s.last.Load() {
			return true
		}
		if follows = seq == s.last.Load()+1; !follows {
			return false
		}
		if text := line.Find(".message-body").Text(); text != "" {
			s.shown = append(s.shown, text)
			s.acknowledge(text, line.AttrOr("data-client-id", ""))
		}
		s.last.Store(seq)
		return true
	})
	return follows
}

func (s *steadyTalk) acknowledge(text, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == clientID(text) {
		s.pending = slices.DeleteFunc(s.pending, func(p string) bool { return p == text })
	}
}

// saidOnce compares the transcript with the messages that each person has said
// and seen.
func saidOnce(t *testing.T, mentor *apptest.Client, people []*busyPerson) {
	t.Helper()
	mentor.Post("/rooms/1/end").Want(http.StatusSeeOther)
	saved(t, mentor)
	var transcript struct {
		Messages []struct{ Kind, Content string }
	}
	if err := json.Unmarshal([]byte(mentor.Get("/rooms/1/transcript?format=json").Want(http.StatusOK).Body), &transcript); err != nil {
		t.Fatal(err)
	}
	var all []string
	by := map[string][]string{}
	for _, m := range transcript.Messages {
		if name, _, _ := strings.Cut(m.Content, "-"); m.Kind == "said" {
			all, by[name] = append(all, m.Content), append(by[name], m.Content)
		}
	}
	for _, p := range people {
		want := make([]string, p.talk.said)
		for n := range want {
			want[n] = fmt.Sprintf("%s-%d", p.name, n)
		}
		if len(want) < 20 || !slices.Equal(by[p.name], want) {
			t.Errorf("%s has said %d messages; in the transcript are %v", p.name, len(want), by[p.name])
		}
		if !slices.Equal(p.talk.shown, all) {
			t.Errorf("%s has seen %v\nin the transcript are %v", p.name, p.talk.shown, all)
		}
	}
	t.Logf("%d messages were said, each is there once and in order", len(all))
}
