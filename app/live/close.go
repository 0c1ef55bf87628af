package live

import (
	"encoding/json"
	"errors"
	"os"
	"time"
)

// Three verbs close a client:
//
//   - closeGracefully writes the queue and a close frame first.
//   - evict closes at once and counts the client in Stats: too slow, or a
//     violation of the protocol.
//   - close closes at once without counting: the peer is gone.
//
// Each may be called in any state, by any goroutine, more than once.

// Closes reports whether ev closes clients and shows nothing.
func (ev Event) Closes() bool { return ev.Kind == KindDisconnect || ev.Kind == KindRole }

// concerns reports whether ev, which closes clients, closes c.
func (ev Event) concerns(c *client) bool {
	if ev.Kind != KindRole {
		return true
	}
	var role string
	if json.Unmarshal(ev.Data, &role) != nil {
		return c.role != "" // nobody knows which role that is
	}
	return c.role != "" && c.role != role
}

// A readDeadliner is the read side of a WebSocket connection.
type readDeadliner interface{ SetReadDeadline(time.Time) error }

// closeGracefully closes the client after the queue and closeFrame are written.
// closeFrame is nil for a protocol without close frames. ready is as in enqueue.
func (c *client) closeGracefully(closeFrame []byte, ready *clientList) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return
	}
	if closeFrame != nil {
		c.enqueueLocked(closeFrame, ready)
	}
	c.closing = true
	if !c.scheduled {
		c.finishCloseLocked()
	}
}

// finishCloseLocked closes a closing client whose queue is written. The peer of
// a WebSocket first has Options.CloseTimeout to answer the close frame; the read loop
// closes the client when the answer arrives or the deadline passes. The caller
// must hold c.mu.
func (c *client) finishCloseLocked() {
	if c.reader == nil {
		c.closeLocked()
		return
	}
	_ = c.reader.SetReadDeadline(time.Now().Add(c.hub.opts.CloseTimeout))
}

// peerClosed records the peer's close frame: a closing client need not wait for
// an answer any more.
func (c *client) peerClosed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reader = nil
	if c.closing && !c.scheduled {
		c.closeLocked()
	}
}

// extendReadDeadline gives the peer of a WebSocket d from now to send any frame.
// A closing client keeps the deadline of finishCloseLocked.
func (c *client) extendReadDeadline(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closing {
		_ = c.reader.SetReadDeadline(time.Now().Add(d))
	}
}

// isClosing reports whether the client refuses frames.
func (c *client) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// evict closes the client at once and counts it in Stats.
func (c *client) evict() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.evictLocked()
	}
}

// writeFailed evicts a client that took no bytes until the write deadline, and
// closes a client whose connection broke.
func (c *client) writeFailed(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.evict()
		return
	}
	c.close()
}

// close closes the client at once, without counting it: the peer is gone.
func (c *client) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked()
}

// evictLocked is evict. The caller must hold c.mu.
func (c *client) evictLocked() {
	c.hub.evicted.Add(1)
	c.closeLocked()
}

// closeLocked is close. The transport is closed in a goroutine: closing a TLS
// connection may block, and Deliver must not. The caller must hold c.mu.
func (c *client) closeLocked() {
	c.closing = true
	if c.closed {
		return
	}
	c.closed = true
	if c.queue != nil {
		c.queue.recycle()
		c.queue = nil
	}
	go c.transport.Close()
}
