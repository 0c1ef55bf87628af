package store

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// SetLike makes a user like a post, or take the like back if on is false. It
// returns the counts of the post and whether a count changed; repeating a call
// changes nothing. ErrNotFound if the post does not exist or the account was
// deleted.
func (s postStore) SetLike(ctx context.Context, post, user int64, on bool, now time.Time) (counts sns.Counts, changed bool, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		// Lock the post first, so that the post cannot be deleted meanwhile.
		if err := lockRow(ctx, tx, `posts`, `id = ?`, post); err != nil {
			return err
		}
		if changed, err = s.putLike(ctx, tx, post, user, on, now); err != nil {
			return err
		}
		if changed {
			step := 1
			if !on {
				step = -1
			}
			if err := change(ctx, tx, `UPDATE posts SET like_count = like_count + ?, version = version + 1 WHERE id = ?`, step, post); err != nil {
				return err
			}
		}
		counts, err = countsIn(ctx, tx, post)
		return err
	})
	return counts, changed, err
}

func (s postStore) putLike(ctx context.Context, tx *sqlx.Tx, post, user int64, on bool, now time.Time) (bool, error) {
	var err error
	if on {
		err = change(ctx, tx, `INSERT INTO likes (post_id, user_id, created_at) SELECT ?, id, ? `+fromActiveUser, post, micros(now), user)
		if err != nil && s.dialect.duplicate(err) {
			return false, nil
		}
	} else {
		err = change(ctx, tx, `DELETE FROM likes WHERE post_id = ? AND user_id = ?`, post, user)
		if errors.Is(err, sns.ErrNotFound) {
			return false, nil
		}
	}
	return err == nil, err
}
