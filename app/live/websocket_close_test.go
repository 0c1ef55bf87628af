package live

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestDisconnectClosesSocketsForGood(t *testing.T) {
	p := newTestHubWith(t, large(300_000), Options{MaxBytes: 64 << 20})
	minji, seojun := p.openSocket(t, room), p.openSocket(t, query("topic", "room:4"))
	haneul := p.openStream(t, room)
	for range 30 { // more than a socket buffers
		p.Deliver(spoken(1))
	}
	p.Deliver(Event{Topic: "room:3", Kind: KindDisconnect})
	p.Deliver(Event{Topic: "room:3", Kind: "small"})
	for range 30 {
		minji.gets()
		haneul.gets()
	}
	minji.isClosed(websocket.CloseNormalClosure)
	haneul.isClosed()
	p.Deliver(Event{Topic: "room:4", Kind: "small"})
	seojun.sees("small")
	eventually(t, "two leave", func() bool { s := p.Stats(); return s.Clients == 1 && s.Evicted == 0 })
}

func TestCloseAsksSocketsToComeBack(t *testing.T) {
	p := newTestHub(t, Options{DrainTimeout: time.Hour})
	minji, seojun := p.openSocket(t, room), p.openSocket(t, room)
	p.Deliver(spoken(1))
	p.Gap()
	seojun.countInBackground()
	go p.Close()
	minji.sees("ko message  1 ", `{"event":"gap","data":""}`)
	minji.isClosed(websocket.CloseServiceRestart)
	p.Close()
	if s := p.Stats(); s.Clients != 0 || s.Evicted != 0 {
		t.Errorf("%+v, want nobody left and nobody cut", s)
	}
}

func TestWhoOpensASocketWhileTheHubClosesIsEnded(t *testing.T) {
	p := newTestHub(t, Options{DrainTimeout: time.Hour})
	browser, conn := net.Pipe()
	w := lateWriter{httptest.NewRecorder(), p.Hub, conn}
	if err := p.ServeWebSocket(w, handshake(), Viewer{}, p.handler); err != nil {
		t.Fatal(err)
	}
	_ = browser.SetDeadline(time.Now().Add(patience))
	all, err := io.ReadAll(browser)
	if want := "\r\n\r\n" + string(closeFrame(websocket.CloseServiceRestart)); err != nil || !strings.HasSuffix(string(all), want) {
		t.Errorf("got %q, %v", all, err)
	}
}

// A peer that does not answer the close frame is closed after CloseTimeout, and
// its later messages are not received.
func TestPeerThatDoesNotAnswerIsClosed(t *testing.T) {
	p := newTestHub(t, Options{})
	var heard atomic.Int64
	p.handler.Receive = func(*Socket, []byte, bool) { heard.Add(1) }
	minji := p.openSocket(t, room)
	minji.conn.SetCloseHandler(func(int, string) error { return nil })
	minji.says("안녕")
	eventually(t, "it is heard", func() bool { return heard.Load() == 1 })
	begin := time.Now()
	p.Deliver(Event{Topic: "room:3", Kind: KindDisconnect})
	minji.isClosed(websocket.CloseNormalClosure)
	minji.says("안녕?")
	inTime := time.Since(begin) < p.opts.CloseTimeout // later the hub may have hung up, and refuses what is said
	if n, err := minji.conn.NetConn().Read(make([]byte, 1)); err != io.EOF && (inTime || !errors.Is(err, syscall.ECONNRESET)) {
		t.Errorf("got %d bytes, %v", n, err)
	}
	if waited := time.Since(begin); waited < p.opts.CloseTimeout {
		t.Errorf("closed after %v", waited)
	}
	p.waitForNoClients(t)
	if n, cut := heard.Load(), p.Stats().Evicted; n != 1 || cut != 0 {
		t.Errorf("heard %d messages, cut %d", n, cut)
	}
}

func TestPeersCloseIsAnswered(t *testing.T) {
	for _, code := range []int{
		websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived, 4001,
	} {
		p := newTestHub(t, Options{CloseTimeout: never})
		minji := p.openSocket(t, room)
		p.Deliver(spoken(1))
		text := websocket.FormatCloseMessage(code, "")
		if err := minji.conn.WriteControl(websocket.CloseMessage, text, time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		minji.sees("ko message  1 ")
		minji.isClosed(code)
		if n, err := minji.conn.NetConn().Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("after the answer: %d bytes, %v", n, err)
		}
		p.waitForNoClients(t)
	}
}

func TestTooLongMessageClosesItsSocket(t *testing.T) {
	p, received := newTestHub(t, Options{}), make(chan int, 3)
	p.handler.Receive = func(_ *Socket, frame []byte, _ bool) { received <- len(frame) }
	minji, seojun := p.openSocket(t, room), p.openSocket(t, room)
	minji.says(strings.Repeat(".", maxMessageSize))
	minji.says(strings.Repeat(".", maxMessageSize+1))
	minji.isClosed(websocket.CloseMessageTooBig)
	seojun.says("안녕")
	if n, m := <-received, <-received; n != maxMessageSize || m != len("안녕") {
		t.Errorf("received %d and %d bytes", n, m)
	}
	eventually(t, "one leaves", func() bool { return p.Stats().Clients == 1 })
}

// The close frame arrives even if the peer keeps sending after the message that
// was too long.
func TestCloseFrameIsNotLostInAFlood(t *testing.T) {
	p := newTestHub(t, Options{CloseTimeout: never})
	minji := p.openSocket(t, room)
	go func() {
		long := []byte(strings.Repeat(".", 4<<20))
		for minji.conn.WriteMessage(websocket.TextMessage, long) == nil {
			time.Sleep(time.Millisecond)
		}
	}()
	time.Sleep(50 * time.Millisecond)
	minji.isClosed(websocket.CloseMessageTooBig)
	minji.leaves()
	p.waitForNoClients(t)
}

func TestTextThatIsNoUTF8ClosesItsSocket(t *testing.T) {
	p := newTestHub(t, Options{})
	p.handler.Receive = func(_ *Socket, frame []byte, _ bool) { t.Errorf("received %q", frame) }
	minji := p.openSocket(t, room)
	minji.says("안녕\xff")
	minji.isClosed(websocket.CloseInvalidFramePayloadData)
	p.waitForNoClients(t)
}

func TestPanicClosesItsSocketAlone(t *testing.T) {
	p := newTestHub(t, Options{})
	p.handler.Receive = func(_ *Socket, frame []byte, _ bool) {
		if string(frame) == "panic" {
			panic("broken")
		}
	}
	var closed atomic.Int64
	p.handler.Closed = func() {
		closed.Add(1)
		panic("broken, too")
	}
	minji, seojun := p.openSocket(t, room), p.openSocket(t, room)
	minji.says("panic")
	minji.isClosed(websocket.CloseInternalServerErr)
	eventually(t, "one leaves", func() bool { return p.Stats().Clients == 1 && p.log.lines() == 2 })
	p.Deliver(spoken(1))
	seojun.sees("ko message  1 ")
	if n := closed.Load(); n != 1 {
		t.Errorf("closed %d times", n)
	}
}

// Closed is called once, however the socket ends, after the client was removed.
func TestClosedIsCalledOnceAfterLeaving(t *testing.T) {
	for name, end := range map[string]func(*testHub, *socketClient){
		"vanishes": func(_ *testHub, minji *socketClient) { minji.leaves() },
		"resets": func(_ *testHub, minji *socketClient) {
			_ = minji.conn.NetConn().(*net.TCPConn).SetLinger(0)
			minji.leaves()
		},
		"closes": func(_ *testHub, minji *socketClient) {
			_ = minji.conn.WriteControl(websocket.CloseMessage, nil, time.Now().Add(patience))
		},
		"is told to go": func(p *testHub, _ *socketClient) { p.Deliver(Event{Topic: "room:3", Kind: KindDisconnect}) },
		"panics":        func(_ *testHub, minji *socketClient) { minji.says("panic") },
		"is cut":        func(p *testHub, _ *socketClient) { p.forEach((*client).evict) },
		"both close": func(p *testHub, minji *socketClient) {
			p.Deliver(Event{Topic: "room:3", Kind: KindDisconnect})
			_ = minji.conn.WriteControl(websocket.CloseMessage, nil, time.Now().Add(patience))
			minji.leaves()
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestHub(t, Options{})
			p.handler.Receive = func(*Socket, []byte, bool) { panic("broken") }
			var closed, left atomic.Int64
			p.handler.Closed = func() {
				closed.Add(1)
				left.Store(int64(p.Subscribers("room:3") + p.Subscribers(UserTopic(9)) + p.Stats().Clients))
			}
			minji := p.openSocket(t, room+"&user=9")
			minji.countInBackground()
			end(p, minji)
			eventually(t, "it is closed", func() bool { return closed.Load() > 0 })
			p.Close()
			if n, m := closed.Load(), left.Load(); n != 1 || m != 0 {
				t.Errorf("closed %d times, %d places were still taken", n, m)
			}
		})
	}
}

// No browser sends a frame before the answer to its handshake.
func TestWhoSpeaksBeforeTheAnswerIsRefused(t *testing.T) {
	p := newTestHub(t, Options{})
	errs := make(chan error, 1)
	p.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		errs <- p.ServeWebSocket(w, r, Viewer{}, p.handler)
	})
	conn := p.dial(t)
	if _, err := io.WriteString(conn, upgrade+"\x81\x80\x00\x00\x00\x00"); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(bufio.NewReader(conn)); len(answer) != 0 {
		t.Errorf("answered %q, %v", answer, err)
	}
	if err := <-errs; !errors.Is(err, ErrHandshake) {
		t.Errorf("got %v", err)
	}
	if n := p.Stats().Clients; n != 0 {
		t.Errorf("%d clients", n)
	}
}
