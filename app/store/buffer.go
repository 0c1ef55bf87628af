package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// Errors of the buffer that is a table.
var (
	// ErrBufferClosed: the room's buffer was closed for good.
	ErrBufferClosed = errors.New("buffer is closed")
	// ErrBufferUnknown: the room's buffer was never opened.
	ErrBufferUnknown = errors.New("buffer is unknown")
)

// lostLines is the line count of a buffer that was closed without ever having
// been opened.
const lostLines = -1

// dropMost is how many lines are deleted in one transaction.
const dropMost = 2000

// OpenBuffer makes the buffer of a room unless there is one, numbering from
// firstBefore + 1, and returns whether it is open then.
func (s *Store) OpenBuffer(ctx context.Context, room, firstBefore int64) (opened bool, err error) {
	err = s.exec(ctx, `INSERT INTO buffers (room_id, open, seq, line_count) VALUES (?, 1, ?, 0)`, room, firstBefore)
	if !errors.Is(err, sns.ErrConflict) {
		return err == nil, err
	}
	err = s.get(ctx, &opened, `SELECT open FROM buffers WHERE room_id = ?`, room)
	return opened, err
}

// An AppendResult is where a line was put. PrevUser and PrevAt are those of the
// line before; they are not set Again.
type AppendResult struct {
	Seq      int64
	PrevUser int64 // who said it; 0: nobody did
	PrevAt   int64 // microseconds of UTC; 0: there is no line before
	Again    bool  // the line was there already
}

// AppendBuffered puts m at the end of the open buffer of its room. Of an
// author's lines with the same ClientID the first one stands. ErrBufferClosed,
// ErrBufferUnknown.
func (s *Store) AppendBuffered(ctx context.Context, m sns.Message) (result AppendResult, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := raiseSeq(ctx, tx, m.Room); err != nil {
			return err
		}
		if result, err = placeIn(ctx, tx, m.Room); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO buffered_messages (room_id, seq, user_id, kind, content, created_at, client_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			m.Room, result.Seq, m.Author.ID, m.Kind, m.Content, micros(m.At), nullable(m.ClientID))
		return err
	})
	if errors.Is(err, sns.ErrConflict) { // then the line did not take its place either
		result = AppendResult{Again: true}
		err = s.get(ctx, &result.Seq, `SELECT seq FROM buffered_messages WHERE room_id = ? AND user_id = ? AND client_id = ?`, m.Room, m.Author.ID, m.ClientID)
	}
	return result, err
}

// raiseSeq counts one more message in the open buffer of a room, and locks the
// buffer. ErrBufferClosed, ErrBufferUnknown.
func raiseSeq(ctx context.Context, tx *sqlx.Tx, room int64) error {
	err := change(ctx, tx, `UPDATE buffers SET seq = seq + 1, line_count = line_count + 1 WHERE room_id = ? AND open = 1`, room)
	return whyNotOpen(ctx, tx, room, err)
}

// lockOpenBuffer locks the open buffer of a room. ErrBufferClosed,
// ErrBufferUnknown.
func lockOpenBuffer(ctx context.Context, tx *sqlx.Tx, room int64) error {
	return whyNotOpen(ctx, tx, room, lockRow(ctx, tx, `buffers`, `room_id = ? AND open = 1`, room))
}

// whyNotOpen turns the ErrNotFound of a statement on an open buffer into
// ErrBufferClosed or ErrBufferUnknown. Other errors stay as they are.
func whyNotOpen(ctx context.Context, tx *sqlx.Tx, room int64, err error) error {
	if !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	lines, err := linesIn(ctx, tx, room)
	if err == nil && lines != lostLines {
		return ErrBufferClosed
	}
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return ErrBufferUnknown
	}
	return err
}

func linesIn(ctx context.Context, tx *sqlx.Tx, room int64) (lines int64, err error) {
	err = tx.GetContext(ctx, &lines, `SELECT line_count FROM buffers WHERE room_id = ?`, room)
	return lines, err
}

// placeIn returns the place of the line for which the buffer was just changed.
func placeIn(ctx context.Context, tx *sqlx.Tx, room int64) (AppendResult, error) {
	var row struct {
		Seq  int64          `db:"seq"`
		User sql.NullInt64  `db:"user_id"`
		Kind sql.NullString `db:"kind"`
		At   sql.NullInt64  `db:"created_at"`
	}
	err := tx.GetContext(ctx, &row, `SELECT b.seq, m.user_id, m.kind, m.created_at FROM buffers b
		LEFT JOIN buffered_messages m ON m.room_id = b.room_id AND m.seq = b.seq - 1 WHERE b.room_id = ?`, room)
	result := AppendResult{Seq: row.Seq, PrevAt: row.At.Int64}
	if row.Kind.String == string(sns.MessageSaid) {
		result.PrevUser = row.User.Int64
	}
	return result, err
}

// EraseBuffered empties a line of an open buffer, which keeps its seq, and tells
// whether it was not empty before. ErrNotFound, ErrBufferClosed,
// ErrBufferUnknown.
func (s *Store) EraseBuffered(ctx context.Context, room, seq int64) (changed bool, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lockOpenBuffer(ctx, tx, room); err != nil {
			return err
		}
		var deleted bool
		if err := tx.GetContext(ctx, &deleted, `SELECT deleted FROM buffered_messages WHERE room_id = ? AND seq = ?`, room, seq); err != nil {
			return err
		}
		changed = !deleted
		return change(ctx, tx, `UPDATE buffered_messages SET content = '', deleted = 1 WHERE room_id = ? AND seq = ?`, room, seq)
	})
	return changed, err
}

// CloseBuffer closes the buffer of a room for good and returns how many lines
// it holds. One that is unknown is closed, too; each call returns
// ErrBufferUnknown then.
func (s *Store) CloseBuffer(ctx context.Context, room int64) (lines int64, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		err := change(ctx, tx, `UPDATE buffers SET open = 0 WHERE room_id = ?`, room)
		if errors.Is(err, sns.ErrNotFound) {
			_, err = tx.ExecContext(ctx, `INSERT INTO buffers (room_id, open, seq, line_count) VALUES (?, 0, 0, ?)`, room, lostLines)
		}
		if err != nil {
			return err
		}
		lines, err = linesIn(ctx, tx, room)
		return err
	})
	if err == nil && lines == lostLines {
		return 0, ErrBufferUnknown
	}
	return lines, err
}

// DropBuffered forgets the lines of a closed buffer, which stays closed.
// ErrConflict when it is open.
func (s *Store) DropBuffered(ctx context.Context, room int64) error {
	for {
		var left bool
		err := s.tx(ctx, func(tx *sqlx.Tx) (err error) {
			left, err = dropSome(ctx, tx, room)
			return err
		})
		if err != nil || !left {
			return err
		}
	}
}

// dropSome deletes a part of the lines, so that nobody waits long, and tells
// whether any are left. When none is, the buffer counts none.
func dropSome(ctx context.Context, tx *sqlx.Tx, room int64) (left bool, err error) {
	if err := lockRow(ctx, tx, `buffers`, `room_id = ? AND open = 0`, room); err != nil {
		return false, notOpen(ctx, tx, room, err)
	}
	var upTo sql.NullInt64
	err = tx.GetContext(ctx, &upTo, `SELECT MAX(seq) FROM (SELECT seq FROM buffered_messages WHERE room_id = ? ORDER BY seq LIMIT ?) first_ones`, room, dropMost)
	if err != nil {
		return false, err
	}
	if !upTo.Valid {
		_, err := tx.ExecContext(ctx, `UPDATE buffers SET line_count = 0 WHERE room_id = ? AND line_count > 0`, room)
		return false, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM buffered_messages WHERE room_id = ? AND seq <= ?`, room, upTo.Int64)
	return true, err
}

// notOpen makes nothing of the ErrNotFound of a buffer that is unknown, and
// ErrConflict of that of an open one.
func notOpen(ctx context.Context, tx *sqlx.Tx, room int64, err error) error {
	if !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	switch _, err := linesIn(ctx, tx, room); {
	case err == nil:
		return fmt.Errorf("%w: the buffer of room %d is open", sns.ErrConflict, room)
	case errors.Is(err, sql.ErrNoRows):
		return nil
	default:
		return err
	}
}
