package store

import (
	"context"
	"database/sql"
	"strings"

	"xxsns/app/sns"
)

// standingColumns are what a viewer, the first three arguments, is to the room r.
const standingColumns = `,
	(SELECT COUNT(p.active) FROM participants p WHERE p.room_id = r.id AND p.user_id = ?) AS stays_now,
	(SELECT MAX(p.removed) FROM participants p WHERE p.room_id = r.id AND p.user_id = ?) AS ever_removed,
	(SELECT COUNT(*) FROM room_waits w WHERE w.room_id = r.id AND w.user_id = ? AND w.told_at IS NULL) AS waits_now`

type standingRow struct {
	Inside  int           `db:"stays_now"`
	Removed sql.NullInt64 `db:"ever_removed"` // NULL: never was inside
	Waiting int           `db:"waits_now"`
}

func (r standingRow) standing() sns.Standing {
	return sns.Standing{Inside: r.Inside > 0, Was: r.Removed.Valid, Removed: r.Removed.Int64 > 0, Waiting: r.Waiting > 0}
}

type roomAsRow struct {
	roomRow
	standingRow
}

// A RoomFilter says which open rooms to list.
type RoomFilter struct {
	Viewer int64
	Query  string // part of the name or of the mentor's name, in NFC; empty: all
	Before int64  // room id; only older ones; 0: no bound
	Limit  int
}

// A RoomAs is a room and what a viewer is to it.
type RoomAs struct {
	sns.Room
	Standing sns.Standing
}

// Rooms returns open rooms, newest first.
func (s *Store) Rooms(ctx context.Context, f RoomFilter) ([]RoomAs, error) {
	where, args := `WHERE r.ended_at IS NULL`, []any{f.Viewer, f.Viewer, f.Viewer}
	if f.Before > 0 {
		where, args = where+` AND r.id < ?`, append(args, f.Before)
	}
	if f.Query != "" {
		where += ` AND (LOWER(r.name) LIKE LOWER(?) ESCAPE '!' OR u.folded LIKE ? ESCAPE '!')`
		args = append(args, containing(f.Query), containing(sns.FoldUsername(f.Query)))
	}
	var rows []roomAsRow
	err := s.list(ctx, &rows, `SELECT `+roomColumns+standingColumns+roomTables+where+` ORDER BY r.id DESC LIMIT ?`, append(args, f.Limit)...)
	all := make([]RoomAs, len(rows))
	for i, row := range rows {
		all[i] = RoomAs{Room: row.room(), Standing: row.standing()}
	}
	return all, err
}

// containing is the LIKE pattern of texts that contain the words literally; its
// escape character is "!", since a backslash means something else on each
// database.
func containing(words string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(words) + "%"
}

// MentorRooms returns a mentor's rooms, open or ended ones, that are older than
// before (0: from the newest), newest first.
func (s *Store) MentorRooms(ctx context.Context, mentor int64, ended bool, before int64, limit int) ([]sns.Room, error) {
	hint, where, args := ``, `WHERE r.mentor_id = ? AND r.ended_at IS NULL`, []any{mentor}
	if ended {
		// Written so that no index seems to help with the end: it would have them
		// in the order of that, to be sorted. MySQL has to be told, by what is a
		// comment to the others.
		hint, where = `/*+ INDEX(r rooms_mentor) */ `, `WHERE r.mentor_id = ? AND COALESCE(r.ended_at, 0) > 0`
	}
	if before > 0 {
		where, args = where+` AND r.id < ?`, append(args, before)
	}
	var rows []roomRow
	err := s.list(ctx, &rows, `SELECT `+hint+roomColumns+roomTables+where+` ORDER BY r.id DESC LIMIT ?`, append(args, limit)...)
	return rooms(rows), err
}

// UnsavedRooms returns the rooms whose messages are not in the database yet:
// those that are open, and those that are not settled.
func (s *Store) UnsavedRooms(ctx context.Context) ([]sns.Room, error) {
	var open, ended []roomRow
	err := s.list(ctx, &open, `SELECT `+roomColumns+roomTables+`WHERE r.ended_at IS NULL ORDER BY r.id`)
	if err != nil {
		return nil, err
	}
	err = s.list(ctx, &ended, `SELECT `+roomColumns+` FROM end_rooms e JOIN rooms r ON r.id = e.room_id LEFT JOIN users u ON u.id = r.mentor_id
		WHERE e.executed_at IS NULL ORDER BY e.ended_at, e.room_id`)
	return rooms(append(open, ended...)), err
}
