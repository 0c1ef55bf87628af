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
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	sqlite3 "modernc.org/sqlite/lib"
)

// A Store is a connection to one database. All methods may be called
// concurrently. Every method takes a context and returns the context's error
// when the context ends. A lost connection is restored silently where a retry
// is safe; if the database stays away, methods return an error that matches
// sns.ErrUnavailable and has the cause.
type Store struct {
	dialect dialect
	writer  *sqlx.DB
	reader  *sqlx.DB // same as writer, except with SQLite
	stmts   sync.Map // query → *sqlx.Stmt of reader
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
func (s *Store) Close() error {
	s.stmts.Range(func(_, stmt any) bool { _ = stmt.(*sqlx.Stmt).Close(); return true })
	if s.reader == s.writer {
		return s.writer.Close()
	}
	return errors.Join(s.reader.Close(), s.writer.Close())
}

// Ping returns nil if the database answers, or sns.ErrUnavailable.
func (s *Store) Ping(ctx context.Context) error { return s.translate(ctx, s.reader.PingContext(ctx)) }

// Dialect returns "sqlite" or "mysql"; the latter also stands for MariaDB.
func (s *Store) Dialect() string { return s.dialect.name }

// Stats returns the statistics of the connection pools, for metrics.
func (s *Store) Stats() (writer, reader sql.DBStats) { return s.writer.Stats(), s.reader.Stats() }

// get reads one row into dest. ErrNotFound if there is no row.
func (s *Store) get(ctx context.Context, dest any, query string, args ...any) error {
	stmt, err := s.prepared(ctx, query)
	if err != nil {
		return err
	}
	if stmt != nil {
		return s.translate(ctx, stmt.GetContext(ctx, dest, args...))
	}
	return s.read(ctx, func(conn *sqlx.Conn) error { return conn.GetContext(ctx, dest, query, args...) })
}

// list reads all rows into the slice that dest points to.
func (s *Store) list(ctx context.Context, dest any, query string, args ...any) error {
	stmt, err := s.prepared(ctx, query)
	if err != nil {
		return err
	}
	if stmt != nil {
		return s.translate(ctx, stmt.SelectContext(ctx, dest, args...))
	}
	return s.listOnce(ctx, dest, query, args...)
}

// listOnce works like list, but without a prepared statement: for IN lists
// whose lengths vary freely, and would fill the map of statements.
func (s *Store) listOnce(ctx context.Context, dest any, query string, args ...any) error {
	return s.read(ctx, func(conn *sqlx.Conn) error {
		reflect.ValueOf(dest).Elem().SetZero() // a connection that breaks half-way leaves rows behind
		return conn.SelectContext(ctx, dest, query, args...)
	})
}

// query runs a query and passes the rows to scan, which also returns
// rows.Err(). A retry calls scan again with all rows from the first one on.
func (s *Store) query(ctx context.Context, scan func(*sqlx.Rows) error, query string, args ...any) error {
	finish := func(rows *sqlx.Rows, err error) error {
		if err != nil {
			return err
		}
		defer rows.Close()
		return scan(rows)
	}
	stmt, err := s.prepared(ctx, query)
	if err != nil {
		return err
	}
	if stmt != nil {
		return s.translate(ctx, finish(stmt.QueryxContext(ctx, args...))) //nolint:rowserrcheck // take does
	}
	return s.read(ctx, func(conn *sqlx.Conn) error {
		return finish(conn.QueryxContext(ctx, query, args...)) //nolint:rowserrcheck // take does
	})
}

// read runs fn, which must change nothing, and retries after a lost connection.
func (s *Store) read(ctx context.Context, fn func(*sqlx.Conn) error) error {
	err := s.retry(ctx, s.safeToRetry, func() error { return s.withConn(ctx, s.reader, fn) })
	return s.translate(ctx, err)
}

// translate maps an error of the driver to an error of package sns. If the
// context has ended and the error is a consequence of that, translate returns
// the context's error.
func (s *Store) translate(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, sql.ErrTxDone) || sqliteCode(err) == sqlite3.SQLITE_INTERRUPT || s.dialect.broken(err)) {
		return ctx.Err()
	}
	return s.dialect.translate(err)
}

// prepared returns the prepared statement of a query, or nil if the dialect is
// faster without one. The number of statements is bounded by the queries in the
// source code and the lengths of their IN lists.
func (s *Store) prepared(ctx context.Context, query string) (*sqlx.Stmt, error) {
	if !s.dialect.prepare {
		return nil, nil
	}
	if stmt, ok := s.stmts.Load(query); ok {
		return stmt.(*sqlx.Stmt), nil
	}
	stmt, err := s.reader.PreparexContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", s.translate(ctx, err))
	}
	if known, loaded := s.stmts.LoadOrStore(query, stmt); loaded {
		_ = stmt.Close()
		return known.(*sqlx.Stmt), nil
	}
	return stmt, nil
}

// in expands the only "(?)" of a query to a list as long as values.
func in[T any](query string, values []T) string {
	return strings.Replace(query, "(?)", "(?"+strings.Repeat(",?", len(values)-1)+")", 1)
}

// anys converts values to arguments of a query.
func anys[T any](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// batches cuts values into slices of at most 500, the largest IN list of a
// statement.
func batches[T any](values []T) [][]T {
	const most = 500
	var all [][]T
	for len(values) > most {
		all, values = append(all, values[:most]), values[most:]
	}
	if len(values) > 0 {
		all = append(all, values)
	}
	return all
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
