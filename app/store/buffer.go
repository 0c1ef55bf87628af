package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"xxsns/app/sns"
)

// Errors of the chat buffer that is a table.
var (
	// ErrBufferClosed means that the room's buffer was closed for good.
	ErrBufferClosed = errors.New("buffer is closed")
	// ErrBufferUnknown means that the room's buffer was never opened.
	ErrBufferUnknown = errors.New("buffer is unknown")
	// ErrBufferSpilled means that the message is no longer in the buffer but saved.
	// AppendBuffered: the buffer has spilled messages that the caller does not know.
	ErrBufferSpilled = errors.New("messages of the buffer were spilled")
)

// neverOpened is the line_count of a buffer that was closed without being
// opened first.
const neverOpened = -1

// dropBatchSize is the number of messages that one transaction of DropBuffered
// deletes.
const dropBatchSize = 2000

// OpenBuffer makes the buffer of a room, whose first seq will be firstBefore +
// 1, unless the room has a buffer already. It reports whether the buffer is
// open; a closed buffer stays closed.
func (s messageStore) OpenBuffer(ctx context.Context, room, firstBefore int64) (opened bool, err error) {
	err = s.exec(ctx, `INSERT INTO buffers (room_id, open, seq, seam, line_count) VALUES (?, 1, ?, ?, 0)`, room, firstBefore, firstBefore)
	if !errors.Is(err, sns.ErrConflict) {
		return err == nil, err
	}
	err = s.get(ctx, &opened, `SELECT open FROM buffers WHERE room_id = ?`, room)
	return opened, err
}

// An AppendRule says on which conditions a buffer accepts a message.
type AppendRule struct {
	// Spilled is the sns.Room.Spilled up to which the caller has looked for the
	// ClientID in the database. A buffer that has spilled more refuses the message.
	Spilled int64

	// Rate is how many bytes may be said in the room a minute, and at once after a
	// quiet minute. 0 means no limit. Notices are not limited.
	Rate int64

	// Mark is the mark of the room's seats by which the caller knows that the author is
	// inside. A buffer whose mark is another one refuses the message. "" means that
	// the caller has just asked the database.
	Mark string
}

// Cost returns how long the room is busy with a message, in microseconds.
func (r AppendRule) Cost(m sns.Message) int64 {
	if r.Rate <= 0 || m.Kind != sns.MessageSaid {
		return 0
	}
	return int64(len(m.Content)) * time.Minute.Microseconds() / r.Rate
}

// AppendResult is the result of AppendBuffered. PrevUser and PrevAt describe
// the message before; both are zero if Again is true. Lines and Bytes are those of
// the buffer with the message.
type AppendResult struct {
	Seq      int64
	PrevUser int64 // user id of the sender; 0 if the message before is a notice or missing
	PrevAt   int64 // microseconds of UTC; 0 if there is no message before
	Again    bool  // the buffer already had a message with this ClientID; Seq is the seq of that message
	Lines    int64
	Bytes    int64
}

// AppendBuffered appends m to the open buffer of m.Room. If the same author has
// already appended a message with the same ClientID, the buffer does not
// change. ErrBufferClosed, ErrBufferUnknown, ErrBufferSpilled, sns.SlowDownError.
func (s messageStore) AppendBuffered(ctx context.Context, m sns.Message, rule AppendRule) (result AppendResult, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		if err := s.raiseSeq(ctx, tx, m, rule); err != nil {
			return err
		}
		if result, err = appendResult(ctx, tx, m.Room); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO buffered_messages (room_id, seq, user_id, kind, content, mentions, created_at, client_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			m.Room, result.Seq, m.Author.ID, m.Kind, m.Content, string(m.Mentions), micros(m.At), nullable(m.ClientID))
		return err
	})
	_, slow := errors.AsType[sns.SlowDownError](err)
	if slow || errors.Is(err, sns.ErrConflict) { // the transaction was rolled back, and with it the new seq
		again := AppendResult{Again: true}
		known := s.get(ctx, &again.Seq, `SELECT seq FROM buffered_messages WHERE room_id = ? AND user_id = ? AND client_id = ?`, m.Room, m.Author.ID, m.ClientID)
		switch {
		case known == nil:
			return again, nil
		case !errors.Is(known, sns.ErrNotFound):
			return result, known
		case !slow:
			return result, ErrBufferSpilled // between the two statements
		}
	}
	return result, err
}

// raiseSeq counts m in the open buffer of its room, and locks the buffer.
// ErrBufferClosed, ErrBufferUnknown, ErrBufferSpilled, sns.SlowDownError.
func (s messageStore) raiseSeq(ctx context.Context, tx *transaction, m sns.Message, rule AppendRule) error {
	now, cost := s.dialect.now, rule.Cost(m)
	free := time.Minute.Microseconds() - cost
	err := change(ctx, tx, `UPDATE buffers SET seq = seq + 1, line_count = line_count + 1, byte_count = byte_count + ?,
		busy_until = CASE WHEN busy_until > `+now+` THEN busy_until ELSE `+now+` END + ?
		WHERE room_id = ? AND open = 1 AND seam <= ? AND (? = 0 OR busy_until <= `+now+` + ?)`,
		len(m.Content), cost, m.Room, rule.Spilled, cost, free)
	if !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	return s.whyNotAppended(ctx, tx, m.Room, rule.Spilled, free)
}

// lockOpenBuffer locks the open buffer of a room. ErrBufferClosed,
// ErrBufferUnknown.
func lockOpenBuffer(ctx context.Context, tx *transaction, room int64) error {
	err := lockRow(ctx, tx, `buffers`, `room_id = ? AND open = 1`, room)
	if errors.Is(err, sns.ErrNotFound) {
		return whyNotOpen(ctx, tx, room)
	}
	return err
}

// whyNotOpen returns ErrBufferClosed or ErrBufferUnknown for a room without an open
// buffer.
func whyNotOpen(ctx context.Context, tx *transaction, room int64) error {
	count, err := bufferedCount(ctx, tx, room)
	if err == nil && count != neverOpened {
		return ErrBufferClosed
	}
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return ErrBufferUnknown
	}
	return err
}

func bufferedCount(ctx context.Context, tx *transaction, room int64) (count int64, err error) {
	err = tx.GetContext(ctx, &count, `SELECT line_count FROM buffers WHERE room_id = ?`, room)
	return count, err
}

// appendResult returns the AppendResult for the seq that raiseSeq has just taken.
func appendResult(ctx context.Context, tx *transaction, room int64) (AppendResult, error) {
	var row struct {
		Seq   int64          `db:"seq"`
		Lines int64          `db:"line_count"`
		Bytes int64          `db:"byte_count"`
		User  sql.NullInt64  `db:"user_id"`
		Kind  sql.NullString `db:"kind"`
		At    sql.NullInt64  `db:"created_at"`
	}
	err := tx.GetContext(ctx, &row, `SELECT b.seq, b.line_count, b.byte_count, m.user_id, m.kind, m.created_at FROM buffers b
		LEFT JOIN buffered_messages m ON m.room_id = b.room_id AND m.seq = b.seq - 1 WHERE b.room_id = ?`, room)
	result := AppendResult{Seq: row.Seq, PrevAt: row.At.Int64, Lines: row.Lines, Bytes: row.Bytes}
	if row.Kind.String == string(sns.MessageSaid) {
		result.PrevUser = row.User.Int64
	}
	return result, err
}

// EraseBuffered empties a message of an open buffer; the seq stays. It reports
// whether the message changed, which is false if the message was erased before.
// ErrNotFound, ErrBufferClosed, ErrBufferUnknown, ErrBufferSpilled.
func (s messageStore) EraseBuffered(ctx context.Context, room, seq int64) (changed bool, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		if err := lockOpenBuffer(ctx, tx, room); err != nil {
			return err
		}
		var row struct {
			Deleted bool   `db:"deleted"`
			Content string `db:"content"`
		}
		err := tx.GetContext(ctx, &row, `SELECT deleted, content FROM buffered_messages WHERE room_id = ? AND seq = ?`, room, seq)
		if errors.Is(err, sql.ErrNoRows) {
			return whyNotBuffered(ctx, tx, room, seq)
		}
		changed = !row.Deleted
		if err != nil || !changed {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE buffers SET erasures = erasures + 1, byte_count = byte_count - ? WHERE room_id = ?`, len(row.Content), room)
		if err != nil {
			return err
		}
		return change(ctx, tx, `UPDATE buffered_messages SET content = '', mentions = '', deleted = 1 WHERE room_id = ? AND seq = ?`, room, seq)
	})
	return changed, err
}

// CloseBuffer closes the buffer of a room for good and returns the number of
// messages that were appended, those included that were spilled. If the room never had a buffer, CloseBuffer makes a closed
// one, so that none can be opened later, and returns ErrBufferUnknown; later
// calls return the same error.
func (s messageStore) CloseBuffer(ctx context.Context, room int64) (count int64, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		err := change(ctx, tx, `UPDATE buffers SET open = 0 WHERE room_id = ?`, room)
		if errors.Is(err, sns.ErrNotFound) {
			_, err = tx.ExecContext(ctx, `INSERT INTO buffers (room_id, open, seq, line_count) VALUES (?, 0, 0, ?)`, room, neverOpened)
		}
		if err != nil {
			return err
		}
		return tx.GetContext(ctx, &count, `SELECT line_count + spilled_count FROM buffers WHERE room_id = ?`, room)
	})
	if err == nil && count == neverOpened {
		return 0, ErrBufferUnknown
	}
	return count, err
}

// DropBuffered deletes the messages of a closed buffer, which stays closed.
// ErrConflict if the buffer is open. An unknown buffer is no error.
func (s messageStore) DropBuffered(ctx context.Context, room int64) error {
	for {
		var left bool
		err := s.tx(ctx, func(tx *transaction) (err error) {
			left, err = dropBatch(ctx, tx, room)
			return err
		})
		if err != nil || !left {
			return err
		}
	}
}

// dropBatch deletes the first dropBatchSize messages and reports whether any
// may be left. Small transactions keep other rooms from waiting. The last call
// sets the count of the buffer to 0.
func dropBatch(ctx context.Context, tx *transaction, room int64) (left bool, err error) {
	if err := lockRow(ctx, tx, `buffers`, `room_id = ? AND open = 0`, room); err != nil {
		return false, whyNotClosed(ctx, tx, room, err)
	}
	var upTo sql.NullInt64
	err = tx.GetContext(ctx, &upTo, `SELECT MAX(seq) FROM (SELECT seq FROM buffered_messages WHERE room_id = ? ORDER BY seq LIMIT ?) first_ones`, room, dropBatchSize)
	if err != nil {
		return false, err
	}
	if !upTo.Valid {
		_, err := tx.ExecContext(ctx, `UPDATE buffers SET line_count = 0, byte_count = 0 WHERE room_id = ? AND line_count > 0`, room)
		return false, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM buffered_messages WHERE room_id = ? AND seq <= ?`, room, upTo.Int64)
	return true, err
}

// whyNotClosed explains the ErrNotFound of a statement on a closed buffer:
// ErrConflict if the buffer is open, nil if the buffer is unknown. Other errors
// stay as they are.
func whyNotClosed(ctx context.Context, tx *transaction, room int64, err error) error {
	if !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	switch _, err := bufferedCount(ctx, tx, room); {
	case err == nil:
		return fmt.Errorf("%w: the buffer of room %d is open", sns.ErrConflict, room)
	case errors.Is(err, sql.ErrNoRows):
		return nil
	default:
		return err
	}
}
