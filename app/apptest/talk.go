package apptest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// A Talk is the open WebSocket of a person's page of a room.
type Talk struct {
	inbox
	conn *websocket.Conn
	code int         // the close code; written before frames is closed
	over atomic.Bool // no more frames will come
}

// Talk opens the socket at path, as a page of the site does. The socket closes
// with the test.
func (c *Client) Talk(path string) *Talk {
	c.tb.Helper()
	t, err := c.TryTalk(path)
	if err != nil {
		c.tb.Fatal(err)
	}
	return t
}

// TryTalk is Talk for a test in which the server may be away. TryTalk may be
// called from any goroutine.
func (c *Client) TryTalk(path string) (*Talk, error) {
	conn, status, err := c.dial(path, c.base)
	if err != nil {
		return nil, fmt.Errorf("no socket at %s: %w (%d)", path, err, status)
	}
	t := &Talk{inbox: newInbox(c.tb, "socket"), conn: conn}
	c.tb.Cleanup(func() { _ = conn.Close() })
	go t.read()
	return t, nil
}

// Handshake asks for the socket at path from a page of origin (empty: from no
// page) and returns the status of the answer. A socket that opens is closed
// again.
func (c *Client) Handshake(path, origin string) int {
	c.tb.Helper()
	conn, status, err := c.dial(path, origin)
	if err == nil {
		_ = conn.Close()
	}
	if status == 0 {
		c.tb.Fatalf("no answer at %s: %v", path, err)
	}
	return status
}

// dial also returns the status of the answer; 0: there is none.
func (c *Client) dial(path, origin string) (_ *websocket.Conn, status int, _ error) {
	dialer := websocket.Dialer{Jar: c.http.Jar, HandshakeTimeout: patience}
	if transport, ok := c.http.Transport.(*http.Transport); ok {
		dialer.NetDialContext = transport.DialContext
	}
	header := http.Header{"Accept-Language": {"ko"}}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, res, err := dialer.Dial(strings.Replace(c.base, "http", "ws", 1)+path, header)
	if res != nil {
		status = res.StatusCode
		_ = res.Body.Close()
	}
	return conn, status, err
}

// read passes frames on until the socket closes.
func (t *Talk) read() {
	defer close(t.frames)
	for {
		_, body, err := t.conn.ReadMessage()
		if err != nil {
			t.over.Store(true)
			t.code = websocket.CloseAbnormalClosure
			if closed := (*websocket.CloseError)(nil); errors.As(err, &closed) {
				t.code = closed.Code
			}
			return
		}
		t.frames <- newFrame(string(body))
	}
}

func newFrame(body string) Frame {
	f := Frame{Body: body}
	var event struct{ Event string }
	if json.Unmarshal([]byte(body), &event) == nil {
		f.Event, body = event.Event, ""
	}
	f.Document, _ = parse(body) // a string can be read
	return f
}

// Say sends a message, as htmx does: with headers that the server ignores.
func (t *Talk) Say(content, clientID string) {
	t.tb.Helper()
	frame, _ := json.Marshal(map[string]any{ // plain strings
		"headers": map[string]string{"HX-Request": "true"}, "content": content, "client_id": clientID,
	})
	t.Send(string(frame))
}

// TrySay is Say for a test that closes sockets meanwhile. TrySay reports
// whether the socket took the message.
func (t *Talk) TrySay(content, clientID string) bool {
	frame, _ := json.Marshal(map[string]string{"content": content, "client_id": clientID}) // plain strings
	return t.TrySend(string(frame))
}

// Send sends a text frame as it is.
func (t *Talk) Send(frame string) {
	t.tb.Helper()
	t.write(websocket.TextMessage, frame)
}

// SendBinary sends a binary frame.
func (t *Talk) SendBinary(frame string) {
	t.tb.Helper()
	t.write(websocket.BinaryMessage, frame)
}

// TrySend sends a text frame and reports whether the socket took the frame, for
// a test that closes sockets meanwhile.
func (t *Talk) TrySend(frame string) bool {
	return t.conn.WriteMessage(websocket.TextMessage, []byte(frame)) == nil
}

func (t *Talk) write(kind int, frame string) {
	t.tb.Helper()
	if err := t.conn.WriteMessage(kind, []byte(frame)); err != nil {
		t.tb.Errorf("socket: %v", err)
	}
}

// CloseCode waits until the server closes the socket and returns the code.
// Earlier frames are passed over.
func (t *Talk) CloseCode() int {
	t.tb.Helper()
	t.ended()
	return t.code
}

// Closed reports whether the socket is closed and Next has returned every frame.
func (t *Talk) Closed() bool { return t.over.Load() && len(t.frames) == 0 }

// Close closes the socket, as closing the tab does.
func (t *Talk) Close() {
	_ = t.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
	_ = t.conn.Close()
}
