package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// A memory keeps what queries have read from a SQLite database until somebody commits.
// Whether somebody has, in this process or in another, is asked of the database each time:
// PRAGMA data_version costs a small part of a query. A memory is safe for concurrent use.
type memory struct {
	db   *sql.DB
	conn *sql.Conn // the revision is a number of this connection alone
	stmt *sql.Stmt

	mu       sync.Mutex  // guards the fields below
	known    map[any]any // what was read at the revision, by key
	revision int64       // 0: unknown
}

// mostKnown bounds the number of results that a memory keeps. The largest are the buckets of
// a board, about 20 kB.
const mostKnown = 256

// newMemory returns a memory of a database, which has a connection of its own.
func newMemory(ctx context.Context, dsn string) (*memory, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	m := &memory{db: db, known: map[any]any{}}
	if m.conn, err = db.Conn(ctx); err == nil {
		m.stmt, err = m.conn.PrepareContext(ctx, `PRAGMA data_version`)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return m, nil
}

// revisionLocked forgets what is known if somebody has committed since, and returns the
// revision, or 0 if it cannot be read. The caller must hold mu.
func (m *memory) revisionLocked() int64 {
	var revision int64
	// The context of a request would make the driver watch that context beside the query.
	if err := m.stmt.QueryRowContext(context.Background()).Scan(&revision); err != nil {
		revision = 0
	}
	if revision != m.revision || revision == 0 {
		clear(m.known)
		m.revision = revision
	}
	return revision
}

// get returns what is known under a key, or else the present revision.
func (m *memory) get(key any) (v any, revision int64, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	revision = m.revisionLocked()
	v, ok = m.known[key]
	return v, revision, ok
}

// put keeps what was read after get has returned the revision. If somebody has committed
// since, the next get forgets v.
func (m *memory) put(revision int64, key, v any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if revision == 0 || revision != m.revision {
		return
	}
	if len(m.known) >= mostKnown {
		clear(m.known)
	}
	m.known[key] = v
}

func (m *memory) close() error {
	return errors.Join(m.stmt.Close(), m.conn.Close(), m.db.Close())
}

// recall returns what load has read under the key since the last commit, or shares a query
// as share does. With a database of which nobody can say cheaply whether somebody has
// committed, recall is share.
func recall[V any](ctx context.Context, d *database, key any, load func(context.Context) (V, error)) (V, error) {
	m := d.memory
	if m == nil {
		return share(ctx, d.sharing, key, load)
	}
	if known, _, ok := m.get(key); ok {
		return known.(V), d.proof.compare(m, key, func() (any, error) { return load(ctx) })
	}
	return share(ctx, d.sharing, key, func(ctx context.Context) (V, error) {
		known, revision, ok := m.get(key)
		if ok {
			return known.(V), nil
		}
		v, err := load(ctx)
		if err == nil {
			m.put(revision, key, v)
		}
		return v, err
	})
}

// forget forgets what is known under a key.
func (m *memory) forget(key any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, key)
}
