package store

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"xxsns/app/sns"
)

// A bucketsKey is the key of the buckets of a board in memory.
type bucketsKey struct {
	board int64
	area  string
}

// Buckets returns the buckets of a board that have posts. For a local board,
// area selects the buckets of that area; otherwise area is empty. Callers must not change
// the slice.
func (s postStore) Buckets(ctx context.Context, board int64, area string) ([]sns.Bucket, error) {
	return recall(ctx, s.database, regionPosts, bucketsKey{board, area}, func(ctx context.Context) ([]sns.Bucket, error) {
		return s.readBuckets(ctx, board, area)
	})
}

func (s postStore) readBuckets(ctx context.Context, board int64, area string) ([]sns.Bucket, error) {
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

// BucketFor returns the id of the bucket with these values, and makes the
// bucket if there is none. The id is 0 for posts without area and options. The
// bucket is made in a transaction of its own, before the post: inside the
// post's transaction, a bucket that another transaction has just made would be
// a conflict, but not visible. An empty bucket does no harm; buckets are never
// deleted.
func (s postStore) BucketFor(ctx context.Context, board int64, area string, options []int64) (id int64, err error) {
	if area == "" && len(options) == 0 {
		return 0, nil
	}
	const query = `SELECT id FROM buckets WHERE board_id = ? AND area = ? AND options = ?`
	args := []any{board, area, joinIDs(options)}
	if err := s.get(ctx, &id, query, args...); !errors.Is(err, sns.ErrNotFound) {
		return id, err
	}
	err = s.tx(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO buckets (board_id, area, options) VALUES (?, ?, ?)`, args...)
		return err
	})
	if err != nil && !errors.Is(err, sns.ErrConflict) { // else a concurrent call made the bucket
		return 0, err
	}
	err = s.get(ctx, &id, query, args...)
	return id, err
}

// countInBucket adds posts, which may be negative, to the post count of a
// bucket.
func countInBucket(ctx context.Context, tx *transaction, bucket int64, posts int) error {
	if bucket == 0 {
		return nil
	}
	return change(ctx, tx, `UPDATE buckets SET post_count = post_count + ? WHERE id = ?`, posts, bucket)
}

// joinIDs returns option ids as stored in a column. The ids must be sorted.
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
		ids[i], _ = strconv.ParseInt(text, 10, 64) // joinIDs wrote only numbers
	}
	return ids
}
