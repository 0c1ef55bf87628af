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

// deaf opens a socket and never reads.
func (p *place) deaf(t *testing.T, query string) *talker {
	t.Helper()
	who := p.talk(t, query)
	_ = who.conn.NetConn().(*net.TCPConn).SetReadBuffer(4 << 10)
	return who
}

func TestSocketThatNeverReadsIsCut(t *testing.T) {
	for name, opts := range map[string]Options{
		"messages": {MaxMessages: 8, MaxBytes: 1 << 30},
		"bytes":    {MaxMessages: 1 << 30, MaxBytes: 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			opts.WriteTimeout = time.Hour
			p := newPlaceWith(t, large(99_999), opts)
			minji := p.talk(t, room)
			p.deaf(t, room)
			eventually(t, "it is cut", func() bool {
				p.Deliver(spoken(1))
				if got := len(minji.gets()); got != 99_999 {
					t.Fatalf("got %d bytes", got)
				}
				return p.Stats().Cut == 1
			})
			eventually(t, "it is gone", func() bool { return p.Stats().Clients == 1 })
			p.Deliver(Event{Topic: "room:3", Kind: "small"})
			minji.sees("small")
		})
	}
}

func TestSocketThatTakesNothingIsCutAfterTheWriteTimeout(t *testing.T) {
	p := newPlaceWith(t, large(16<<20), Options{WriteTimeout: 100 * time.Millisecond})
	p.deaf(t, room)
	p.Deliver(spoken(1))
	eventually(t, "it is cut", func() bool { s := p.Stats(); return s.Cut == 1 && s.Clients == 0 })
}

// One who is answered more than they read is cut like others.
func TestSendCutsWhoNeverReads(t *testing.T) {
	p := newPlace(t, Options{MaxMessages: 8})
	p.on.Receive = func(s *Socket, frame []byte, _ bool) { s.Send(Message{HTML: bytes.Repeat(frame, 16)}) }
	minji := p.deaf(t, room)
	long := []byte(strings.Repeat(".", maxFrame))
	for minji.conn.WriteMessage(websocket.TextMessage, long) == nil {
	}
	eventually(t, "it is cut", func() bool { s := p.Stats(); return s.Cut == 1 && s.Clients == 0 })
}

// Pings cannot fill the server: who sends them and reads no pongs is cut.
func TestPingsOfWhoNeverReadsAreBounded(t *testing.T) {
	p := newPlaceWith(t, large(16<<20), Options{MaxMessages: 8, WriteTimeout: time.Hour})
	minji := p.deaf(t, room)
	p.Deliver(spoken(1))
	for range 20 {
		_ = minji.conn.WriteControl(websocket.PingMessage, []byte("안녕"), time.Now().Add(patience))
	}
	eventually(t, "it is cut", func() bool { s := p.Stats(); return s.Cut == 1 && s.Clients == 0 })
}

// Pongs wait until a large message is through, instead of ending up in it.
func TestPingsWhileALargeMessageIsHalfWritten(t *testing.T) {
	const pings = 50
	p, heard := newPlaceWith(t, large(15_999_999), Options{MaxBytes: 64 << 20}), make(chan struct{})
	p.on.Receive = func(*Socket, []byte, bool) { close(heard) }
	minji := p.talk(t, room)
	var pongs []string
	minji.conn.SetPongHandler(func(data string) error { pongs = append(pongs, data); return nil })
	p.Deliver(spoken(1))
	for n := range pings {
		if err := minji.conn.WriteControl(websocket.PingMessage, fmt.Append(nil, n), time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
	}
	minji.says("안녕")
	<-heard // and so are the pings
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

// Who answers pings may be silent; who does not is gone. What the first is told
// afterwards arrives: answering their own ping leaves no deadline behind.
func TestPeerThatVanishesIsFound(t *testing.T) {
	const beat = 400 * time.Millisecond // long enough for a busy machine
	p := newPlace(t, Options{Beat: beat})
	var closed atomic.Int64
	p.on.Closed = func() { closed.Add(1) }
	minji, pings := p.talk(t, room), atomic.Int64{}
	answer := minji.conn.PingHandler()
	minji.conn.SetPingHandler(func(data string) error { pings.Add(1); return answer(data) })
	heard := minji.listens()
	if err := minji.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	p.talk(t, room) // reads nothing, and so answers nothing
	eventually(t, "one is found gone", func() bool { return p.Stats().Clients == 1 })
	time.Sleep(3 * beat)
	if s := p.Stats(); s.Clients != 1 || s.Cut != 0 || s.Deliveries != 0 || closed.Load() != 1 {
		t.Errorf("%+v, closed %d", s, closed.Load())
	}
	if n := pings.Load(); n < 3 {
		t.Errorf("%d pings in %v", n, 5*beat)
	}
	p.Deliver(spoken(1))
	eventually(t, "it is heard", func() bool { return heard.Load() == 1 })
}

// A socket that is written to without a pause is still asked whether its peer
// is there; a stream need not be, and a full queue is not cut for it.
func TestBusySocketsAreAskedForSignsOfLife(t *testing.T) {
	p := newPlace(t, Options{MaxMessages: 2})
	waiting := func(c *client) (n int) {
		c.busy = true
		for range 3 {
			c.beat(nil)
		}
		if q := c.take(); q != nil {
			n = len(q.frames)
		}
		return n
	}
	here, there := net.Pipe()
	defer there.Close()
	defer here.Close()
	if n := waiting(&client{hub: p.Hub, wire: socket, stream: here, ear: here}); n != 2 {
		t.Errorf("%d pings wait for a socket, want 2", n)
	}
	if n := waiting(&client{hub: p.Hub, wire: sse, stream: here}); n != 0 {
		t.Errorf("%d signs of life wait for a stream", n)
	}
	if cut := p.Stats().Cut; cut != 0 {
		t.Errorf("cut %d", cut)
	}
}

// Everybody comes back at once, again and again, and leaves in all ways, while
// events are told: nothing is left of those who went.
func TestReconnectStormOfSockets(t *testing.T) {
	p := newPlace(t, Options{MaxMessages: 1 << 20, MaxBytes: 1 << 30})
	var opened, closed atomic.Int64
	p.on.Receive = func(s *Socket, frame []byte, _ bool) { s.Send(Message{HTML: frame}) }
	p.on.Closed = func() { closed.Add(1) }
	stop := make(chan struct{})
	told := make(chan struct{})
	go func() { defer close(told); tell(p, "room:3", stop) }()
	people := make(chan struct{})
	for n := range 30 {
		go func() {
			defer func() { people <- struct{}{} }()
			for turn := range 5 {
				minji := p.talk(t, room+fmt.Sprintf("&user=%d", n))
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
