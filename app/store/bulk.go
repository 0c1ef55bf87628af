package store

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// A Bulk inserts many rows in one transaction. Statements follow the rules of
// this package: `?` placeholders, and nothing that one of the databases lacks.
// After an error, the methods of Bulk do nothing.
type Bulk struct {
	ctx context.Context
	tx  *transaction
	err error
}

// Bulk runs insert in a transaction: either all rows are inserted, or none. insert
// runs again if the transaction has to be repeated. Bulk returns the first error of
// the statements, such as sns.ErrConflict for a duplicate.
func (d *database) Bulk(ctx context.Context, insert func(*Bulk)) error {
	return d.tx(ctx, func(tx *transaction) error {
		b := Bulk{ctx: ctx, tx: tx}
		insert(&b)
		return b.err
	})
}

// Insert inserts rows in few statements. into is the statement up to VALUES; a
// row has a value for each column. Values of the type time.Time are stored like
// all times; the zero time is NULL.
func (b *Bulk) Insert(into string, rows iter.Seq[[]any]) {
	ins := inserting(b.tx, into)
	for row := range rows {
		if b.err != nil {
			return
		}
		b.err = ins.add(b.ctx, row...)
	}
	if b.err == nil {
		b.err = ins.flush(b.ctx)
	}
}

// InsertOne inserts one row like Insert and returns the id.
func (b *Bulk) InsertOne(into string, row ...any) (id int64) {
	if b.err == nil {
		ins := inserting(b.tx, into)
		ins.take(row)
		id, b.err = insert(b.ctx, b.tx, ins.statement(), ins.args...)
	}
	return id
}

// InsertNamed inserts rows into a table like Insert and returns the ids in the
// order of names. Names are the values of a column; they are unique in the table.
//
// The database assigns the ids: an id chosen here could already be promised to a
// row of another connection. LastInsertId is no help, since the result is the first
// id of a statement on MySQL and the last id on SQLite.
func (b *Bulk) InsertNamed(table, column string, names []string, into string, rows iter.Seq[[]any]) []int64 {
	var before int64
	var inserted []struct {
		ID   int64  `db:"id"`
		Name string `db:"name"`
	}
	if b.err == nil {
		b.err = b.tx.GetContext(b.ctx, &before, `SELECT COALESCE(MAX(id), 0) FROM `+table)
	}
	b.Insert(into, rows)
	if b.err == nil {
		query := fmt.Sprintf(`SELECT id, %[2]s AS name FROM %[1]s WHERE id > ? AND %[2]s IS NOT NULL`, table, column)
		b.err = b.tx.SelectContext(b.ctx, &inserted, query, before)
	}
	found := make(map[string]int64, len(inserted))
	for _, row := range inserted {
		found[row.Name] = row.ID
	}
	ids := make([]int64, len(names))
	for i, name := range names {
		if ids[i] = found[name]; ids[i] == 0 && b.err == nil {
			b.err = fmt.Errorf("%s was inserted and is not there", name)
		}
	}
	return ids
}

// Count adds counts, by the ids of rows, to a column of these rows. query has a
// place for the count and then one for the ids, such as
//
//	UPDATE users SET follower_count = follower_count + ? WHERE id IN (?)
//
// Rows with equal counts are updated together, in the order of the ids.
func (b *Bulk) Count(query string, counts map[int64]int) {
	same := map[int][]int64{}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		same[counts[id]] = append(same[counts[id]], id)
	}
	for _, n := range slices.Sorted(maps.Keys(same)) {
		for _, batch := range batches(same[n]) {
			if b.err != nil {
				return
			}
			_, b.err = b.tx.ExecContext(b.ctx, in(query, batch), append([]any{n}, anys(batch)...)...)
		}
	}
}
