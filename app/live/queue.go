package live

import "sync"

// A queue holds the frames that wait for one client. The bytes are shared by
// all clients; only the list is the client's own.
type queue struct {
	frames [][]byte
	bytes  int
}

var queues = sync.Pool{New: func() any { return new(queue) }}

func (q *queue) add(frame []byte) {
	q.frames = append(q.frames, frame)
	q.bytes += len(frame)
}

// full reports whether frame no longer fits. A queue that is not there yet
// takes a frame of any size.
func (q *queue) full(frame []byte, opts *Options) bool {
	return len(q.frames) >= opts.MaxMessages || q.bytes+len(frame) > opts.MaxBytes
}

// merge returns all frames in one piece: in buf, grown if need be, or the
// shared bytes themselves when there is but one.
func (q *queue) merge(buf *[]byte) []byte {
	if len(q.frames) == 1 {
		return q.frames[0]
	}
	all := (*buf)[:0]
	for _, frame := range q.frames {
		all = append(all, frame...)
	}
	*buf = all
	return all
}

// release gives the emptied queue back for another client.
func (q *queue) release() {
	clear(q.frames)
	q.frames, q.bytes = q.frames[:0], 0
	queues.Put(q)
}

// A chain is a list of clients, linked through the clients themselves, so that
// waking a thousand costs no memory. A busy client is in one chain at most.
type chain struct{ first, last *client }

func (l *chain) add(c *client) { l.join(chain{c, c}) }

func (l *chain) join(more chain) {
	if l.first == nil {
		*l = more
	} else if more.first != nil {
		l.last.next = more.first
		l.last = more.last
	}
}

func (l *chain) pop() *client {
	c := l.first
	if c == nil {
		return nil
	}
	l.first, c.next = c.next, nil
	if l.first == nil {
		l.last = nil
	}
	return c
}
