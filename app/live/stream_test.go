package live

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// deadlines is a stream that takes everything and remembers its deadline.
type deadlines struct {
	mu   sync.Mutex
	last time.Time
	set  int
	got  int
}

func (d *deadlines) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got += len(p)
	return len(p), nil
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = t
	d.set++
	return nil
}

func (d *deadlines) Close() error { return nil }

// A deadline that is left behind passes, and fails the next write of somebody
// who was slow once.
func TestNoDeadlineIsLeftBehind(t *testing.T) {
	p := newPlace(t, Options{})
	to := new(deadlines)
	c := &client{hub: p.Hub, stream: to, busy: true}
	c.push([]byte(hello), nil)
	p.join(c, Who{})
	eventually(t, "it is written", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return !c.busy
	})
	p.leave(c)
	to.mu.Lock()
	defer to.mu.Unlock()
	if to.got != len(hello) || to.set < 2 || !to.last.IsZero() {
		t.Errorf("wrote %d bytes, set %d deadlines, the last %v", to.got, to.set, to.last)
	}
}

// A handler that has returned must not be written for: its writer belongs to
// somebody else by then.
func TestHeldStreamRefusesAfterItsHandler(t *testing.T) {
	answer := httptest.NewRecorder()
	s := newHeld(answer)
	s.settle()
	if _, err := s.Write([]byte("late")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write: %v", err)
	}
	if err := s.SetWriteDeadline(time.Time{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("deadline: %v", err)
	}
	if answer.Body.Len() != 0 {
		t.Errorf("wrote %q", answer.Body)
	}
}

// lateWriter is hijacked at the very moment in which the hub closes.
type lateWriter struct {
	http.ResponseWriter
	hub  *Hub
	conn net.Conn
}

func (w lateWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	go w.hub.Close()
	for w.hub.admit() == nil {
		w.hub.release()
	}
	return w.conn, bufio.NewReadWriter(bufio.NewReader(w.conn), bufio.NewWriter(w.conn)), nil
}

func TestWhoJoinsWhileTheHubClosesIsEnded(t *testing.T) {
	p := newPlace(t, Options{DrainTimeout: time.Hour})
	browser, conn := net.Pipe()
	w := lateWriter{httptest.NewRecorder(), p.Hub, conn}
	if err := p.ServeSSE(w, httptest.NewRequest(http.MethodGet, "/live", nil), Who{}); err != nil {
		t.Fatal(err)
	}
	_ = browser.SetDeadline(time.Now().Add(patience))
	if _, err := io.ReadAll(browser); err != nil {
		t.Errorf("the stream does not end: %v", err)
	}
}
