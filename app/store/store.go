// Package store holds all SQL. One set of neutral queries runs on SQLite and
// on MySQL or MariaDB; dialect.go holds the little that differs. Times are
// stored as microseconds of UTC; drivers' errors become those of package sns.
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

// A Store is one database. Its methods may be called concurrently; each takes
// a context, and gives up with the context's error. A connection that was lost
// is made again without a word, where that is safe; of a database that stays
// away, each method returns sns.ErrUnavailable, with the cause.
type Store struct {
	dialect dialect
	writer  *sqlx.DB
	reader  *sqlx.DB // the same as writer, except on SQLite
	stmts   sync.Map // query → *sqlx.Stmt of reader
}

// Open connects to the database of a URL, without changing anything in it:
// "sqlite:PATH" (made when missing) or "mysql://USER:PASSWORD@HOST:PORT/NAME",
// the latter perhaps with "?tls=true", "?tls=skip-verify" or "?tls=preferred".
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

// Ping tells whether the database answers, at this moment. sns.ErrUnavailable
// when it does not.
func (s *Store) Ping(ctx context.Context) error { return s.translate(ctx, s.reader.PingContext(ctx)) }

// Dialect is "sqlite" or "mysql".
func (s *Store) Dialect() string { return s.dialect.name }

// Stats are those of the connection pools, for metrics: writer and reader.
func (s *Store) Stats() (writer, reader sql.DBStats) { return s.writer.Stats(), s.reader.Stats() }

// get reads one row into dest; no row is ErrNotFound.
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

// list reads all rows into the slice dest points to.
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

// listOnce does as list, outside the remembered statements: for lists of
// arguments whose lengths vary freely.
func (s *Store) listOnce(ctx context.Context, dest any, query string, args ...any) error {
	return s.read(ctx, func(conn *sqlx.Conn) error {
		reflect.ValueOf(dest).Elem().SetZero() // a connection that breaks half-way leaves rows behind
		return conn.SelectContext(ctx, dest, query, args...)
	})
}

// query lets take read the rows, and say what is wrong with them. Take may be
// called again, from the first row on.
func (s *Store) query(ctx context.Context, take func(*sqlx.Rows) error, query string, args ...any) error {
	finish := func(rows *sqlx.Rows, err error) error {
		if err != nil {
			return err
		}
		defer rows.Close()
		return take(rows)
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

// read runs fn, which changes nothing, and again when the connection was lost.
func (s *Store) read(ctx context.Context, fn func(*sqlx.Conn) error) error {
	err := s.again(ctx, s.lostConnection, func() error { return s.on(ctx, s.reader, fn) })
	return s.translate(ctx, err)
}

// translate makes a driver's error one of ours where one fits, and the
// context's where that ended what was going on.
func (s *Store) translate(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, sql.ErrTxDone) || sqliteCode(err) == sqlite3.SQLITE_INTERRUPT || s.dialect.broken(err)) {
		return ctx.Err()
	}
	return s.dialect.translate(err)
}

// prepared returns the remembered statement of a query, or nil where preparing
// costs a round trip instead of sparing one. Our queries are few: the map is
// bounded by the source code and by the lengths of IN lists.
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

// in expands the one "(?)" of a query to the list of values.
func in[T any](query string, values []T) string {
	return strings.Replace(query, "(?)", "(?"+strings.Repeat(",?", len(values)-1)+")", 1)
}

// anys makes arguments of values.
func anys[T any](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// batches cuts values into pieces of at most 500: the most a statement takes.
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

// micros is how a time is stored; the zero time is NULL.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// at is the time of a stored number.
func at(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// atOrZero is the time of a number that may be NULL.
func atOrZero(micros sql.NullInt64) time.Time {
	if !micros.Valid {
		return time.Time{}
	}
	return at(micros.Int64)
}
