package store

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"
)

// What one statement of an inserter takes at most. Escaped, the bytes become
// twice as many at worst, which is still far below the packet that MySQL and
// MariaDB allow (max_allowed_packet: 64 and 16 MB unless somebody set it).
const (
	insertRows  = 500
	insertBytes = 1 << 20 // of texts
)

// An inserter inserts rows in few statements.
type inserter struct {
	tx          *sqlx.Tx
	into        string // the statement up to its VALUES
	args        []any
	rows, bytes int

	// full is the statement of insertRows rows, remembered by SQLite, which
	// takes a third of its time for reading it.
	full *sqlx.Stmt
}

func inserting(tx *sqlx.Tx, into string) *inserter { return &inserter{tx: tx, into: into} }

// add adds a row of as many values as the statement names columns. It inserts
// the rows so far when they are as many as one statement takes.
func (ins *inserter) add(ctx context.Context, values ...any) error {
	size := 0
	for _, value := range values {
		if text, ok := value.(string); ok {
			size += len(text)
		}
	}
	if ins.bytes+size > insertBytes {
		if err := ins.flush(ctx); err != nil {
			return err
		}
	}
	ins.args = append(ins.args, values...)
	ins.rows++
	ins.bytes += size
	if ins.rows < insertRows {
		return nil
	}
	return ins.flush(ctx)
}

// flush inserts the rows that are left.
func (ins *inserter) flush(ctx context.Context) (err error) {
	switch {
	case ins.rows == 0:
		return nil
	case ins.rows == insertRows && ins.tx.DriverName() == sqliteDialect.name:
		err = ins.insertFull(ctx)
	default:
		_, err = ins.tx.ExecContext(ctx, ins.statement(), ins.args...)
	}
	ins.args, ins.rows, ins.bytes = ins.args[:0], 0, 0
	return err
}

// insertFull prepares the statement once; it ends with the transaction.
func (ins *inserter) insertFull(ctx context.Context) (err error) {
	if ins.full == nil {
		if ins.full, err = ins.tx.PreparexContext(ctx, ins.statement()); err != nil {
			return err
		}
	}
	_, err = ins.full.ExecContext(ctx, ins.args...)
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // the statement was closed with the transaction, which says less
	}
	return err
}

func (ins *inserter) statement() string {
	row := "(?" + strings.Repeat(",?", len(ins.args)/ins.rows-1) + ")"
	return ins.into + " VALUES " + row + strings.Repeat(","+row, ins.rows-1)
}
