package store

import (
	"context"
	"sync"
	"time"
)

// A memory keeps what queries have read until somebody commits. Whether somebody has, in this
// process or in another, is asked of a revision source: once for each glance. A memory is
// safe for concurrent use.
type memory struct {
	source revisionSource
	life   time.Duration // how long a result is kept at most; 0: without a bound

	mu      sync.Mutex        // guards the fields below
	known   map[any]knownRead // what was read at the revision, by key
	present revision          // zero: unknown
}

type knownRead struct {
	value any
	at    time.Time // when the query began
}

// A revision is a state of the database: two equal revisions, neither of them zero, are the
// same state.
type revision struct {
	shared  string // changes with the commits of all processes
	commits int64  // counts the commits of this process
}

// A revisionSource tells the present revision of a database. All methods are safe for
// concurrent use.
type revisionSource interface {
	// revision returns the present revision, or zero if it cannot be told.
	revision(ctx context.Context) revision

	// committed must be called after each commit, before anybody is told of it.
	committed(ctx context.Context)

	close() error
}

// mostKnown bounds the number of results that a memory keeps. The largest are the buckets of
// a board, about 20 kB.
const mostKnown = 1000

func newMemory(source revisionSource, life time.Duration) *memory {
	return &memory{source: source, life: life, known: map[any]knownRead{}}
}

// get returns what is known under a key, or else the present revision.
func (m *memory) get(ctx context.Context, key any) (v any, at revision, ok bool) {
	g := glanceOf(ctx)
	at, seen := g.revision()
	m.mu.Lock()
	if seen = seen && at == m.present; !seen {
		m.mu.Unlock()
		began := time.Now()
		at = m.source.revision(ctx)
		g.see(at, began)
		m.mu.Lock()
	}
	defer m.mu.Unlock()
	if at != m.present || at == (revision{}) {
		clear(m.known)
		m.present = at
	}
	read, ok := m.known[key]
	if ok && m.life > 0 && time.Since(read.at) > m.life {
		return nil, at, false
	}
	return read.value, at, ok
}

// put keeps what a query has read that began after get had returned the revision. If somebody
// has committed since, the next get forgets v.
func (m *memory) put(at revision, key, v any, began time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at == (revision{}) || at != m.present {
		return
	}
	if len(m.known) >= mostKnown {
		for oldest := range m.known { // any
			delete(m.known, oldest)
			break
		}
	}
	m.known[key] = knownRead{v, began}
}

// passed reports whether somebody has committed since a revision. Beside a stamp, which is
// renewed after the commit, passed waits as long as that may take.
func (m *memory) passed(ctx context.Context, at revision) bool {
	const every = 10 * time.Millisecond
	for waited := time.Duration(0); ; waited += every {
		if m.source.revision(ctx) != at {
			return true
		}
		if waited >= m.life {
			return false
		}
		time.Sleep(every)
	}
}

// forget forgets what is known under a key.
func (m *memory) forget(key any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, key)
}

// recall returns what load has read under the key since the last commit, or shares a query
// as share does. With a database of which nobody can say cheaply whether somebody has
// committed, recall is share.
func recall[V any](ctx context.Context, d *database, key any, load func(context.Context) (V, error)) (V, error) {
	m := d.memory
	if m == nil {
		return share(ctx, d.sharing, key, load)
	}
	if known, _, ok := m.get(ctx, key); ok {
		return known.(V), d.proof.compare(ctx, m, key, func(ctx context.Context) (any, error) { return load(ctx) })
	}
	return share(ctx, d.sharing, key, func(ctx context.Context) (V, error) {
		known, at, ok := m.get(ctx, key)
		if ok {
			return known.(V), nil
		}
		began := time.Now()
		v, err := load(ctx)
		if err == nil {
			m.put(at, key, v, began)
		}
		return v, err
	})
}
