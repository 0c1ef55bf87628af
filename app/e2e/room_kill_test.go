package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

// TestKilledWhileChatting: the program is killed in the middle of chatting, and
// again in the middle of ending the room. Every message that its sender saw as
// said is in the transcript, once, in the order of saying.
func TestKilledWhileChatting(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]func(*testing.T) []string{
		"embedded": func(*testing.T) []string { return nil },
		"redis":    func(t *testing.T) []string { return []string{"REDIS_URL=" + apptest.Redis(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := apptest.StartProgram(t, append(env(t), "ADDR="+apptest.FreeAddress(t))...) // the same after each crash
			c := gathered(t, p)
			c.begin()
			for range 3 {
				time.Sleep(500 * time.Millisecond)
				p.Kill9()
				p.Start()
			}
			c.awaits(10)
			ended := c.asksToEnd()
			time.Sleep(10 * time.Millisecond)
			p.Kill9()
			<-ended
			p.Start()
			c.ends() // unless the room has ended
			c.fallsSilent()
			c.verify(40)
			if log := p.Log(); strings.Contains(log, "level=ERROR") {
				t.Errorf("the log has errors:\n%s", log)
			}
		})
	}
}

// gathered makes a room with its mentor and four members inside.
func gathered(t *testing.T, p *apptest.Program) *roomful {
	t.Helper()
	adds(t, p, "유진", "--role=MENTOR")
	c := &roomful{t: t, mentor: signsIn(t, p, "유진", apptest.Password)}
	for _, name := range []string{"민지", "서준", "하늘", "도윤"} {
		adds(t, p, name)
		c.people = append(c.people, newChatter(name, signsIn(t, p, name, apptest.Password)))
	}
	c.opens()
	return c
}

// saved waits until the messages of the first room are in the database.
func saved(t *testing.T, mentor *apptest.Client) {
	t.Helper()
	savedWithin(t, mentor, 1, 20*time.Second)
}

// savedWithin is saved for any room, and any time.
func savedWithin(t *testing.T, mentor *apptest.Client, room int64, most time.Duration) {
	t.Helper()
	for deadline := time.Now().Add(most); ; time.Sleep(50 * time.Millisecond) {
		page := mentor.Get(fmt.Sprintf("/rooms/%d", room))
		if strings.Contains(page.Text(fmt.Sprintf("#room-%d-settlement", room)), "저장됨") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the room is not saved: %d %s", page.Status, page.Text("main"))
		}
	}
}

// TestSettleCommand: an operator can have the rooms saved without a server.
func TestSettleCommand(t *testing.T) {
	t.Parallel()
	p := apptest.StartProgram(t, "ADDR="+apptest.FreeAddress(t))
	c := gathered(t, p)
	for _, somebody := range c.people {
		somebody.client.Post("/rooms/1/messages", "content", "안녕하세요").Want(http.StatusSeeOther)
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
	if text := c.mentor.Get("/rooms/1").Want(http.StatusOK).Text("#room-1-settlement"); !strings.Contains(text, "9/9 저장됨") {
		t.Errorf("the room reads %q", text)
	}
}
