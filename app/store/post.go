package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// postQuery selects posts with author, board and whether the viewer likes them;
// the first argument is the viewer's id. Each post has an author and a board,
// so inner joins would select the same rows. The outer joins keep MariaDB from
// starting at the few boards and sorting all posts.
const postQuery = `SELECT ` + postColumns + postTables

// timelineQuery is postQuery with a hint for MySQL, which is a comment to the
// other databases. Without the hint MySQL selects the posts of an author by the
// index of the form keys, and sorts them.
const timelineQuery = `SELECT /*+ NO_INDEX(p posts_form_key) */ ` + postColumns + postTables

const (
	postColumns = `p.id, p.content, p.mentions, p.like_count, p.comment_count, p.version, p.created_at, p.edited_at,
	` + authorColumns + `, b.id AS board_id, b.slug, b.name, l.user_id AS liked_by,
	p.town, k.area, k.options`
	postTables = ` FROM posts p LEFT JOIN users u ON u.id = p.user_id LEFT JOIN boards b ON b.id = p.board_id
	LEFT JOIN buckets k ON k.id = p.bucket_id LEFT JOIN likes l ON l.post_id = p.id AND l.user_id = ? `
)

type postRow struct {
	authorRow
	ID        int64
	Content   string
	Mentions  string
	Likes     int64
	Comments  int64
	Version   int64
	CreatedAt int64
	EditedAt  sql.NullInt64
	BoardID   int64
	Slug      string
	Name      string
	LikedBy   sql.NullInt64

	Town    string
	Area    sql.NullString
	Options sql.NullString
}

// dest returns where to scan postColumns; see userRow.dest.
func (r *postRow) dest() []any {
	return []any{
		&r.ID, &r.Content, &r.Mentions, &r.Likes, &r.Comments, &r.Version, &r.CreatedAt, &r.EditedAt,
		&r.AuthorID, &r.Username, (*string)(&r.Role), &r.Image, &r.ErasedAt, &r.BoardID, &r.Slug, &r.Name, &r.LikedBy, &r.Town, &r.Area, &r.Options,
	}
}

func (r postRow) post() sns.Post {
	if r.ErasedAt.Valid {
		r.Content, r.Mentions, r.Town, r.Area = "", "", "", sql.NullString{}
	}
	return sns.Post{
		ID: r.ID, Content: r.Content, Mentions: sns.Mentioned(r.Mentions), Likes: int(r.Likes), Comments: int(r.Comments), Version: r.Version,
		CreatedAt: timeOf(r.CreatedAt), EditedAt: timeOrZero(r.EditedAt), Liked: r.LikedBy.Valid,
		Author: r.author(),
		Board:  sns.Board{ID: r.BoardID, Slug: r.Slug, Name: r.Name},

		Options: splitIDs(r.Options.String), Location: sns.Location{Area: r.Area.String, Town: r.Town},
	}
}

// NewPost holds the checked input of CreatePost. The images are saved already.
type NewPost struct {
	Author, Board int64
	Options       []int64      // ids of the options, sorted
	Location      sns.Location // author's location, on a local board only
	Content       string
	Images        []sns.PostImage
	Key           string // form key: a second post with the same key is refused; empty: no key
	CreatedAt     time.Time
}

// CreatePost makes a post with its images and returns the post's id.
// ErrConflict if the author has already made a post with the same key,
// ErrNotFound if the author's account was deleted.
func (s postStore) CreatePost(ctx context.Context, p NewPost) (id int64, err error) {
	bucket, err := s.BucketFor(ctx, p.Board, p.Location.Area, p.Options)
	if err != nil {
		return 0, err
	}
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		mentions, err := mentionedIn(ctx, tx, p.Author, p.Content, p.CreatedAt)
		if err != nil {
			return err
		}
		id, err = insert(ctx, tx, `INSERT INTO posts (user_id, board_id, bucket_id, town, content, mentions, form_key, created_at) SELECT id, ?, ?, ?, ?, ?, ?, ? `+fromActiveUser,
			p.Board, bucket, p.Location.Town, p.Content, string(mentions), nullable(p.Key), micros(p.CreatedAt), p.Author)
		if err != nil {
			return err
		}
		if err := countInBucket(ctx, tx, bucket, 1); err != nil {
			return err
		}
		for i, image := range p.Images {
			_, err := tx.ExecContext(ctx, `INSERT INTO post_images (post_id, position, name, width, height, alt, sized) VALUES (?, ?, ?, ?, ?, ?, ?)`,
				id, i, image.Name, image.Width, image.Height, image.Alt, image.Sized)
			if err != nil {
				return err
			}
		}
		if err := waitForIndex(ctx, tx, searchedPosts, id); err != nil {
			return err
		}
		_, err = t.mention(ctx, said{post: id}, p.Author, mentions.IDs(), p.CreatedAt)
		return err
	})
	return id, err
}

// nullable returns the value of a column that is NULL instead of empty: a
// unique index allows any number of NULLs.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// A postKey is the key of the listing of a post alone.
type postKey struct{ id int64 }

// Post returns a post as the viewer sees it. ErrNotFound also if the viewer does not see the
// author.
func (s postStore) Post(ctx context.Context, id, viewer int64) (sns.Post, error) {
	const where = `WHERE p.id = ?`
	posts, _, err := s.recallPosts(ctx, postKey{id}, viewer, listers{
		listing: func(ctx context.Context) (listing, error) { return s.listingWhere(ctx, where, 1, []any{id}) },
		posts:   func(ctx context.Context) ([]sns.Post, error) { return s.readPosts(ctx, where, viewer, []any{id}) },
	})
	if err == nil && len(posts) == 0 {
		err = sns.ErrNotFound
	}
	if err != nil {
		return sns.Post{}, err
	}
	blocks, err := s.Blocks(ctx, viewer)
	if err == nil && blocks.Hide(posts[0].Author.ID) {
		err = sns.ErrNotFound
	}
	if err != nil {
		return sns.Post{}, err
	}
	return posts[0], nil
}

// PostByKey returns the post that an author made with a form key, or
// ErrNotFound. The author is also the viewer.
func (s postStore) PostByKey(ctx context.Context, author int64, key string) (sns.Post, error) {
	return s.onePost(ctx, `WHERE p.user_id = ? AND p.form_key = ?`, author, author, key)
}

func (s postStore) onePost(ctx context.Context, where string, args ...any) (sns.Post, error) {
	var row postRow
	if err := s.one(ctx, row.dest(), postQuery+where, args...); err != nil {
		return sns.Post{}, err
	}
	posts := []sns.Post{row.post()}
	err := s.addImages(ctx, posts)
	return posts[0], err
}

// newestKey is the key of NewestPost in memory.
type newestKey struct{}

// NewestPost returns the id of the newest post, or 0 if there is none.
func (s postStore) NewestPost(ctx context.Context) (int64, error) {
	return recall(ctx, s.database, regionPosts, newestKey{}, s.readNewest)
}

func (s postStore) readNewest(ctx context.Context) (id int64, err error) {
	err = s.one(ctx, []any{&id}, `SELECT COALESCE(MAX(id), 0) FROM posts`)
	return id, err
}

// addImages loads the images of all posts in one query.
func (s postStore) addImages(ctx context.Context, posts []sns.Post) error {
	if len(posts) == 0 {
		return nil
	}
	ids, index := make([]int64, 0, len(posts)), make(map[int64]int, len(posts))
	for i, p := range posts {
		if !p.Author.Erased {
			ids, index[p.ID] = append(ids, p.ID), i
		}
	}
	if len(ids) == 0 {
		return nil
	}
	scan := func(rows *sqlx.Rows) error {
		for i := range posts {
			posts[i].Images = nil
		}
		var post, width, height int64
		var image sns.PostImage
		for rows.Next() {
			if err := rows.Scan(&post, &image.Name, &width, &height, &image.Alt, &image.Sized); err != nil {
				return err
			}
			image.Width, image.Height = int(width), int(height)
			p := &posts[index[post]]
			p.Images = append(p.Images, image)
		}
		return rows.Err()
	}
	return s.query(ctx, scan, in(`SELECT post_id, name, width, height, alt, COALESCE(sized, '') FROM post_images
		WHERE post_id IN (?) ORDER BY post_id, position`, ids), anys(ids)...)
}

// Counts returns the counts of the posts. Posts that do not exist, or whose authors the viewer
// does not see, are left out.
func (s postStore) Counts(ctx context.Context, viewer int64, posts []int64) ([]sns.Counts, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	where, args, err := s.seen(ctx, `p.user_id`, viewer, in(` WHERE p.id IN (?)`, posts), anys(posts))
	if err != nil {
		return nil, err
	}
	var rows []countsRow
	err = s.list(ctx, &rows, `SELECT p.id, p.like_count, p.comment_count, p.version FROM posts p`+where+` ORDER BY p.id`, args...)
	counts := make([]sns.Counts, len(rows))
	for i, row := range rows {
		counts[i] = sns.Counts(row)
	}
	return counts, err
}

type countsRow struct {
	Post     int64 `db:"id"`
	Likes    int   `db:"like_count"`
	Comments int   `db:"comment_count"`
	Version  int64 `db:"version"`
}

// countsIn reads the counts of a post within the transaction that has changed
// them.
func countsIn(ctx context.Context, tx *transaction, post int64) (sns.Counts, error) {
	var row countsRow
	err := tx.GetContext(ctx, &row, `SELECT id, like_count, comment_count, version FROM posts WHERE id = ?`, post)
	return sns.Counts(row), err
}

// EditPost changes the text of a post. ErrNotFound if the post does not exist,
// ErrForbidden if the post belongs to another author or the author's account
// was deleted.
func (s postStore) EditPost(ctx context.Context, id, author int64, content string, now time.Time) error {
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		err := change(ctx, tx, `UPDATE posts SET edited_at = ?, version = version + 1 WHERE id = ? AND user_id = ? AND EXISTS (SELECT 1 `+fromActiveUser+`)`, micros(now), id, author, author)
		if err := forbiddenIfExists(ctx, tx, err, `SELECT COUNT(*) FROM posts WHERE id = ?`, id); err != nil {
			return err
		}
		if err := postWaits(ctx, tx, id); err != nil {
			return err
		}
		mentions, err := mentionedIn(ctx, tx, author, content, now)
		if err != nil {
			return err
		}
		if err := change(ctx, tx, `UPDATE posts SET content = ?, mentions = ? WHERE id = ?`, content, string(mentions), id); err != nil {
			return err
		}
		return t.mentionAgain(ctx, said{post: id}, author, mentions, now)
	})
}

// DeletePost deletes a post with its images, comments and likes. It returns the
// names of the image files, which no row refers to any more: the caller deletes
// the files. ErrNotFound if the post does not exist, ErrForbidden if the post
// belongs to another author.
func (s postStore) DeletePost(ctx context.Context, id, author int64) (images []string, err error) {
	// Read outside of the transaction, as in DeleteComment. The bucket of a
	// post never changes.
	var bucket int64
	if err := s.get(ctx, &bucket, `SELECT bucket_id FROM posts WHERE id = ?`, id); err != nil {
		return nil, err
	}
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		err := lockRow(ctx, tx, `posts`, `id = ? AND user_id = ?`, id, author)
		if err := forbiddenIfExists(ctx, tx, err, `SELECT COUNT(*) FROM posts WHERE id = ?`, id); err != nil {
			return err
		}
		if err := postWaits(ctx, tx, id); err != nil {
			return err
		}
		if err := commentsWait(ctx, tx, `post_id = ?`, id); err != nil {
			return err
		}
		if err := countInBucket(ctx, tx, bucket, -1); err != nil {
			return err
		}
		images = images[:0]
		if err := tx.SelectContext(ctx, &images, `SELECT name FROM post_images WHERE post_id = ? ORDER BY position`, id); err != nil {
			return err
		}
		for _, query := range []string{
			`DELETE FROM posts WHERE id = ?`,
			`DELETE FROM post_images WHERE post_id = ?`,
			`DELETE FROM comments WHERE post_id = ?`,
			`DELETE FROM hidden_comments WHERE post_id = ?`,
			`DELETE FROM likes WHERE post_id = ?`,
		} {
			if _, err := tx.ExecContext(ctx, query, id); err != nil {
				return err
			}
		}
		return t.dropPost(ctx, id)
	})
	return images, err
}

// forbiddenIfExists turns an ErrNotFound into ErrForbidden if the query count
// finds the row: then the condition that failed was the owner's. Other errors
// stay as they are.
func forbiddenIfExists(ctx context.Context, tx *transaction, err error, count string, args ...any) error {
	if !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	var n int
	if err := tx.GetContext(ctx, &n, count, args...); err != nil {
		return err
	}
	if n > 0 {
		return sns.ErrForbidden
	}
	return sns.ErrNotFound
}
