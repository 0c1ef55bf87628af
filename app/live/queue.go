package live

import "sync"

// A queue holds the frames that wait for one client. All clients share the bytes
// of a frame; only the list of frames belongs to the client.
type queue struct {
	frames [][]byte
	bytes  int
}

var queuePool = sync.Pool{New: func() any { return new(queue) }}

func (q *queue) add(frame []byte) {
	q.frames = append(q.frames, frame)
	q.bytes += len(frame)
}

// full reports whether frame would exceed the limits of opts.
func (q *queue) full(frame []byte, opts *Options) bool {
	return len(q.frames) >= opts.MaxMessages || q.bytes+len(frame) > opts.MaxBytes
}

// merge returns the bytes of all frames: in buf, grown if needed, or without a
// copy if the queue holds a single frame. The result must not be changed and is
// valid until buf is used again.
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

// recycle empties the queue and returns it to the pool. The caller must not use
// the queue afterwards.
func (q *queue) recycle() {
	clear(q.frames)
	q.frames, q.bytes = q.frames[:0], 0
	queuePool.Put(q)
}

// A clientList is a list linked through the clients themselves, so that
// scheduling a thousand clients allocates nothing. A client is in at most one
// list: client.scheduled says so.
type clientList struct{ first, last *client }

func (l *clientList) append(more clientList) {
	if l.first == nil {
		*l = more
	} else if more.first != nil {
		l.last.next = more.first
		l.last = more.last
	}
}

// pop removes and returns the first client, or nil if the list is empty.
func (l *clientList) pop() *client {
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
