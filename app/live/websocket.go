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

// maxFrame is how many bytes a message of a browser may have. A longer one
// closes its socket with the code 1009.
const maxFrame = 64 << 10

// ErrHandshake says that a request was no proper WebSocket handshake. It has
// been answered, or its connection closed.
var ErrHandshake = errors.New("live: bad WebSocket handshake")

// A SocketHandler is what happens on a socket. Both functions are called from
// a goroutine of the socket's own. A panic in them is logged, and closes the
// socket with the code 1011.
type SocketHandler struct {
	// Receive is called for one message after another: while it runs, nothing
	// more is read. Text is valid UTF-8. The frame, of at most 64 KiB, belongs
	// to Receive.
	Receive func(s *Socket, frame []byte, binary bool)

	// Closed is called once, after the last Receive, when the client has left
	// its topics.
	Closed func()
}

// A Socket is the open WebSocket of one page.
type Socket struct {
	client  *client
	peer    net.Conn
	conn    *websocket.Conn // reads from peer; what it writes goes into the client's queue
	handler SocketHandler
}

// upgrader keeps no buffers for writing: the pump has its own.
var upgrader = websocket.Upgrader{
	ReadBufferSize:  1 << 10,
	WriteBufferPool: noBuffers{},
	CheckOrigin:     func(*http.Request) bool { return true }, // the caller has
}

// noBuffers is the pool of the writers that nobody uses.
type noBuffers struct{}

func (noBuffers) Get() any { return nil }
func (noBuffers) Put(any)  {}

// ServeWebSocket upgrades the request, makes its caller a client of who's
// topics, and returns at once. Headers that are set on w are sent along. The
// caller decides beforehand who may look on what, and checks the Origin.
//
// An error means that nothing was upgraded: ErrClosed while the hub drains,
// with nothing answered yet (503), or ErrHandshake, which was answered.
func (h *Hub) ServeWebSocket(w http.ResponseWriter, r *http.Request, who Who, handler SocketHandler) error {
	if err := h.admit(); err != nil {
		return err
	}
	s := &Socket{client: &client{hub: h, wire: socket, busy: true}, handler: handler}
	if err := s.upgrade(w, r); err != nil {
		h.release()
		return fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	h.join(s.client, who)
	go s.serve()
	return nil
}

// upgrade leaves its answer in the queue of the client, which is to join.
func (s *Socket) upgrade(w http.ResponseWriter, r *http.Request) (err error) {
	header := w.Header().Clone()
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding"} {
		header.Del(name) // they describe a body, and there is none
	}
	s.conn, err = upgrader.Upgrade(&takeover{w, s}, r, header)
	if err != nil {
		return err
	}
	s.conn.SetReadLimit(maxFrame)
	return nil
}

// Send queues m for this client alone; one whose queue is full is cut, as by
// Deliver.
func (s *Socket) Send(m Message) {
	if m.empty() {
		return
	}
	if s.queue(frames[socket](m)) {
		s.client.hub.deliveries.Add(1)
	}
}

// queue queues a frame and reports whether the client took it.
func (s *Socket) queue(frame []byte) bool {
	var woken chain
	took := s.client.push(frame, &woken)
	s.client.hub.pump.add(woken)
	return took
}

// serve is the one goroutine an idle socket costs.
func (s *Socket) serve() {
	c := s.client
	defer c.hub.release()
	if closed := (*websocket.CloseError)(nil); errors.As(s.listen(), &closed) {
		c.heardLast()
	}
	if c.leaving() {
		// A close frame may be on its way. A connection closed with unread
		// bytes is reset, and the peer would not see the frame.
		_, _ = io.Copy(io.Discard, s.peer)
	}
	c.gone()
	c.hub.leave(c)
	s.guard(s.handler.Closed)
}

// listen hands over one message after another until reading fails.
func (s *Socket) listen() error {
	for {
		kind, frame, err := s.conn.ReadMessage()
		if err != nil {
			return err
		}
		isText := kind == websocket.TextMessage
		switch {
		case s.client.leaving(): // waits for the peer's close frame alone
		case isText && !utf8.Valid(frame):
			s.end(closeFrame(websocket.CloseInvalidFramePayloadData))
		default:
			s.guard(func() { s.handler.Receive(s, frame, !isText) })
		}
	}
}

// guard calls a function of the handler.
func (s *Socket) guard(call func()) {
	defer func() {
		if p := recover(); p != nil {
			s.client.hub.opts.Log.Error("live socket handler panicked", "error", p, "stack", string(debug.Stack()))
			s.end(closeFrame(websocket.CloseInternalServerErr))
		}
	}()
	call()
}

// end closes the socket after what waits and the close frame.
func (s *Socket) end(last []byte) {
	var woken chain
	s.client.end(last, &woken)
	s.client.hub.pump.add(woken)
}
