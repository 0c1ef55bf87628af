package live

import (
	"bytes"
	"net"
	"net/http"
	"time"
)

// sseOpening is the first comment of a stream: browsers report a stream as open
// only after the first bytes of the body.
const sseOpening = ": ok\n\n"

// ServeSSE makes the request a client that is subscribed to the topics of viewer.
// Over HTTP/1.1 it hijacks the connection and returns at once; otherwise it
// returns when the stream ends. Headers set on w are sent. The caller must have
// checked that the viewer may subscribe to the topics.
//
// After an error nothing has been answered: ErrClosed while the hub drains
// (answer 503), or an error of hijacking.
func (h *Hub) ServeSSE(w http.ResponseWriter, r *http.Request, viewer Viewer) error {
	if err := h.admit(); err != nil {
		return err
	}
	if !hijackable(w) {
		defer h.release()
		h.serveInHandler(w, r, viewer)
		return nil
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		h.release()
		return err
	}
	c := &client{hub: h, protocol: protocolSSE, transport: conn, raw: rawConn(conn), scheduled: true}
	c.enqueue(sseResponse(w.Header()), nil)
	h.add(c, viewer)
	if rw.Reader.Buffered() > 0 {
		c.evict()
	}
	go h.readUntilClosed(c, conn)
	return nil
}

// readUntilClosed removes c when the connection ends, and is the only goroutine
// of an idle client. A client that sends bytes is evicted: an SSE
// stream goes one way.
func (h *Hub) readUntilClosed(c *client, conn net.Conn) {
	defer h.release()
	var b [1]byte
	if n, _ := conn.Read(b[:]); n > 0 {
		c.evict()
	} else {
		c.close()
	}
	h.remove(c)
}

// hijackable reports whether Hijack would work on w. It asks the innermost
// writer: the writer of gin always has the method, and panics if the writer
// inside cannot be hijacked.
func hijackable(w http.ResponseWriter) bool {
	for {
		inner, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			_, ok = w.(http.Hijacker)
			return ok
		}
		w = inner.Unwrap()
	}
}

// sseResponse returns the header of the response and sseOpening. The body ends
// with the connection.
func sseResponse(header http.Header) []byte {
	setSSEHeaders(header)
	header.Set("Connection", "close")
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = header.Write(&b) // a Buffer does not fail
	b.WriteString("\r\n" + sseOpening)
	return b.Bytes()
}

func setSSEHeaders(header http.Header) {
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would hold events back
	header.Del("Content-Length")
	header.Del("Content-Encoding")
}

// serveInHandler serves a client whose connection cannot be hijacked (HTTP/2),
// in the goroutine of the handler, until the stream ends.
func (h *Hub) serveInHandler(w http.ResponseWriter, r *http.Request, viewer Viewer) {
	setSSEHeaders(w.Header())
	w.WriteHeader(http.StatusOK)
	transport := newResponseTransport(w)
	c := &client{hub: h, protocol: protocolSSE, transport: transport, scheduled: true}
	c.enqueue([]byte(sseOpening), nil)
	h.add(c, viewer)
	select {
	case <-r.Context().Done():
		c.close()
	case <-transport.done:
	}
	h.remove(c)
	transport.detach()
}
