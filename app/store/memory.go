package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
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

	every    int64 // of so many answers one is compared; 0: none
	differs  func(key string)
	answers  atomic.Int64
	compared atomic.Int64
}

// mostKnown bounds the number of results that a memory keeps. The largest are lists of
// some twenty posts, about 20 kB.
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
	if revision != 0 && revision == m.revision && len(m.known) < mostKnown {
		m.known[key] = v
	}
}

func (m *memory) close() error {
	return errors.Join(m.stmt.Close(), m.conn.Close(), m.db.Close())
}

// recall returns what load has read under the key since the last commit, or calls load.
// The key must hold all that load depends on, and its type must belong to this load alone.
// Callers must not change what recall returns.
func recall[V any](d *database, key any, load func() (V, error)) (V, error) {
	m := d.memory
	if m == nil {
		return load()
	}
	known, revision, ok := m.get(key)
	if ok {
		v := known.(V)
		return v, m.prove(key, func() (any, error) { return load() })
	}
	v, err := load()
	if err == nil {
		m.put(revision, key, v)
	}
	return v, err
}

// Prove compares one of every so many answers from memory with the database, and calls
// differs with the key of an answer that is not the same. With every = 1, as in tests, such
// an answer is an error. Prove must precede the first query.
func (d *database) Prove(every int, differs func(key string)) {
	if d.memory != nil {
		d.memory.every, d.memory.differs = int64(every), differs
	}
}

// Compared returns the number of answers from memory that were compared.
func (d *database) Compared() int64 {
	if d.memory == nil {
		return 0
	}
	return d.memory.compared.Load()
}

// prove compares an answer if its turn has come.
func (m *memory) prove(key any, load func() (any, error)) error {
	if m.every == 0 || m.answers.Add(1)%m.every != 0 {
		return nil
	}
	v, before, ok := m.get(key)
	if !ok {
		return nil
	}
	read, err := load()
	if err != nil {
		return err
	}
	m.compared.Add(1)
	if reflect.DeepEqual(v, read) {
		return nil
	}
	if _, after, known := m.get(key); after != before || !known {
		return nil // somebody has committed meanwhile
	}
	m.mu.Lock()
	delete(m.known, key)
	m.mu.Unlock()
	m.differs(fmt.Sprintf("%T", key))
	if m.every > 1 {
		return nil
	}
	return fmt.Errorf("%T from memory differs from the database", key)
}
