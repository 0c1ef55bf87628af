package live

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestStreamsAndSocketsShareOneRender(t *testing.T) {
	p := newTestHub(t, Options{})
	minji, john := p.openStream(t, timeline), p.openStream(t, query("topic", "timeline", "lang", "en"))
	seojun, jane := p.openSocket(t, timeline), p.openSocket(t, query("topic", "timeline", "lang", "en"))
	haneul := p.openSocket(t, timeline)
	p.Deliver(said(1))
	minji.sees("ko counts post-17 1 ")
	john.sees("en counts post-17 1 ")
	seojun.sees("ko counts post-17 1 ")
	haneul.sees("ko counts post-17 1 ")
	jane.sees("en counts post-17 1 ")
	if s := p.Stats(); s.Renders != 2 || s.Deliveries != 5 || s.Clients != 5 {
		t.Errorf("%+v, want 2 renders, 5 deliveries, 5 clients", s)
	}
}

func TestAllSocketsSeeOneOrder(t *testing.T) {
	const tellers, each = 4, 100
	p := newTestHub(t, Options{MaxMessages: tellers*each + 1})
	people := []*socketClient{p.openSocket(t, timeline), p.openSocket(t, timeline), p.openSocket(t, timeline)}
	var told sync.WaitGroup
	for teller := range tellers {
		told.Go(func() {
			for n := range each {
				p.Deliver(Event{Topic: "timeline", Kind: "post", Version: int64(n), Data: fmt.Append(nil, teller)})
			}
		})
	}
	told.Wait()
	var first []string
	for _, who := range people {
		var saw []string
		for range tellers * each {
			saw = append(saw, who.gets())
		}
		if first == nil {
			first = saw
		}
		if !slices.Equal(saw, first) {
			t.Fatal("two people saw different orders")
		}
	}
	inOrderOfEachTeller(t, first)
}

func TestSocketsOfOutsidersReceiveNothing(t *testing.T) {
	p := newTestHub(t, Options{})
	minji := p.openSocket(t, query("topic", "room:3", "user", "9", "session", "m"))
	seojun := p.openSocket(t, query("topic", "room:4", "user", "10", "session", "s"))
	for _, topic := range []string{"room:3", UserTopic(9), SessionTopic("m"), "room:4"} {
		p.Deliver(Event{Topic: topic, Kind: topic})
	}
	minji.sees(" room:3  0 ", " user:9  0 ", " session:m  0 ")
	seojun.sees(" room:4  0 ")
}

func TestGapReachesSockets(t *testing.T) {
	p := newTestHub(t, Options{})
	minji := p.openSocket(t, room)
	p.Gap()
	minji.sees(`{"event":"gap","data":""}`)
}

func TestSendReachesOneAlone(t *testing.T) {
	p := newTestHub(t, Options{})
	p.handler.Receive = func(s *Socket, frame []byte, _ bool) {
		s.Send(Message{})
		s.Send(Message{HTML: slices.Concat([]byte("<p>"), frame, []byte("</p>"))})
		s.Send(Message{Name: "refused", HTML: frame})
	}
	minji, seojun := p.openSocket(t, room), p.openSocket(t, room)
	minji.says("안녕")
	minji.sees("<p>안녕</p>", `{"event":"refused","data":"안녕"}`)
	p.Deliver(spoken(1))
	minji.sees("ko message  1 ")
	seojun.sees("ko message  1 ")
	if n := p.Stats().Deliveries; n != 4 {
		t.Errorf("%d deliveries, want 4", n)
	}
}

func TestReceiveTellsTextFromBinary(t *testing.T) {
	p, received := newTestHub(t, Options{}), make(chan string, 4)
	p.handler.Receive = func(_ *Socket, frame []byte, binary bool) { received <- fmt.Sprintf("%q %v", frame, binary) }
	minji := p.openSocket(t, room)
	minji.says("안녕")
	minji.says("")
	if err := minji.conn.WriteMessage(websocket.BinaryMessage, []byte{0xff, 0}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"안녕" false`, `"" false`, `"\xff\x00" true`} {
		if got := <-received; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A message may arrive in fragments with pings between the fragments.
func TestFragmentsAreOneMessage(t *testing.T) {
	p, received := newTestHub(t, Options{}), make(chan string, 1)
	p.handler.Receive = func(_ *Socket, frame []byte, _ bool) { received <- string(frame) }
	minji := p.openSocket(t, room)
	w, err := minji.conn.NextWriter(websocket.TextMessage)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("안녕 ", 3000)
	for piece := range slices.Chunk([]byte(text), 5000) { // more than gorilla's buffer, so that each is flushed
		if _, err := w.Write(piece); err != nil {
			t.Fatal(err)
		}
		if err := minji.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := <-received; got != text {
		t.Errorf("got %d bytes, want %d", len(got), len(text))
	}
}

// Receive is called for one message of a socket after another, in order.
func TestReceiveIsCalledOneAfterAnother(t *testing.T) {
	const people, each = 4, 50
	p := newTestHub(t, Options{})
	var mu sync.Mutex
	inside, next := make(map[*Socket]int), make(map[*Socket]int)
	var wrong, done atomic.Int64
	p.handler.Receive = func(s *Socket, frame []byte, _ bool) {
		mu.Lock()
		inside[s]++
		if inside[s] != 1 || string(frame) != fmt.Sprint(next[s]) {
			wrong.Add(1)
		}
		next[s]++
		mu.Unlock()
		time.Sleep(100 * time.Microsecond)
		mu.Lock()
		inside[s]--
		mu.Unlock()
		done.Add(1)
	}
	for range people {
		who := p.openSocket(t, room)
		go func() {
			for n := range each {
				_ = who.conn.WriteMessage(websocket.TextMessage, fmt.Append(nil, n))
			}
		}()
	}
	eventually(t, "all is received", func() bool { return done.Load() == people*each })
	if n := wrong.Load(); n != 0 {
		t.Errorf("%d messages at once or out of order", n)
	}
}

// A peer that sends faster than Receive returns has to wait, and delays no other
// socket.
func TestReceiveHoldsUpItsSocketAlone(t *testing.T) {
	p, release := newTestHub(t, Options{}), make(chan struct{})
	var received atomic.Int64
	p.handler.Receive = func(_ *Socket, frame []byte, _ bool) {
		if received.Add(1); len(frame) > 1000 {
			<-release
		}
	}
	defer close(release)
	minji, seojun := p.openSocket(t, room), p.openSocket(t, room)
	long, err := strings.Repeat(".", maxMessageSize), error(nil)
	minji.says(long)
	eventually(t, "one is heard", func() bool { return received.Load() == 1 })
	_ = minji.conn.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
	for range 1000 { // more than sockets buffer
		if err = minji.conn.WriteMessage(websocket.TextMessage, []byte(long)); err != nil {
			break
		}
	}
	if err == nil {
		t.Error("64 MB were taken")
	}
	if n := received.Load(); n != 1 {
		t.Errorf("Receive was called %d times", n)
	}
	seojun.says("안녕")
	eventually(t, "the other is heard", func() bool { return received.Load() == 2 })
	p.Deliver(spoken(1))
	seojun.sees("ko message  1 ")
	minji.sees("ko message  1 ")
}

func TestHandshakeKeepsTheHeadersOfMiddlewares(t *testing.T) {
	p := newTestHub(t, Options{})
	header := p.openSocket(t, room).header
	for name, want := range map[string]string{"X-Middleware": "was here", "Content-Encoding": ""} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// handshake returns a valid handshake.
func handshake() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/socket", nil)
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket",
		"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		r.Header.Set(name, value)
	}
	return r
}

func TestBadHandshakeIsAnswered(t *testing.T) {
	p := newTestHub(t, Options{DrainTimeout: 2 * patience})
	p.handler.Closed = func() { t.Error("closed a socket that never was") }
	for name, spoil := range map[string]func(*http.Request){
		"no upgrade":    func(r *http.Request) { r.Header.Del("Upgrade"); r.Header.Del("Connection") },
		"other upgrade": func(r *http.Request) { r.Header.Set("Upgrade", "h2c") },
		"old version":   func(r *http.Request) { r.Header.Set("Sec-WebSocket-Version", "8") },
		"no key":        func(r *http.Request) { r.Header.Del("Sec-WebSocket-Key") },
		"short key":     func(r *http.Request) { r.Header.Set("Sec-WebSocket-Key", "aGk=") },
		"POST":          func(r *http.Request) { r.Method = http.MethodPost },
		"no connection": func(*http.Request) {}, // a recorder cannot be hijacked
	} {
		answer, r := httptest.NewRecorder(), handshake()
		spoil(r)
		err := p.ServeWebSocket(answer, r, Viewer{Topics: []string{"room:3"}}, p.handler)
		if !errors.Is(err, ErrHandshake) || answer.Code < http.StatusBadRequest {
			t.Errorf("%s: answered %d, %v", name, answer.Code, err)
		}
	}
	if n := p.Subscribers("room:3") + p.Stats().Clients; n != 0 {
		t.Errorf("%d were let in", n)
	}
	closed := make(chan struct{})
	go func() { defer close(closed); p.Close() }()
	if !waitFor(closed, patience) {
		t.Error("closing waits for somebody who never was there")
	}
}

// The writer of gin always has Hijack, and panics if the writer inside cannot be
// hijacked.
func TestHandshakeThatCannotBeHijacked(t *testing.T) {
	p, answer := newTestHub(t, Options{}), httptest.NewRecorder()
	if err := p.ServeWebSocket(neverHijacked{answer}, handshake(), Viewer{}, p.handler); !errors.Is(err, ErrHandshake) {
		t.Errorf("got %v", err)
	}
	if answer.Code != http.StatusInternalServerError {
		t.Errorf("answered %d", answer.Code)
	}
}

// A plain GET of the socket's URL is answered with 400.
func TestPlainRequestForASocket(t *testing.T) {
	p := newTestHub(t, Options{})
	resp, err := http.Get(p.server.URL + "/socket?" + room)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("answered %s", resp.Status)
	}
}

func TestClosedHubRefusesSockets(t *testing.T) {
	p := newTestHub(t, Options{})
	p.Close()
	answer := httptest.NewRecorder()
	if err := p.ServeWebSocket(answer, handshake(), Viewer{}, p.handler); err != ErrClosed {
		t.Errorf("got %v", err)
	}
	if answer.Body.Len() != 0 || len(answer.Header()) != 0 {
		t.Errorf("answered %q", answer.Body)
	}
}

// Sockets in TLS behave like sockets over plain connections. A socket outlives
// the timeouts of the server, which are for pages.
func TestSocketsOutliveTimeouts(t *testing.T) {
	for name, start := range map[string]func(*httptest.Server){"HTTP/1.1": (*httptest.Server).Start, "TLS": inTLS} {
		t.Run(name, func(t *testing.T) {
			p := newTestHubWith(t, large(300_000), Options{MaxBytes: 64 << 20})
			p.handler.Receive = func(s *Socket, frame []byte, _ bool) { s.Send(Message{HTML: frame}) }
			var minji *socketClient
			p.outlasts(t, start, func(s *http.Server, timeout time.Duration) { s.ReadTimeout, s.WriteTimeout = timeout, timeout }, func() (err error) {
				minji, err = p.tryOpenSocket(t, room)
				return err
			})
			for range 20 {
				p.Deliver(spoken(1))
			}
			for range 20 {
				if got := len(minji.gets()); got != 300_000 {
					t.Fatalf("got %d bytes", got)
				}
			}
			minji.says("안녕")
			minji.sees("안녕")
			p.Deliver(Event{Topic: "room:3", Kind: KindDisconnect})
			minji.isClosed(websocket.CloseNormalClosure)
			p.waitForNoClients(t)
		})
	}
}
