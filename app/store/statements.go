package store

import (
	"context"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jmoiron/sqlx"
)

// mostWrites bounds the prepared statements of transactions, as many as about 5 MB hold. Not
// many more are in the source code.
const mostWrites = 500

// newWrites returns a place for the prepared statements of transactions.
func newWrites() *lru.Cache[string, *sqlx.Stmt] {
	// A statement that a transaction still uses is closed after it.
	cache, _ := lru.NewWithEvict(mostWrites, func(_ string, stmt *sqlx.Stmt) { _ = stmt.Close() }) // no error: the size is positive
	return cache
}

// prepared returns the prepared statement of what an earlier transaction has run as well, or
// nil: parsing takes SQLite longer than running.
func (t *transaction) prepared(ctx context.Context, query string) *sqlx.Stmt {
	if !t.d.dialect.prepare {
		return nil
	}
	if stmt, ok := t.d.writes.Get(query); ok {
		return t.tx.StmtxContext(ctx, stmt)
	}
	if !strings.Contains(query, ",?") { // lists that in has made, and the rows of an inserter, vary in length
		t.unprepared = append(t.unprepared, query)
	}
	return nil
}

// prepareWrites prepares what a transaction has run, for the next ones. The transaction must
// have ended: a pool of one connection has no other to prepare with. What cannot be prepared
// now can be later.
func (d *database) prepareWrites(ctx context.Context, queries []string) {
	for _, query := range queries {
		if d.writes.Contains(query) {
			continue
		}
		stmt, err := d.writer.PreparexContext(ctx, query)
		if err != nil {
			return
		}
		if _, known, _ := d.writes.PeekOrAdd(query, stmt); known { //nolint:sqlclosecheck // newWrites does
			_ = stmt.Close() //nolint:sqlclosecheck // a defer would wait for the other queries
		}
	}
}
