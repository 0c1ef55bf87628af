package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"xxsns/app/sns"
)

// spiltByToken selects an open room whose messages the token may spill. The arguments
// are the room and the token.
const spiltByToken = `id = ? AND spill_token = ? AND ended_at IS NULL`

// ClaimSpill allows a token to spill messages of an open room for the time of the
// lease, and reports false if another token may or the room has ended. Leases run by
// the clock of the database.
func (s messageStore) ClaimSpill(ctx context.Context, room int64, token string, lease time.Duration) (claimed bool, err error) {
	now := s.dialect.now
	err = s.txRepeatable(ctx, func(tx *transaction) error {
		return change(ctx, tx, `UPDATE rooms SET spill_token = ?, spill_until = `+now+` + ?
			WHERE id = ? AND ended_at IS NULL AND (spill_token = ? OR spill_until <= `+now+`)`, token, lease.Microseconds(), room, token)
	})
	if errors.Is(err, sns.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// ReleaseSpill ends the lease of a token, if the token still has the lease.
func (s messageStore) ReleaseSpill(ctx context.Context, room int64, token string) error {
	return s.exec(ctx, `UPDATE rooms SET spill_token = NULL, spill_until = 0 WHERE id = ? AND spill_token = ?`, room, token)
}

// Spill saves the oldest messages in the buffer of an open room, records that they
// are saved, and renews the lease. Messages that are saved already are skipped, or
// erased if they were erased in the buffer since: Spill may be repeated. ErrLeaseLost
// if the token has no lease any more, or the room has ended; then nothing is saved.
func (s messageStore) Spill(ctx context.Context, room int64, token string, batch []sns.Message, lease time.Duration) error {
	held := func(tx *transaction) error {
		return leaseLost(change(ctx, tx, `UPDATE rooms SET spilled = ?, spill_until = `+s.dialect.now+` + ? WHERE `+spiltByToken,
			batch[len(batch)-1].Seq, lease.Microseconds(), room, token))
	}
	err := s.txRepeatable(ctx, func(tx *transaction) error {
		if err := held(tx); err != nil {
			return err
		}
		if err := insertMessages(ctx, tx, room, batch); err != nil {
			return err
		}
		return insertSpilled(ctx, tx, room, batch)
	})
	if !errors.Is(err, sns.ErrConflict) {
		return err
	}
	return s.txRepeatable(ctx, func(tx *transaction) error {
		if err := held(tx); err != nil {
			return err
		}
		missing, err := mergeSaved(ctx, tx, room, batch)
		if err != nil {
			return err
		}
		if err := insertMessages(ctx, tx, room, missing); err != nil {
			return err
		}
		return replaceSpilled(ctx, tx, room, batch)
	})
}

// insertSpilled remembers the client ids of spilled messages, so that a repeated
// message is recognised.
func insertSpilled(ctx context.Context, tx *transaction, room int64, batch []sns.Message) error {
	rows := inserting(tx, `INSERT INTO spilled_messages (room_id, seq, user_id, client_id)`)
	for _, m := range batch {
		if err := rows.add(ctx, room, m.Seq, m.Author.ID, nullable(m.ClientID)); err != nil {
			return err
		}
	}
	return rows.flush(ctx)
}

// replaceSpilled is insertSpilled for messages some of which may be remembered.
func replaceSpilled(ctx context.Context, tx *transaction, room int64, batch []sns.Message) error {
	for _, m := range batch {
		_, err := tx.ExecContext(ctx, `DELETE FROM spilled_messages WHERE room_id = ? AND user_id = ? AND client_id = ?`, room, m.Author.ID, m.ClientID)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM spilled_messages WHERE room_id = ? AND seq = ?`, room, m.Seq); err != nil {
			return err
		}
	}
	return insertSpilled(ctx, tx, room, batch)
}

// SpilledSeq returns the seq of the spilled message that a user said with a client
// id, or ErrNotFound.
func (s messageStore) SpilledSeq(ctx context.Context, room, user int64, clientID string) (seq int64, err error) {
	err = s.get(ctx, &seq, `SELECT seq FROM spilled_messages WHERE room_id = ? AND user_id = ? AND client_id = ?`, room, user, clientID)
	return seq, err
}

// ForgetSpilled deletes the client ids of the spilled messages of a settled room, in
// small transactions.
func (s messageStore) ForgetSpilled(ctx context.Context, room int64) error {
	for {
		var upTo sql.NullInt64
		err := s.get(ctx, &upTo, `SELECT MAX(seq) FROM (SELECT seq FROM spilled_messages WHERE room_id = ? ORDER BY seq LIMIT ?) first_ones`, room, dropBatchSize)
		if err != nil || !upTo.Valid {
			return err
		}
		if err := s.exec(ctx, `DELETE FROM spilled_messages WHERE room_id = ? AND seq <= ?`, room, upTo.Int64); err != nil {
			return err
		}
	}
}

// CountMessagesBetween returns the number of saved messages of a room with seqs from
// first to last.
func (s messageStore) CountMessagesBetween(ctx context.Context, room, first, last int64) (n int64, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM messages WHERE room_id = ? AND seq BETWEEN ? AND ?`, room, first, last)
	return n, err
}
