// Package store holds all SQL. The same queries run on SQLite, MySQL and
// MariaDB; dialect.go holds the differences. Times are stored as microseconds
// of UTC. Errors of the drivers are mapped to errors of package sns.
//
// Where a noun has two files, NOUN.go holds the changes and NOUN_list.go the
// queries.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jmoiron/sqlx"
	sqlite3 "modernc.org/sqlite/lib"

	"xxsns/app/sns"
)

// A Store is a connection to one database: the methods of all nouns together. All
// methods may be called concurrently. Every method takes a context and returns the
// context's error when the context ends. A lost connection is restored silently
// where a retry is safe; if the database stays away, methods return an error that
// matches sns.ErrUnavailable and has the cause.
type Store struct {
	*database
	userStore
	sessionStore
	networkStore
	followStore
	blockStore
	boardStore
	postStore
	commentStore
	roomStore
	messageStore
	settlementStore
	searchStore
	noticeStore
	pushStore
	exportStore
	erasureStore
	communityStore
	invitationStore
	applicationStore
	reportStore
	takedownStore
	mailStore
	overviewStore
	doctorStore
}

// The queries and changes of each noun.
type (
	userStore        struct{ *database }
	sessionStore     struct{ *database }
	networkStore     struct{ *database }
	followStore      struct{ *database }
	blockStore       struct{ *database }
	boardStore       struct{ *database }
	postStore        struct{ *database } // likes and timelines included
	commentStore     struct{ *database }
	roomStore        struct{ *database } // participants included
	messageStore     struct{ *database } // of the buffer table, too
	settlementStore  struct{ *database }
	searchStore      struct{ *database }
	noticeStore      struct{ *database } // mutes and settings of notices included
	pushStore        struct{ *database } // subscriptions, and the queue of what is to be sent
	erasureStore     struct{ *database }
	exportStore      struct{ *database } // and the lists that only exports read
	communityStore   struct{ *database }
	invitationStore  struct{ *database }
	applicationStore struct{ *database }
	reportStore      struct{ *database } // what reports have hidden included
	takedownStore    struct{ *database }
	mailStore        struct{ *database } // addresses, and the queue of mails
)

func newStore(d *database) *Store {
	d.sessions, d.sharing, d.tellAtOnce = NewRecent[string, signedIn](time.Now), newSharing(), tellAtOnce
	d.writes = newWrites()
	d.sessions.RenewBy(d.signedIn)
	return &Store{
		d, userStore{d}, sessionStore{d}, networkStore{d}, followStore{d}, blockStore{d}, boardStore{d}, postStore{d}, commentStore{d}, roomStore{d},
		messageStore{d}, settlementStore{d}, searchStore{d}, noticeStore{d}, pushStore{d}, exportStore{d}, erasureStore{d},
		communityStore{d}, invitationStore{d}, applicationStore{d}, reportStore{d}, takedownStore{d}, mailStore{d}, newOverviewStore(d), doctorStore{d},
	}
}

// A database runs queries and transactions, and maps the errors of the driver.
type database struct {
	dialect dialect
	writer  *sqlx.DB
	reader  *sqlx.DB                       // same as writer, except with SQLite
	stmts   sync.Map                       // query → *sqlx.Stmt of reader
	writes  *lru.Cache[string, *sqlx.Stmt] // statements of transactions
	memory  *memory                        // nil if nobody can say cheaply whether somebody has committed
	others  *dataVersion                   // of SQLite, or nil

	sharing *sharing
	posts   postMemory
	proof   proof

	sessions *Recent[string, signedIn] // of RecentSession

	tellInboxes func(context.Context, []sns.Inbox) // may be nil
	wakeRest    func()                             // may be nil
	tellAtOnce  int
}

// Open connects to the database of a URL and does not change the schema. The
// URL is "sqlite:PATH", whose file is made if missing, or
// "mysql://USER:PASSWORD@HOST:PORT/NAME", optionally with "?tls=true",
// "?tls=skip-verify" or "?tls=preferred".
func Open(ctx context.Context, url string) (*Store, error) {
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"))
	case strings.HasPrefix(url, "mysql://"):
		return openMySQL(ctx, url)
	}
	return nil, errors.New("database URL must start with sqlite: or mysql://")
}

// Close closes all connections.
func (d *database) Close() error {
	d.sessions.EndRenewal()
	d.stmts.Range(func(_, stmt any) bool { _ = stmt.(*sqlx.Stmt).Close(); return true })
	d.writes.Purge()
	if d.memory != nil {
		_ = d.memory.source.close()
	}
	if d.reader == d.writer {
		return d.writer.Close()
	}
	return errors.Join(d.reader.Close(), d.writer.Close())
}

// Ping returns nil if the database answers, or sns.ErrUnavailable.
func (d *database) Ping(ctx context.Context) error {
	return d.translate(ctx, d.reader.PingContext(ctx))
}

// Dialect returns "sqlite" or "mysql"; the latter also stands for MariaDB.
func (d *database) Dialect() string { return d.dialect.name }

// Stats returns the statistics of the connection pools, for metrics.
func (d *database) Stats() (writer, reader sql.DBStats) { return d.writer.Stats(), d.reader.Stats() }

// translate maps an error of the driver to an error of package sns, if there is a
// matching one, and otherwise explains the error. If the context has ended and the
// error is a consequence of that, translate returns the context's error.
func (d *database) translate(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && (errors.Is(err, sql.ErrTxDone) || sqliteCode(err) == sqlite3.SQLITE_INTERRUPT || d.dialect.broken(err)):
		return ctx.Err()
	case errors.Is(err, sql.ErrNoRows):
		return sns.ErrNotFound
	case d.dialect.duplicate(err):
		return fmt.Errorf("%w: %w", sns.ErrConflict, err)
	case d.dialect.full(err):
		return fmt.Errorf("%w: %w", sns.ErrNoSpace, err)
	case errors.Is(err, ErrUncertain), d.dialect.broken(err), d.dialect.readOnly(err):
		return unavailable{err}
	}
	return d.dialect.explain(err)
}

// micros returns the value of a time column; the zero time is NULL.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// timeOf returns the time of a column.
func timeOf(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// timeOrZero returns the time of a column, or the zero time for NULL.
func timeOrZero(micros sql.NullInt64) time.Time {
	if !micros.Valid {
		return time.Time{}
	}
	return timeOf(micros.Int64)
}
