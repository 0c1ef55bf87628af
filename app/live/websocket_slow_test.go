package live

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// openUnreadSocket opens a socket that is never read.
func (p *testHub) openUnreadSocket(t *testing.T, query string) *socketClient {
	t.Helper()
	who := p.openSocket(t, query)
	_ = who.conn.NetConn().(*net.TCPConn).SetReadBuffer(4 << 10)
	return who
}

func TestSocketThatNeverReadsIsCut(t *testing.T) {
	for name, opts := range map[string]Options{
		"messages": {MaxMessages: 8, MaxBytes: 1 << 30},
		"bytes":    {MaxMessages: 1 << 30, MaxBytes: 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestHubWith(t, large(99_999), opts)
			minji := p.openSocket(t, room)
			p.openUnreadSocket(t, room)
			eventually(t, "it is cut", func() bool {
				p.Deliver(spoken(1))
				if got := len(minji.gets()); got != 99_999 {
					t.Fatalf("got %d bytes", got)
				}
				return p.Stats().Evicted == 1
			})
			eventually(t, "it is gone", func() bool { return p.Stats().Clients == 1 })
			p.Deliver(Event{Topic: "room:3", Kind: "small"})
			minji.sees("small")
		})
	}
}

func TestSocketThatTakesNothingIsCutAfterTheWriteTimeout(t *testing.T) {
	p := newTestHubWith(t, large(16<<20), Options{WriteTimeout: 100 * time.Millisecond})
	p.openUnreadSocket(t, room)
	p.Deliver(spoken(1))
	eventually(t, "it is cut", func() bool { s := p.Stats(); return s.Evicted == 1 && s.Clients == 0 })
}

// A client that gets more answers by Send than it reads is evicted.
func TestSendCutsWhoNeverReads(t *testing.T) {
	p := newTestHub(t, Options{MaxMessages: 8})
	p.handler.Receive = func(s *Socket, frame []byte, _ bool) { s.Send(Message{HTML: bytes.Repeat(frame, 16)}) }
	minji := p.openUnreadSocket(t, room)
	long := []byte(strings.Repeat(".", maxMessageSize))
	for minji.conn.WriteMessage(websocket.TextMessage, long) == nil {
	}
	eventually(t, "it is cut", func() bool { s := p.Stats(); return s.Evicted == 1 && s.Clients == 0 })
}

// Pings cannot fill the memory of the server: a peer that sends pings and reads
// no pongs is evicted.
func TestPingsOfWhoNeverReadsAreBounded(t *testing.T) {
	p := newTestHubWith(t, large(16<<20), Options{MaxMessages: 8})
	minji := p.openUnreadSocket(t, room)
	p.Deliver(spoken(1))
	for range 20 {
		_ = minji.conn.WriteControl(websocket.PingMessage, []byte("안녕"), time.Now().Add(patience))
	}
	eventually(t, "it is cut", func() bool { s := p.Stats(); return s.Evicted == 1 && s.Clients == 0 })
}

// Pongs wait until a large message is written, instead of landing inside its
// frame.
func TestPingsWhileALargeMessageIsHalfWritten(t *testing.T) {
	const pings = 50
	p, heard := newTestHubWith(t, large(15_999_999), Options{MaxBytes: 64 << 20}), make(chan struct{})
	p.handler.Receive = func(*Socket, []byte, bool) { close(heard) }
	minji := p.openSocket(t, room)
	var pongs []string
	minji.conn.SetPongHandler(func(data string) error { pongs = append(pongs, data); return nil })
	p.Deliver(spoken(1))
	for n := range pings {
		if err := minji.conn.WriteControl(websocket.PingMessage, fmt.Append(nil, n), time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
	}
	minji.says("안녕")
	<-heard // the pings came before
	p.Deliver(Event{Topic: "room:3", Kind: "small"})
	if got := minji.gets(); got != strings.Repeat("가", 15_999_999/3) {
		t.Errorf("got %d bytes", len(got))
	}
	minji.sees("small")
	for n, data := range pongs {
		if data != fmt.Sprint(n) {
			t.Fatalf("pong %d is %q", n, data)
		}
	}
	if len(pongs) != pings {
		t.Errorf("got %d pongs, want %d", len(pongs), pings)
	}
}

// A peer that answers no ping is closed, and not counted as cut.
func TestPeerThatVanishesIsFound(t *testing.T) {
	p := newTestHub(t, Options{HeartbeatInterval: 100 * time.Millisecond})
	var closed atomic.Int64
	p.handler.Closed = func() { closed.Add(1) }
	p.openSocket(t, room) // never reads, and so answers no ping
	eventually(t, "it is found gone", func() bool { return closed.Load() == 1 })
	if s := p.Stats(); s.Clients != 0 || s.Evicted != 0 || s.Deliveries != 0 {
		t.Errorf("%+v", s)
	}
}

// readDeadlines is the read side of a connection, and keeps the last deadline.
type readDeadlines struct {
	readDeadliner
	last atomic.Pointer[time.Time]
}

func (d *readDeadlines) SetReadDeadline(at time.Time) error {
	d.last.Store(&at)
	return d.readDeadliner.SetReadDeadline(at)
}

// A silent peer that answers pings stays: each answer gives it two and a half
// heartbeats more. Messages still reach the peer: answering its own ping left no
// deadline.
func TestPeerThatAnswersPingsStays(t *testing.T) {
	p := newTestHub(t, Options{HeartbeatInterval: never})
	minji := p.openSocket(t, room)
	heard := minji.countInBackground()
	var deadlines readDeadlines
	p.forEach(func(c *client) {
		c.mu.Lock()
		defer c.mu.Unlock()
		deadlines.readDeadliner, c.reader = c.reader, &deadlines
	})
	renewed := func(begun time.Time) func() bool {
		return func() bool { at := deadlines.last.Load(); return at != nil && !at.Before(begun.Add(never*5/2)) }
	}
	begun := time.Now()
	if err := minji.conn.WriteControl(websocket.PingMessage, nil, begun.Add(patience)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a ping of its own is a sign of life", renewed(begun))
	for range 3 {
		begun = time.Now()
		for slot := range heartbeatSlots {
			p.heartbeatSlot(slot)
		}
		eventually(t, "the answer is a sign of life", renewed(begun))
	}
	p.Deliver(spoken(1))
	eventually(t, "it is heard", func() bool { return heard.Load() == 1 })
	if s := p.Stats(); s.Clients != 1 || s.Evicted != 0 || s.Deliveries != 1 {
		t.Errorf("%+v", s)
	}
}

// A socket that is written to without a pause still gets pings; a busy stream
// gets no heartbeat. A heartbeat never evicts a client with a full queue.
func TestBusySocketsAreAskedForSignsOfLife(t *testing.T) {
	p := newTestHub(t, Options{MaxMessages: 2})
	waiting := func(c *client) (n int) {
		c.scheduled = true
		for range 3 {
			c.enqueueHeartbeat(nil)
		}
		if q := c.takeQueue(); q != nil {
			n = len(q.frames)
		}
		return n
	}
	here, there := net.Pipe()
	defer there.Close()
	defer here.Close()
	if n := waiting(&client{hub: p.Hub, protocol: protocolWebSocket, transport: here, reader: here}); n != 2 {
		t.Errorf("%d pings wait for a socket, want 2", n)
	}
	if n := waiting(&client{hub: p.Hub, protocol: protocolSSE, transport: here}); n != 0 {
		t.Errorf("%d signs of life wait for a stream", n)
	}
	if cut := p.Stats().Evicted; cut != 0 {
		t.Errorf("cut %d", cut)
	}
}

// Thirty sockets reconnect again and again during deliveries, with and without a
// close frame. At the end no client and no topic is left.
func TestReconnectStormOfSockets(t *testing.T) {
	p := newTestHub(t, Options{MaxMessages: 1 << 20, MaxBytes: 1 << 30})
	var opened, closed atomic.Int64
	p.handler.Receive = func(s *Socket, frame []byte, _ bool) { s.Send(Message{HTML: frame}) }
	p.handler.Closed = func() { closed.Add(1) }
	stop := make(chan struct{})
	told := make(chan struct{})
	go func() { defer close(told); tell(p, "room:3", stop) }()
	people := make(chan struct{})
	for n := range 30 {
		go func() {
			defer func() { people <- struct{}{} }()
			for turn := range 5 {
				minji := p.openSocket(t, room+fmt.Sprintf("&user=%d", n))
				opened.Add(1)
				minji.says("안녕")
				for minji.gets() != "안녕" {
				}
				if (n+turn)%2 == 0 {
					_ = minji.conn.WriteControl(websocket.CloseMessage, nil, time.Now().Add(patience))
				}
				minji.leaves()
			}
		}()
	}
	for range 30 {
		<-people
	}
	close(stop)
	<-told
	eventually(t, "all leave", func() bool { return p.Stats().Clients == 0 && closed.Load() == opened.Load() })
	p.mu.RLock()
	defer p.mu.RUnlock()
	if n := len(p.topics); n != 0 {
		t.Errorf("%d topics are left", n)
	}
}
