package store

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"xxsns/app/sns"
)

// A RoomFilter selects open rooms.
type RoomFilter struct {
	Viewer int64
	Mine   bool   // only rooms in which the viewer has a seat
	Others bool   // only rooms in which the viewer has no seat
	Query  string // part of the room's or the mentor's name, compared by sns.SearchForm; empty: all rooms
	Before int64  // room id; selects rooms with lower ids; 0: no bound
	Limit  int
}

// Rooms returns the open rooms that f selects, newest first. Callers must not change the
// rooms.
func (s roomStore) Rooms(ctx context.Context, f RoomFilter) ([]sns.ViewedRoom, error) {
	if f.Query != "" { // whatever people type need not be kept
		return s.readRooms(ctx, f)
	}
	return recall(ctx, s.database, regionRooms|regionRest, f, func(ctx context.Context) ([]sns.ViewedRoom, error) { return s.readRooms(ctx, f) })
}

// readRooms is Rooms without the memory.
func (s roomStore) readRooms(ctx context.Context, f RoomFilter) ([]sns.ViewedRoom, error) {
	where, args := `WHERE r.ended_at IS NULL`, []any{f.Viewer, f.Viewer, f.Viewer}
	if f.Before > 0 {
		where, args = where+` AND r.id < ?`, append(args, f.Before)
	}
	if query := sns.SearchForm(f.Query); query != "" {
		found, err := s.findRooms(ctx, query, f.Before, f.Limit)
		if err != nil || len(found) == 0 {
			return nil, err
		}
		where, args = where+in(` AND r.id IN (?)`, found), append(args, anys(found)...)
	}
	if f.Mine || f.Others {
		seats, err := s.seats(ctx, f.Viewer)
		switch {
		case err != nil || f.Mine && len(seats) == 0:
			return nil, err
		case f.Mine:
			where, args = where+in(` AND r.id IN (?)`, seats), append(args, anys(seats)...)
		case len(seats) > 0:
			where, args = where+in(` AND r.id NOT IN (?)`, seats), append(args, anys(seats)...)
		}
	}
	var rows []viewedRoomRow
	err := s.list(ctx, &rows, `SELECT `+roomColumns+membershipColumns+roomTables+where+` ORDER BY r.id DESC`+limited(f.Limit), args...)
	all := make([]sns.ViewedRoom, len(rows))
	for i, row := range rows {
		all[i] = sns.ViewedRoom{Room: row.room(), Membership: row.membership()}
	}
	return all, err
}

// seats returns the ids of the rooms in which a user has a seat.
func (s roomStore) seats(ctx context.Context, user int64) (ids []int64, err error) {
	err = s.list(ctx, &ids, `SELECT room_id FROM participants WHERE user_id = ? AND active = 1`, user)
	return ids, err
}

// pastKey is the key of PastRooms in memory.
type pastKey struct {
	user, before int64
	limit        int
}

// PastRooms returns limit ended rooms in which a user ever had a seat and from which the
// user was not removed, the last ended first: the first ones, or those after the room
// before. Callers must not change the rooms.
func (s roomStore) PastRooms(ctx context.Context, user, before int64, limit int) ([]sns.Room, error) {
	return recall(ctx, s.database, regionRooms|regionRest, pastKey{user, before, limit}, func(ctx context.Context) ([]sns.Room, error) { return s.readPastRooms(ctx, user, before, limit) })
}

// readPastRooms is PastRooms without the memory.
func (s roomStore) readPastRooms(ctx context.Context, user, before int64, limit int) ([]sns.Room, error) {
	ids, err := s.pastRooms(ctx, user)
	if before > 0 {
		ids = ids[slices.Index(ids, before)+1:]
	}
	ids = ids[:min(len(ids), limit)]
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found := make(map[int64]sns.Room, len(ids))
	err = listIn(ctx, s.database, `SELECT `+roomColumns+roomTables+`WHERE r.id IN (?)`, ids, func(row roomRow) { found[row.ID] = row.room() })
	past := make([]sns.Room, 0, len(ids))
	for _, id := range ids {
		if room, ok := found[id]; ok {
			past = append(past, room)
		}
	}
	return past, err
}

// pastRooms returns the ids of all rooms that PastRooms may return, in order. Every stay
// of the user is read and sorted here: no index has the stays in the order in which rooms
// end, and a person was in few rooms. COALESCE keeps databases from beginning with all
// ended rooms.
func (s roomStore) pastRooms(ctx context.Context, user int64) (ids []int64, err error) {
	var stays []struct {
		Room    int64 `db:"room_id"`
		Removed bool  `db:"removed"`
		EndedAt int64 `db:"ended_at"`
	}
	err = s.list(ctx, &stays, `SELECT p.room_id, p.removed, r.ended_at FROM participants p JOIN rooms r ON r.id = p.room_id
		WHERE p.user_id = ? AND COALESCE(r.ended_at, 0) > 0`, user)
	ended, removed := make(map[int64]int64, len(stays)), make(map[int64]bool)
	for _, stay := range stays {
		ended[stay.Room] = stay.EndedAt
		removed[stay.Room] = removed[stay.Room] || stay.Removed
	}
	for id := range ended {
		if !removed[id] {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Or(cmp.Compare(ended[b], ended[a]), cmp.Compare(b, a)) })
	return ids, err
}

// findRooms returns the ids of the open rooms whose name, or whose mentor's name,
// contains query, newest first. Names are compared here: no two databases agree which
// letters are alike.
func (s roomStore) findRooms(ctx context.Context, query string, before int64, limit int) (found []int64, err error) {
	const batch = 500
	for before = cmp.Or(before, math.MaxInt64); ; {
		var rooms []struct {
			ID     int64          `db:"id"`
			Name   string         `db:"name"`
			Mentor sql.NullString `db:"mentor"`
		}
		err := s.list(ctx, &rooms, `SELECT r.id, r.name, u.username AS mentor FROM rooms r LEFT JOIN users u ON u.id = r.mentor_id
			WHERE r.ended_at IS NULL AND r.id < ? ORDER BY r.id DESC`+limited(batch), before)
		if err != nil {
			return nil, err
		}
		for _, r := range rooms {
			if strings.Contains(sns.SearchForm(r.Name), query) || strings.Contains(sns.SearchForm(r.Mentor.String), query) {
				found = append(found, r.ID)
			}
		}
		if len(rooms) < batch || len(found) >= limit {
			return found[:min(len(found), limit)], nil
		}
		before = rooms[len(rooms)-1].ID
	}
}

// MentorRooms returns limit rooms of a mentor, ended or open ones, with ids
// below before (0: no bound), newest first.
func (s roomStore) MentorRooms(ctx context.Context, mentor int64, ended bool, before int64, limit int) ([]sns.Room, error) {
	hint, where, args := ``, `WHERE r.mentor_id = ? AND r.ended_at IS NULL`, []any{mentor}
	if ended {
		// COALESCE hides the condition from the index rooms_mentor_open: the
		// database would read ended rooms in order of ended_at and sort them by
		// id. MySQL also needs the hint, which is a comment to the other
		// databases.
		hint, where = `/*+ INDEX(r rooms_mentor) */ `, `WHERE r.mentor_id = ? AND COALESCE(r.ended_at, 0) > 0`
	}
	if before > 0 {
		where, args = where+` AND r.id < ?`, append(args, before)
	}
	var rows []roomRow
	err := s.list(ctx, &rows, `SELECT `+hint+roomColumns+roomTables+where+` ORDER BY r.id DESC`+limited(limit), args...)
	return rooms(rows), err
}

// UnsavedRooms returns the rooms whose messages are not in the database yet:
// open rooms, and ended rooms that are not settled.
func (s roomStore) UnsavedRooms(ctx context.Context) ([]sns.Room, error) {
	var open, ended []roomRow
	err := s.list(ctx, &open, `SELECT `+roomColumns+roomTables+`WHERE r.ended_at IS NULL ORDER BY r.id`)
	if err != nil {
		return nil, err
	}
	err = s.list(ctx, &ended, `SELECT `+roomColumns+` FROM end_rooms e JOIN rooms r ON r.id = e.room_id LEFT JOIN users u ON u.id = r.mentor_id
		WHERE e.executed_at IS NULL ORDER BY e.ended_at, e.room_id`)
	return rooms(append(open, ended...)), err
}
