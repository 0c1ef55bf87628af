package store

import (
	"context"
	"errors"

	"xxsns/app/sns"
)

// SaveBuffered is SaveMessages for the next messages after a seq, at most limit, of a
// room's closed buffer, and returns the last seq, or 0 if there are no more. The database
// copies the rows by itself: reading them and sending them back takes most of the time of
// a settlement. ErrLeaseLost.
func (s messageStore) SaveBuffered(ctx context.Context, room int64, token string, after int64, limit int) (last int64, err error) {
	err = s.txRepeatable(ctx, func(tx *transaction) (err error) {
		last, err = copyBuffered(ctx, tx, room, token, after, limit)
		return err
	})
	if errors.Is(err, sns.ErrConflict) { // a part is saved; the whole batch was rolled back
		return s.saveBufferedMissing(ctx, room, token, sns.MessagePage{After: after, Limit: limit})
	}
	return last, err
}

// copyBuffered copies the next rows of a buffer in a transaction. ErrConflict if one of
// them is saved already.
func copyBuffered(ctx context.Context, tx *transaction, room int64, token string, after int64, limit int) (last int64, err error) {
	if err := lockHeld(ctx, tx, room, token); err != nil {
		return 0, err
	}
	const upTo = `SELECT COALESCE(MAX(seq), 0) FROM (SELECT seq FROM buffered_messages WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?) next_ones`
	if err := tx.GetContext(ctx, &last, upTo, room, after, limit); err != nil || last == 0 {
		return 0, err
	}
	copied, err := tx.ExecContext(ctx, `
		INSERT INTO messages (room_id, seq, user_id, kind, content, mentions, created_at, deleted)
		SELECT room_id, seq, user_id, kind, content, mentions, created_at, deleted
		FROM buffered_messages WHERE room_id = ? AND seq > ? AND seq <= ? ORDER BY seq`, room, after, last)
	if err != nil {
		return 0, err
	}
	n, err := copied.RowsAffected()
	if err != nil {
		return 0, err
	}
	if err := messagesWait(ctx, tx, room, after+1, last, ""); err != nil {
		return 0, err
	}
	return last, changeHeld(ctx, tx, `saved = saved + ?`, room, token, n)
}

// saveBufferedMissing saves those messages of a page of a buffer that are not saved yet.
func (s messageStore) saveBufferedMissing(ctx context.Context, room int64, token string, page sns.MessagePage) (last int64, err error) {
	batch, err := s.Buffered(ctx, room, page)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	return batch[len(batch)-1].Seq, s.saveMissing(ctx, room, token, batch)
}
