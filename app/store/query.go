package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// get reads one row into dest. ErrNotFound if there is no row.
func (d *database) get(ctx context.Context, dest any, query string, args ...any) error {
	stmt, err := d.prepared(ctx, query)
	if err != nil {
		return err
	}
	if stmt != nil {
		return d.translate(ctx, stmt.GetContext(ctx, dest, args...))
	}
	return d.read(ctx, func(conn *sqlx.Conn) error { return conn.GetContext(ctx, dest, query, args...) })
}

// list reads all rows into the slice that dest points to.
func (d *database) list(ctx context.Context, dest any, query string, args ...any) error {
	stmt, err := d.prepared(ctx, query)
	if err != nil {
		return err
	}
	if stmt != nil {
		return d.translate(ctx, stmt.SelectContext(ctx, dest, args...))
	}
	return d.listOnce(ctx, dest, query, args...)
}

// listOnce works like list, but without a prepared statement: for IN lists
// whose lengths vary freely, and would fill the map of statements.
func (d *database) listOnce(ctx context.Context, dest any, query string, args ...any) error {
	return d.read(ctx, func(conn *sqlx.Conn) error {
		reflect.ValueOf(dest).Elem().SetZero() // a connection that breaks half-way leaves rows behind
		return conn.SelectContext(ctx, dest, query, args...)
	})
}

// query runs a query and passes the rows to scan, which also returns
// rows.Err(). A retry calls scan again with all rows from the first one on.
func (d *database) query(ctx context.Context, scan func(*sqlx.Rows) error, query string, args ...any) error {
	finish := func(rows *sqlx.Rows, err error) error {
		if err != nil {
			return err
		}
		defer rows.Close()
		return scan(rows)
	}
	stmt, err := d.prepared(ctx, query)
	if err != nil {
		return err
	}
	if stmt != nil {
		return d.translate(ctx, finish(stmt.QueryxContext(ctx, args...))) //nolint:rowserrcheck // take does
	}
	return d.read(ctx, func(conn *sqlx.Conn) error {
		return finish(conn.QueryxContext(ctx, query, args...)) //nolint:rowserrcheck // take does
	})
}

// one scans the first row of a query into dest, in the order of the columns. Unlike get,
// one takes no reflection: for rows that nearly every request reads. ErrNotFound if there
// is no row.
func (d *database) one(ctx context.Context, dest []any, query string, args ...any) error {
	return d.query(ctx, func(rows *sqlx.Rows) error {
		if !rows.Next() {
			return cmp.Or(rows.Err(), sql.ErrNoRows)
		}
		return rows.Scan(dest...)
	}, query, args...)
}

// read runs fn, which must change nothing, and retries after a lost connection.
func (d *database) read(ctx context.Context, fn func(*sqlx.Conn) error) error {
	err := d.retry(ctx, d.safeToRetry, func() error { return d.withConn(ctx, d.reader, fn) })
	return d.translate(ctx, err)
}

// prepared returns the prepared statement of a query, or nil if the dialect is
// faster without one. The number of statements is bounded by the queries in the
// source code, the lengths of their IN lists and their limits.
func (d *database) prepared(ctx context.Context, query string) (*sqlx.Stmt, error) {
	if !d.dialect.prepare {
		return nil, nil
	}
	if stmt, ok := d.stmts.Load(query); ok {
		return stmt.(*sqlx.Stmt), nil
	}
	stmt, err := d.reader.PreparexContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", d.translate(ctx, err))
	}
	if known, loaded := d.stmts.LoadOrStore(query, stmt); loaded {
		_ = stmt.Close()
		return known.(*sqlx.Stmt), nil
	}
	return stmt, nil
}

// listIn runs a query once for each batch of values, and passes each row to
// use. The list of values replaces "(?)", which must be the last argument;
// first are the arguments before.
func listIn[R, V any](ctx context.Context, d *database, query string, values []V, use func(R), first ...any) error {
	for _, batch := range batches(values) {
		var rows []R
		if err := d.listOnce(ctx, &rows, in(query, batch), slices.Concat(first, anys(batch))...); err != nil {
			return err
		}
		for _, row := range rows {
			use(row)
		}
	}
	return nil
}

// limited returns the LIMIT of a query as part of the text. SQLite's plan depends on the
// number: as an argument, each binding would make SQLite parse the query anew, which
// takes a third of the time of a page of posts.
func limited(most int) string { return ` LIMIT ` + strconv.Itoa(most) }

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
