package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// A dataVersion tells of the commits of other processes to a SQLite database: PRAGMA
// data_version costs a small part of a query, and changes with each commit. The commits of this
// process are followed by a look of their own, so that they do not count as those of others,
// unless the connection that writes has seen commits of others, too.
type dataVersion struct {
	db   *sql.DB
	conn *sql.Conn // the number is one of this connection alone

	mu      sync.Mutex // guards the fields below
	stmt    *sql.Stmt
	version int64
	others  int64 // counts the changes of version that were not of this process

	writer int64 // the number of the connection that writes; who calls before and after holds it
}

// newDataVersion returns the dataVersion of a database, which has a connection of its own.
func newDataVersion(ctx context.Context, dsn string) (*dataVersion, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	d := &dataVersion{db: db}
	if d.conn, err = db.Conn(ctx); err == nil {
		d.stmt, err = d.conn.PrepareContext(ctx, dataVersionQuery)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return d, nil
}

const dataVersionQuery = `PRAGMA data_version`

// shared implements revisionSource: nobody knows where others have written.
func (d *dataVersion) shared(context.Context) (all [regions]int64, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen := d.version
	if ok = d.lookLocked(); ok && d.version != seen {
		d.others++
	}
	for i := range all {
		all[i] = d.others + 1
	}
	return all, ok
}

// lookLocked reads the version. The caller must hold mu.
func (d *dataVersion) lookLocked() bool {
	// The context of a request would make the driver watch that context beside the query.
	return d.stmt.QueryRowContext(context.Background()).Scan(&d.version) == nil
}

// before must be called in each transaction of this process: what others have committed before
// it would otherwise seem to be of this process.
func (d *dataVersion) before(ctx context.Context, tx *transaction) error {
	seen := d.writer
	if err := tx.GetContext(ctx, &d.writer, dataVersionQuery); err != nil || d.writer == seen {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.others++
	return nil
}

// after must be called after each commit of this process, with the connection of before. Commits
// of others before the look of after show in the number of that connection, and later commits
// show in the next look.
func (d *dataVersion) after(ctx context.Context, conn *sqlx.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var writer int64
	looked := d.lookLocked()
	if err := conn.GetContext(context.WithoutCancel(ctx), &writer, dataVersionQuery); err != nil || !looked || writer != d.writer {
		d.others++
		d.writer = writer
	}
}

// committed implements revisionSource: after has more to go by.
func (d *dataVersion) committed(context.Context, region) {}

// OtherCommits returns a number that changes when another process, such as a command, has
// committed to an embedded database. The number stays 0 with MySQL, where commands tell servers
// by Redis.
func (d *database) OtherCommits(ctx context.Context) int64 {
	if d.others == nil {
		return 0
	}
	all, _ := d.others.shared(ctx)
	return all[0]
}

// close waits for a look: SQLite would go on in the memory of a statement that is closed.
func (d *dataVersion) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return errors.Join(d.stmt.Close(), d.conn.Close(), d.db.Close())
}

// A Stamp is a number for each region that all processes share which change a database. All
// methods are safe for concurrent use.
type Stamp interface {
	// Read returns the present numbers, which are not 0.
	Read(ctx context.Context) ([Regions]int64, error)
	// Renew replaces the numbers of some regions, by their places, by numbers that were never
	// used.
	Renew(ctx context.Context, places []int) error
}

// Regions is how many numbers a Stamp has.
const Regions = regions

// stampLife is how long answers are kept at most: a process that cannot renew the stamp, and who
// changes rows by hand, is noticed after that time.
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
		d.memory = newMemory(stampedRevision{m, d.sharing})
	}
}

// A stampedRevision tells of the commits of other processes by a stamp.
type stampedRevision struct {
	stamp   Stamp
	sharing *sharing
}

type (
	readStamp  struct{}            // key of Read in sharing
	renewStamp struct{ in region } // key of Renew in sharing
)

// shared implements revisionSource.
func (m stampedRevision) shared(ctx context.Context) ([regions]int64, bool) {
	ctx, cancel := context.WithTimeout(ctx, stampPatience)
	defer cancel()
	all, err := share(ctx, m.sharing, readStamp{}, m.stamp.Read)
	return all, err == nil
}

// committed implements revisionSource. The commit stands although the stamp may not be
// renewed: others then see the change after stampLife.
func (m stampedRevision) committed(ctx context.Context, in region) {
	var places []int
	for i := range regions {
		if in&(1<<i) != 0 {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewPatience)
	defer cancel()
	_, _ = share(ctx, m.sharing, renewStamp{in}, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, m.stamp.Renew(ctx, places)
	})
}

func (stampedRevision) close() error { return nil }
