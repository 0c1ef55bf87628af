package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// WaitForSeat notes that a user wants to be told when a seat of the room is
// free, or does not any more. Who is inside has nothing to wait for; who was
// told may wait again. ErrNotFound (of the room, or of an account that was
// deleted), sns.ErrRoomEnded; ErrForbidden when they were removed.
func (s *Store) WaitForSeat(ctx context.Context, room, user int64, on bool, now time.Time) error {
	return s.atDoor(ctx, room, user, func(tx *sqlx.Tx, d door) error {
		standing := d.standing()
		switch {
		case !on:
			return forgetWait(ctx, tx, d, user)
		case standing.Removed:
			return sns.ErrForbidden
		case standing.Inside || standing.Waiting:
			return nil
		}
		if err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		if d.Waits > 0 {
			return change(ctx, tx, `UPDATE room_waits SET created_at = ?, told_at = NULL WHERE room_id = ? AND user_id = ?`, micros(now), room, user)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO room_waits (room_id, user_id, created_at) VALUES (?, ?, ?)`, room, user, micros(now))
		return err
	})
}

// forgetWait deletes what a user asked for at the door, if anything.
func forgetWait(ctx context.Context, tx *sqlx.Tx, d door, user int64) error {
	if d.Waits == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM room_waits WHERE room_id = ? AND user_id = ?`, d.ID, user)
	return err
}

// waitingQuery lists who waits for a seat of a room.
const waitingQuery = `SELECT user_id FROM room_waits WHERE room_id = ? AND told_at IS NULL ORDER BY user_id`

// TakeWaiting returns those who wait for a seat of the room and are not told
// yet, and notes that they are told: nobody is returned twice, whoever asks at
// the same moment.
func (s *Store) TakeWaiting(ctx context.Context, room int64, now time.Time) (users []int64, err error) {
	// A look ahead: mostly nobody waits, and then nothing needs to be locked.
	if err := s.list(ctx, &users, waitingQuery, room); err != nil || len(users) == 0 {
		return nil, err
	}
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lockRoom(ctx, tx, room); err != nil {
			return err
		}
		users = users[:0]
		if err := tx.SelectContext(ctx, &users, waitingQuery, room); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE room_waits SET told_at = ? WHERE room_id = ? AND told_at IS NULL`, micros(now), room)
		return err
	})
	return users, err
}

// FreedRooms returns the open rooms of which a user was told that a seat is
// free, and which they have not entered, newest first. Why the joins are outer
// ones stands at postQuery.
func (s *Store) FreedRooms(ctx context.Context, user int64) ([]sns.Room, error) {
	var rows []roomRow
	err := s.list(ctx, &rows, `SELECT `+roomColumns+` FROM room_waits w LEFT JOIN rooms r ON r.id = w.room_id LEFT JOIN users u ON u.id = r.mentor_id
		WHERE w.user_id = ? AND w.told_at IS NOT NULL AND r.ended_at IS NULL ORDER BY w.room_id DESC`, user)
	return rooms(rows), err
}
