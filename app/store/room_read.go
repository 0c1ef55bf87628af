package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// A roomReadsKey is the key of RoomReads in memory.
type roomReadsKey struct{ user int64 }

// mostReads is of how many rooms RoomReads returns how far they were read.
const mostReads = 100

// RoomReads returns how far a user has read the open rooms in which the user has a seat: the
// newest mostReads rooms, the newest first. Callers must not change the slice.
func (s roomStore) RoomReads(ctx context.Context, user int64) ([]sns.RoomRead, error) {
	return recall(ctx, s.database, regionRooms, roomReadsKey{user}, func(ctx context.Context) (reads []sns.RoomRead, err error) {
		scan := func(rows *sqlx.Rows) error {
			reads = nil
			var read sns.RoomRead
			var alerts int64
			for rows.Next() {
				if err := rows.Scan(&read.Room, &read.Buffer, &read.Seq, &alerts); err != nil {
					return err
				}
				read.Alerts = sns.Alerts(alerts)
				reads = append(reads, read)
			}
			return rows.Err()
		}
		err = s.query(ctx, scan, `SELECT p.room_id, r.buffer, COALESCE(x.seq, 0), COALESCE(x.alerts, 0) FROM participants p
			JOIN rooms r ON r.id = p.room_id LEFT JOIN room_reads x ON x.user_id = p.user_id AND x.room_id = p.room_id
			WHERE p.user_id = ? AND p.active = 1 AND r.ended_at IS NULL`, user)
		slices.SortFunc(reads, func(a, b sns.RoomRead) int { return cmp.Compare(b.Room, a.Room) })
		return reads[:min(len(reads), mostReads)], err
	})
}

// RaiseRead records that a user has read a room up to a seq. A lower seq than before changes
// nothing. ErrForbidden unless the user has a seat in the room, and the room is open.
func (s roomStore) RaiseRead(ctx context.Context, user, room, seq int64) error {
	read, err := s.seatRead(ctx, user, room)
	if err != nil || seq <= read.Seq {
		return err
	}
	return s.setRead(ctx, user, room, `seq = CASE WHEN seq < ? THEN ? ELSE seq END`, []any{seq, seq}, `seq`, seq)
}

// SetAlerts sets of which messages of a room a user wants to be told. ErrForbidden as
// RaiseRead.
func (s roomStore) SetAlerts(ctx context.Context, user, room int64, alerts sns.Alerts) error {
	if _, err := s.seatRead(ctx, user, room); err != nil {
		return err
	}
	return s.setRead(ctx, user, room, `alerts = ?`, []any{int(alerts)}, `alerts`, int(alerts))
}

// seatRead returns how far a user has read a room. ErrForbidden unless the user has a seat in
// the open room.
func (s roomStore) seatRead(ctx context.Context, user, room int64) (sns.RoomRead, error) {
	reads, err := s.RoomReads(ctx, user)
	if err != nil {
		return sns.RoomRead{}, err
	}
	for _, read := range reads {
		if read.Room == room {
			return read, nil
		}
	}
	return sns.RoomRead{}, sns.ErrForbidden
}

// setRead changes the row of a user and a room, or makes the row with the value of a column.
func (s roomStore) setRead(ctx context.Context, user, room int64, set string, args []any, column string, value any) error {
	update := func(tx *transaction) error {
		return change(ctx, tx, `UPDATE room_reads SET `+set+` WHERE user_id = ? AND room_id = ?`, append(args[:len(args):len(args)], user, room)...)
	}
	err := s.txRepeatable(ctx, func(tx *transaction) error {
		err := update(tx)
		if errors.Is(err, sns.ErrNotFound) {
			_, err = tx.ExecContext(ctx, `INSERT INTO room_reads (user_id, room_id, `+column+`) VALUES (?, ?, ?)`, user, room, value)
		}
		return err
	})
	if errors.Is(err, sns.ErrConflict) { // another device of the user has made the row
		err = s.txRepeatable(ctx, update)
	}
	return err
}

// Alerted returns those of some users who want to hear of mentions in a room.
func (s roomStore) Alerted(ctx context.Context, room int64, users []int64) (alerted []int64, err error) {
	silent := make(map[int64]bool)
	err = listIn(ctx, s.database, `SELECT user_id FROM room_reads WHERE room_id = ? AND alerts = ? AND user_id IN (?)`, users,
		func(user int64) { silent[user] = true }, room, int(sns.AlertsNone))
	for _, user := range users {
		if !silent[user] {
			alerted = append(alerted, user)
		}
	}
	return alerted, err
}
