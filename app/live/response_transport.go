package live

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// A responseTransport is the transport over an http.ResponseWriter, which must
// not be used after its handler has returned.
type responseTransport struct {
	control *http.ResponseController
	once    sync.Once
	done    chan struct{} // closed by Close

	mu       sync.Mutex // also held during writes
	w        http.ResponseWriter
	detached bool
}

func newResponseTransport(w http.ResponseWriter) *responseTransport {
	return &responseTransport{control: http.NewResponseController(w), done: make(chan struct{}), w: w}
}

// Write implements transport, and flushes.
func (t *responseTransport) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.detached {
		return 0, net.ErrClosed
	}
	n, err := t.w.Write(p)
	if err == nil {
		err = t.control.Flush()
	}
	return n, err
}

// SetWriteDeadline implements transport. It also replaces the WriteTimeout of
// the server, which would end the stream. The caller ignores the error of a
// writer that knows no deadlines.
func (t *responseTransport) SetWriteDeadline(deadline time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.detached {
		return net.ErrClosed
	}
	return t.control.SetWriteDeadline(deadline)
}

// Close implements transport by asking the handler to return.
func (t *responseTransport) Close() error {
	t.once.Do(func() { close(t.done) })
	return nil
}

// detach refuses further writes, so that the handler may return. A deadline in
// the past ends a write that blocks.
func (t *responseTransport) detach() {
	if !t.mu.TryLock() {
		_ = t.control.SetWriteDeadline(time.Unix(1, 0))
		t.mu.Lock()
	}
	defer t.mu.Unlock()
	t.detached = true
}
