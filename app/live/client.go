package live

import (
	"io"
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

// A client is one open stream or socket of one page. Its queue exists only
// while something waits in it: an idle client has no buffer and no writer.
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
	ear    ear        // of a socket, until its peer has said its last; nil: nobody answers
	busy   bool       // in a chain, or somebody is writing to it, or it has not joined yet
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
	if c.full(frame) {
		c.cut()
		return false
	}
	c.add(frame, woken)
	return true
}

// beat queues a sign of life. What is written to a busy stream is one; a socket
// is asked for one, too, so that its peer is heard even if it is always busy.
func (c *client) beat(woken *chain) {
	c.mu.Lock()
	defer c.mu.Unlock()
	frame := beats[c.wire]
	if c.ending || (c.busy && c.ear == nil) || c.full(frame) {
		return
	}
	c.add(frame, woken)
}

// full needs c.mu.
func (c *client) full(frame []byte) bool {
	return c.queue != nil && c.queue.full(frame, &c.hub.opts)
}

// add needs c.mu. A busy client needs no chain.
func (c *client) add(frame []byte, woken *chain) {
	if c.queue == nil {
		c.queue = queues.Get().(*queue)
	}
	c.queue.add(frame)
	if !c.busy {
		c.busy = true
		woken.add(c)
	}
}

// take hands all that waits to the one who writes; nil is nothing.
func (c *client) take() *queue {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.queue
	c.queue = nil
	return q
}

// rest lets go of a client after writing, unless something waits again. With
// an ending client that is all: it parts.
func (c *client) rest() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queue != nil {
		return false
	}
	c.busy = false
	if c.ending {
		c.part()
	}
	return true
}
