package media

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Nobody is the person of work that no one waits for: such pictures have their turn
// when no picture of a person waits.
const Nobody int64 = 0

// Bounds of the pictures that wait for a turn, overall and of one person. A form sends
// its pictures one after the other: a person with several that wait has as many forms
// open.
const (
	mostWaiting         = 40
	mostWaitingOfPerson = 4
)

// maxWait bounds the wait for a turn. With maxWork it stays below what a proxy lets a
// request stand still.
const maxWait = 20 * time.Second

// turns share the memory of the decoder between people. Free memory goes to the person
// with the fewest pictures at work, and among these to the one whose last picture
// ended first: a person has a second picture at work only while nobody else waits.
// A picture that needs more memory than is free is not overtaken.
type turns struct {
	maxWait time.Duration
	memory  int64 // bytes for all pictures at work together
	mu      sync.Mutex
	free    int64   // bytes
	waiting int     // pictures of people
	lines   []*line // of all who have pictures here; who was served last comes last
}

func newTurns(memory int64) *turns { return &turns{maxWait: maxWait, memory: memory, free: memory} }

// A line is the pictures of a person, in order of arrival.
type line struct {
	person  int64
	working int
	waiting []*turn
}

// A turn is that of a picture.
type turn struct {
	line   *line
	memory int64
	begun  chan struct{} // closed when the picture has its memory
}

// take waits for memory, in bytes, for a picture of a person. The caller calls done after
// the work. The error is ErrBusy if too many pictures wait or the wait is too long, or that
// of ctx.
func (t *turns) take(ctx context.Context, person, memory int64) (done func(), err error) {
	own, err := t.join(person, t.share(memory))
	if err != nil {
		return nil, err
	}
	var late <-chan time.Time // never, for nobody
	if person != Nobody {
		late = time.After(t.maxWait)
	}
	select {
	case <-own.begun:
		return func() { t.leave(own) }, nil
	case <-late:
		err = ErrBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	t.leave(own)
	return nil, err
}

// share returns how much memory counts as taken by a picture: so much that at most
// mostAtWork pictures are at work, and all of it for a picture that needs more, and so is
// alone.
func (t *turns) share(memory int64) int64 { return min(max(memory, t.memory/mostAtWork), t.memory) }

// join adds a picture to the line of a person.
func (t *turns) join(person, memory int64) (*turn, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.line(person)
	if person != Nobody && (t.waiting >= mostWaiting || len(l.waiting) >= mostWaitingOfPerson) {
		t.tidy(l)
		return nil, ErrBusy
	}
	own := &turn{l, memory, make(chan struct{})}
	l.waiting = append(l.waiting, own)
	t.count(l, 1)
	t.begin()
	return own, nil
}

// leave takes away a picture, whether it waits or is at work.
func (t *turns) leave(own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := own.line
	if i := slices.Index(l.waiting, own); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		t.count(l, -1)
	} else {
		l.working--
		t.free += own.memory
		t.lines = append(slices.DeleteFunc(t.lines, func(other *line) bool { return other == l }), l)
	}
	t.tidy(l)
	t.begin()
}

// begin gives free memory to the pictures whose turn comes.
func (t *turns) begin() {
	for l := t.next(); l != nil && l.waiting[0].memory <= t.free; l = t.next() {
		own := l.waiting[0]
		l.waiting = l.waiting[1:]
		t.count(l, -1)
		l.working++
		t.free -= own.memory
		close(own.begun)
	}
}

// next returns the line whose turn comes, or nil if no picture waits.
func (t *turns) next() (first *line) {
	for _, l := range t.lines {
		if len(l.waiting) > 0 && (first == nil || l.before(first)) {
			first = l
		}
	}
	return first
}

// before reports whether l goes before a line that was served longer ago.
func (l *line) before(other *line) bool {
	if l.person == Nobody || other.person == Nobody {
		return other.person == Nobody
	}
	return l.working < other.working
}

// line returns the line of a person, a new one if there is none.
func (t *turns) line(person int64) *line {
	if i := slices.IndexFunc(t.lines, func(l *line) bool { return l.person == person }); i >= 0 {
		return t.lines[i]
	}
	l := &line{person: person}
	t.lines = append(t.lines, l)
	return l
}

// tidy forgets a line without pictures.
func (t *turns) tidy(l *line) {
	if l.working == 0 && len(l.waiting) == 0 {
		t.lines = slices.DeleteFunc(t.lines, func(other *line) bool { return other == l })
	}
}

// count counts a picture that has begun to wait in a line, or has ended.
func (t *turns) count(l *line, change int) {
	if l.person != Nobody {
		t.waiting += change
	}
}
