package live

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// A heldTransport keeps what is written, and holds the writes back until held is closed.
type heldTransport struct {
	held    chan struct{}
	mu      sync.Mutex
	written strings.Builder
}

func (h *heldTransport) Write(b []byte) (int, error) {
	<-h.held
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.written.Write(b)
}

func (h *heldTransport) Close() error { return nil }

func (h *heldTransport) SetWriteDeadline(time.Time) error { return nil }

func (h *heldTransport) text() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.written.String()
}

// A frame comes after a write, when the writer has found nothing more and has not ended yet:
// the frame is written, and what was written is not written again.
func TestAFrameComesAsTheWriterEnds(t *testing.T) {
	p := newTestHub(t, Options{})
	if err := p.admit(); err != nil {
		t.Fatal(err)
	}
	defer p.release()
	to := &heldTransport{held: make(chan struct{})}
	c := &client{hub: p.Hub, protocol: protocolSSE, transport: to, scheduled: true}
	p.add(c, Viewer{Lang: "ko", Topics: []string{"timeline"}})
	defer p.remove(c)
	p.Deliver(said(1))
	eventually(t, "the writer writes", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.queue == nil
	})
	// A lock that is taken again before a goroutine gets it, which waited for a millisecond, goes
	// to all who wait in their order: to the writer, to the frame, and to the writer again.
	const wait = 20 * time.Millisecond
	c.mu.Lock()
	close(to.held)
	time.Sleep(wait)
	var delivered sync.WaitGroup
	delivered.Go(func() { p.Deliver(said(2)) })
	time.Sleep(wait)
	c.mu.Unlock()
	c.mu.Lock()
	time.Sleep(wait)
	c.mu.Unlock()
	delivered.Wait()
	want := "data: ko counts post-17 1 \n\ndata: ko counts post-17 2 \n\n"
	eventually(t, "all is written", func() bool { return len(to.text()) >= len(want) })
	if got := to.text(); got != want {
		t.Errorf("written is %q", got)
	}
}
