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
	FirstStay int64         `db:"first_stay"`
	EnteredAt int64         `db:"entered_at"`
	ExitedAt  sql.NullInt64 `db:"exited_at"`
	Removed   int           `db:"ever_removed"`
}

func (r participantRow) participant() sns.Participant {
	return sns.Participant{User: r.user(), EnteredAt: at(r.EnteredAt), ExitedAt: atOrZero(r.ExitedAt), Removed: r.Removed > 0}
}

// Participants returns everybody who ever was in a room with their latest stay,
// in the order in which they first entered.
func (s *Store) Participants(ctx context.Context, room int64) ([]sns.Participant, error) {
	var rows []participantRow
	err := s.list(ctx, &rows, `SELECT `+userColumns+`, g.first_stay, p.entered_at, p.exited_at, g.ever_removed
		FROM (SELECT user_id, MIN(id) AS first_stay, MAX(id) AS last_stay, MAX(removed) AS ever_removed
			FROM participants WHERE room_id = ? GROUP BY user_id) g
		JOIN participants p ON p.id = g.last_stay LEFT JOIN users u ON u.id = g.user_id`, room)
	slices.SortFunc(rows, func(a, b participantRow) int { return cmp.Compare(a.FirstStay, b.FirstStay) })
	people := make([]sns.Participant, len(rows))
	for i, row := range rows {
		people[i] = row.participant()
	}
	return people, err
}

// A Membership is a user's seat in a room.
type Membership struct{ Room, User int64 }

// StillInside returns those of the memberships that stand: the user has the
// seat, and the room is open.
func (s *Store) StillInside(ctx context.Context, all []Membership) (map[Membership]bool, error) {
	asked, inside := make(map[Membership]bool, len(all)), make(map[Membership]bool, len(all))
	users := make([]int64, len(all))
	for i, m := range all {
		asked[m], users[i] = true, m.User
	}
	slices.Sort(users)
	// By user alone: a list of pairs is written otherwise on each database, and
	// nobody is in many rooms.
	for _, batch := range batches(slices.Compact(users)) {
		var rows []struct {
			Room int64 `db:"room_id"`
			User int64 `db:"user_id"`
		}
		query := in(`SELECT p.room_id, p.user_id FROM participants p JOIN rooms r ON r.id = p.room_id
			WHERE p.user_id IN (?) AND p.active = 1 AND r.ended_at IS NULL`, batch)
		if err := s.listOnce(ctx, &rows, query, anys(batch)...); err != nil {
			return nil, err
		}
		for _, row := range rows {
			if m := Membership(row); asked[m] {
				inside[m] = true
			}
		}
	}
	return inside, nil
}

// CountParticipants returns how many people ever were in each of the rooms.
func (s *Store) CountParticipants(ctx context.Context, rooms []int64) (map[int64]int, error) {
	counts := make(map[int64]int, len(rooms))
	for _, batch := range batches(rooms) {
		var rows []struct {
			Room  int64 `db:"room_id"`
			Count int   `db:"people"`
		}
		query := in(`SELECT room_id, COUNT(DISTINCT user_id) AS people FROM participants WHERE room_id IN (?) GROUP BY room_id`, batch)
		if err := s.listOnce(ctx, &rows, query, anys(batch)...); err != nil {
			return nil, err
		}
		for _, row := range rows {
			counts[row.Room] = row.Count
		}
	}
	return counts, nil
}
