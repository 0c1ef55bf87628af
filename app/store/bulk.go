package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// A BulkUser is an account with what its owner would add after signing up.
type BulkUser struct {
	NewUser
	StatusMessage, Image string
	Location             sns.Location
}

// InsertUsers makes accounts, all or none, and returns their ids. ErrConflict
// when a name is taken.
func (s *Store) InsertUsers(ctx context.Context, users []BulkUser) (ids []int64, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		before, err := newestID(ctx, tx, `SELECT COALESCE(MAX(id), 0) FROM users`)
		if err != nil {
			return err
		}
		rows := inserting(tx, `INSERT INTO users (username, folded, email, password_hash, role, status_message, image, area, town, created_at)`)
		names := make([]string, len(users))
		for i, u := range users {
			names[i] = sns.FoldUsername(u.Username)
			err := rows.add(ctx, u.Username, names[i], u.Email, u.PasswordHash, u.Role, u.StatusMessage, u.Image,
				u.Location.Area, u.Location.Town, micros(u.CreatedAt))
			if err != nil {
				return err
			}
		}
		if err := rows.flush(ctx); err != nil {
			return err
		}
		ids, err = idsOf(ctx, tx, names, `SELECT id, folded AS name FROM users WHERE id > ?`, before)
		return err
	})
	return ids, err
}

// TakenUsernames returns those of the names that UsernameTaken is true of.
func (s *Store) TakenUsernames(ctx context.Context, names []string) (map[string]bool, error) {
	taken, byFolded := map[string]bool{}, make(map[string]string, len(names))
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = sns.FoldUsername(name)
		byFolded[folded[i]] = name
	}
	for _, batch := range batches(folded) {
		var found []string
		if err := s.listOnce(ctx, &found, in(`SELECT folded FROM users WHERE folded IN (?)`, batch), anys(batch)...); err != nil {
			return nil, err
		}
		for _, name := range found {
			taken[byFolded[name]] = true
		}
	}
	return taken, nil
}

// A PostBatch is posts with all that stands under them. The rows are asked for
// one by one, so that they need not be in memory together, and once more when
// the transaction has to be tried again.
type PostBatch struct {
	Posts    []CountedPost
	Comments iter.Seq[NewComment] // Post is an index of Posts
	Likes    iter.Seq[NewLike]    // Post is an index of Posts
}

// A CountedPost is a post to be made, and how many of its batch's comments and
// likes are its own.
type CountedPost struct {
	NewPost
	Comments, Likes int
}

// A NewLike is a like to be made; a user has one for a post.
type NewLike struct {
	Post, User int64
	CreatedAt  time.Time
}

// InsertPosts makes posts with their images, comments, likes and counts, all or
// nothing, and returns their ids, which rise. The keys of the posts are not
// used. Counts that are not those of the rows are an error.
func (s *Store) InsertPosts(ctx context.Context, batch PostBatch) (ids []int64, err error) {
	buckets, err := s.bucketsFor(ctx, batch.Posts)
	if err != nil {
		return nil, err
	}
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if ids, err = batch.insertPosts(ctx, tx, buckets); err != nil {
			return err
		}
		if err := countInBuckets(ctx, tx, buckets); err != nil {
			return err
		}
		for _, step := range []func(context.Context, *sqlx.Tx, []int64) error{
			batch.insertImages, batch.insertComments, batch.insertLikes,
		} {
			if err := step(ctx, tx, ids); err != nil {
				return err
			}
		}
		return nil
	})
	return ids, err
}

// bucketsFor returns the bucket of each post.
func (s *Store) bucketsFor(ctx context.Context, posts []CountedPost) (ids []int64, err error) {
	type place struct {
		board int64
		area  string
	}
	known := map[place]map[string]int64{}
	ids = make([]int64, len(posts))
	for i, p := range posts {
		at, options := place{p.Board, p.Location.Area}, joinIDs(p.Options)
		if at.area == "" && options == "" {
			continue
		}
		if known[at] == nil {
			if known[at], err = s.bucketsAt(ctx, at.board, at.area); err != nil {
				return nil, err
			}
		}
		if known[at][options] == 0 {
			if known[at][options], err = s.bucketFor(ctx, at.board, at.area, p.Options); err != nil {
				return nil, err
			}
		}
		ids[i] = known[at][options]
	}
	return ids, nil
}

// bucketsAt returns the buckets of a board and an area by their stored options.
func (s *Store) bucketsAt(ctx context.Context, board int64, area string) (map[string]int64, error) {
	buckets, err := s.Buckets(ctx, board, area)
	ids := make(map[string]int64, len(buckets))
	for _, b := range buckets {
		ids[joinIDs(b.Options)] = b.ID
	}
	return ids, err
}

// countInBuckets counts posts that came to buckets, in the order of the buckets,
// as others who count in several would.
func countInBuckets(ctx context.Context, tx *sqlx.Tx, buckets []int64) error {
	posts := tallies{}
	for _, bucket := range buckets {
		posts[bucket]++
	}
	for _, bucket := range slices.Sorted(maps.Keys(posts)) {
		if err := countInBucket(ctx, tx, bucket, posts[bucket]); err != nil {
			return err
		}
	}
	return nil
}

// insertPosts gives each post a key, by which its id is found.
func (b PostBatch) insertPosts(ctx context.Context, tx *sqlx.Tx, buckets []int64) ([]int64, error) {
	before, err := newestID(ctx, tx, `SELECT COALESCE(MAX(id), 0) FROM posts`)
	if err != nil {
		return nil, err
	}
	rows := inserting(tx, `INSERT INTO posts (user_id, board_id, bucket_id, town, content, like_count, comment_count, version, form_key, created_at)`)
	keys, prefix := make([]string, len(b.Posts)), rand.Text()[:12]
	for i, p := range b.Posts {
		keys[i] = fmt.Sprintf("%s-%d", prefix, i)
		err := rows.add(ctx, p.Author, p.Board, buckets[i], p.Location.Town, p.Content,
			p.Likes, p.Comments, p.Likes+p.Comments, keys[i], micros(p.CreatedAt))
		if err != nil {
			return nil, err
		}
	}
	if err := rows.flush(ctx); err != nil {
		return nil, err
	}
	return idsOf(ctx, tx, keys, `SELECT id, form_key AS name FROM posts WHERE id > ? AND form_key IS NOT NULL`, before)
}

func (b PostBatch) insertImages(ctx context.Context, tx *sqlx.Tx, ids []int64) error {
	rows := inserting(tx, `INSERT INTO post_images (post_id, position, name, width, height, alt)`)
	for i, p := range b.Posts {
		for position, image := range p.Images {
			if err := rows.add(ctx, ids[i], position, image.Name, image.Width, image.Height, image.Alt); err != nil {
				return err
			}
		}
	}
	return rows.flush(ctx)
}

func (b PostBatch) insertComments(ctx context.Context, tx *sqlx.Tx, ids []int64) error {
	rows, tally := inserting(tx, `INSERT INTO comments (post_id, user_id, content, form_key, created_at)`), make([]int, len(b.Posts))
	for c := range b.Comments {
		tally[c.Post]++
		if err := rows.add(ctx, ids[c.Post], c.Author, c.Content, nullable(c.Key), micros(c.CreatedAt)); err != nil {
			return err
		}
	}
	for i, p := range b.Posts {
		if tally[i] != p.Comments {
			return fmt.Errorf("post %d of the batch has %d comments and counts %d", i, tally[i], p.Comments)
		}
	}
	return rows.flush(ctx)
}

func (b PostBatch) insertLikes(ctx context.Context, tx *sqlx.Tx, ids []int64) error {
	rows, tally := inserting(tx, `INSERT INTO likes (post_id, user_id, created_at)`), make([]int, len(b.Posts))
	for l := range b.Likes {
		tally[l.Post]++
		if err := rows.add(ctx, ids[l.Post], l.User, micros(l.CreatedAt)); err != nil {
			return err
		}
	}
	for i, p := range b.Posts {
		if tally[i] != p.Likes {
			return fmt.Errorf("post %d of the batch has %d likes and counts %d", i, tally[i], p.Likes)
		}
	}
	return rows.flush(ctx)
}

func newestID(ctx context.Context, tx *sqlx.Tx, query string) (id int64, err error) {
	err = tx.GetContext(ctx, &id, query)
	return id, err
}

// idsOf returns the ids of new rows in the order of their names; query selects
// them, and perhaps more. The database gives the ids, since one that is taken
// here could have been promised to somebody else; and LastInsertId tells that
// of another row on each database.
func idsOf(ctx context.Context, tx *sqlx.Tx, names []string, query string, after int64) ([]int64, error) {
	var rows []struct {
		ID   int64  `db:"id"`
		Name string `db:"name"`
	}
	if err := tx.SelectContext(ctx, &rows, query, after); err != nil {
		return nil, err
	}
	found := make(map[string]int64, len(rows))
	for _, row := range rows {
		found[row.Name] = row.ID
	}
	ids := make([]int64, len(names))
	for i, name := range names {
		id, ok := found[name]
		if !ok {
			return nil, fmt.Errorf("%s was inserted and is not there", name)
		}
		ids[i] = id
	}
	return ids, nil
}
