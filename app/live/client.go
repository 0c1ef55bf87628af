package live

import (
	"io"
	"sync"
	"syscall"
	"time"
)

// A transport carries the bytes for one client: a connection, or a
// responseTransport. Close ends a Write that blocks, and makes the goroutine
// that reads from the client return.
type transport interface {
	io.WriteCloser
	SetWriteDeadline(time.Time) error
}

// A client is one open SSE stream or WebSocket of one page. The queue exists
// only while a frame waits, so that an idle client has no buffer and no
// goroutine that writes.
type client struct {
	hub           *Hub
	user          int64 // as in Viewer
	session       string
	role          string // as in Viewer
	slot          int    // index in Hub.clients
	protocol      protocol
	transport     transport
	raw           syscall.RawConn // for writes that do not block; nil if the transport allows none
	subscriptions []subscription
	left          func() // Viewer.Closed; may be nil

	next *client // in a clientList; guarded by the owner of the list

	mu        sync.Mutex
	queue     *queue        // nil while no frame waits
	reader    readDeadliner // read side of a WebSocket; nil for SSE, and after the peer's close frame
	scheduled bool          // in a clientList, or being flushed, or not added to the hub yet
	closing   bool          // refuses frames; closes as soon as the queue is written
	closed    bool
}

// enqueue queues frame and reports whether the client took it. A client that is
// not scheduled is appended to ready, which the caller passes to
// flusher.schedule. A client whose queue is full is evicted: publishing never
// waits for a slow client.
func (c *client) enqueue(frame []byte, ready *clientList) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return false
	}
	if c.fullLocked(frame) {
		c.evictLocked()
		return false
	}
	c.enqueueLocked(frame, ready)
	return true
}

// enqueueHeartbeat queues a heartbeat, or drops it if the queue is full. An SSE
// client that is being written to needs no heartbeat. A WebSocket gets a ping
// even then: only the pong proves that the peer still reads.
func (c *client) enqueueHeartbeat(ready *clientList) {
	c.mu.Lock()
	defer c.mu.Unlock()
	frame := heartbeats[c.protocol]
	if c.closing || (c.scheduled && c.reader == nil) || c.fullLocked(frame) {
		return
	}
	c.enqueueLocked(frame, ready)
}

// fullLocked reports whether frame exceeds the limits of the queue. The caller
// must hold c.mu.
func (c *client) fullLocked(frame []byte) bool {
	return c.queue != nil && c.queue.full(frame, &c.hub.opts)
}

// enqueueLocked queues frame and schedules the client. ready may be nil if the
// client is scheduled already. The caller must hold c.mu.
func (c *client) enqueueLocked(frame []byte, ready *clientList) {
	if c.queue == nil {
		c.queue = queuePool.Get().(*queue)
	}
	c.queue.add(frame)
	if !c.scheduled {
		c.scheduled = true
		ready.append(clientList{c, c})
	}
}

// takeQueue removes and returns the queue, or nil if no frame waits.
func (c *client) takeQueue() *queue {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.queue
	c.queue = nil
	return q
}

// finishFlush ends the turn of the flusher and reports success: false
// means that a frame was queued meanwhile and the client is still scheduled. A
// closing client whose queue is written finishes its close here.
func (c *client) finishFlush() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.queue != nil {
		return false
	}
	c.scheduled = false
	if c.closing {
		c.finishCloseLocked()
	}
	return true
}
