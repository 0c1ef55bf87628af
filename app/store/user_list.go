package store

import (
	"cmp"
	"context"
	"math"
	"time"

	"xxsns/app/sns"
)

// People returns the accounts that a page of administrators asks for. Words find people by their
// former names, too.
func (s userStore) People(ctx context.Context, p sns.PeoplePage, now time.Time) ([]sns.User, error) {
	where, args := `u.deleted_at IS NULL AND u.id < ?`, []any{cmp.Or(p.Before, math.MaxInt64)}
	add := func(condition string, values ...any) {
		where, args = where+` AND `+condition, append(args, values...)
	}
	for _, word := range p.Words {
		add(`(INSTR(u.search, ?) > 0 OR EXISTS (SELECT 1 FROM former_names f WHERE f.user_id = u.id AND INSTR(f.search, ?) > 0))`, word, word)
	}
	if p.Role != "" {
		add(`u.role = ?`, p.Role)
	}
	switch p.State {
	case sns.StateActive:
		add(`u.suspended_until <= ?`, micros(now))
	case sns.StateSuspended:
		add(`u.suspended_until > ?`, micros(now))
	case sns.StateAppeal:
		add(`u.suspended_until > ? AND EXISTS (SELECT 1 FROM suspensions s WHERE s.user_id = u.id AND `+appealWaits+`)`, micros(now))
	}
	var rows []userRow
	err := s.list(ctx, &rows, `SELECT `+userColumns+` FROM users u WHERE `+where+` ORDER BY u.id DESC`+limited(p.Limit), args...)
	return users(rows), err
}

// User returns an account. ErrNotFound if the account does not exist or was deleted.
func (s userStore) User(ctx context.Context, id int64) (sns.User, error) {
	var row userRow
	err := s.get(ctx, &row, `SELECT `+userColumns+` FROM users u WHERE u.id = ? AND u.deleted_at IS NULL`, id)
	return row.user(), err
}

// Record returns what an account has written, and where it is signed in.
func (s userStore) Record(ctx context.Context, user int64, now time.Time) (sns.Record, error) {
	var row struct {
		Posts    int   `db:"posts"`
		Comments int   `db:"comments"`
		Sessions int   `db:"sessions"`
		SeenAt   int64 `db:"seen_at"`
	}
	seen, created := liveSince(now)
	err := s.get(ctx, &row, `SELECT (SELECT COUNT(*) FROM posts WHERE user_id = ?) AS posts, (SELECT COUNT(*) FROM comments WHERE user_id = ?) AS comments,
		COUNT(*) AS sessions, COALESCE(MAX(seen_at), 0) AS seen_at FROM sessions WHERE user_id = ? AND seen_at > ? AND created_at > ?`,
		user, user, user, seen, created)
	r := sns.Record{Posts: row.Posts, Comments: row.Comments, Sessions: row.Sessions}
	if row.Sessions > 0 {
		r.SeenAt = timeOf(row.SeenAt)
	}
	return r, err
}
