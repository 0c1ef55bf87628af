package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"xxsns/app/sns"
)

// SetLike makes a user like a post, or take the like back if on is false. It
// returns the counts of the post and whether a count changed; repeating a call
// changes nothing. ErrNotFound if the post does not exist, if one of author and
// user has blocked the other, or if the account was deleted.
func (s postStore) SetLike(ctx context.Context, post, user int64, on bool, now time.Time) (counts sns.Counts, changed bool, err error) {
	step := 1
	if !on {
		step = -1
	}
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		// Count first: that locks the post, so that the post cannot be deleted meanwhile.
		if err := countLike(ctx, tx, post, step, 1); err != nil {
			return err
		}
		var was int64
		if changed, was, err = s.putLike(ctx, tx, post, user, on, now); err != nil {
			return err
		}
		if !changed {
			if err := countLike(ctx, tx, post, -step, -1); err != nil {
				return err
			}
		}
		var readers []reader
		counts, readers, err = t.readLiked(ctx, post, user)
		if err != nil || !changed {
			return err
		}
		if !on {
			return t.dropEmpty(ctx, covering(post, was, sns.NoticeLike))
		}
		return t.notify(ctx, thing{post: post}, readers, now)
	})
	return counts, changed, err
}

// countLike changes the number of likes of a post and the version.
func countLike(ctx context.Context, tx *transaction, post int64, likes, versions int) error {
	return change(ctx, tx, `UPDATE posts SET like_count = like_count + ?, version = version + ? WHERE id = ?`, likes, versions, post)
}

// putLike writes or deletes a like of a post that is counted already, and reports whether there
// was a change. was is the ref of the deleted like.
func (s postStore) putLike(ctx context.Context, tx *transaction, post, user int64, on bool, now time.Time) (changed bool, was int64, err error) {
	if on {
		err = change(ctx, tx, `INSERT INTO likes (post_id, user_id, created_at, seq) SELECT ?, u.id, ?, p.version FROM users u JOIN posts p ON p.id = ?
			WHERE u.id = ? AND u.deleted_at IS NULL`, post, micros(now), post, user)
		if err != nil && s.dialect.duplicate(err) {
			return false, 0, nil
		}
		return err == nil, 0, err
	}
	err = tx.GetContext(ctx, &was, `SELECT seq FROM likes WHERE post_id = ? AND user_id = ?`, post, user)
	if errors.Is(err, sql.ErrNoRows) {
		return false, 0, nil
	}
	if err == nil {
		err = change(ctx, tx, `DELETE FROM likes WHERE post_id = ? AND user_id = ?`, post, user)
	}
	return err == nil, was, err
}
