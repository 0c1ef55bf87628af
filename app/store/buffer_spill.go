package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"xxsns/app/sns"
)

// ErrBufferChanged means that messages were erased or trimmed since the caller read
// the buffer.
var ErrBufferChanged = errors.New("buffer has changed")

// TrimBuffered deletes the oldest messages of an open buffer, after they were saved.
// batch is what the caller has read of the buffer, from the first message on, and
// erasures the BufferExtent.Erasures from before. ErrBufferChanged if the buffer has
// changed since; ErrBufferClosed, ErrBufferUnknown. After an error nothing is deleted.
func (s messageStore) TrimBuffered(ctx context.Context, room int64, batch []sns.Message, erasures int64) error {
	first, last, size := batch[0].Seq, batch[len(batch)-1].Seq, 0
	for _, m := range batch {
		size += len(m.Content)
	}
	return s.tx(ctx, func(tx *transaction) error {
		if err := lockOpenBuffer(ctx, tx, room); err != nil {
			return err
		}
		// Messages from before an update of the program are not in byte_count.
		err := change(ctx, tx, `UPDATE buffers SET seam = ?, line_count = line_count - ?, spilled_count = spilled_count + ?,
			byte_count = CASE WHEN byte_count > ? THEN byte_count - ? ELSE 0 END
			WHERE room_id = ? AND seam < ? AND erasures = ?`, last, len(batch), len(batch), size, size, room, first, erasures)
		if err != nil {
			return asChanged(err)
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM buffered_messages WHERE room_id = ? AND seq <= ?`, room, last)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n != int64(len(batch)) {
			return errors.Join(err, fmt.Errorf("%w: %d of %d messages up to %d", ErrBufferChanged, n, len(batch), last))
		}
		return nil
	})
}

// asChanged makes ErrNotFound ErrBufferChanged.
func asChanged(err error) error {
	if errors.Is(err, sns.ErrNotFound) {
		return ErrBufferChanged
	}
	return err
}

// whyNotAppended explains why raiseSeq has changed no row. free is how long, in
// microseconds, the room may be busy before the message.
func (s messageStore) whyNotAppended(ctx context.Context, tx *transaction, room, spilled, free int64) error {
	var row struct {
		Open bool  `db:"open"`
		Seam int64 `db:"seam"`
		Busy int64 `db:"busy"`
	}
	err := tx.GetContext(ctx, &row, `SELECT open, seam, busy_until - `+s.dialect.now+` AS busy FROM buffers WHERE room_id = ?`, room)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && !row.Open:
		return whyNotOpen(ctx, tx, room)
	case err != nil:
		return err
	case row.Seam > spilled:
		return ErrBufferSpilled
	}
	return sns.SlowDownError{Wait: time.Duration(max(row.Busy-free, 1)) * time.Microsecond}
}

// whyNotBuffered explains why an open buffer lacks a message.
func whyNotBuffered(ctx context.Context, tx *transaction, room, seq int64) error {
	var seam int64
	err := tx.GetContext(ctx, &seam, `SELECT seam FROM buffers WHERE room_id = ?`, room)
	if err == nil && seq <= seam {
		return ErrBufferSpilled
	}
	return errors.Join(err, sns.ErrNotFound)
}
