package live

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// talker is somebody with an open socket.
type talker struct {
	t      *testing.T
	conn   *websocket.Conn
	header http.Header // of the answer to the handshake
}

// talk opens a socket.
func (p *place) talk(t *testing.T, query string) *talker {
	t.Helper()
	conn, resp, err := p.dialer().Dial(p.socketURL(query), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(2 * patience))
	return &talker{t: t, conn: conn, header: resp.Header}
}

func (p *place) socketURL(query string) string {
	return strings.Replace(p.server.URL, "http", "ws", 1) + "/socket?" + query
}

// dialer also knows the certificate of a server in TLS.
func (p *place) dialer() *websocket.Dialer {
	d := &websocket.Dialer{HandshakeTimeout: 2 * patience}
	if transport, ok := p.server.Client().Transport.(*http.Transport); ok && transport.TLSClientConfig != nil {
		d.TLSClientConfig = transport.TLSClientConfig.Clone()
		d.TLSClientConfig.NextProtos = nil
	}
	return d
}

// gets returns the next message.
func (w *talker) gets() string {
	w.t.Helper()
	kind, text, err := w.conn.ReadMessage()
	if err != nil || kind != websocket.TextMessage {
		w.t.Fatalf("socket: got kind %d, %v", kind, err)
	}
	return string(text)
}

// sees checks which messages arrive next.
func (w *talker) sees(want ...string) {
	w.t.Helper()
	for _, text := range want {
		if got := w.gets(); got != text {
			w.t.Fatalf("got %.200q, want %.200q", got, text)
		}
	}
}

func (w *talker) says(text string) {
	w.t.Helper()
	if err := w.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		w.t.Fatal(err)
	}
}

// isClosed checks that the socket ends with a close frame of that code, with
// no message before.
func (w *talker) isClosed(code int) {
	w.t.Helper()
	if _, text, err := w.conn.ReadMessage(); !websocket.IsCloseError(err, code) {
		w.t.Fatalf("got %.200q, %v, want code %d", text, err, code)
	}
}

// leaves goes away without a close frame.
func (w *talker) leaves() { _ = w.conn.Close() }

// listens reads, and so answers pings, until the socket ends. It returns the
// count of messages so far.
func (w *talker) listens() *atomic.Int64 {
	_ = w.conn.SetReadDeadline(time.Time{})
	heard := new(atomic.Int64)
	go func() {
		for {
			if _, _, err := w.conn.NextReader(); err != nil {
				return
			}
			heard.Add(1)
		}
	}()
	return heard
}

var room = query("topic", "room:3", "lang", "ko")

// spoken is an event of a room.
func spoken(seq int64) Event { return Event{Topic: "room:3", Kind: "message", Version: seq} }

// ended waits until nobody is left whom the hub would have to wait for.
func (p *place) ended(t *testing.T) {
	t.Helper()
	eventually(t, "all leave", func() bool { return p.Stats().Clients == 0 })
}
