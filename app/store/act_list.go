package store

import (
	"cmp"
	"context"
	"math"
	"time"

	"xxsns/app/sns"
)

// An actRow is an act with the names of those who did it and to whom, as they are now.
type actRow struct {
	ID     int64       `db:"id"`
	Kind   sns.ActKind `db:"kind"`
	Thing  string      `db:"thing"`
	Note   string      `db:"note"`
	At     int64       `db:"at"`
	ByID   int64       `db:"by_id"`
	By     string      `db:"by_name"`
	UserID int64       `db:"user_id"`
	User   string      `db:"user_name"`
}

func (r actRow) act() sns.Act {
	return sns.Act{
		ID: r.ID, Kind: r.Kind, Thing: r.Thing, Note: r.Note, At: timeOf(r.At),
		By: sns.User{ID: r.ByID, Username: r.By}, User: sns.User{ID: r.UserID, Username: r.User},
	}
}

// Acts returns acts of administration, the newest first. Acts older than sns.ActLife are
// not among them.
func (s userStore) Acts(ctx context.Context, p sns.ActPage, now time.Time) ([]sns.Act, error) {
	where, args := `l.id < ? AND l.at > ?`, []any{cmp.Or(p.Before, math.MaxInt64), micros(now.Add(-sns.ActLife))}
	if p.Kind != "" {
		where, args = where+` AND l.kind = ?`, append(args, string(p.Kind))
	}
	if p.User != 0 {
		where, args = where+` AND (l.user_id = ? OR l.by_id = ?)`, append(args, p.User, p.User)
	}
	var rows []actRow
	err := s.list(ctx, &rows, `SELECT l.id, l.kind, l.thing, l.note, l.at, l.by_id, COALESCE(b.username, '') AS by_name, l.user_id, COALESCE(u.username, '') AS user_name
		FROM admin_log l LEFT JOIN users b ON b.id = l.by_id LEFT JOIN users u ON u.id = l.user_id
		WHERE `+where+` ORDER BY l.id DESC`+limited(p.Limit), args...)
	acts := make([]sns.Act, len(rows))
	for i, row := range rows {
		acts[i] = row.act()
	}
	return acts, err
}

// ForgetActs deletes acts older than sns.ActLife, and returns their number.
func (s userStore) ForgetActs(ctx context.Context, now time.Time) (n int64, err error) {
	return s.deleteRows(ctx, `DELETE FROM admin_log WHERE at <= ?`, micros(now.Add(-sns.ActLife)))
}
