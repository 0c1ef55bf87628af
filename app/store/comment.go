package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"xxsns/app/sns"
)

// commentQuery selects comments with their authors. See postQuery for the
// reason of the outer join.
const commentQuery = `SELECT c.id, c.post_id, c.content, c.mentions, c.created_at, c.edited_at,
	` + authorColumns + `
	FROM comments c LEFT JOIN users u ON u.id = c.user_id `

type commentRow struct {
	authorRow
	ID        int64         `db:"id"`
	PostID    int64         `db:"post_id"`
	Content   string        `db:"content"`
	Mentions  string        `db:"mentions"`
	CreatedAt int64         `db:"created_at"`
	EditedAt  sql.NullInt64 `db:"edited_at"`
}

func (r commentRow) comment() sns.Comment {
	if r.ErasedAt.Valid {
		r.Content, r.Mentions = "", ""
	}
	return sns.Comment{
		ID: r.ID, PostID: r.PostID, Content: r.Content, Mentions: sns.Mentioned(r.Mentions), CreatedAt: timeOf(r.CreatedAt), EditedAt: timeOrZero(r.EditedAt),
		Author: r.author(),
	}
}

// NewComment holds the checked input of AddComment.
type NewComment struct {
	Post, Author int64
	Content      string
	Key          string // form key, as in NewPost
	CreatedAt    time.Time
}

// AddComment makes a comment and returns the comment's id and the new counts of
// the post. ErrNotFound if the post does not exist, if one of both authors has
// blocked the other, or if the author's account was deleted; ErrConflict if the
// author has already made a comment with the same key.
func (s commentStore) AddComment(ctx context.Context, c NewComment) (id int64, counts sns.Counts, err error) {
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		err := change(ctx, tx, `UPDATE posts SET comment_count = comment_count + 1, version = version + 1 WHERE id = ?`, c.Post)
		if err != nil {
			return err
		}
		mentions, err := mentionedIn(ctx, tx, c.Author, c.Content, c.CreatedAt)
		if err != nil {
			return err
		}
		id, err = insert(ctx, tx, `INSERT INTO comments (post_id, user_id, content, mentions, form_key, created_at) SELECT ?, id, ?, ?, ?, ? `+fromActiveUser,
			c.Post, c.Content, string(mentions), nullable(c.Key), micros(c.CreatedAt), c.Author)
		if err != nil {
			return err
		}
		if err := waitForIndex(ctx, tx, searchedComments, id); err != nil {
			return err
		}
		read, readers, toldTo, err := t.readCommented(ctx, c.Post, id, c.Author)
		if err != nil {
			return err
		}
		counts = read
		if toldTo > 0 {
			if _, err := t.leave(ctx, untoldDeed{Kind: restOfComment, Thing: c.Post, Deed: id, ToldTo: toldTo}, c.CreatedAt); err != nil {
				return err
			}
		}
		return t.comment(ctx, id, c, mentions, readers)
	})
	return id, counts, err
}

// comment tells of a new comment: those whose names it holds, and the readers who are not among
// them. A person is told once.
func (t *telling) comment(ctx context.Context, id int64, c NewComment, mentions sns.Mentioned, readers []reader) error {
	told, err := t.mention(ctx, said{post: c.Post, comment: id}, c.Author, mentions.IDs(), c.CreatedAt)
	if err != nil {
		return err
	}
	readers = slices.DeleteFunc(readers, func(r reader) bool { return slices.Contains(told, r.User) })
	return t.notify(ctx, thing{post: c.Post}, readers, c.CreatedAt)
}

// Comment returns a comment, or ErrNotFound.
func (s commentStore) Comment(ctx context.Context, id int64) (sns.Comment, error) {
	var row commentRow
	err := s.get(ctx, &row, commentQuery+`WHERE c.id = ?`, id)
	return row.comment(), err
}

// CommentFor is Comment for a viewer: ErrNotFound also if the viewer does not see the author of
// the comment, or of the post.
func (s commentStore) CommentFor(ctx context.Context, id, viewer int64) (sns.Comment, error) {
	where, args, err := s.seen(ctx, `c.user_id`, viewer, `WHERE c.id = ?`, []any{id})
	if err == nil && len(args) > 1 {
		where, args, err = s.seen(ctx, `(SELECT p.user_id FROM posts p WHERE p.id = c.post_id)`, viewer, where, args)
	}
	if err != nil {
		return sns.Comment{}, err
	}
	var row commentRow
	err = s.get(ctx, &row, commentQuery+where, args...)
	return row.comment(), err
}

// CommentByKey returns the comment that an author made with a form key, or
// ErrNotFound.
func (s commentStore) CommentByKey(ctx context.Context, author int64, key string) (sns.Comment, error) {
	var row commentRow
	err := s.get(ctx, &row, commentQuery+`WHERE c.user_id = ? AND c.form_key = ?`, author, key)
	return row.comment(), err
}

// Comments returns the newest limit comments of a post whose id is below before
// (0: no bound), oldest first, without those of people whom the viewer does not
// see.
func (s commentStore) Comments(ctx context.Context, post, viewer, before int64, limit int) ([]sns.Comment, error) {
	where, args := `WHERE c.post_id = ?`, []any{post}
	if before > 0 {
		where, args = where+` AND c.id < ?`, append(args, before)
	}
	where, args, err := s.seen(ctx, `c.user_id`, viewer, where, args)
	if err != nil {
		return nil, err
	}
	var rows []commentRow
	if err := s.list(ctx, &rows, commentQuery+where+` ORDER BY c.id DESC`+limited(limit), args...); err != nil {
		return nil, err
	}
	slices.Reverse(rows)
	return comments(rows), nil
}

// CommentsOf is Comments of a post that the caller has just read, from memory if they are
// known: the comments are at least as new as the post. Callers must not change the slice.
func (s commentStore) CommentsOf(ctx context.Context, post sns.Post, viewer, before int64, limit int) ([]sns.Comment, error) {
	hides, err := s.hides(ctx, viewer)
	if err != nil {
		return nil, err
	}
	if before > 0 || hides {
		return s.Comments(ctx, post.ID, viewer, before, limit)
	}
	key := commentsKey{post.ID, limit}
	known, names, ok := s.posts.findComments(key, post.Version)
	if ok && !s.proof.due() {
		return known.comments, nil
	}
	read, err := share(ctx, s.sharing, key, func(ctx context.Context) ([]sns.Comment, error) { return s.Comments(ctx, post.ID, 0, 0, limit) })
	if err != nil {
		return nil, err
	}
	if ok {
		s.proof.compared.Add(1)
	}
	if ok && !slices.Equal(known.comments, read) {
		return read, s.proveComments(ctx, key, known, names)
	}
	s.posts.keepComments(key, names, knownComments{post.Version, read})
	return read, nil
}

// CommentsAfter returns the first limit comments of a post whose id is above
// after, oldest first, without those of people whom the viewer does not see.
func (s commentStore) CommentsAfter(ctx context.Context, post, viewer, after int64, limit int) ([]sns.Comment, error) {
	where, args, err := s.seen(ctx, `c.user_id`, viewer, `WHERE c.post_id = ? AND c.id > ?`, []any{post, after})
	if err != nil {
		return nil, err
	}
	var rows []commentRow
	err = s.list(ctx, &rows, commentQuery+where+` ORDER BY c.id`+limited(limit), args...)
	return comments(rows), err
}

func comments(rows []commentRow) []sns.Comment {
	all := make([]sns.Comment, len(rows))
	for i, row := range rows {
		all[i] = row.comment()
	}
	return all
}

// EditComment changes the text of a comment. ErrNotFound if the comment does
// not exist, ErrForbidden if the comment belongs to another author or the
// author's account was deleted.
func (s commentStore) EditComment(ctx context.Context, id, author int64, content string, now time.Time) error {
	post, err := s.postOf(ctx, id)
	if err != nil {
		return err
	}
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := change(ctx, tx, `UPDATE posts SET version = version + 1 WHERE id = ?`, post); err != nil {
			return err
		}
		if err := commentsWait(ctx, tx, `id = ? AND user_id = ?`, id, author); err != nil {
			return err
		}
		mentions, err := mentionedIn(ctx, tx, author, content, now)
		if err != nil {
			return err
		}
		err = change(ctx, tx, `UPDATE comments SET content = ?, mentions = ?, edited_at = ? WHERE id = ? AND user_id = ? AND EXISTS (SELECT 1 `+fromActiveUser+`)`,
			content, string(mentions), micros(now), id, author, author)
		if err := forbiddenIfExists(ctx, tx, err, `SELECT COUNT(*) FROM comments WHERE id = ?`, id); err != nil {
			return err
		}
		return t.mentionAgain(ctx, said{post: post, comment: id}, author, mentions, now)
	})
}

// DeleteComment deletes a comment and returns the new counts of the post.
// ErrNotFound if the comment does not exist, ErrForbidden if the comment
// belongs to another author.
func (s commentStore) DeleteComment(ctx context.Context, id, author int64) (counts sns.Counts, err error) {
	post, err := s.postOf(ctx, id)
	if err != nil {
		return sns.Counts{}, err
	}
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		// Lock the post before the comment: all changes of counts lock in this
		// order, or they would deadlock.
		err := change(ctx, tx, `UPDATE posts SET comment_count = comment_count - 1, version = version + 1 WHERE id = ?`, post)
		if err != nil {
			return err
		}
		if err := commentsWait(ctx, tx, `id = ? AND user_id = ?`, id, author); err != nil {
			return err
		}
		err = change(ctx, tx, `DELETE FROM comments WHERE id = ? AND user_id = ?`, id, author)
		if err := forbiddenIfExists(ctx, tx, err, `SELECT COUNT(*) FROM comments WHERE id = ?`, id); err != nil {
			return err
		}
		if counts, err = countsIn(ctx, tx, post); err != nil {
			return err
		}
		return t.dropComment(ctx, post, id, author)
	})
	return counts, err
}

// postOf returns the post of a comment, or ErrNotFound. A transaction that reads before it
// locks would not see rows that others delete while it waits for the lock: so the post is
// read before.
func (s commentStore) postOf(ctx context.Context, comment int64) (post int64, err error) {
	err = s.get(ctx, &post, `SELECT post_id FROM comments WHERE id = ?`, comment)
	return post, err
}
