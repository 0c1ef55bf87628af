package live

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// A hijacker is a ResponseWriter whose Hijack returns a queuedConn, for the
// upgrader of gorilla/websocket.
type hijacker struct {
	http.ResponseWriter
	socket *Socket
}

// Hijack implements http.Hijacker, and sets the connection of the socket.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if !hijackable(h.ResponseWriter) {
		return nil, nil, http.ErrNotSupported
	}
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	s := h.socket
	s.netConn = conn
	s.client.transport, s.client.raw, s.client.reader = conn, rawConn(conn), conn
	return &queuedConn{conn, s}, rw, nil
}

// A queuedConn is the connection of a socket as gorilla/websocket sees it. All
// writes of gorilla/websocket (the handshake, pongs, close frames after errors of
// the peer) go through the queue of the client: otherwise they could land in the
// middle of a frame that the flusher is writing.
type queuedConn struct {
	net.Conn
	socket *Socket
}

// Read implements net.Conn. Each Read sets a deadline of two and a half
// heartbeats: a peer that vanished answers no ping, and Read fails.
func (c *queuedConn) Read(p []byte) (int, error) {
	client := c.socket.client
	client.extendReadDeadline(client.hub.opts.HeartbeatInterval * 5 / 2)
	return c.Conn.Read(p)
}

// Write implements net.Conn. It queues a copy of p, and closes the client
// gracefully if p is a close frame. It never fails: Read reports a closed client.
func (c *queuedConn) Write(p []byte) (int, error) {
	frame := bytes.Clone(p)
	if frame[0] == finBit|websocket.CloseMessage {
		c.socket.closeGracefully(frame)
	} else {
		c.socket.enqueue(frame)
	}
	return len(p), nil
}

// SetWriteDeadline implements net.Conn and does nothing: the flusher sets the
// deadlines.
func (c *queuedConn) SetWriteDeadline(time.Time) error { return nil }
