package store

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// A NewFollow is a follow to be made; one follows a user once, and not oneself.
type NewFollow struct {
	Follower, Followee int64
	CreatedAt          time.Time
}

// InsertFollows makes follows with the counts of both sides, all or nothing. The
// rows are asked for once more when the transaction has to be tried again. That
// nobody follows more than sns.FollowMost is up to who asks. ErrConflict when
// one follows the user already; sns.Invalid for oneself.
func (s *Store) InsertFollows(ctx context.Context, follows iter.Seq[NewFollow]) error {
	return s.tx(ctx, func(tx *sqlx.Tx) error {
		followers, following, err := insertFollows(ctx, tx, follows)
		if err != nil {
			return err
		}
		if err := following.add(ctx, tx, `UPDATE users SET following_count = following_count + ? WHERE id IN (?)`); err != nil {
			return err
		}
		return followers.add(ctx, tx, `UPDATE users SET follower_count = follower_count + ? WHERE id IN (?)`)
	})
}

// insertFollows inserts the rows and counts them on both sides.
func insertFollows(ctx context.Context, tx *sqlx.Tx, follows iter.Seq[NewFollow]) (followers, following tallies, err error) {
	rows := inserting(tx, `INSERT INTO follows (follower_id, followee_id, created_at)`)
	followers, following = tallies{}, tallies{}
	for f := range follows {
		if f.Follower == f.Followee {
			return nil, nil, sns.Invalid{{Field: "on", Key: "follow.self"}}
		}
		following[f.Follower]++
		followers[f.Followee]++
		if err := rows.add(ctx, f.Follower, f.Followee, micros(f.CreatedAt)); err != nil {
			return nil, nil, err
		}
	}
	return followers, following, rows.flush(ctx)
}

// tallies count what came to rows, by their ids.
type tallies map[int64]int

// add adds to a column of the rows. Those to which as many came are changed
// together; query has a place for how many, and one for the ids.
func (t tallies) add(ctx context.Context, tx *sqlx.Tx, query string) error {
	same := map[int][]int64{}
	for _, id := range slices.Sorted(maps.Keys(t)) {
		same[t[id]] = append(same[t[id]], id)
	}
	for _, n := range slices.Sorted(maps.Keys(same)) {
		for _, batch := range batches(same[n]) {
			if _, err := tx.ExecContext(ctx, in(query, batch), append([]any{n}, anys(batch)...)...); err != nil {
				return err
			}
		}
	}
	return nil
}
