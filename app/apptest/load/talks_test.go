package load

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// A parlour is a server with one room, which numbers the messages and sends
// each line to every socket as often as times says.
type parlour struct {
	times func(seq int) int

	mu    sync.Mutex // guards the fields below
	seq   int
	conns []*websocket.Conn
}

// seats opens a parlour and returns so many seats in it.
func (p *parlour) seats(t *testing.T, count int) []Seat {
	t.Helper()
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	t.Cleanup(p.close)
	all := make([]Seat, count)
	for i := range all {
		all[i] = Seat{Person: &Person{Address: strings.TrimPrefix(server.URL, "http://")}, Room: "/rooms/1"}
	}
	return all
}

func (p *parlour) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := p.join(w, r)
	if err != nil {
		return
	}
	for {
		var frame struct {
			ID string `json:"client_id"`
		}
		_, data, err := conn.ReadMessage()
		if err != nil || json.Unmarshal(data, &frame) != nil {
			return
		}
		p.tell(frame.ID)
	}
}

// join opens a socket, which gets all messages from its opening on.
func (p *parlour) join(w http.ResponseWriter, r *http.Request) (*websocket.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err == nil {
		p.conns = append(p.conns, conn)
	}
	return conn, err
}

func (p *parlour) tell(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq++
	for range p.times(p.seq) {
		for _, conn := range p.conns {
			_ = conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `<li data-seq="%d" data-client-id="%s">^</li>`, p.seq, id))
		}
	}
}

func (p *parlour) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.conns {
		_ = conn.Close()
	}
}

// TestTalksCountWhatIsHeard: every loss shows in the result.
func TestTalksCountWhatIsHeard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		times         func(seq int) int
		lost, doubled int64
	}{
		"well":    {func(int) int { return 1 }, 0, 0},
		"lost":    {func(seq int) int { return min(seq%7, 1) }, 2, 0},
		"doubled": {func(seq int) int { return 2 - seq%2 }, 0, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &parlour{times: c.times}
			talks, err := OpenTalks([][]Seat{p.seats(t, 3)})
			if err != nil {
				t.Fatal(err)
			}
			defer talks.Close()
			if c.lost > 0 {
				talks.patience = 10 * time.Second // waits in vain
			}
			r, err := talks.Talk(100, 150*time.Millisecond)
			if r.Said != 15 || r.Lost != 3*c.lost || r.Doubled != 3*c.doubled || (err != nil) != (c.lost+c.doubled > 0) {
				t.Errorf("of %d: lost %d, doubled %d, %v", r.Said, r.Lost, r.Doubled, err)
			}
			if want := 3 * (15 - c.lost + c.doubled); r.Heard != want || r.Latency.Count() != want || r.Latency.Max() > time.Hour {
				t.Errorf("heard %d times, measured %d, up to %v; want %d", r.Heard, r.Latency.Count(), r.Latency.Max(), want)
			}
		})
	}
}
