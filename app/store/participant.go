package store

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// A door is a room as one who comes or goes finds it.
type door struct {
	roomAsRow
	Stay  int64 `db:"stay"`  // id of the latest stay; 0: never was inside
	Waits int   `db:"waits"` // 1: asked for a seat, told or not
}

// atDoor runs fn while nobody else can change the room or who is in it.
// ErrNotFound, sns.ErrRoomEnded.
func (s *Store) atDoor(ctx context.Context, room, user int64, fn func(*sqlx.Tx, door) error) error {
	const query = `SELECT ` + roomColumns + standingColumns + `,
		(SELECT COALESCE(MAX(p.id), 0) FROM participants p WHERE p.room_id = r.id AND p.user_id = ?) AS stay,
		(SELECT COUNT(*) FROM room_waits w WHERE w.room_id = r.id AND w.user_id = ?) AS waits` + roomTables + `WHERE r.id = ?`
	return s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lockRoom(ctx, tx, room); err != nil {
			return err
		}
		var d door
		if err := tx.GetContext(ctx, &d, query, user, user, user, user, user, room); err != nil {
			return err
		}
		if d.EndedAt.Valid {
			return sns.ErrRoomEnded
		}
		return fn(tx, d)
	})
}

// An Entry is what came of entering a room.
type Entry struct {
	Room        sns.Room // as it is then
	Participant int64    // the id of the stay, which each entering that is not Again gives anew
	Again       bool     // was inside already; nothing changed
}

// EnterRoom gives a user a seat. Who has one keeps it, also when no other is
// free. ErrNotFound (of the room, or of an account that was deleted),
// sns.ErrRoomEnded, sns.ErrRoomFull; ErrForbidden when they were removed.
func (s *Store) EnterRoom(ctx context.Context, room, user int64, now time.Time) (entry Entry, err error) {
	err = s.atDoor(ctx, room, user, func(tx *sqlx.Tx, d door) error {
		entry = Entry{Room: d.room(), Participant: d.Stay, Again: d.standing().Inside}
		switch {
		case entry.Again:
			return nil
		case d.standing().Removed:
			return sns.ErrForbidden
		case entry.Room.Full():
			return sns.ErrRoomFull
		}
		if err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		if entry.Participant, err = insertParticipant(ctx, tx, room, user, now); err != nil {
			return err
		}
		if err := takeSeat(ctx, tx, &entry.Room); err != nil {
			return err
		}
		return forgetWait(ctx, tx, d, user)
	})
	return entry, err
}

func insertParticipant(ctx context.Context, tx *sqlx.Tx, room, user int64, now time.Time) (int64, error) {
	return insert(ctx, tx, `INSERT INTO participants (room_id, user_id, entered_at, active) VALUES (?, ?, ?, 1)`, room, user, micros(now))
}

// takeSeat is guarded by itself, whatever was seen before.
func takeSeat(ctx context.Context, tx *sqlx.Tx, room *sns.Room) error {
	err := change(ctx, tx, `UPDATE rooms SET head_count = head_count + 1, version = version + 1
		WHERE id = ? AND ended_at IS NULL AND head_count < user_limit`, room.ID)
	if errors.Is(err, sns.ErrNotFound) {
		return sns.ErrRoomFull
	}
	room.HeadCount++
	room.Version++
	return err
}

// A Departure is what came of leaving a room.
type Departure struct {
	Room        sns.Room // as it is then
	Participant int64    // the id of the latest stay; 0: never was inside
	Changed     bool     // a seat became free
}

// LeaveRoom gives a user's seat back, if they have one. ErrNotFound,
// sns.ErrRoomEnded.
func (s *Store) LeaveRoom(ctx context.Context, room, user int64, now time.Time) (gone Departure, err error) {
	err = s.atDoor(ctx, room, user, func(tx *sqlx.Tx, d door) error {
		gone, err = depart(ctx, tx, d, now)
		return err
	})
	return gone, err
}

// RemoveParticipant takes a user's seat, if they have one, and does not let
// them in again. ErrNotFound when they were never inside, too;
// sns.ErrRoomEnded.
func (s *Store) RemoveParticipant(ctx context.Context, room, user int64, now time.Time) (gone Departure, err error) {
	err = s.atDoor(ctx, room, user, func(tx *sqlx.Tx, d door) error {
		if gone, err = depart(ctx, tx, d, now); err != nil {
			return err
		}
		if err := change(ctx, tx, `UPDATE participants SET removed = 1 WHERE id = ?`, d.Stay); err != nil {
			return err
		}
		return forgetWait(ctx, tx, d, user)
	})
	return gone, err
}

// depart ends the stay of who is inside.
func depart(ctx context.Context, tx *sqlx.Tx, d door, now time.Time) (Departure, error) {
	gone := Departure{Room: d.room(), Participant: d.Stay, Changed: d.standing().Inside}
	if !gone.Changed {
		return gone, nil
	}
	if err := change(ctx, tx, `UPDATE participants SET active = NULL, exited_at = ? WHERE id = ? AND active = 1`, micros(now), d.Stay); err != nil {
		return gone, err
	}
	gone.Room.HeadCount--
	gone.Room.Version++
	return gone, change(ctx, tx, `UPDATE rooms SET head_count = head_count - 1, version = version + 1 WHERE id = ?`, d.ID)
}

// RestoreParticipant lets a removed user in again. ErrNotFound when they were
// not removed, too; sns.ErrRoomEnded.
func (s *Store) RestoreParticipant(ctx context.Context, room, user int64) error {
	return s.atDoor(ctx, room, user, func(tx *sqlx.Tx, _ door) error {
		return change(ctx, tx, `UPDATE participants SET removed = 0 WHERE room_id = ? AND user_id = ? AND removed = 1`, room, user)
	})
}
