package live

import (
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
	"time"
)

// A stream is where the bytes for one client go. Close ends a Write that
// blocks and makes the goroutine that watches the client leave.
type stream interface {
	io.WriteCloser
	SetWriteDeadline(time.Time) error
}

// A client is one open stream of one page. Its queue exists only while
// something waits in it: an idle client has no buffer and no writer.
type client struct {
	hub     *Hub
	session string
	slot    int // of the heartbeat
	wire    wire
	stream  stream
	raw     syscall.RawConn // for writes that do not block; nil: not possible
	seats   []seat          // one for each of its topics

	next *client // in a chain; belongs to whoever holds the chain

	mu     sync.Mutex // guards what follows
	queue  *queue     // nil while nothing waits
	busy   bool       // in a chain, or somebody is writing to it
	ending bool       // takes nothing more, and closes when the queue is written
	closed bool
}

// push queues frame and reports whether the client took it. A client with
// nobody writing to it joins the chain woken, which the caller gives to the
// pump. A client whose queue is full is cut: nobody waits for a slow one.
func (c *client) push(frame []byte, woken *chain) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending {
		return false
	}
	if c.queue == nil {
		c.queue = queues.Get().(*queue)
	} else if c.queue.full(frame, &c.hub.opts) {
		c.cut()
		return false
	}
	c.queue.add(frame)
	if !c.busy {
		c.busy = true
		woken.add(c)
	}
	return true
}

// take hands all that waits to the one who writes; nil is nothing.
func (c *client) take() *queue {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.queue
	c.queue = nil
	return q
}

// rest lets go of a client after writing, unless something waits again. An
// ending client is closed by it.
func (c *client) rest() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queue != nil {
		return false
	}
	c.busy = false
	if c.ending {
		c.close()
	}
	return true
}

// idle reports whether nothing waits and nobody writes.
func (c *client) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.busy
}

// end closes the client as soon as it has got what waits for it.
func (c *client) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ending = true
	if !c.busy {
		c.close()
	}
}

// kick closes the client at once and counts it as cut.
func (c *client) kick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.cut()
	}
}

// fail closes the client after a failed write: a client that went away, or one
// that took nothing until the deadline and so is cut.
func (c *client) fail(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.kick()
		return
	}
	c.gone()
}

// gone closes the client, which went away by itself.
func (c *client) gone() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.close()
}

// cut needs c.mu.
func (c *client) cut() {
	c.hub.cut.Add(1)
	c.close()
}

// close needs c.mu. The stream is closed beside: closing TLS may block, and
// whoever delivers must not.
func (c *client) close() {
	c.ending = true
	if c.closed {
		return
	}
	c.closed = true
	if c.queue != nil {
		c.queue.release()
		c.queue = nil
	}
	go c.stream.Close()
}
