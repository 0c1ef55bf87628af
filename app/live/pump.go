package live

import (
	"bytes"
	"runtime"
	"sync"
	"time"
)

// breath is after how many clients a writer lets other goroutines run: writes
// that do not block never give way by themselves, and a page must not wait for
// a thousand of them.
const breath = 16

// A pump writes what waits for the clients: with a goroutine for every second
// processor, so that pages keep the others, and none while nothing waits. While
// they go round, more gathers in the queues and leaves in one write.
type pump struct {
	limit int // goroutines at most

	mu      sync.Mutex // guards what follows
	ready   chain
	writers int
}

// add has the clients of a chain written to.
func (p *pump) add(clients chain) {
	if clients.first == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready.join(clients)
	p.grow()
}

// grow starts a writer if there is work and room for one; it needs p.mu.
func (p *pump) grow() {
	if p.ready.first != nil && p.writers < p.limit {
		p.writers++
		go p.run()
	}
}

// run is one writer.
func (p *pump) run() {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	for n := 1; ; n++ {
		c := p.next()
		if c == nil {
			return
		}
		p.serve(c, w)
		if n%breath == 0 {
			runtime.Gosched()
		}
	}
}

// next returns a client for a writer, which ends when there is none.
func (p *pump) next() *client {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.ready.pop()
	if c == nil {
		p.writers--
		return nil
	}
	p.grow()
	return c
}

// serve writes what waits for c as far as that does not block; the rest is
// left to a goroutine of its own.
func (p *pump) serve(c *client, w *writer) {
	if c.raw == nil {
		go c.drain(nil)
		return
	}
	if q := c.take(); q != nil {
		piece := q.merge(&w.buf)
		n, err := w.try(c.raw, piece)
		q.release()
		if err != nil {
			c.gone()
			return
		}
		if n < len(piece) {
			go c.drain(bytes.Clone(piece[n:]))
			return
		}
	}
	if !c.rest() {
		p.add(chain{c, c})
	}
}

// drain writes piece and then all that waits for c, blocking up to the write
// timeout each time.
func (c *client) drain(piece []byte) {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	for {
		if err := c.write(piece); err != nil {
			c.fail(err)
			return
		}
		q := c.take()
		if q == nil {
			if c.rest() {
				return
			}
			continue
		}
		piece = q.merge(&w.buf)
		q.release()
	}
}

// write writes piece and leaves no deadline behind: one that has passed would
// fail every later write that does not block.
func (c *client) write(piece []byte) error {
	if len(piece) == 0 {
		return nil
	}
	_ = c.stream.SetWriteDeadline(time.Now().Add(c.hub.opts.WriteTimeout))
	_, err := c.stream.Write(piece)
	_ = c.stream.SetWriteDeadline(time.Time{})
	return err
}
