package live

import (
	"bytes"
	"net"
	"testing"
	"time"
)

// large renders events as size bytes, and events of the kind "small" as "small".
func large(size int) Render {
	html := bytes.Repeat([]byte("가"), size/3)
	return func(ev Event, _ string) (Message, error) {
		if ev.Kind == "small" {
			return Message{HTML: []byte("small")}, nil
		}
		return Message{HTML: html}, nil
	}
}

// openUnread opens a stream that is never read.
func (p *testHub) openUnread(t *testing.T, query string) {
	t.Helper()
	before := p.Stats().Clients
	conn := p.dial(t)
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	send(t, conn, query)
	eventually(t, "the stuck one joins", func() bool { return p.Stats().Clients == before+1 })
}

// A client that never reads is evicted when its queue is full, in messages or in
// bytes. Other clients neither miss a message nor wait.
func TestClientThatNeverReadsIsCut(t *testing.T) {
	for name, opts := range map[string]Options{
		"messages": {MaxMessages: 8, MaxBytes: 1 << 30},
		"bytes":    {MaxMessages: 1 << 30, MaxBytes: 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestHubWith(t, large(100_000), opts)
			minji := p.openStream(t, timeline)
			p.openUnread(t, timeline)
			sent := 0
			eventually(t, "it is cut", func() bool {
				p.Deliver(Event{Topic: "timeline"})
				sent++
				if got := len(minji.gets().HTML); got != 99_999 {
					t.Fatalf("message %d has %d bytes", sent, got)
				}
				return p.Stats().Evicted == 1
			})
			eventually(t, "it is gone", func() bool { return p.Stats().Clients == 1 })
			p.Deliver(Event{Topic: "timeline", Kind: "small"})
			minji.sees("small")
		})
	}
}

// A queue of one large message is not full: only the write timeout evicts the
// client.
func TestClientThatTakesNothingIsCutAfterTheWriteTimeout(t *testing.T) {
	p := newTestHubWith(t, large(16<<20), Options{WriteTimeout: 100 * time.Millisecond})
	p.openUnread(t, timeline)
	p.Deliver(Event{Topic: "timeline"})
	eventually(t, "it is cut", func() bool { s := p.Stats(); return s.Evicted == 1 && s.Clients == 0 })
}

// A client that reads slowly gets all messages in order, although its socket
// buffer is full in between.
func TestSlowReaderGetsEverything(t *testing.T) {
	const events = 60
	p := newTestHubWith(t, func(ev Event, lang string) (Message, error) {
		m, err := show(ev, lang)
		m.HTML = append(m.HTML, bytes.Repeat([]byte("."), 200_000)...)
		return m, err
	}, Options{MaxBytes: 1 << 30})
	minji := p.openStream(t, timeline)
	for version := range int64(events) {
		p.Deliver(said(version))
	}
	for version := range int64(events) {
		want, _ := show(said(version), "ko")
		if m := minji.gets(); !bytes.HasPrefix(m.HTML, want.HTML) || len(m.HTML) != len(want.HTML)+200_000 {
			t.Fatalf("got %.40q, want %q", m.HTML, want.HTML)
		}
	}
	p.Deliver(said(events)) // without blocking again: no deadline is left
	minji.gets()
}

func TestIdleStreamsShowSignsOfLife(t *testing.T) {
	p := newTestHub(t, Options{HeartbeatInterval: 60 * time.Millisecond})
	minji := p.openStream(t, timeline)
	for range 3 {
		if first, second := minji.line(), minji.line(); first != ":" || second != "" {
			t.Fatalf("got %q, %q", first, second)
		}
	}
	if s := p.Stats(); s.Deliveries != 0 {
		t.Errorf("%d deliveries", s.Deliveries)
	}
}

// A client that takes no bytes for a while is not evicted for heartbeats.
func TestSignsOfLifeFillNoQueue(t *testing.T) {
	p := newTestHubWith(t, large(16<<20), Options{HeartbeatInterval: 15 * time.Millisecond, MaxMessages: 2, DrainTimeout: time.Millisecond})
	p.openUnread(t, timeline)
	p.Deliver(Event{Topic: "timeline"})
	minji := p.openStream(t, query("topic", "rooms"))
	for range 2 * 10 { // a heartbeat is two lines
		minji.line()
	}
	if cut := p.Stats().Evicted; cut != 0 {
		t.Errorf("cut %d", cut)
	}
}

func TestSignsOfLifeAreSpread(t *testing.T) {
	p := newTestHub(t, Options{})
	for range 2 * heartbeatSlots {
		p.openStream(t, timeline)
	}
	var perSlot [heartbeatSlots]int
	p.forEach(func(c *client) { perSlot[c.slot]++ })
	for slot, n := range perSlot {
		if n != 2 {
			t.Errorf("slot %d has %d clients", slot, n)
		}
	}
}
