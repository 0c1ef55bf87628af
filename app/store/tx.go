package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// A transaction is a transaction of the database that remembers which regions its statements
// have written, and which statements were not prepared.
type transaction struct {
	d          *database
	tx         *sqlx.Tx
	written    region
	unprepared []string
}

// ExecContext runs a statement that may write.
func (t *transaction) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	t.written |= writtenBy(statement)
	if stmt := t.prepared(ctx, statement); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return t.tx.ExecContext(ctx, statement, args...)
}

// PreparexContext prepares a statement that may write, and counts as written.
func (t *transaction) PreparexContext(ctx context.Context, statement string) (*sqlx.Stmt, error) {
	t.written |= writtenBy(statement)
	return t.tx.PreparexContext(ctx, statement)
}

// GetContext reads one row into dest. sql.ErrNoRows if there is none.
func (t *transaction) GetContext(ctx context.Context, dest any, query string, args ...any) error {
	if stmt := t.prepared(ctx, query); stmt != nil { //nolint:sqlclosecheck // the transaction does
		return stmt.GetContext(ctx, dest, args...)
	}
	return t.tx.GetContext(ctx, dest, query, args...)
}

// SelectContext reads all rows into the slice that dest points to.
func (t *transaction) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	if stmt := t.prepared(ctx, query); stmt != nil { //nolint:sqlclosecheck // the transaction does
		return stmt.SelectContext(ctx, dest, args...)
	}
	return t.tx.SelectContext(ctx, dest, query, args...)
}

// QueryRowContext reads the columns of one row.
func (t *transaction) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := t.prepared(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return t.tx.QueryRowContext(ctx, query, args...)
}

// tx runs fn in a transaction, and commits unless fn returns an error. fn may
// run several times, but never after a commit that may have succeeded: then the
// error is ErrUncertain.
func (d *database) tx(ctx context.Context, fn func(*transaction) error) error {
	err := d.retry(ctx, d.safeToRetry, func() error { return d.tryTx(ctx, fn) })
	return d.translate(ctx, err)
}

// txRepeatable works like tx, for an fn that may be committed twice without
// harm. fn therefore also runs again if the result of a commit is unknown.
func (d *database) txRepeatable(ctx context.Context, fn func(*transaction) error) error {
	err := d.retry(ctx, d.dialect.broken, func() error { return d.tryTx(ctx, fn) })
	return d.translate(ctx, err)
}

func (d *database) tryTx(ctx context.Context, fn func(*transaction) error) error {
	tx := &transaction{d: d}
	err := d.withConn(ctx, d.writer, func(conn *sqlx.Conn) error {
		begun, err := conn.BeginTxx(ctx, nil)
		if err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		tx.tx = begun
		defer func() { _ = begun.Rollback() }() // no effect after a commit
		if err := fn(tx); err != nil {
			return err
		}
		if d.others != nil {
			if err := d.others.before(ctx, tx); err != nil {
				return err
			}
		}
		err = begun.Commit()
		d.committed(ctx, tx.written)
		if d.others != nil {
			d.others.after(ctx, conn)
		}
		if err != nil && d.dialect.broken(err) {
			return fmt.Errorf("%w: commit: %w", ErrUncertain, err)
		}
		if err != nil {
			return fmt.Errorf("commit: %w", err)
		}
		return nil
	})
	d.prepareWrites(ctx, tx.unprepared)
	return err
}

// committed lets nobody be answered from before a commit, which may have failed.
func (d *database) committed(ctx context.Context, in region) {
	if d.memory != nil {
		glanceOf(ctx).end()
		d.memory.committed(ctx, in)
	}
}

// exec runs a statement in a transaction of its own. The statement must be
// repeatable, since exec retries after a deadlock or a lost connection.
func (d *database) exec(ctx context.Context, query string, args ...any) error {
	return d.txRepeatable(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// insert runs an INSERT of one row in tx and returns the row's id. ErrNotFound
// if an INSERT … SELECT finds no row.
func insert(ctx context.Context, tx *transaction, query string, args ...any) (int64, error) {
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return 0, errors.Join(sns.ErrNotFound, err)
	}
	return result.LastInsertId()
}

// lockColumns names, for every table whose rows lockRow locks, the column that
// lockRow sets to its own value. The column has no index: SQLite would write
// the index entries of the column again, although nothing changed.
var lockColumns = map[string]string{
	"applications":  "kind",
	"boards":        "position",
	"buffers":       "open",
	"end_rooms":     "saved",
	"facets":        "position",
	"former_names":  "since_at",
	"hidden_posts":  "version",
	"posts":         "version",
	"rooms":         "version",
	"search_states": "below",
	"takedowns":     "author_id",
	"users":         "role",
}

// lockRow locks a row of table until the transaction ends, and returns
// ErrNotFound if the condition where selects no row. Lock rows before the first
// SELECT of a transaction if their values matter: with REPEATABLE READ the
// first SELECT fixes the snapshot, and a transaction that then waits for a lock
// still sees the values from before the wait.
//
// The lock is an UPDATE that changes nothing, instead of SELECT … FOR UPDATE,
// because SQLite has no FOR UPDATE. MySQL and MariaDB lock the row that the
// UPDATE matches. In SQLite the transaction has been the only writer since
// BEGIN, so the UPDATE just finds out whether the row exists.
func lockRow(ctx context.Context, tx *transaction, table, where string, args ...any) error {
	column := lockColumns[table]
	return change(ctx, tx, `UPDATE `+table+` SET `+column+` = `+column+` WHERE `+where, args...)
}

// lockUser keeps an account from being deleted until the transaction ends.
// ErrNotFound if the account does not exist or was deleted.
func lockUser(ctx context.Context, tx *transaction, user int64) error {
	return lockRow(ctx, tx, `users`, `id = ? AND deleted_at IS NULL`, user)
}

// change runs an UPDATE, INSERT or DELETE in tx. ErrNotFound if no row matches.
func change(ctx context.Context, tx *transaction, query string, args ...any) error {
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return sns.ErrNotFound
	}
	return err
}

// changeOne runs a statement in a transaction of its own. ErrNotFound if no row
// changes, ErrConflict for a duplicate.
func (d *database) changeOne(ctx context.Context, query string, args ...any) error {
	return d.tx(ctx, func(tx *transaction) error { return change(ctx, tx, query, args...) })
}

// changeName works like changeOne, for a change of a name, a role, a face or the sizes of an
// image, which posts show.
func (d *database) changeName(ctx context.Context, query string, args ...any) error {
	return d.tx(ctx, func(tx *transaction) error {
		if err := change(ctx, tx, query, args...); err != nil {
			return err
		}
		return raiseNames(ctx, tx)
	})
}

// raiseNames raises the revision of names; see postMemory. The statement must be the last of
// the transaction: all such transactions lock the one row.
func raiseNames(ctx context.Context, tx *transaction) error {
	return change(ctx, tx, `UPDATE revisions SET names = names + 1 WHERE one = 1`)
}

// deleteRows runs a DELETE in a transaction of its own, and returns the number of rows.
func (d *database) deleteRows(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = d.tx(ctx, func(tx *transaction) error {
		n, err = affected(tx.ExecContext(ctx, query, args...))
		return err
	})
	return n, err
}
