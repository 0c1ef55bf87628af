package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// WaitForSeat records that a user wants to be told when a seat in the room
// becomes free, or deletes the record if on is false. Nothing changes for a
// user who has a seat or waits already; a user who was told may wait again.
// ErrNotFound if the room does not exist or the account was deleted,
// sns.ErrRoomEnded, or ErrForbidden if the user was removed.
func (s roomStore) WaitForSeat(ctx context.Context, room, user int64, on bool, now time.Time) error {
	return s.withLockedRoom(ctx, room, user, func(t *telling, r lockedRoom) error {
		membership := r.membership()
		switch {
		case !on:
			return t.deleteWait(ctx, r, user)
		case membership.Removed:
			return sns.ErrForbidden
		case membership.Inside || membership.Waiting:
			return nil
		}
		if err := lockUser(ctx, t.tx, user); err != nil {
			return err
		}
		if r.Waits > 0 {
			return change(ctx, t.tx, `UPDATE room_waits SET created_at = ?, told_at = NULL WHERE room_id = ? AND user_id = ?`, micros(now), room, user)
		}
		_, err := t.tx.ExecContext(ctx, `INSERT INTO room_waits (room_id, user_id, created_at) VALUES (?, ?, ?)`, room, user, micros(now))
		return err
	})
}

// deleteWait deletes the row of room_waits, if there is one, and the notice of a free seat.
func (t *telling) deleteWait(ctx context.Context, r lockedRoom, user int64) error {
	if r.Waits == 0 {
		return nil
	}
	if _, err := t.tx.ExecContext(ctx, `DELETE FROM room_waits WHERE room_id = ? AND user_id = ?`, r.ID, user); err != nil {
		return err
	}
	return t.waitEnded(ctx, r.ID, user)
}

// waitingQuery selects the users who wait for a seat in a room.
const waitingQuery = `SELECT user_id FROM room_waits WHERE room_id = ? AND told_at IS NULL ORDER BY user_id`

// TakeWaiting returns the users who wait for a seat in the room, marks them as told, and puts
// a notice into their inboxes. Concurrent calls never return the same user twice.
func (s roomStore) TakeWaiting(ctx context.Context, room int64, now time.Time) (users []int64, err error) {
	// Look first, without a lock: usually no user waits.
	if err := s.list(ctx, &users, waitingQuery, room); err != nil || len(users) == 0 {
		return nil, err
	}
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockRoom(ctx, tx, room); err != nil {
			return err
		}
		users = users[:0]
		if err := tx.SelectContext(ctx, &users, waitingQuery, room); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE room_waits SET told_at = ? WHERE room_id = ? AND told_at IS NULL`, micros(now), room)
		if err != nil {
			return err
		}
		return t.seatFree(ctx, room, users, now)
	})
	return users, err
}

// UnofferedRooms returns the open rooms that have a free seat, and somebody who waits for one and
// was not told: a process may have died between the two.
func (s roomStore) UnofferedRooms(ctx context.Context) ([]sns.Room, error) {
	var rows []roomRow
	err := s.list(ctx, &rows, `SELECT `+roomColumns+roomTables+`WHERE r.ended_at IS NULL AND r.head_count < r.user_limit
		AND (SELECT COUNT(*) FROM room_waits w WHERE w.room_id = r.id AND w.told_at IS NULL) > 0`)
	return rooms(rows), err
}

// freedKey is the key of FreedRooms in memory.
type freedKey struct{ user int64 }

// FreedRooms returns the open rooms of which a user was told that a seat is
// free and which the user has not entered since, newest first. See postQuery
// for the reason of the outer joins. Callers must not change the rooms.
func (s roomStore) FreedRooms(ctx context.Context, user int64) ([]sns.Room, error) {
	return recall(ctx, s.database, regionRooms|regionRest, freedKey{user}, func(ctx context.Context) ([]sns.Room, error) {
		var rows []roomRow
		err := s.list(ctx, &rows, `SELECT `+roomColumns+` FROM room_waits w LEFT JOIN rooms r ON r.id = w.room_id LEFT JOIN users u ON u.id = r.mentor_id
			WHERE w.user_id = ? AND w.told_at IS NOT NULL AND r.ended_at IS NULL ORDER BY w.room_id DESC`, user)
		return rooms(rows), err
	})
}
