package live

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// held is the stream over a ResponseWriter, which may be used only until its
// handler returns.
type held struct {
	control *http.ResponseController
	once    sync.Once
	done    chan struct{} // closed by Close

	mu   sync.Mutex // held while writing
	w    http.ResponseWriter
	over bool
}

func newHeld(w http.ResponseWriter) *held {
	return &held{control: http.NewResponseController(w), done: make(chan struct{}), w: w}
}

// Write writes and flushes.
func (s *held) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return 0, net.ErrClosed
	}
	n, err := s.w.Write(p)
	if err == nil {
		err = s.control.Flush()
	}
	return n, err
}

// SetWriteDeadline also lifts the server's own write timeout, which would end
// the stream. A writer that knows no deadlines has none.
func (s *held) SetWriteDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return net.ErrClosed
	}
	return s.control.SetWriteDeadline(t)
}

// Close asks the handler to return.
func (s *held) Close() error {
	s.once.Do(func() { close(s.done) })
	return nil
}

// settle refuses further writes, so that the handler may return. One that
// blocks is ended by a deadline in the past.
func (s *held) settle() {
	if !s.mu.TryLock() {
		_ = s.control.SetWriteDeadline(time.Unix(1, 0))
		s.mu.Lock()
	}
	defer s.mu.Unlock()
	s.over = true
}
