package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"xxsns/app/sns"
)

// A block is an entry of the index for some neighbours of a room: together they have far fewer
// grams than each alone. The id of a block has the order of the times of the last messages:
// blockTime of the id is not before any message of the block.
type block struct {
	ID      int64 `db:"id"`
	Room    int64 `db:"room_id"`
	First   int64 `db:"first_seq"`
	Last    int64 `db:"last_seq"`
	FirstAt int64 `db:"first_at"`
}

const (
	blockLines = 64 // messages of a block
	blockBits  = 10 // of the id, for blocks whose last messages have the same time

	blockQuery = `SELECT id, room_id, first_seq, last_seq, first_at FROM search_blocks `
)

// blockTime returns the time of a block, in microseconds.
func blockTime(id int64) int64 { return id >> blockBits }

// indexMessages puts messages that wait into the index, at most about limit, and reports
// whether these are all. Otherwise the rest waits on.
func (x indexing) indexMessages(ctx context.Context, w waitRow, limit int) (whole bool, err error) {
	var known []block
	err = x.tx.SelectContext(ctx, &known, blockQuery+`WHERE room_id = ? AND first_seq <= ? AND last_seq >= ? ORDER BY first_seq`, w.Doc, w.Last, w.First)
	if err != nil {
		return false, err
	}
	first, last := w.First, w.Last
	for _, b := range known { // blocks are made anew as a whole
		first, last = min(first, b.First), max(last, b.Last)
	}
	var rows []messageRow
	err = x.tx.SelectContext(ctx, &rows, messageQuery+`WHERE room_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`+limited(limit), w.Doc, first, last)
	if err != nil {
		return false, err
	}
	if whole = len(rows) < limit; !whole {
		last = rows[len(rows)-1].Seq
	}
	if err := x.dropBlocks(ctx, known, w.Old); err != nil {
		return false, err
	}
	for len(rows) > 0 {
		n := min(len(rows), blockLines)
		if err := x.addBlock(ctx, rows[:n]); err != nil {
			return false, err
		}
		rows = rows[n:]
	}
	if !whole {
		for _, b := range known { // those that were dropped, and lie behind the limit
			w.Last = max(w.Last, b.Last)
		}
		_, err = x.tx.ExecContext(ctx, `UPDATE search_waits SET first_seq = ?, last_seq = ? WHERE id = ?`, last+1, w.Last, w.ID)
	}
	return whole, err
}

// dropBlocks takes blocks out of the index, with the grams of the messages that are there now,
// and of those that were.
func (x indexing) dropBlocks(ctx context.Context, blocks []block, old string) error {
	was := gramsOfOld(old)
	for _, b := range blocks {
		grams := was
		var all []messageRow
		err := x.tx.SelectContext(ctx, &all, messageQuery+`WHERE room_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`, b.Room, b.First, b.Last)
		if err != nil {
			return err
		}
		grams = union(grams, gramsOfMessages(all))
		if err := x.dialect.grams.remove(ctx, x.tx, searchedMessages.index(), []gramDoc{{b.ID, grams}}); err != nil {
			return err
		}
		if _, err := x.tx.ExecContext(ctx, `DELETE FROM search_blocks WHERE id = ?`, b.ID); err != nil {
			return err
		}
	}
	return nil
}

func gramsOfMessages(rows []messageRow) []gram {
	texts := make([]string, len(rows))
	for i, row := range rows {
		texts[i] = row.message().Searched()
	}
	return gramsOf(strings.Join(texts, "\n"))
}

// addBlock puts messages of a room into the index as one block.
func (x indexing) addBlock(ctx context.Context, rows []messageRow) error {
	b := block{Room: rows[0].Room, First: rows[0].Seq, Last: rows[len(rows)-1].Seq, FirstAt: rows[0].CreatedAt}
	lastAt := b.FirstAt
	for _, row := range rows { // the clocks of replicas differ a little
		b.FirstAt, lastAt = min(b.FirstAt, row.CreatedAt), max(lastAt, row.CreatedAt)
	}
	var err error
	if b.ID, err = freeBlock(ctx, x.tx, lastAt); err != nil {
		return err
	}
	_, err = x.tx.ExecContext(ctx, `INSERT INTO search_blocks (id, room_id, first_seq, last_seq, first_at) VALUES (?, ?, ?, ?, ?)`,
		b.ID, b.Room, b.First, b.Last, b.FirstAt)
	if err != nil {
		return err
	}
	return x.dialect.grams.insert(ctx, x.tx, searchedMessages.index(), []gramDoc{{b.ID, gramsOfMessages(rows)}})
}

// freeBlock returns an id for a block with the time of its last message.
func freeBlock(ctx context.Context, tx *transaction, at int64) (int64, error) {
	const ids = 1 << blockBits
	for from := at * ids; ; from += ids {
		var last sql.NullInt64
		err := tx.GetContext(ctx, &last, `SELECT MAX(id) FROM search_blocks WHERE id BETWEEN ? AND ?`, from, from+ids-1)
		switch {
		case err != nil:
			return 0, err
		case !last.Valid:
			return from, nil
		case last.Int64 < from+ids-1:
			return last.Int64 + 1, nil
		}
	}
}

// queueOldRooms lets the saved messages of the first room that has any wait for the index, and
// returns the rooms up to that one.
func (x indexing) queueOldRooms(ctx context.Context, rooms []int64) ([]int64, error) {
	for i, room := range rooms {
		var span struct {
			First sql.NullInt64 `db:"first_seq"`
			Last  sql.NullInt64 `db:"last_seq"`
		}
		err := x.tx.GetContext(ctx, &span, `SELECT MIN(seq) AS first_seq, MAX(seq) AS last_seq FROM messages WHERE room_id = ?`, room)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if span.First.Valid {
			return rooms[:i+1], messagesWait(ctx, x.tx, room, span.First.Int64, span.Last.Int64, "")
		}
	}
	return rooms, nil
}

// changeWaits records that a saved message is about to be changed.
func changeWaits(ctx context.Context, tx *transaction, m sns.Message) error {
	return messagesWait(ctx, tx, m.Room, m.Seq, m.Seq, m.Searched())
}
