package live

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// takeover gives gorilla/websocket the connection of a ResponseWriter through
// a tap.
type takeover struct {
	http.ResponseWriter
	socket *Socket
}

// Hijack also makes the connection the socket's.
func (t *takeover) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if !hijackable(t.ResponseWriter) {
		return nil, nil, http.ErrNotSupported
	}
	conn, rw, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	s := t.socket
	s.peer = conn
	s.client.stream, s.client.raw, s.client.ear = conn, rawConn(conn), conn
	return &tap{conn, s}, rw, nil
}

// A tap is a socket's connection as gorilla/websocket sees it. What that writes
// by itself (the answer to the handshake, pongs, close frames for what the peer
// does wrong) goes through the client's queue like everything else: the frames
// of two writers would end up in each other.
type tap struct {
	net.Conn
	socket *Socket
}

// Read waits for the peer, which has to answer a ping in the meantime: one
// that went away without a word is found so.
func (t *tap) Read(p []byte) (int, error) {
	c := t.socket.client
	c.hear(c.hub.opts.Beat * 5 / 2)
	return t.Conn.Read(p)
}

// Write queues p, and ends the client after a close frame. It never fails: of
// a client that is gone, reading tells.
func (t *tap) Write(p []byte) (int, error) {
	frame := bytes.Clone(p)
	if frame[0] == final|websocket.CloseMessage {
		t.socket.end(frame)
	} else {
		t.socket.queue(frame)
	}
	return len(p), nil
}

// SetWriteDeadline does nothing: the pump sets its own.
func (t *tap) SetWriteDeadline(time.Time) error { return nil }
