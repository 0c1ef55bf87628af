package store

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// Buckets returns the kinds of posts that there are on a board, of an area when the
// board is local (otherwise the area is empty).
func (s *Store) Buckets(ctx context.Context, board int64, area string) ([]sns.Bucket, error) {
	var rows []struct {
		ID      int64  `db:"id"`
		Options string `db:"options"`
		Posts   int    `db:"post_count"`
	}
	err := s.list(ctx, &rows, `SELECT id, options, post_count FROM buckets WHERE board_id = ? AND area = ? AND post_count > 0`, board, area)
	buckets := make([]sns.Bucket, len(rows))
	for i, row := range rows {
		buckets[i] = sns.Bucket{ID: row.ID, Area: area, Options: splitIDs(row.Options), Posts: row.Posts}
	}
	return buckets, err
}

// bucketFor returns the bucket of a kind of posts, made when it is the first of
// them; 0 for what is neither local nor has options. A bucket is never deleted,
// so that it may be made before the post, in a transaction of its own: one that
// waits for another to make the same could not see it.
func (s *Store) bucketFor(ctx context.Context, board int64, area string, options []int64) (id int64, err error) {
	if area == "" && len(options) == 0 {
		return 0, nil
	}
	const query = `SELECT id FROM buckets WHERE board_id = ? AND area = ? AND options = ?`
	args := []any{board, area, joinIDs(options)}
	if err := s.get(ctx, &id, query, args...); !errors.Is(err, sns.ErrNotFound) {
		return id, err
	}
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO buckets (board_id, area, options) VALUES (?, ?, ?)`, args...)
		return err
	})
	if err != nil && !errors.Is(err, sns.ErrConflict) { // another one made it
		return 0, err
	}
	err = s.get(ctx, &id, query, args...)
	return id, err
}

// countInBucket counts posts that came to a bucket, or went.
func countInBucket(ctx context.Context, tx *sqlx.Tx, bucket int64, posts int) error {
	if bucket == 0 {
		return nil
	}
	return change(ctx, tx, `UPDATE buckets SET post_count = post_count + ? WHERE id = ?`, posts, bucket)
}

// joinIDs is how options are stored: in the order of their ids.
func joinIDs(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

func splitIDs(stored string) []int64 {
	if stored == "" {
		return nil
	}
	texts := strings.Split(stored, ",")
	ids := make([]int64, len(texts))
	for i, text := range texts {
		ids[i], _ = strconv.ParseInt(text, 10, 64) // joinIDs wrote it
	}
	return ids
}
