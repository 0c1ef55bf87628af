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

// deadlines is a transport that takes all bytes and remembers its deadlines.
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

// A deadline left after a slow write would pass later and fail the next write of
// the client.
func TestNoDeadlineIsLeftBehind(t *testing.T) {
	p := newTestHub(t, Options{})
	to := new(deadlines)
	c := &client{hub: p.Hub, transport: to, scheduled: true}
	c.enqueue([]byte(sseOpening), nil)
	p.add(c, Viewer{})
	eventually(t, "it is written", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return !c.scheduled
	})
	p.remove(c)
	to.mu.Lock()
	defer to.mu.Unlock()
	if to.got != len(sseOpening) || to.set < 2 || !to.last.IsZero() {
		t.Errorf("wrote %d bytes, set %d deadlines, the last %v", to.got, to.set, to.last)
	}
}

// After the handler has returned, its ResponseWriter must not be used: the server
// may have given it to another request.
func TestHeldStreamRefusesAfterItsHandler(t *testing.T) {
	answer := httptest.NewRecorder()
	s := newResponseTransport(answer)
	s.detach()
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

// lateWriter is hijacked at the moment when the hub closes.
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
	p := newTestHub(t, Options{DrainTimeout: time.Hour})
	browser, conn := net.Pipe()
	w := lateWriter{httptest.NewRecorder(), p.Hub, conn}
	if err := p.ServeSSE(w, httptest.NewRequest(http.MethodGet, "/live", nil), Viewer{}); err != nil {
		t.Fatal(err)
	}
	_ = browser.SetDeadline(time.Now().Add(patience))
	if _, err := io.ReadAll(browser); err != nil {
		t.Errorf("the stream does not end: %v", err)
	}
}
