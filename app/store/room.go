package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"xxsns/app/sns"
)

// roomColumns and roomTables select rooms with their mentors. See postQuery for
// the reason of the outer join.
const (
	roomColumns = `r.id, r.name, r.user_limit, r.head_count, r.notice, r.notice_at, r.version, r.created_at, r.ended_at, r.buffer, r.epoch, r.spilled,
	` + authorColumns
	roomTables = ` FROM rooms r LEFT JOIN users u ON u.id = r.mentor_id `
)

type roomRow struct {
	authorRow
	ID        int64         `db:"id"`
	Name      string        `db:"name"`
	UserLimit int           `db:"user_limit"`
	HeadCount int           `db:"head_count"`
	Notice    string        `db:"notice"`
	NoticeAt  sql.NullInt64 `db:"notice_at"`
	Version   int64         `db:"version"`
	CreatedAt int64         `db:"created_at"`
	EndedAt   sql.NullInt64 `db:"ended_at"`
	Buffer    string        `db:"buffer"`
	Epoch     int64         `db:"epoch"`
	Spilled   int64         `db:"spilled"`
}

func (r roomRow) room() sns.Room {
	return sns.Room{
		ID: r.ID, Name: r.Name, UserLimit: r.UserLimit, HeadCount: r.HeadCount, Notice: r.Notice, NoticeAt: timeOrZero(r.NoticeAt),
		Version: r.Version, CreatedAt: timeOf(r.CreatedAt), EndedAt: timeOrZero(r.EndedAt), Buffer: r.Buffer, Epoch: r.Epoch, Spilled: r.Spilled,
		Mentor: r.author(),
	}
}

func rooms(rows []roomRow) []sns.Room {
	all := make([]sns.Room, len(rows))
	for i, row := range rows {
		all[i] = row.room()
	}
	return all
}

// membershipColumns select the membership of a viewer in the room r. The first
// three arguments are the viewer's id.
const membershipColumns = `,
	(SELECT COUNT(p.active) FROM participants p WHERE p.room_id = r.id AND p.user_id = ?) AS inside_now,
	(SELECT MAX(p.removed) FROM participants p WHERE p.room_id = r.id AND p.user_id = ?) AS ever_removed,
	(SELECT COUNT(*) FROM room_waits w WHERE w.room_id = r.id AND w.user_id = ? AND w.told_at IS NULL) AS waits_now`

type membershipRow struct {
	Inside  int           `db:"inside_now"`
	Removed sql.NullInt64 `db:"ever_removed"` // NULL: the viewer never was inside
	Waiting int           `db:"waits_now"`
}

func (r membershipRow) membership() sns.Membership {
	return sns.Membership{Inside: r.Inside > 0, Was: r.Removed.Valid, Removed: r.Removed.Int64 > 0, Waiting: r.Waiting > 0}
}

type viewedRoomRow struct {
	roomRow
	membershipRow
}

// NewRoom holds the checked input of CreateRoom.
type NewRoom struct {
	Mentor      int64
	Name        string
	UserLimit   int
	Buffer, Key string // Key is the form key, as in NewPost
	CreatedAt   time.Time
}

// CreateRoom makes a room in which the mentor has a seat, and returns the id of
// the room and of the mentor's participants row. ErrConflict if the mentor has
// already made a room with the same key, ErrNotFound if the mentor's account
// was deleted.
func (s roomStore) CreateRoom(ctx context.Context, r NewRoom) (id, participant int64, err error) {
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockUser(ctx, tx, r.Mentor); err != nil {
			return err
		}
		id, err = insert(ctx, tx, `INSERT INTO rooms (mentor_id, name, user_limit, head_count, notice, created_at, buffer, form_key)
			VALUES (?, ?, ?, 1, '', ?, ?, ?)`, r.Mentor, r.Name, r.UserLimit, micros(r.CreatedAt), r.Buffer, nullable(r.Key))
		if err != nil {
			return err
		}
		if participant, err = insertParticipant(ctx, tx, id, r.Mentor, r.CreatedAt); err != nil {
			return err
		}
		return t.roomOpened(ctx, id, r)
	})
	return id, participant, err
}

// RoomByKey returns the room that a mentor made with a form key, or
// ErrNotFound.
func (s roomStore) RoomByKey(ctx context.Context, mentor int64, key string) (sns.Room, error) {
	var row roomRow
	err := s.get(ctx, &row, `SELECT `+roomColumns+roomTables+`WHERE r.mentor_id = ? AND r.form_key = ?`, mentor, key)
	return row.room(), err
}

// Room returns a room and the viewer's membership, or ErrNotFound.
func (s roomStore) Room(ctx context.Context, id, viewer int64) (sns.Room, sns.Membership, error) {
	var row viewedRoomRow
	err := s.get(ctx, &row, `SELECT `+roomColumns+membershipColumns+roomTables+`WHERE r.id = ?`, viewer, viewer, viewer, id)
	return row.room(), row.membership(), err
}

// RoomsByID returns rooms. Rooms that do not exist are missing from the map.
func (s roomStore) RoomsByID(ctx context.Context, ids []int64) (map[int64]sns.Room, error) {
	found := make(map[int64]sns.Room, len(ids))
	err := listIn(ctx, s.database, `SELECT `+roomColumns+roomTables+`WHERE r.id IN (?)`, ids, func(r roomRow) { found[r.ID] = r.room() })
	return found, err
}

// RoomToSay returns what Room does and, if the viewer said a message with the client
// id and that message was spilled, its seq, else 0. ErrNotFound.
func (s roomStore) RoomToSay(ctx context.Context, id, viewer int64, clientID string) (r sns.Room, m sns.Membership, said int64, err error) {
	var row struct {
		viewedRoomRow
		Said sql.NullInt64 `db:"said_seq"`
	}
	err = s.get(ctx, &row, `SELECT `+roomColumns+membershipColumns+`,
		(SELECT s.seq FROM spilled_messages s WHERE s.room_id = r.id AND s.user_id = ? AND s.client_id = ?) AS said_seq`+
		roomTables+`WHERE r.id = ?`, viewer, viewer, viewer, viewer, clientID, id)
	return row.room(), row.membership(), row.Said.Int64, err
}

// ChangeRoom changes the name, limit and notice of a room, and returns the room
// after the change. ErrNotFound, sns.ErrRoomEnded; sns.Invalid if the room has
// more participants than the new limit.
func (s roomStore) ChangeRoom(ctx context.Context, id int64, change sns.RoomChange, now time.Time) (room sns.Room, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		if room, err = openRoomIn(ctx, tx, id); err != nil {
			return err
		}
		if change.UserLimit < room.HeadCount {
			return sns.Invalid{{Field: "user_limit", Key: "room.heads", Args: map[string]any{"Count": room.HeadCount}}}
		}
		noticeAt := room.NoticeAt
		switch change.Notice {
		case room.Notice:
		case "":
			noticeAt = time.Time{}
		default:
			noticeAt = now
		}
		_, err := tx.ExecContext(ctx, `UPDATE rooms SET name = ?, user_limit = ?, notice = ?, notice_at = ?, version = version + 1 WHERE id = ?`,
			change.Name, change.UserLimit, change.Notice, micros(noticeAt), id)
		if err != nil {
			return err
		}
		room, err = roomIn(ctx, tx, id)
		return err
	})
	return room, err
}

// EndRoom ends a room, makes the settlement that will save the messages,
// deletes the waits for a seat, and returns the room after the change.
// ErrNotFound, sns.ErrRoomEnded.
func (s roomStore) EndRoom(ctx context.Context, id int64, now time.Time, acts ...sns.Act) (room sns.Room, err error) {
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if _, err := openRoomIn(ctx, tx, id); err != nil {
			return err
		}
		err := change(ctx, tx, `UPDATE rooms SET ended_at = ?, version = version + 1 WHERE id = ? AND ended_at IS NULL`, micros(now), id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO end_rooms (room_id, ended_at, last_error) VALUES (?, ?, '')`, id, micros(now)); err != nil {
			return err
		}
		if err := t.roomEnded(ctx, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM room_waits WHERE room_id = ?`, id); err != nil {
			return err
		}
		if err := logActs(ctx, tx, acts); err != nil {
			return err
		}
		room, err = roomIn(ctx, tx, id)
		return err
	})
	return room, err
}

// RaiseEpoch records that the room's buffer of the epoch from was lost, and
// returns the present epoch. If the present epoch is not from, another replica
// has already recorded the loss, and nothing changes. ErrNotFound,
// sns.ErrRoomEnded.
func (s roomStore) RaiseEpoch(ctx context.Context, id, from int64) (epoch int64, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		err := change(ctx, tx, `UPDATE rooms SET epoch = epoch + 1 WHERE id = ? AND epoch = ? AND ended_at IS NULL`, id, from)
		if err != nil && !errors.Is(err, sns.ErrNotFound) {
			return err
		}
		room, err := roomIn(ctx, tx, id)
		if err == nil && room.Ended() {
			err = sns.ErrRoomEnded
		}
		epoch = room.Epoch
		return err
	})
	return epoch, err
}

// roomIn reads a room within a transaction.
func roomIn(ctx context.Context, tx *transaction, id int64) (sns.Room, error) {
	var row roomRow
	err := tx.GetContext(ctx, &row, `SELECT `+roomColumns+roomTables+`WHERE r.id = ?`, id)
	return row.room(), err
}

// lockRoom locks the row of a room. Each transaction that changes a room or its
// participants starts with lockRoom, so that such transactions run one after
// the other. ErrNotFound.
func lockRoom(ctx context.Context, tx *transaction, id int64) error {
	return lockRow(ctx, tx, `rooms`, `id = ?`, id)
}

// openRoomIn locks a room and reads the row. ErrNotFound, sns.ErrRoomEnded.
func openRoomIn(ctx context.Context, tx *transaction, id int64) (sns.Room, error) {
	if err := lockRoom(ctx, tx, id); err != nil {
		return sns.Room{}, err
	}
	room, err := roomIn(ctx, tx, id)
	if err == nil && room.Ended() {
		err = sns.ErrRoomEnded
	}
	return room, err
}
