package live

import (
	"bytes"
	"runtime"
	"sync"
	"time"
)

// yieldEvery is the number of clients after which a worker yields the processor.
// Writes that do not block never yield by themselves, and a page must not wait
// for a thousand writes.
const yieldEvery = 16

// A flusher writes the queues of scheduled clients. Its workers use every second
// processor at most, so that page requests keep the others, and no worker runs
// while no client is scheduled. While the workers go through the list, more
// frames gather in the queues and leave in one write.
type flusher struct {
	limit int // of workers

	mu      sync.Mutex
	ready   clientList
	workers int // running now
}

// schedule adds clients to the list of the workers. Each client must have been
// marked as scheduled by the caller.
func (f *flusher) schedule(clients clientList) {
	if clients.first == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ready.append(clients)
	f.startWorkerLocked()
}

// startWorkerLocked starts a worker if a client is ready and the limit allows
// another. The caller must hold f.mu.
func (f *flusher) startWorkerLocked() {
	if f.ready.first != nil && f.workers < f.limit {
		f.workers++
		go f.work()
	}
}

// work flushes ready clients until the list is empty.
func (f *flusher) work() {
	w := writerPool.Get().(*nonblockingWriter)
	defer writerPool.Put(w)
	for n := 1; ; n++ {
		c := f.nextClient()
		if c == nil {
			return
		}
		f.flush(c, w)
		if n%yieldEvery == 0 {
			runtime.Gosched()
		}
	}
}

// nextClient returns the next ready client, or nil after which the worker must
// return.
func (f *flusher) nextClient() *client {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.ready.pop()
	if c == nil {
		f.workers--
		return nil
	}
	f.startWorkerLocked()
	return c
}

// flush writes the queue of c as far as the socket takes bytes without blocking.
// A goroutine of the client's own writes the rest.
func (f *flusher) flush(c *client, w *nonblockingWriter) {
	if c.raw == nil {
		go c.flushBlocking(nil)
		return
	}
	if q := c.takeQueue(); q != nil {
		pending := q.merge(&w.buf)
		n, err := w.tryWrite(c.raw, pending)
		q.recycle()
		if err != nil {
			c.close()
			return
		}
		if n < len(pending) {
			go c.flushBlocking(bytes.Clone(pending[n:]))
			return
		}
	}
	if !c.finishFlush() {
		f.schedule(clientList{c, c})
	}
}

// flushBlocking writes pending and then the queue until no frame waits. Each
// write may block for Options.WriteTimeout.
func (c *client) flushBlocking(pending []byte) {
	w := writerPool.Get().(*nonblockingWriter)
	defer writerPool.Put(w)
	for {
		if err := c.writeBlocking(pending); err != nil {
			c.writeFailed(err)
			return
		}
		pending = nil
		if q := c.takeQueue(); q != nil {
			pending = q.merge(&w.buf)
			q.recycle()
		} else if c.finishFlush() {
			return
		}
	}
}

// writeBlocking writes p within Options.WriteTimeout and removes the deadline
// afterwards: a deadline in the past would fail every later write that does not
// block.
func (c *client) writeBlocking(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	_ = c.transport.SetWriteDeadline(time.Now().Add(c.hub.opts.WriteTimeout))
	_, err := c.transport.Write(p)
	_ = c.transport.SetWriteDeadline(time.Time{})
	return err
}
