package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// tx runs fn in a transaction and commits it unless fn fails. fn may run more
// than once, but not after it may have been committed: ErrUncertain then.
func (s *Store) tx(ctx context.Context, fn func(*sqlx.Tx) error) error {
	err := s.again(ctx, s.lostConnection, func() error { return s.tryTx(ctx, fn) })
	return s.translate(ctx, err)
}

// txRepeatable does as tx for an fn that does no harm when it is committed
// twice, and so is run again also where it is not known whether it was.
func (s *Store) txRepeatable(ctx context.Context, fn func(*sqlx.Tx) error) error {
	err := s.again(ctx, s.dialect.broken, func() error { return s.tryTx(ctx, fn) })
	return s.translate(ctx, err)
}

func (s *Store) tryTx(ctx context.Context, fn func(*sqlx.Tx) error) error {
	return s.on(ctx, s.writer, func(conn *sqlx.Conn) error {
		tx, err := conn.BeginTxx(ctx, nil)
		if err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		defer func() { _ = tx.Rollback() }() // after a commit this does nothing
		if err := fn(tx); err != nil {
			return err
		}
		err = tx.Commit()
		if err != nil && s.dialect.broken(err) {
			return fmt.Errorf("%w: commit: %w", ErrUncertain, err)
		}
		if err != nil {
			return fmt.Errorf("commit: %w", err)
		}
		return nil
	})
}

// exec runs one statement, in a transaction of its own, which may be repeated
// without harm: it, too, may lose a deadlock or its connection.
func (s *Store) exec(ctx context.Context, query string, args ...any) error {
	return s.txRepeatable(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// insert runs an INSERT of one row in tx and returns its id. ErrNotFound when it
// selects its row, and there is none.
func insert(ctx context.Context, tx *sqlx.Tx, query string, args ...any) (int64, error) {
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
	"boards":    "position",
	"buffers":   "open",
	"end_rooms": "saved",
	"facets":    "position",
	"posts":     "version",
	"rooms":     "version",
	"users":     "role",
}

// lockRow locks a row of table until the transaction ends, and returns
// ErrNotFound if the condition where selects no row. Call lockRow before the
// first SELECT of a transaction: with REPEATABLE READ the first SELECT fixes
// the snapshot, so that a transaction that reads and then waits for the lock
// works with values that another transaction has changed meanwhile.
//
// The lock is an UPDATE that changes nothing, instead of SELECT … FOR UPDATE,
// because SQLite has no FOR UPDATE. MySQL and MariaDB lock the row that the
// UPDATE matches; in SQLite the transaction holds the lock of the only writer
// since it began, and the UPDATE just finds out whether the row exists.
func lockRow(ctx context.Context, tx *sqlx.Tx, table, where string, args ...any) error {
	column := lockColumns[table]
	return change(ctx, tx, `UPDATE `+table+` SET `+column+` = `+column+` WHERE `+where, args...)
}

// lockUser keeps an account from being deleted until the transaction ends.
// ErrNotFound if the account does not exist or was deleted.
func lockUser(ctx context.Context, tx *sqlx.Tx, user int64) error {
	return lockRow(ctx, tx, `users`, `id = ? AND deleted_at IS NULL`, user)
}

// change runs a guarded statement in tx; when it changes no row, it returns
// ErrNotFound.
func change(ctx context.Context, tx *sqlx.Tx, query string, args ...any) error {
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
