package live

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// maxMessageSize is the most bytes of a message from a browser. A longer message
// closes the socket with the code 1009.
const maxMessageSize = 64 << 10

// ErrHandshake is returned for a request that is no proper WebSocket handshake.
// The request has been answered, or its connection closed.
var ErrHandshake = errors.New("live: bad WebSocket handshake")

// A SocketHandler handles the messages of a socket. Both functions are called
// from a goroutine that belongs to the socket. A panic is logged and closes the
// socket with the code 1011.
type SocketHandler struct {
	// Receive is called for one message after another; the next message is read
	// after Receive has returned. A text frame is valid UTF-8. A frame has at most
	// 64 KiB, and Receive may keep it.
	Receive func(s *Socket, frame []byte, binary bool)

	// Closed is called once, after the last Receive, when the client is no longer
	// subscribed to any topic.
	Closed func()
}

// A Socket is the open WebSocket of one page.
type Socket struct {
	client  *client
	netConn net.Conn
	conn    *websocket.Conn // reads from netConn; writes go into the queue of the client
	handler SocketHandler
}

// upgrader allocates no write buffers: the flusher writes.
var upgrader = websocket.Upgrader{
	ReadBufferSize:  1 << 10,
	WriteBufferPool: noBuffers{},
	CheckOrigin:     func(*http.Request) bool { return true }, // checked by the caller of ServeWebSocket
}

// noBuffers is an empty websocket.BufferPool.
type noBuffers struct{}

func (noBuffers) Get() any { return nil }
func (noBuffers) Put(any)  {}

// ServeWebSocket upgrades the request, subscribes it to the topics of viewer, and
// returns at once. Headers set on w are sent. The caller must have checked the
// Origin, and that the viewer may subscribe to the topics.
//
// After an error nothing was upgraded: ErrClosed while the hub drains, with
// nothing answered (answer 503), or ErrHandshake, which was answered.
func (h *Hub) ServeWebSocket(w http.ResponseWriter, r *http.Request, viewer Viewer, handler SocketHandler) error {
	if err := h.admit(); err != nil {
		return err
	}
	s := &Socket{client: &client{hub: h, protocol: protocolWebSocket, scheduled: true}, handler: handler}
	if err := s.upgrade(w, r); err != nil {
		h.release()
		return fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	h.add(s.client, viewer)
	go s.serve()
	return nil
}

// upgrade queues the answer to the handshake; Hub.add schedules the client.
func (s *Socket) upgrade(w http.ResponseWriter, r *http.Request) (err error) {
	header := w.Header().Clone()
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding"} {
		header.Del(name) // the answer has no body
	}
	s.conn, err = upgrader.Upgrade(&hijacker{w, s}, r, header)
	if err != nil {
		return err
	}
	s.conn.SetReadLimit(maxMessageSize)
	return nil
}

// Send queues m for this client alone. A client whose queue is full is evicted,
// as by Deliver. Any goroutine may call Send.
func (s *Socket) Send(m Message) {
	if m.empty() {
		return
	}
	if s.enqueue(encodeMessage[protocolWebSocket](m)) {
		s.client.hub.deliveries.Add(1)
	}
}

// enqueue queues a frame and reports whether the client took it.
func (s *Socket) enqueue(frame []byte) bool {
	var ready clientList
	taken := s.client.enqueue(frame, &ready)
	s.client.hub.flusher.schedule(ready)
	return taken
}

// serve runs the read loop until the socket ends, and is the only goroutine of an
// idle socket.
func (s *Socket) serve() {
	c := s.client
	defer c.hub.release()
	if closed := (*websocket.CloseError)(nil); errors.As(s.readMessages(), &closed) {
		c.peerClosed()
	}
	if c.isClosing() {
		// A close frame may be on its way. Closing a connection with unread bytes
		// resets the connection, and the peer would not see the frame.
		_, _ = io.Copy(io.Discard, s.netConn)
	}
	c.close()
	c.hub.remove(c)
	s.recovering(s.handler.Closed)
}

// readMessages passes one message after another to the handler until reading
// fails.
func (s *Socket) readMessages() error {
	for {
		kind, frame, err := s.conn.ReadMessage()
		if err != nil {
			return err
		}
		isText := kind == websocket.TextMessage
		switch {
		case s.client.isClosing(): // skip until the peer's close frame
		case isText && !utf8.Valid(frame):
			s.closeGracefully(closeFrame(websocket.CloseInvalidFramePayloadData))
		default:
			s.recovering(func() { s.handler.Receive(s, frame, !isText) })
		}
	}
}

// recovering calls a function of the handler, and closes the socket if the
// function panics.
func (s *Socket) recovering(call func()) {
	defer func() {
		if p := recover(); p != nil {
			s.client.hub.opts.Log.Error("live socket handler panicked", "error", p, "stack", string(debug.Stack()))
			s.closeGracefully(closeFrame(websocket.CloseInternalServerErr))
		}
	}()
	call()
}

// closeGracefully closes the socket after the queue and the close frame are
// written.
func (s *Socket) closeGracefully(closeFrame []byte) {
	var ready clientList
	s.client.closeGracefully(closeFrame, &ready)
	s.client.hub.flusher.schedule(ready)
}
