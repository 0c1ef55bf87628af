package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"xxsns/app/sns"
)

// SetFollow makes follower follow followee, or stop following if on is false,
// and returns the number of followers of followee. Repeating a call changes
// nothing. ErrNotFound if an account does not exist or was deleted, or if one
// has blocked the other; sns.Invalid if both users are the same or if follower
// would follow more than sns.FollowMost users.
func (s followStore) SetFollow(ctx context.Context, follower, followee int64, on bool, now time.Time) (followers int, err error) {
	if follower == followee {
		return 0, sns.Invalid{{Field: "on", Key: "follow.self"}}
	}
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockUsers(ctx, tx, follower, followee); err != nil {
			return err
		}
		if on {
			if err := unlessHidden(ctx, tx, follower, followee); err != nil {
				return err
			}
		}
		id, changed, err := s.putFollow(ctx, tx, follower, followee, on, now)
		if err != nil {
			return err
		}
		if changed {
			if err := countFollow(ctx, tx, follower, followee, on); err != nil {
				return err
			}
			if err := t.follow(ctx, id, follower, followee, on, now); err != nil {
				return err
			}
		}
		return tx.GetContext(ctx, &followers, `SELECT follower_count FROM users WHERE id = ?`, followee)
	})
	return followers, err
}

// lockUsers locks the rows of two accounts in order of their ids: without a
// fixed order, two users who follow each other at the same moment would
// deadlock. ErrNotFound if an account does not exist or was deleted.
func lockUsers(ctx context.Context, tx *transaction, a, b int64) error {
	for _, id := range []int64{min(a, b), max(a, b)} {
		if err := lockUser(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// putFollow writes or deletes a follow, and returns the id of the row and whether there was a
// change.
func (s followStore) putFollow(ctx context.Context, tx *transaction, follower, followee int64, on bool, now time.Time) (id int64, changed bool, err error) {
	if on {
		id, err = insert(ctx, tx, `INSERT INTO follows (follower_id, followee_id, created_at) VALUES (?, ?, ?)`, follower, followee, micros(now))
		if err != nil && s.dialect.duplicate(err) {
			return 0, false, nil
		}
		return id, err == nil, err
	}
	err = tx.GetContext(ctx, &id, `SELECT id FROM follows WHERE follower_id = ? AND followee_id = ?`, follower, followee)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err == nil {
		err = change(ctx, tx, `DELETE FROM follows WHERE id = ?`, id)
	}
	return id, err == nil, err
}

// follow tells a user of a new follower, or no longer.
func (t *telling) follow(ctx context.Context, id, follower, followee int64, on bool, now time.Time) error {
	if !on {
		return t.dropEmpty(ctx, coveringOf(followee, sns.NoticeFollow, thing{}, id))
	}
	readers, err := t.readers(ctx, sqlKind(sns.NoticeFollow), thing{}, follower, id, []int64{followee})
	if err != nil {
		return err
	}
	return t.notify(ctx, thing{}, readers, now)
}

func countFollow(ctx context.Context, tx *transaction, follower, followee int64, on bool) error {
	step := 1
	if !on {
		step = -1
	}
	err := change(ctx, tx, `UPDATE users SET following_count = following_count + ? WHERE id = ? AND following_count + ? <= ?`,
		step, follower, step, sns.FollowMost)
	if errors.Is(err, sns.ErrNotFound) { // the row is locked, so only the bound can have failed
		return sns.Invalid{{Field: "on", Key: "follow.most", Args: map[string]any{"Max": sns.FollowMost}}}
	}
	if err != nil {
		return err
	}
	return change(ctx, tx, `UPDATE users SET follower_count = follower_count + ? WHERE id = ?`, step, followee)
}

// Follows returns a map of those users that follower follows. Users that
// follower does not follow are missing from the map.
func (s followStore) Follows(ctx context.Context, follower int64, users []int64) (map[int64]bool, error) {
	follows := make(map[int64]bool, len(users))
	const query = `SELECT followee_id FROM follows WHERE follower_id = ? AND followee_id IN (?)`
	err := listIn(ctx, s.database, query, users, func(id int64) { follows[id] = true }, follower)
	return follows, err
}

type followRow struct {
	userRow
	FollowID int64 `db:"follow_id"`
}

// Followers returns limit followers of a user whom the viewer sees, latest first,
// with follow ids below before (0: no bound).
func (s followStore) Followers(ctx context.Context, user, viewer, before int64, limit int) ([]sns.Follow, error) {
	return s.follows(ctx, `f.follower_id`, ` WHERE f.followee_id = ?`, user, viewer, before, limit)
}

// Followees returns limit users that a user follows and the viewer sees, latest
// first, with follow ids below before (0: no bound).
func (s followStore) Followees(ctx context.Context, user, viewer, before int64, limit int) ([]sns.Follow, error) {
	return s.follows(ctx, `f.followee_id`, ` WHERE f.follower_id = ?`, user, viewer, before, limit)
}

// follows returns the users of a column of follows.
func (s followStore) follows(ctx context.Context, column, where string, user, viewer, before int64, limit int) ([]sns.Follow, error) {
	args := []any{user}
	if before > 0 {
		where, args = where+` AND f.id < ?`, append(args, before)
	}
	where, args, err := s.seen(ctx, column, viewer, where, args)
	if err != nil {
		return nil, err
	}
	var rows []followRow
	err = s.list(ctx, &rows, `SELECT f.id AS follow_id, `+userColumns+` FROM follows f LEFT JOIN users u ON u.id = `+column+where+` ORDER BY f.id DESC`+limited(limit), args...)
	all := make([]sns.Follow, len(rows))
	for i, row := range rows {
		all[i] = sns.Follow{ID: row.FollowID, User: row.user()}
	}
	return all, err
}
