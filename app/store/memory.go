package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A memory keeps what queries have read until somebody commits in a region from which they
// have read. Whether somebody has, in this process or in another, is asked of a revision
// source: once for each glance. A memory is safe for concurrent use.
type memory struct {
	source  revisionSource
	life    time.Duration // how long a result is kept at most
	commits [regions]atomic.Int64

	mu      sync.Mutex        // guards the fields below
	known   map[any]knownRead // by key
	present revision          // the latest that was asked for
}

type knownRead struct {
	value any
	of    revision  // of the regions from which the query has read
	at    time.Time // when the query began
}

// A revision is a state of the database, region by region: of two equal revisions the rows are
// the same, unless they are zero.
type revision [regions]commits

// Commits tell how often somebody has committed in a region.
type commits struct {
	shared int64 // changes with the commits of other processes, and perhaps with those of this one; not 0
	own    int64 // counts those of this process
}

// in returns the revision of some regions alone.
func (r revision) in(some region) revision {
	for i := range r {
		if some&(1<<i) == 0 {
			r[i] = commits{}
		}
	}
	return r
}

// A revisionSource tells what other processes have committed. All methods are safe for
// concurrent use.
type revisionSource interface {
	// shared returns a number for each region, which is not 0 and changes when another process
	// commits there. shared returns false if that cannot be told.
	shared(ctx context.Context) ([regions]int64, bool)

	// committed must be called after each commit, before anybody is told of it.
	committed(ctx context.Context, in region)

	close() error
}

// mostKnown bounds the number of results that a memory keeps. The largest are the buckets of
// a board, about 20 kB.
const mostKnown = 1000

func newMemory(source revisionSource) *memory {
	return &memory{source: source, life: stampLife, known: map[any]knownRead{}}
}

// revision returns the present revision, or zero if it cannot be told.
func (m *memory) revision(ctx context.Context) (r revision) {
	for i := range r {
		r[i].own = m.commits[i].Load() // before what is shared: a commit in between is noticed
	}
	shared, ok := m.source.shared(ctx)
	if !ok {
		return revision{}
	}
	for i := range r {
		r[i].shared = shared[i]
	}
	return r
}

// committed must be called after each commit of this process.
func (m *memory) committed(ctx context.Context, in region) {
	for i := range m.commits {
		if in&(1<<i) != 0 {
			m.commits[i].Add(1)
		}
	}
	m.source.committed(ctx, in)
}

// get returns what is known under a key of a query that reads from the given regions, or else
// the present revision of these regions.
func (m *memory) get(ctx context.Context, key any, from region) (v any, at revision, ok bool) {
	g := glanceOf(ctx)
	seen, glancing := g.revision()
	if glancing {
		at = seen.in(from)
		m.mu.Lock()
		if v, ok = m.findLocked(key, at); ok || at == m.present.in(from) {
			m.mu.Unlock()
			return v, at, ok
		}
		m.mu.Unlock()
	}
	began := time.Now()
	present := m.revision(ctx)
	g.see(present, began)
	at = present.in(from)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.present = present
	v, ok = m.findLocked(key, at)
	return v, at, ok
}

// findLocked returns what was read under a key at a revision. The caller must hold mu.
func (m *memory) findLocked(key any, at revision) (any, bool) {
	read, ok := m.known[key]
	if !ok || read.of != at || at == (revision{}) || time.Since(read.at) > m.life {
		return nil, false
	}
	return read.value, true
}

// put keeps what a query has read that began after get had returned the revision. If somebody
// has committed since, nobody finds v.
func (m *memory) put(at revision, key, v any, began time.Time) {
	if at == (revision{}) {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, again := m.known[key]; !again && len(m.known) >= mostKnown {
		for oldest := range m.known { // any
			delete(m.known, oldest)
			break
		}
	}
	m.known[key] = knownRead{v, at, began}
}

// passed reports whether somebody has committed in a region since a revision. Beside a stamp,
// which is renewed after the commit, passed waits as long as that may take.
func (m *memory) passed(ctx context.Context, at revision, in region) bool {
	const every = 10 * time.Millisecond
	for waited := time.Duration(0); ; waited += every {
		if m.revision(ctx).in(in) != at {
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

// A readAt is the key of a query at a revision. A query that has begun at the revision which a
// caller has seen is as good as one that begins now.
type readAt struct {
	key any
	at  revision
}

// recall returns what load has read from some regions under the key since the last commit
// there, or shares a query. With a database of which nobody can say cheaply whether somebody
// has committed, recall is share.
func recall[V any](ctx context.Context, d *database, from region, key any, load func(context.Context) (V, error)) (V, error) {
	m := d.memory
	if m == nil {
		return share(ctx, d.sharing, key, load)
	}
	known, at, ok := m.get(ctx, key, from)
	if ok {
		return known.(V), d.proof.compare(ctx, m, from, key, func(ctx context.Context) (any, error) { return load(ctx) })
	}
	if at == (revision{}) {
		return share(ctx, d.sharing, key, load)
	}
	return shareRunning(ctx, d.sharing, readAt{key, at}, func(ctx context.Context) (V, error) {
		began := time.Now()
		v, err := load(ctx)
		if err == nil {
			m.put(at, key, v, began)
		}
		return v, err
	})
}
