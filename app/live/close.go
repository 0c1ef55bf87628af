package live

import (
	"errors"
	"os"
	"time"
)

// An ear is the side of a socket on which its peer is heard.
type ear interface{ SetReadDeadline(time.Time) error }

// parting is how long the peer of a socket may take to answer a close frame.
const parting = time.Second

// end closes the client as soon as it has got what waits for it, and after
// that last: a close frame, or nil for nothing.
func (c *client) end(last []byte, woken *chain) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending {
		return
	}
	if last != nil {
		c.add(last, woken)
	}
	c.ending = true
	if !c.busy {
		c.part()
	}
}

// part needs c.mu. The peer of a socket may still answer the close frame;
// without it, whoever hears the peer closes.
func (c *client) part() {
	if c.ear == nil {
		c.close()
		return
	}
	_ = c.ear.SetReadDeadline(time.Now().Add(parting))
}

// heardLast says that the peer has said its last: it is not waited for.
func (c *client) heardLast() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ear = nil
	if c.ending && !c.busy {
		c.close()
	}
}

// hear gives the peer d from now to show a sign of life, unless it has been
// told to go.
func (c *client) hear(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ending {
		_ = c.ear.SetReadDeadline(time.Now().Add(d))
	}
}

// leaving reports whether the client takes nothing more.
func (c *client) leaving() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ending
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
