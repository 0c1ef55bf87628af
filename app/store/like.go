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
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		// Lock the post first, so that the post cannot be deleted meanwhile.
		if err := lockRow(ctx, tx, `posts`, `id = ?`, post); err != nil {
			return err
		}
		var was int64
		if changed, was, err = s.putLike(ctx, tx, post, user, on, now); err != nil {
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
		read, err := t.readPost(ctx, post)
		if err == nil {
			err = unlessHidden(ctx, tx, user, read.Author)
		}
		if counts = sns.Counts(read.countsRow); err != nil || !changed {
			return err
		}
		if !on {
			return t.dropEmpty(ctx, covering(post, was, sns.NoticeLike))
		}
		return t.like(ctx, read, user, now)
	})
	return counts, changed, err
}

// putLike writes or deletes a like, and reports whether there was a change. was is the ref of
// the deleted like.
func (s postStore) putLike(ctx context.Context, tx *transaction, post, user int64, on bool, now time.Time) (changed bool, was int64, err error) {
	if on {
		err = change(ctx, tx, `INSERT INTO likes (post_id, user_id, created_at, seq) SELECT ?, u.id, ?, p.version + 1 FROM users u JOIN posts p ON p.id = ?
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

// like tells the author of a post of a like. A like has the version of the post as its ref.
func (t *telling) like(ctx context.Context, post postRead, user int64, now time.Time) error {
	on := thing{post: post.Post}
	readers, err := t.readers(ctx, sqlKind(sns.NoticeLike), on, user, post.Version, []int64{post.Author})
	if err != nil {
		return err
	}
	return t.notify(ctx, on, readers, now)
}
