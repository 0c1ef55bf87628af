package store

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
)

// A lockedRoom is an open room whose row the transaction has locked, together
// with a user's membership.
type lockedRoom struct {
	viewedRoomRow
	ParticipantID int64 `db:"participant_id"` // id of the user's latest participants row; 0: never was inside
	Waits         int   `db:"waits"`          // 1 if the user has a row in room_waits, told or not
}

// withLockedRoom runs fn in a transaction that has locked the room, so that no
// other transaction can change the room or its participants. ErrNotFound,
// sns.ErrRoomEnded.
func (s roomStore) withLockedRoom(ctx context.Context, room, user int64, fn func(*telling, lockedRoom) error) error {
	const query = `SELECT ` + roomColumns + membershipColumns + `,
		(SELECT COALESCE(MAX(p.id), 0) FROM participants p WHERE p.room_id = r.id AND p.user_id = ?) AS participant_id,
		(SELECT COUNT(*) FROM room_waits w WHERE w.room_id = r.id AND w.user_id = ?) AS waits` + roomTables + `WHERE r.id = ?`
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockRoom(ctx, tx, room); err != nil {
			return err
		}
		var r lockedRoom
		if err := tx.GetContext(ctx, &r, query, user, user, user, user, user, room); err != nil {
			return err
		}
		if r.EndedAt.Valid {
			return sns.ErrRoomEnded
		}
		return fn(t, r)
	})
}

// EnterResult is the result of EnterRoom.
type EnterResult struct {
	Room        sns.Room // state after the call
	Participant int64    // id of the participants row; a new row unless Again
	Again       bool     // the user had a seat already; nothing changed
}

// EnterRoom gives a user a seat in a room. A user with a seat keeps the seat,
// even if the room is full. ErrNotFound if the room does not exist or the
// account was deleted, sns.ErrRoomEnded, sns.ErrRoomFull, or ErrForbidden if
// the user was removed.
func (s roomStore) EnterRoom(ctx context.Context, room, user int64, now time.Time) (entry EnterResult, err error) {
	err = s.withLockedRoom(ctx, room, user, func(t *telling, r lockedRoom) error {
		entry = EnterResult{Room: r.room(), Participant: r.ParticipantID, Again: r.membership().Inside}
		switch {
		case entry.Again:
			return nil
		case r.membership().Removed:
			return sns.ErrForbidden
		case entry.Room.Full():
			return sns.ErrRoomFull
		}
		if err := lockUser(ctx, t.tx, user); err != nil {
			return err
		}
		if entry.Participant, err = insertParticipant(ctx, t.tx, room, user, now); err != nil {
			return err
		}
		if err := takeSeat(ctx, t.tx, &entry.Room); err != nil {
			return err
		}
		return t.deleteWait(ctx, r, user)
	})
	return entry, err
}

func insertParticipant(ctx context.Context, tx *transaction, room, user int64, now time.Time) (int64, error) {
	return insert(ctx, tx, `INSERT INTO participants (room_id, user_id, entered_at, active) VALUES (?, ?, ?, 1)`, room, user, micros(now))
}

// takeSeat counts a seat, guarded by the condition of the UPDATE itself, so
// that a room can never have more participants than seats.
func takeSeat(ctx context.Context, tx *transaction, room *sns.Room) error {
	err := change(ctx, tx, `UPDATE rooms SET head_count = head_count + 1, version = version + 1
		WHERE id = ? AND ended_at IS NULL AND head_count < user_limit`, room.ID)
	if errors.Is(err, sns.ErrNotFound) {
		return sns.ErrRoomFull
	}
	room.HeadCount++
	room.Version++
	return err
}

// LeaveResult is the result of LeaveRoom and RemoveParticipant.
type LeaveResult struct {
	Room        sns.Room // state after the call
	Participant int64    // id of the user's latest participants row; 0: never was inside
	Changed     bool     // the user had a seat, which is free now
}

// LeaveRoom gives up the seat of a user. Without a seat nothing changes.
// ErrNotFound, sns.ErrRoomEnded.
func (s roomStore) LeaveRoom(ctx context.Context, room, user int64, now time.Time) (gone LeaveResult, err error) {
	err = s.withLockedRoom(ctx, room, user, func(t *telling, r lockedRoom) error {
		if gone, err = endParticipation(ctx, t.tx, r, now); err != nil {
			return err
		}
		return t.roomLeft(ctx, room, user)
	})
	return gone, err
}

// RemoveParticipant takes away the seat of a user, if there is one, and bars
// the user from entering again. ErrNotFound if the room does not exist or the
// user never was inside; sns.ErrRoomEnded. The acts are logged unless the user was barred before.
func (s roomStore) RemoveParticipant(ctx context.Context, room, user int64, now time.Time, acts ...sns.Act) (gone LeaveResult, err error) {
	err = s.withLockedRoom(ctx, room, user, func(t *telling, r lockedRoom) error {
		if gone, err = endParticipation(ctx, t.tx, r, now); err != nil {
			return err
		}
		if err := change(ctx, t.tx, `UPDATE participants SET removed = 1 WHERE id = ?`, r.ParticipantID); err != nil {
			return err
		}
		if err := t.deleteWait(ctx, r, user); err != nil {
			return err
		}
		if !r.membership().Removed {
			if err := logActs(ctx, t.tx, acts); err != nil {
				return err
			}
		}
		return t.roomLeft(ctx, room, user)
	})
	return gone, err
}

// endParticipation ends the participation of a user who has a seat, and frees
// the seat.
func endParticipation(ctx context.Context, tx *transaction, r lockedRoom, now time.Time) (LeaveResult, error) {
	gone := LeaveResult{Room: r.room(), Participant: r.ParticipantID, Changed: r.membership().Inside}
	if !gone.Changed {
		return gone, nil
	}
	if err := change(ctx, tx, `UPDATE participants SET active = NULL, exited_at = ? WHERE id = ? AND active = 1`, micros(now), r.ParticipantID); err != nil {
		return gone, err
	}
	gone.Room.HeadCount--
	gone.Room.Version++
	return gone, change(ctx, tx, `UPDATE rooms SET head_count = head_count - 1, version = version + 1 WHERE id = ?`, r.ID)
}

// RestoreParticipant lets a removed user enter again. ErrNotFound if the room
// does not exist or the user is not removed; sns.ErrRoomEnded. The acts are logged.
func (s roomStore) RestoreParticipant(ctx context.Context, room, user int64, acts ...sns.Act) error {
	return s.withLockedRoom(ctx, room, user, func(t *telling, _ lockedRoom) error {
		if err := change(ctx, t.tx, `UPDATE participants SET removed = 0 WHERE room_id = ? AND user_id = ? AND removed = 1`, room, user); err != nil {
			return err
		}
		return logActs(ctx, t.tx, acts)
	})
}
