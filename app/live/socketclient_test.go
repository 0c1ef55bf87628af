package live

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// socketClient is a browser with an open WebSocket.
type socketClient struct {
	t      *testing.T
	conn   *websocket.Conn
	header http.Header // of the answer to the handshake
}

// openSocket opens a socket.
func (p *testHub) openSocket(t *testing.T, query string) *socketClient {
	t.Helper()
	who, err := p.tryOpenSocket(t, query)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

func (p *testHub) tryOpenSocket(t *testing.T, query string) (*socketClient, error) {
	t.Helper()
	conn, resp, err := p.dialer().Dial(p.socketURL(query), nil)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(2 * patience))
	return &socketClient{t: t, conn: conn, header: resp.Header}, nil
}

func (p *testHub) socketURL(query string) string {
	return strings.Replace(p.server.URL, "http", "ws", 1) + "/socket?" + query
}

// dialer returns a dialer that trusts the certificate of the test server.
func (p *testHub) dialer() *websocket.Dialer {
	d := &websocket.Dialer{HandshakeTimeout: 2 * patience}
	if transport, ok := p.server.Client().Transport.(*http.Transport); ok && transport.TLSClientConfig != nil {
		d.TLSClientConfig = transport.TLSClientConfig.Clone()
		d.TLSClientConfig.NextProtos = nil
	}
	return d
}

// gets returns the next message.
func (w *socketClient) gets() string {
	w.t.Helper()
	kind, text, err := w.conn.ReadMessage()
	if err != nil || kind != websocket.TextMessage {
		w.t.Fatalf("socket: got kind %d, %v", kind, err)
	}
	return string(text)
}

// sees checks the next messages.
func (w *socketClient) sees(want ...string) {
	w.t.Helper()
	for _, text := range want {
		if got := w.gets(); got != text {
			w.t.Fatalf("got %.200q, want %.200q", got, text)
		}
	}
}

func (w *socketClient) says(text string) {
	w.t.Helper()
	if err := w.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		w.t.Fatal(err)
	}
}

// isClosed checks that the next frame is a close frame with that code.
func (w *socketClient) isClosed(code int) {
	w.t.Helper()
	if _, text, err := w.conn.ReadMessage(); !websocket.IsCloseError(err, code) {
		w.t.Fatalf("got %.200q, %v, want code %d", text, err, code)
	}
}

// leaves closes the connection without a close frame.
func (w *socketClient) leaves() { _ = w.conn.Close() }

// countInBackground reads until the socket ends, and so answers pings. The
// returned counter holds the number of messages so far.
func (w *socketClient) countInBackground() *atomic.Int64 {
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

// spoken returns an event of a room.
func spoken(seq int64) Event { return Event{Topic: "room:3", Kind: "message", Version: seq} }

// waitForNoClients waits until the hub has no client.
func (p *testHub) waitForNoClients(t *testing.T) {
	t.Helper()
	eventually(t, "all leave", func() bool { return p.Stats().Clients == 0 })
}
