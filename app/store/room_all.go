package store

import (
	"context"

	"xxsns/app/sns"
)

// AllRooms returns a page of a list of rooms. The list of ended rooms is read in the order of ids,
// past the open rooms, which are few.
func (s roomStore) AllRooms(ctx context.Context, p sns.RoomPage) ([]sns.Room, error) {
	if p.List == sns.RoomsUnsaved {
		return s.unsavedRooms(ctx, p)
	}
	where, args := map[sns.RoomList]string{
		sns.RoomsAll: `WHERE r.id > 0`, sns.RoomsOpen: `WHERE r.ended_at IS NULL`, sns.RoomsEnded: `WHERE COALESCE(r.ended_at, 0) > 0`,
	}[p.List], []any{}
	if p.From > 0 {
		where, args = where+` AND r.id < ?`, append(args, p.From)
	}
	var rows []roomRow
	err := s.list(ctx, &rows, `SELECT `+roomColumns+roomTables+where+` ORDER BY r.id DESC`+limited(p.Limit), args...)
	return rooms(rows), err
}

// unsavedRooms returns a page of the rooms that have ended and are not saved.
func (s roomStore) unsavedRooms(ctx context.Context, p sns.RoomPage) ([]sns.Room, error) {
	where, args := ``, []any{}
	if p.From > 0 {
		var ended int64
		if err := s.get(ctx, &ended, `SELECT ended_at FROM end_rooms WHERE room_id = ?`, p.From); err != nil {
			return nil, err
		}
		where, args = ` AND e.ended_at >= ? AND (e.ended_at > ? OR e.room_id > ?)`, []any{ended, ended, p.From}
	}
	var rows []roomRow
	err := s.list(ctx, &rows, `SELECT `+roomColumns+` FROM end_rooms e JOIN rooms r ON r.id = e.room_id LEFT JOIN users u ON u.id = r.mentor_id
		WHERE e.executed_at IS NULL`+where+` ORDER BY e.ended_at, e.room_id`+limited(p.Limit), args...)
	return rooms(rows), err
}
