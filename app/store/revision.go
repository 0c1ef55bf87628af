package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// A dataVersion tells the revision of a SQLite database, which knows of the commits of all
// processes: PRAGMA data_version costs a small part of a query.
type dataVersion struct {
	db   *sql.DB
	conn *sql.Conn // the number is one of this connection alone

	mu   sync.Mutex // guards stmt
	stmt *sql.Stmt
}

// newDataVersion returns the dataVersion of a database, which has a connection of its own.
func newDataVersion(ctx context.Context, dsn string) (*dataVersion, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	d := &dataVersion{db: db}
	if d.conn, err = db.Conn(ctx); err == nil {
		d.stmt, err = d.conn.PrepareContext(ctx, `PRAGMA data_version`)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return d, nil
}

// revision implements revisionSource.
func (d *dataVersion) revision(context.Context) (r revision) {
	d.mu.Lock()
	defer d.mu.Unlock()
	// The context of a request would make the driver watch that context beside the query.
	if err := d.stmt.QueryRowContext(context.Background()).Scan(&r.commits); err != nil {
		return revision{}
	}
	return r
}

// committed implements revisionSource.
func (*dataVersion) committed(context.Context) {}

func (d *dataVersion) close() error {
	return errors.Join(d.stmt.Close(), d.conn.Close(), d.db.Close())
}

// A Stamp is a text that all processes share which change a database. All methods are safe
// for concurrent use.
type Stamp interface {
	// Read returns the present stamp, which is not empty.
	Read(ctx context.Context) (string, error)
	// Renew replaces the stamp by one that was never used.
	Renew(ctx context.Context) error
}

// stampLife is how long answers are kept beside a stamp: a process that cannot renew the stamp,
// and who changes rows by hand, is noticed after that time.
const stampLife = time.Second

// stampPatience is how long a page waits for the stamp, and renewPatience how long a commit
// waits until the stamp is renewed.
const (
	stampPatience = 100 * time.Millisecond
	renewPatience = time.Second
)

// ShareStamp lets answers of the database be kept until the stamp changes: each commit renews
// the stamp, and each page asks for it. Without a stamp, or with SQLite, which tells by itself,
// ShareStamp does nothing. ShareStamp must precede the first query.
func (d *database) ShareStamp(m Stamp) {
	if m != nil && d.memory == nil {
		d.memory = newMemory(&stampedRevision{stamp: m, sharing: d.sharing}, stampLife)
	}
}

// A stampedRevision tells the revision of a database by its stamp, and by the commits of this
// process, which count although the stamp may not be renewed.
type stampedRevision struct {
	stamp   Stamp
	sharing *sharing
	commits atomic.Int64
}

type (
	readStamp  struct{} // key of Read in sharing
	renewStamp struct{} // key of Renew in sharing
)

// revision implements revisionSource.
func (m *stampedRevision) revision(ctx context.Context) revision {
	ctx, cancel := context.WithTimeout(ctx, stampPatience)
	defer cancel()
	commits := m.commits.Load()
	stamp, err := share(ctx, m.sharing, readStamp{}, m.stamp.Read)
	if err != nil || stamp == "" {
		return revision{}
	}
	return revision{stamp, commits + 1}
}

// committed implements revisionSource. The commit stands although the stamp may not be
// renewed: others then see the change after stampLife.
func (m *stampedRevision) committed(ctx context.Context) {
	m.commits.Add(1)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewPatience)
	defer cancel()
	_, _ = share(ctx, m.sharing, renewStamp{}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, m.stamp.Renew(ctx)
	})
}

func (*stampedRevision) close() error { return nil }
