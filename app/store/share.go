package store

import (
	"context"
	"sync"
	"time"
)

// A sharing lets callers that ask the same share a query. Each caller gets the result of a
// query that began after the call, never of one that was under way by then: whatever was
// committed before the call is in the result. However many ask, a query for the same runs
// one after the other. A sharing is safe for concurrent use.
type sharing struct {
	mu      sync.Mutex
	running map[any]*flight // queries under way, by key
	next    map[any]*flight // queries that begin when those end
}

// A flight is a query for all that ask before it begins.
type flight struct {
	load  func() (any, error)
	began time.Time
	done  chan struct{} // closed when the fields below are set
	value any
	err   error
}

// sharePatience is how long callers wait for the end of a query before theirs begins.
const sharePatience = 100 * time.Millisecond

func newSharing() *sharing {
	return &sharing{running: map[any]*flight{}, next: map[any]*flight{}}
}

// share returns what load reads. The key must hold all that load depends on, and its type
// must belong to this load alone. The context of load does not end with ctx, and callers
// must not change what share returns.
func share[V any](ctx context.Context, s *sharing, key any, load func(context.Context) (V, error)) (v V, err error) {
	if err := ctx.Err(); err != nil {
		return v, err
	}
	return wait[V](ctx, s.join(key, func() (any, error) { return load(context.WithoutCancel(ctx)) }))
}

// wait returns the result of a query when the query has ended.
func wait[V any](ctx context.Context, f *flight) (v V, err error) {
	select {
	case <-f.done:
		v, _ = f.value.(V)
		return v, f.err
	case <-ctx.Done():
		return v, ctx.Err()
	}
}

// join returns the query for a key that has not begun yet.
func (s *sharing) join(key any, load func() (any, error)) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.next[key]
	if f == nil {
		f = &flight{load: load, done: make(chan struct{})}
		s.next[key] = f
	}
	if running := s.running[key]; running == nil || time.Since(running.began) > sharePatience {
		s.beginLocked(key)
	}
	return f
}

// beginLocked begins the query that waits, if there is one. The caller must hold mu.
func (s *sharing) beginLocked(key any) {
	f := s.next[key]
	if f == nil {
		delete(s.running, key)
		return
	}
	delete(s.next, key)
	f.began = time.Now()
	s.running[key] = f
	go s.run(key, f)
}

func (s *sharing) run(key any, f *flight) {
	f.value, f.err = f.load()
	close(f.done)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[key] == f {
		s.beginLocked(key)
	}
}

// shareRunning works like share, but also joins a query that is under way: the key must say
// that its result holds all that the caller must see.
func shareRunning[V any](ctx context.Context, s *sharing, key any, load func(context.Context) (V, error)) (v V, err error) {
	if err := ctx.Err(); err != nil {
		return v, err
	}
	s.mu.Lock()
	f := s.running[key]
	if f == nil {
		f = &flight{load: func() (any, error) { return load(context.WithoutCancel(ctx)) }, done: make(chan struct{})}
		s.next[key] = f
		s.beginLocked(key)
	}
	s.mu.Unlock()
	return wait[V](ctx, f)
}
