package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"xxsns/app/sns"
)

type participantRow struct {
	userRow
	FirstID   int64         `db:"first_id"`
	EnteredAt int64         `db:"entered_at"`
	ExitedAt  sql.NullInt64 `db:"exited_at"`
	Removed   int           `db:"ever_removed"`
}

func (r participantRow) participant() sns.Participant {
	return sns.Participant{User: r.user(), EnteredAt: timeOf(r.EnteredAt), ExitedAt: timeOrZero(r.ExitedAt), Removed: r.Removed > 0}
}

// Participants returns the present and former participants of a room, in the
// order in which they first entered. EnteredAt and ExitedAt belong to the
// latest participation of each.
func (s roomStore) Participants(ctx context.Context, room int64) ([]sns.Participant, error) {
	var rows []participantRow
	err := s.list(ctx, &rows, `SELECT `+userColumns+`, g.first_id, p.entered_at, p.exited_at, g.ever_removed
		FROM (SELECT user_id, MIN(id) AS first_id, MAX(id) AS last_id, MAX(removed) AS ever_removed
			FROM participants WHERE room_id = ? GROUP BY user_id) g
		JOIN participants p ON p.id = g.last_id LEFT JOIN users u ON u.id = g.user_id`, room)
	slices.SortFunc(rows, func(a, b participantRow) int { return cmp.Compare(a.FirstID, b.FirstID) })
	people := make([]sns.Participant, len(rows))
	for i, row := range rows {
		people[i] = row.participant()
	}
	return people, err
}

// Seat identifies the seat of a user in a room.
type Seat struct{ Room, User int64 }

// StillInside returns a map of those memberships that still hold: the user has
// a seat, and the room is open. The others are missing from the map.
func (s roomStore) StillInside(ctx context.Context, all []Seat) (map[Seat]bool, error) {
	asked, inside := make(map[Seat]bool, len(all)), make(map[Seat]bool, len(all))
	users := make([]int64, len(all))
	for i, m := range all {
		asked[m], users[i] = true, m.User
	}
	slices.Sort(users)
	// Query by user alone: SQLite, MySQL and MariaDB share no syntax for a list
	// of pairs, and a user has seats in few rooms.
	type row struct {
		Room int64 `db:"room_id"`
		User int64 `db:"user_id"`
	}
	err := listIn(ctx, s.database, `SELECT p.room_id, p.user_id FROM participants p JOIN rooms r ON r.id = p.room_id
		WHERE p.user_id IN (?) AND p.active = 1 AND r.ended_at IS NULL`, slices.Compact(users), func(r row) {
		if m := Seat(r); asked[m] {
			inside[m] = true
		}
	})
	return inside, err
}

// Inside returns the ids of the users who have a seat in each room. Rooms with nobody
// inside are missing from the map.
func (s roomStore) Inside(ctx context.Context, rooms []int64) (map[int64][]int64, error) {
	return s.usersOf(ctx, `SELECT room_id, user_id FROM participants WHERE active = 1 AND room_id IN (?)`, rooms)
}

// InsideLast is Inside, and in ended rooms who had a seat at the end.
func (s roomStore) InsideLast(ctx context.Context, rooms []int64) (map[int64][]int64, error) {
	return s.usersOf(ctx, `SELECT p.room_id, p.user_id FROM participants p JOIN rooms r ON r.id = p.room_id
		WHERE p.room_id IN (?) AND (p.active = 1 OR p.exited_at = r.ended_at)`, rooms)
}

// usersOf returns the users of each room.
func (s roomStore) usersOf(ctx context.Context, query string, rooms []int64) (map[int64][]int64, error) {
	users := make(map[int64][]int64, len(rooms))
	type row struct {
		Room int64 `db:"room_id"`
		User int64 `db:"user_id"`
	}
	err := listIn(ctx, s.database, query, rooms, func(r row) { users[r.Room] = append(users[r.Room], r.User) })
	return users, err
}

// CountParticipants returns the number of present and former participants of
// each room. Rooms without participants are missing from the map.
func (s roomStore) CountParticipants(ctx context.Context, rooms []int64) (map[int64]int, error) {
	counts := make(map[int64]int, len(rooms))
	type row struct {
		Room  int64 `db:"room_id"`
		Count int   `db:"people"`
	}
	const query = `SELECT room_id, COUNT(DISTINCT user_id) AS people FROM participants WHERE room_id IN (?) GROUP BY room_id`
	err := listIn(ctx, s.database, query, rooms, func(r row) { counts[r.Room] = r.Count })
	return counts, err
}
