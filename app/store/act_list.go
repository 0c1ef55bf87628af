package store

import (
	"cmp"
	"context"
	"math"
	"slices"
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
// not among them. The acts of a user and those to the user are read apart: a query of both would
// sort all acts of an administrator.
func (s userStore) Acts(ctx context.Context, p sns.ActPage, now time.Time) ([]sns.Act, error) {
	where, args := `l.id < ? AND l.at > ?`, []any{cmp.Or(p.Before, math.MaxInt64), micros(now.Add(-sns.ActLife))}
	if p.Kind != "" {
		where, args = where+` AND l.kind = ?`, append(args, string(p.Kind))
	}
	if p.User == 0 {
		return s.acts(ctx, where, p.Limit, args)
	}
	var all []sns.Act
	for _, side := range []string{` AND l.user_id = ?`, ` AND l.by_id = ?`} {
		acts, err := s.acts(ctx, where+side, p.Limit, append(args, p.User))
		if err != nil {
			return nil, err
		}
		all = append(all, acts...)
	}
	slices.SortFunc(all, func(a, b sns.Act) int { return cmp.Compare(b.ID, a.ID) })
	all = slices.CompactFunc(all, func(a, b sns.Act) bool { return a.ID == b.ID }) // what the user did to themselves
	return all[:min(len(all), p.Limit)], nil
}

// acts returns the newest acts that where selects.
func (s userStore) acts(ctx context.Context, where string, limit int, args []any) ([]sns.Act, error) {
	var rows []actRow
	err := s.list(ctx, &rows, `SELECT l.id, l.kind, l.thing, l.note, l.at, l.by_id, COALESCE(b.username, '') AS by_name, l.user_id, COALESCE(u.username, '') AS user_name
		FROM admin_log l LEFT JOIN users b ON b.id = l.by_id LEFT JOIN users u ON u.id = l.user_id
		WHERE `+where+` ORDER BY l.id DESC`+limited(limit), args...)
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
