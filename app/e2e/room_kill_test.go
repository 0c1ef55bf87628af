package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

// A speaker says numbered messages one after another, each until it is
// acknowledged, over as many sockets as that takes.
type speaker struct {
	name   string
	client *apptest.Client
	acked  []string // texts, in the order in which they were said
}

// speak says messages until told to stop. When the room has ended it stops, too.
func (s *speaker) speak(stop *atomic.Bool) {
	for n := 0; !stop.Load(); n++ {
		text := fmt.Sprintf("%s-%d", s.name, n)
		if !s.say(text, stop) {
			return
		}
		s.acked = append(s.acked, text)
	}
}

// say tries until the message comes back with its number.
func (s *speaker) say(text string, stop *atomic.Bool) bool {
	for !stop.Load() {
		talk, err := s.client.TryTalk("/rooms/1/socket")
		if err != nil {
			if strings.Contains(err.Error(), "(409)") {
				return false
			}
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if s.overSocket(talk, text) {
			return true
		}
		talk.Close()
	}
	return false
}

// overSocket says the message on one socket, which may close any time.
func (s *speaker) overSocket(talk *apptest.Talk, text string) bool {
	defer talk.Close()
	id := fmt.Sprintf("%x", text)
	if !talk.TrySay(text, id) {
		return false
	}
	for {
		frame, open := talk.Next(5 * time.Second)
		if !open || strings.Contains(frame.Body, `class="refusal`) {
			return false
		}
		if frame.Find(`[data-seq][data-client-id="`+id+`"]`).Length() > 0 {
			return true
		}
	}
}

// TestKilledWhileChatting: the program is killed in the middle of chatting, and
// again in the middle of ending the room. Every message that its sender saw as
// said is in the transcript, once, in the order in which it was said.
func TestKilledWhileChatting(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]func(*testing.T) []string{
		"embedded": func(*testing.T) []string { return nil },
		"redis":    func(t *testing.T) []string { return []string{"REDIS_URL=" + apptest.Redis(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := apptest.StartProgram(t, append(env(t), "ADDR="+freeAddress(t))...) // the same after each crash
			mentor, speakers := gathered(t, p)
			var stop atomic.Bool
			var speaking sync.WaitGroup
			for _, s := range speakers {
				speaking.Go(func() { s.speak(&stop) })
			}
			for range 3 {
				time.Sleep(500 * time.Millisecond)
				p.Kill9()
				p.Start()
			}
			time.Sleep(500 * time.Millisecond)
			ended := make(chan struct{})
			go func() { // answered or not: the crash comes first
				defer close(ended)
				res, err := mentor.HTTP().Do(mentor.Request(http.MethodPost, "/rooms/1/end", nil))
				if err == nil {
					_ = res.Body.Close()
				}
			}()
			time.Sleep(10 * time.Millisecond)
			p.Kill9()
			<-ended
			p.Start()
			mentor.Post("/rooms/1/end") // unless it has ended
			stop.Store(true)
			speaking.Wait()
			verify(t, p, mentor, speakers)
		})
	}
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// gathered makes a room with its mentor and four members inside.
func gathered(t *testing.T, p *apptest.Program) (*apptest.Client, []*speaker) {
	t.Helper()
	adds(t, p, "유진", "--role=MENTOR")
	mentor := signsIn(t, p, "유진", apptest.Password)
	mentor.Post("/rooms", "name", "끊이지 않는 방", "user_limit", "5").Want(http.StatusSeeOther)
	var speakers []*speaker
	for _, name := range []string{"민지", "서준", "하늘", "도윤"} {
		adds(t, p, name)
		s := &speaker{name: name, client: signsIn(t, p, name, apptest.Password)}
		s.client.Post("/rooms/1/enter").Want(http.StatusSeeOther)
		speakers = append(speakers, s)
	}
	return mentor, speakers
}

// verify compares the transcript with what the speakers saw as said. The last
// message of each may be there although its acknowledgement was lost.
func verify(t *testing.T, p *apptest.Program, mentor *apptest.Client, speakers []*speaker) {
	t.Helper()
	saved(t, mentor)
	var transcript struct {
		Messages []struct {
			Seq           int64
			Kind, Content string
		}
	}
	body := mentor.Get("/rooms/1/transcript?format=json").Want(http.StatusOK).Body
	if err := json.Unmarshal([]byte(body), &transcript); err != nil {
		t.Fatal(err)
	}
	said := map[string][]string{}
	for i, m := range transcript.Messages {
		if m.Seq != int64(i+1) {
			t.Fatalf("line %d has the number %d", i+1, m.Seq)
		}
		if name, _, ok := strings.Cut(m.Content, "-"); ok && m.Kind == "said" {
			said[name] = append(said[name], m.Content)
		}
	}
	total := 0
	for _, s := range speakers {
		got := said[s.name]
		if extra := len(got) - len(s.acked); extra < 0 || extra > 1 || !slices.Equal(got[:len(s.acked)], s.acked) {
			t.Errorf("%s was told that %d messages are said; the transcript has %d:\n%v\n%v", s.name, len(s.acked), len(got), s.acked, got)
		}
		total += len(s.acked)
	}
	if total < 40 {
		t.Errorf("only %d messages were said: the test proves nothing", total)
	}
	t.Logf("%d messages acknowledged, all there once and in order", total)
	if log := p.Log(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log has errors:\n%s", log)
	}
}

// saved waits until the room's messages are in the database.
func saved(t *testing.T, mentor *apptest.Client) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		text := mentor.Get("/rooms/1").Want(http.StatusOK).Text("#room-1-settlement")
		if strings.Contains(text, "저장됨") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the room is not saved: %s", text)
		}
	}
}

// TestSettleCommand: an operator can have the rooms saved without a server.
func TestSettleCommand(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t, "ADDR="+freeAddress(t))
	mentor, speakers := gathered(t, p)
	for _, s := range speakers {
		s.client.Post("/rooms/1/messages", "content", s.name+"-0").Want(http.StatusSeeOther)
		s.acked = []string{s.name + "-0"}
	}
	operate(t, p, "", nil, "settle").does("0 rooms settled")
	p.Kill9()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(p.Folder, "db", "xxsns.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.EndRoom(t.Context(), 1, time.Now())
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	operate(t, p, "", nil, "settle").does("1 rooms settled")
	operate(t, p, "", nil, "settle").does("0 rooms settled")
	p.Start()
	if text := mentor.Get("/rooms/1").Want(http.StatusOK).Text("#room-1-settlement"); !strings.Contains(text, "9/9 저장됨") {
		t.Errorf("the room reads %q", text)
	}
}
