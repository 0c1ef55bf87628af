package store

import (
	"context"
	"database/sql"
	"time"

	"xxsns/app/sns"
)

// Settlement returns the settlement of an ended room, or ErrNotFound.
func (s settlementStore) Settlement(ctx context.Context, room int64) (sns.Settlement, error) {
	var row settlementRow
	err := s.get(ctx, &row, settlementQuery+`WHERE room_id = ?`, room)
	return row.settlement(), err
}

// Settlements returns the settlements of the rooms. Rooms that have not ended
// are missing from the map.
func (s settlementStore) Settlements(ctx context.Context, rooms []int64) (map[int64]sns.Settlement, error) {
	all := make(map[int64]sns.Settlement, len(rooms))
	err := listIn(ctx, s.database, settlementQuery+`WHERE room_id IN (?)`, rooms, func(row settlementRow) {
		all[row.Room] = row.settlement()
	})
	return all, err
}

// DueSettlements returns the first limit rooms whose settlement can be claimed
// now, in the order in which the rooms ended.
func (s settlementStore) DueSettlements(ctx context.Context, limit int) (rooms []int64, err error) {
	err = s.list(ctx, &rooms, `SELECT room_id FROM end_rooms WHERE executed_at IS NULL AND lease_until <= `+s.dialect.now+`
		ORDER BY ended_at, room_id`+limited(limit))
	return rooms, err
}

// UndroppedRooms returns the first limit settled rooms whose buffer may still
// hold messages.
func (s settlementStore) UndroppedRooms(ctx context.Context, limit int) (rooms []int64, err error) {
	err = s.list(ctx, &rooms, `SELECT room_id FROM end_rooms WHERE dropped = 0 AND executed_at > 0
		ORDER BY executed_at, room_id`+limited(limit))
	return rooms, err
}

// SetDropped records that the buffer of a settled room is empty. Rooms that are
// not settled stay as they are.
func (s settlementStore) SetDropped(ctx context.Context, room int64) error {
	return s.exec(ctx, `UPDATE end_rooms SET dropped = 1 WHERE room_id = ? AND executed_at > 0`, room)
}

// Unsettled returns the number of ended rooms that are not settled, and the
// earliest end of such a room, or the zero time.
func (s settlementStore) Unsettled(ctx context.Context) (count int, oldest time.Time, err error) {
	var row struct {
		Count  int           `db:"unsettled"`
		Oldest sql.NullInt64 `db:"oldest"`
	}
	err = s.get(ctx, &row, `SELECT COUNT(*) AS unsettled, MIN(ended_at) AS oldest FROM end_rooms WHERE executed_at IS NULL`)
	return row.Count, timeOrZero(row.Oldest), err
}
