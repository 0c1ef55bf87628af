package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A dialect holds the differences between the databases.
type dialect struct {
	name           string // folder of the migrations
	goose          goose.Dialect
	prepare        bool              // whether prepared statements are faster
	now            string            // SQL expression of the database's clock, in microseconds of UTC
	connectTimeout time.Duration     // limit of the wait for a connection; 0: no limit but the caller's context
	reconnectLimit time.Duration     // of retries after the first loss of the connection
	lockTimeout    time.Duration     // of retries after a deadlock, a lock timeout or errStale
	duplicate      func(error) bool  // reports whether a unique index refused the row
	retryable      func(error) bool  // reports whether the database rolled the transaction back, so that a retry may succeed
	broken         func(error) bool  // reports whether the connection broke or could not be made
	readOnly       func(error) bool  // reports whether the database behind the connection is read-only now
	full           func(error) bool  // reports whether the disk of the database is full
	explain        func(error) error // adds a hint for the operator to an error

	version string // SQL expression of the version of the database
	size    string // query of the bytes of all tables, and of those for searches

	grams gramIndex // of searches
	scrub func(context.Context, *database) error

	alreadyApplied func(error) bool // reports whether a migration failed because the column or index exists
}

var sqliteDialect = dialect{
	name:        "sqlite",
	goose:       goose.DialectSQLite3,
	prepare:     true,
	lockTimeout: lockTimeout,
	now:         `CAST(unixepoch('subsec') * 1000000 AS INTEGER)`,
	duplicate: func(err error) bool {
		code := sqliteCode(err)
		return code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	},
	retryable: never, // there is one writer, and busy_timeout waits for other processes
	broken:    never,
	readOnly:  never,
	full: func(err error) bool {
		switch sqliteCode(err) {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_FSYNC:
			return true
		}
		return false
	},
	version:        `sqlite_version()`,
	size:           `SELECT page_count * page_size AS all_bytes, 0 AS search_bytes FROM pragma_page_count(), pragma_page_size()`,
	grams:          ftsIndex{},
	scrub:          scrubSQLite,
	alreadyApplied: never, // a failed migration is rolled back as a whole
	explain: func(err error) error {
		switch sqliteCode(err) & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return fmt.Errorf("the database file is in use by another process: %w", err)
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
			return fmt.Errorf("the database file or its folder cannot be written: %w", err)
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return fmt.Errorf("the database file is damaged or is no SQLite database: %w", err)
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
			return fmt.Errorf("the disk of the database is full or failing: %w", err)
		}
		return err
	},
}

func never(error) bool { return false }

func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

// busyTimeout is the longest wait for another process, such as a command that
// runs beside the server.
const busyTimeout = 5 * time.Second

// openSQLite opens one connection for writing and several for reading; with
// WAL, readers never wait for the writer. A transaction takes the write lock at
// BEGIN: a transaction that first reads and then writes could otherwise fail
// with SQLITE_BUSY half-way.
func openSQLite(ctx context.Context, path string) (*Store, error) {
	if err := makeFolder(path); err != nil {
		return nil, err
	}
	dsn := func(pragmas ...string) string {
		q := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{
			fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
			"journal_mode(wal)", "synchronous(full)", "cache_size(-16384)", "mmap_size(268435456)", "temp_store(memory)",
			"secure_delete(on)", // what people delete is overwritten, and does not stay in the file
		}, pragmas...)}
		return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
	}
	// Make the file first: SQLite would make a file that all users of the
	// machine can read.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the database file or its folder cannot be written: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	writer, err := sqlx.Open("sqlite", dsn())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	writer.SetMaxOpenConns(1)
	if err := writer.PingContext(ctx); err != nil {
		return nil, errors.Join(sqliteDialect.explain(err), writer.Close())
	}
	reader, err := sqlx.Open("sqlite", dsn("query_only(true)"))
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	readers := max(4, 2*runtime.NumCPU())
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	version, err := newDataVersion(ctx, dsn("query_only(true)"))
	if err != nil {
		return nil, errors.Join(err, reader.Close(), writer.Close())
	}
	return newStore(&database{dialect: sqliteDialect, writer: writer, reader: reader, memory: newMemory(version), others: version}), nil
}

func makeFolder(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("the database folder cannot be made: %w", err)
	}
	return nil
}
