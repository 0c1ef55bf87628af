package live

import (
	"bytes"
	"net"
	"net/http"
	"time"
)

// hello is the first thing on a stream, so that the browser sees it open.
const hello = ": ok\n\n"

// ServeSSE makes the caller of r a client. Over HTTP/1.1 it takes the
// connection and returns at once; otherwise it returns when the stream ends.
// Headers that are set on w are sent along. The caller decides beforehand who
// may look on what.
//
// An error means that nothing was answered yet: ErrClosed while the hub drains
// (503), or that the connection cannot be taken.
func (h *Hub) ServeSSE(w http.ResponseWriter, r *http.Request, who Who) error {
	if err := h.admit(); err != nil {
		return err
	}
	if !hijackable(w) {
		defer h.release()
		h.serveHeld(w, r, who)
		return nil
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		h.release()
		return err
	}
	c := &client{hub: h, wire: sse, stream: conn, raw: rawConn(conn), busy: true}
	c.push(head(w.Header()), nil)
	h.join(c, who)
	if rw.Reader.Buffered() > 0 {
		c.kick()
	}
	go h.watch(c, conn)
	return nil
}

// watch is the one goroutine an idle client costs. It notices that the client
// is gone; one that sends anything is cut, since a stream goes one way.
func (h *Hub) watch(c *client, conn net.Conn) {
	defer h.release()
	var b [1]byte
	if n, _ := conn.Read(b[:]); n > 0 {
		c.kick()
	} else {
		c.gone()
	}
	h.leave(c)
}

// hijackable asks the innermost writer: gin's says that it can be hijacked
// whatever it wraps, and panics if it cannot.
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

// head is the response up to its body, with the headers set so far, and the
// first bytes of the body. The body ends with the connection.
func head(header http.Header) []byte {
	setHeaders(header)
	header.Set("Connection", "close")
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = header.Write(&b) // a Buffer does not fail
	b.WriteString("\r\n" + hello)
	return b.Bytes()
}

func setHeaders(header http.Header) {
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events back
	header.Del("Content-Length")
	header.Del("Content-Encoding")
}

// serveHeld serves a client whose connection cannot be taken (HTTP/2) from its
// handler's goroutine.
func (h *Hub) serveHeld(w http.ResponseWriter, r *http.Request, who Who) {
	setHeaders(w.Header())
	w.WriteHeader(http.StatusOK)
	held := newHeld(w)
	c := &client{hub: h, wire: sse, stream: held, busy: true}
	c.push([]byte(hello), nil)
	h.join(c, who)
	select {
	case <-r.Context().Done():
		c.gone()
	case <-held.done:
	}
	h.leave(c)
	held.settle()
}
