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
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestDisconnectClosesSocketsForGood(t *testing.T) {
	p := newPlaceWith(t, large(300_000), Options{MaxBytes: 64 << 20})
	minji, seojun := p.talk(t, room), p.talk(t, query("topic", "room:4"))
	haneul := p.visit(t, room)
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
	eventually(t, "two leave", func() bool { s := p.Stats(); return s.Clients == 1 && s.Cut == 0 })
}

func TestCloseAsksSocketsToComeBack(t *testing.T) {
	p := newPlace(t, Options{DrainTimeout: time.Hour})
	minji, seojun := p.talk(t, room), p.talk(t, room)
	p.Deliver(spoken(1))
	p.Gap()
	seojun.listens()
	go p.Close()
	minji.sees("ko message  1 ", `{"event":"gap","data":""}`)
	minji.isClosed(websocket.CloseServiceRestart)
	p.Close()
	if s := p.Stats(); s.Clients != 0 || s.Cut != 0 {
		t.Errorf("%+v, want nobody left and nobody cut", s)
	}
}

func TestWhoOpensASocketWhileTheHubClosesIsEnded(t *testing.T) {
	p := newPlace(t, Options{DrainTimeout: time.Hour})
	browser, conn := net.Pipe()
	w := lateWriter{httptest.NewRecorder(), p.Hub, conn}
	if err := p.ServeWebSocket(w, handshake(), Who{}, p.on); err != nil {
		t.Fatal(err)
	}
	_ = browser.SetDeadline(time.Now().Add(patience))
	all, err := io.ReadAll(browser)
	if want := "\r\n\r\n" + string(closeFrame(websocket.CloseServiceRestart)); err != nil || !strings.HasSuffix(string(all), want) {
		t.Errorf("got %q, %v", all, err)
	}
}

// A peer that does not answer the close frame is not waited for, and what it
// still says is not heard.
func TestPeerThatDoesNotAnswerIsClosed(t *testing.T) {
	p := newPlace(t, Options{})
	var heard atomic.Int64
	p.on.Receive = func(*Socket, []byte, bool) { heard.Add(1) }
	minji := p.talk(t, room)
	minji.conn.SetCloseHandler(func(int, string) error { return nil })
	minji.says("안녕")
	eventually(t, "it is heard", func() bool { return heard.Load() == 1 })
	p.Deliver(Event{Topic: "room:3", Kind: KindDisconnect})
	minji.isClosed(websocket.CloseNormalClosure)
	minji.says("안녕?")
	begin := time.Now()
	if n, err := minji.conn.NetConn().Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("got %d bytes, %v", n, err)
	}
	if waited := time.Since(begin); waited < parting/2 {
		t.Errorf("closed after %v", waited)
	}
	p.ended(t)
	if n, cut := heard.Load(), p.Stats().Cut; n != 1 || cut != 0 {
		t.Errorf("heard %d messages, cut %d", n, cut)
	}
}

func TestPeersCloseIsAnswered(t *testing.T) {
	for _, code := range []int{
		websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived, 4001,
	} {
		p := newPlace(t, Options{})
		minji := p.talk(t, room)
		p.Deliver(spoken(1))
		text, begin := websocket.FormatCloseMessage(code, ""), time.Now()
		if err := minji.conn.WriteControl(websocket.CloseMessage, text, time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		minji.sees("ko message  1 ")
		minji.isClosed(code)
		if n, err := minji.conn.NetConn().Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("after the answer: %d bytes, %v", n, err)
		}
		if waited := time.Since(begin); waited >= parting {
			t.Errorf("closed after %v, though nothing was to come", waited)
		}
		p.ended(t)
	}
}

func TestTooLongMessageClosesItsSocket(t *testing.T) {
	p, received := newPlace(t, Options{}), make(chan int, 3)
	p.on.Receive = func(_ *Socket, frame []byte, _ bool) { received <- len(frame) }
	minji, seojun := p.talk(t, room), p.talk(t, room)
	minji.says(strings.Repeat(".", maxFrame))
	minji.says(strings.Repeat(".", maxFrame+1))
	minji.isClosed(websocket.CloseMessageTooBig)
	seojun.says("안녕")
	if n, m := <-received, <-received; n != maxFrame || m != len("안녕") {
		t.Errorf("received %d and %d bytes", n, m)
	}
	eventually(t, "one leaves", func() bool { return p.Stats().Clients == 1 })
}

// The close frame arrives even when much more comes after what was wrong.
func TestCloseFrameIsNotLostInAFlood(t *testing.T) {
	p := newPlace(t, Options{})
	minji := p.talk(t, room)
	go func() {
		long := []byte(strings.Repeat(".", 4<<20))
		for minji.conn.WriteMessage(websocket.TextMessage, long) == nil {
			time.Sleep(time.Millisecond)
		}
	}()
	time.Sleep(50 * time.Millisecond)
	minji.isClosed(websocket.CloseMessageTooBig)
	p.ended(t)
}

func TestTextThatIsNoUTF8ClosesItsSocket(t *testing.T) {
	p := newPlace(t, Options{})
	p.on.Receive = func(_ *Socket, frame []byte, _ bool) { t.Errorf("received %q", frame) }
	minji := p.talk(t, room)
	minji.says("안녕\xff")
	minji.isClosed(websocket.CloseInvalidFramePayloadData)
	p.ended(t)
}

func TestPanicClosesItsSocketAlone(t *testing.T) {
	p := newPlace(t, Options{})
	p.on.Receive = func(_ *Socket, frame []byte, _ bool) {
		if string(frame) == "panic" {
			panic("broken")
		}
	}
	var closed atomic.Int64
	p.on.Closed = func() {
		closed.Add(1)
		panic("broken, too")
	}
	minji, seojun := p.talk(t, room), p.talk(t, room)
	minji.says("panic")
	minji.isClosed(websocket.CloseInternalServerErr)
	eventually(t, "one leaves", func() bool { return p.Stats().Clients == 1 && p.log.lines() == 2 })
	p.Deliver(spoken(1))
	seojun.sees("ko message  1 ")
	if n := closed.Load(); n != 1 {
		t.Errorf("closed %d times", n)
	}
}

// Closed is called once, however the socket ends, and when the client has left.
func TestClosedIsCalledOnceAfterLeaving(t *testing.T) {
	for name, end := range map[string]func(*place, *talker){
		"vanishes": func(_ *place, minji *talker) { minji.leaves() },
		"resets": func(_ *place, minji *talker) {
			_ = minji.conn.NetConn().(*net.TCPConn).SetLinger(0)
			minji.leaves()
		},
		"closes": func(_ *place, minji *talker) {
			_ = minji.conn.WriteControl(websocket.CloseMessage, nil, time.Now().Add(patience))
		},
		"is told to go": func(p *place, _ *talker) { p.Deliver(Event{Topic: "room:3", Kind: KindDisconnect}) },
		"panics":        func(_ *place, minji *talker) { minji.says("panic") },
		"is cut":        func(p *place, _ *talker) { p.each((*client).kick) },
		"both close": func(p *place, minji *talker) {
			p.Deliver(Event{Topic: "room:3", Kind: KindDisconnect})
			_ = minji.conn.WriteControl(websocket.CloseMessage, nil, time.Now().Add(patience))
			minji.leaves()
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, Options{})
			p.on.Receive = func(*Socket, []byte, bool) { panic("broken") }
			var closed, left atomic.Int64
			p.on.Closed = func() {
				closed.Add(1)
				left.Store(int64(p.Watching("room:3") + p.Watching(UserTopic(9)) + p.Stats().Clients))
			}
			minji := p.talk(t, room+"&user=9")
			minji.listens()
			end(p, minji)
			eventually(t, "it is closed", func() bool { return closed.Load() > 0 })
			p.Close()
			if n, m := closed.Load(), left.Load(); n != 1 || m != 0 {
				t.Errorf("closed %d times, %d places were still taken", n, m)
			}
		})
	}
}

// No browser says anything before it has the answer to its handshake.
func TestWhoSpeaksBeforeTheAnswerIsRefused(t *testing.T) {
	p := newPlace(t, Options{})
	errs := make(chan error, 1)
	p.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		errs <- p.ServeWebSocket(w, r, Who{}, p.on)
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
