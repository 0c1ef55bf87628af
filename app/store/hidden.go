package store

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
)

// A hidden post or comment is moved to a table of its own: no query of posts, comments, searches
// or notices can show it by mistake, also none of the program's version before. Likes and
// images stay where they are, since they show only with their post.

// A hiddenBy is a set of what hides a post (the column hidden_by). A post is shown again only when
// neither hides it. Reports are the default of the column: the program's version before knows
// nothing else.
type hiddenBy int64

const (
	byReports hiddenBy = 1 << iota
	byTakedown
	byAnything = byReports | byTakedown
)

const (
	hiddenPostColumns    = `id, user_id, board_id, bucket_id, town, content, mentions, created_at, edited_at`
	hiddenCommentColumns = `id, post_id, user_id, content, mentions, created_at, edited_at`
)

// hide hides a post or comment because of reports. Nothing is hidden if it has gone, or is hidden
// already.
func (t *telling) hide(ctx context.Context, r sns.Reported, now time.Time) (h sns.Hiding, err error) {
	hidden := true
	switch r.Kind {
	case sns.ReportPost:
		hidden, err = t.hidePost(ctx, r.Thing, byReports, now)
	case sns.ReportComment:
		h, err = t.hideComment(ctx, r.Thing, now)
	default:
		return h, nil
	}
	if err != nil || !hidden {
		return sns.Hiding{}, ignoring(err, sns.ErrNotFound)
	}
	h.Gone = r
	return h, nil
}

// show shows a post or comment again that reports have hidden, and reports whether it is shown now
// and was not before.
func (t *telling) show(ctx context.Context, r sns.Reported) (bool, error) {
	var err error
	switch r.Kind {
	case sns.ReportPost:
		err = t.showPost(ctx, r.Thing, byReports)
	case sns.ReportComment:
		err = t.showComment(ctx, r.Thing)
	default:
		return false, nil
	}
	return err == nil, ignoring(err, sns.ErrNotFound)
}

// erase deletes a post or comment, hidden or not.
func (t *telling) erase(ctx context.Context, r sns.Reported, now time.Time) (h sns.Hiding, err error) {
	if h, err = t.hide(ctx, r, now); err != nil {
		return h, err
	}
	switch r.Kind {
	case sns.ReportPost:
		h.Images, err = t.eraseHiddenPost(ctx, r.Thing)
	case sns.ReportComment:
		_, err = t.tx.ExecContext(ctx, `DELETE FROM hidden_comments WHERE id = ?`, r.Thing)
	}
	return h, err
}

// run runs statements that have the same arguments.
func (t *telling) run(ctx context.Context, queries []string, args ...any) error {
	for _, query := range queries {
		if _, err := t.tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// hidePost moves a post with its comments to the hidden ones, and takes its notices along. hidden
// is false if the post was hidden before: then only what hides it is added. ErrNotFound.
func (t *telling) hidePost(ctx context.Context, post int64, by hiddenBy, now time.Time) (hidden bool, err error) {
	err = lockRow(ctx, t.tx, `posts`, `id = ?`, post)
	if errors.Is(err, sns.ErrNotFound) {
		return false, change(ctx, t.tx, `UPDATE hidden_posts SET hidden_by = hidden_by | ? WHERE id = ?`, by, post)
	}
	if err != nil {
		return false, err
	}
	return true, t.movePost(ctx, post, by, now)
}

// movePost is hidePost for a post that is shown and locked.
func (t *telling) movePost(ctx context.Context, post int64, by hiddenBy, now time.Time) error {
	var bucket int64
	if err := t.tx.GetContext(ctx, &bucket, `SELECT bucket_id FROM posts WHERE id = ?`, post); err != nil {
		return err
	}
	if err := postWaits(ctx, t.tx, post); err != nil {
		return err
	}
	if err := commentsWait(ctx, t.tx, `post_id = ?`, post); err != nil {
		return err
	}
	if err := countInBucket(ctx, t.tx, bucket, -1); err != nil {
		return err
	}
	err := change(ctx, t.tx, `INSERT INTO hidden_posts (`+hiddenPostColumns+`, version, hidden_by, hidden_at) SELECT `+hiddenPostColumns+`, version, ?, ? FROM posts WHERE id = ?`,
		by, micros(now), post)
	if err != nil {
		return err
	}
	_, err = t.tx.ExecContext(ctx, `INSERT INTO hidden_comments (`+hiddenCommentColumns+`, with_post, hidden_at) SELECT `+hiddenCommentColumns+`, 1, ? FROM comments WHERE post_id = ?`,
		micros(now), post)
	if err != nil {
		return err
	}
	if err := t.run(ctx, []string{`DELETE FROM posts WHERE id = ?`, `DELETE FROM comments WHERE post_id = ?`, `DELETE FROM mentions WHERE post_id = ?`}, post); err != nil {
		return err
	}
	return t.dropAll(ctx, selection{`n.post_id = ?`, []any{post}})
}

// showPost moves a hidden post back that only by has hidden, with the comments that were hidden
// with it. The version rises, as with each change, and the numbers are counted again: who deleted
// an account meanwhile took the likes along. ErrNotFound if the post was not hidden, or is hidden
// by something else still.
func (t *telling) showPost(ctx context.Context, post int64, by hiddenBy) error {
	if err := change(ctx, t.tx, `UPDATE hidden_posts SET hidden_by = hidden_by & ? WHERE id = ?`, byAnything&^by, post); err != nil {
		return err
	}
	err := change(ctx, t.tx, `INSERT INTO posts (`+hiddenPostColumns+`, version, like_count, comment_count) SELECT `+hiddenPostColumns+`, version + 1,
		(SELECT COUNT(*) FROM likes WHERE post_id = hidden_posts.id), (SELECT COUNT(*) FROM hidden_comments WHERE post_id = hidden_posts.id AND with_post = 1)
		FROM hidden_posts WHERE id = ? AND hidden_by = 0`, post)
	if err != nil {
		return err
	}
	if err := t.run(ctx, []string{
		`INSERT INTO comments (` + hiddenCommentColumns + `) SELECT ` + hiddenCommentColumns + ` FROM hidden_comments WHERE post_id = ? AND with_post = 1`,
		`DELETE FROM hidden_comments WHERE post_id = ? AND with_post = 1`,
		`DELETE FROM hidden_posts WHERE id = ?`,
	}, post); err != nil {
		return err
	}
	var bucket int64
	if err := t.tx.GetContext(ctx, &bucket, `SELECT bucket_id FROM posts WHERE id = ?`, post); err != nil {
		return err
	}
	if err := countInBucket(ctx, t.tx, bucket, 1); err != nil {
		return err
	}
	if err := waitForIndex(ctx, t.tx, searchedPosts, post); err != nil {
		return err
	}
	return commentsWait(ctx, t.tx, `post_id = ?`, post)
}

// eraseHiddenPost deletes a hidden post, and returns the names of its images.
func (t *telling) eraseHiddenPost(ctx context.Context, post int64) (images []string, err error) {
	err = change(ctx, t.tx, `DELETE FROM hidden_posts WHERE id = ?`, post)
	if err != nil { // deleted meanwhile
		return nil, ignoring(err, sns.ErrNotFound)
	}
	if err := t.tx.SelectContext(ctx, &images, `SELECT name FROM post_images WHERE post_id = ? ORDER BY position`, post); err != nil {
		return nil, err
	}
	return images, t.run(ctx, []string{
		`DELETE FROM post_images WHERE post_id = ?`, `DELETE FROM hidden_comments WHERE post_id = ?`,
		`DELETE FROM likes WHERE post_id = ?`, `DELETE FROM mutes WHERE post_id = ?`,
	}, post)
}

// hideComment moves a comment to the hidden ones, as DeleteComment deletes it. ErrNotFound.
func (t *telling) hideComment(ctx context.Context, comment int64, now time.Time) (h sns.Hiding, err error) {
	if err := lockPostOf(ctx, t.tx, sns.Reported{Kind: sns.ReportComment, Thing: comment}); err != nil {
		return h, err
	}
	var author int64
	err = t.tx.QueryRowContext(ctx, `SELECT post_id, user_id FROM comments WHERE id = ?`, comment).Scan(&h.Post, &author)
	if err != nil {
		return h, missing(err)
	}
	err = change(ctx, t.tx, `INSERT INTO hidden_comments (`+hiddenCommentColumns+`, with_post, hidden_at) SELECT `+hiddenCommentColumns+`, 0, ? FROM comments WHERE id = ?`,
		micros(now), comment)
	if err != nil {
		return h, err
	}
	if err := commentsWait(ctx, t.tx, `id = ?`, comment); err != nil {
		return h, err
	}
	if err := change(ctx, t.tx, `UPDATE posts SET comment_count = comment_count - 1, version = version + 1 WHERE id = ?`, h.Post); err != nil {
		return h, err
	}
	if err := change(ctx, t.tx, `DELETE FROM comments WHERE id = ?`, comment); err != nil {
		return h, err
	}
	if h.Counts, err = countsIn(ctx, t.tx, h.Post); err != nil {
		return h, err
	}
	return h, t.dropComment(ctx, h.Post, comment, author)
}

// lockPostOf locks the post that is reported, or that of a comment that is, while it is shown.
// The lock must come before the first SELECT of what hides either: notices that others have just
// made or emptied would not be seen. ErrNotFound.
func lockPostOf(ctx context.Context, tx *transaction, r sns.Reported) error {
	switch r.Kind {
	case sns.ReportPost:
		return lockRow(ctx, tx, `posts`, `id = ?`, r.Thing)
	case sns.ReportComment:
		return lockRow(ctx, tx, `posts`, `id = (SELECT c.post_id FROM comments c WHERE c.id = ?)`, r.Thing)
	default:
		return sns.ErrNotFound
	}
}

// showComment moves a hidden comment back to its post. If the post is hidden, the comment comes
// back together with the post. ErrNotFound.
func (t *telling) showComment(ctx context.Context, comment int64) error {
	if err := change(ctx, t.tx, `UPDATE hidden_comments SET with_post = 1 WHERE id = ? AND with_post = 0`, comment); err != nil {
		return err
	}
	var post int64
	if err := t.tx.GetContext(ctx, &post, `SELECT post_id FROM hidden_comments WHERE id = ?`, comment); err != nil {
		return err
	}
	err := change(ctx, t.tx, `UPDATE posts SET comment_count = comment_count + 1, version = version + 1 WHERE id = ?`, post)
	if errors.Is(err, sns.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.run(ctx, []string{
		`INSERT INTO comments (` + hiddenCommentColumns + `) SELECT ` + hiddenCommentColumns + ` FROM hidden_comments WHERE id = ?`,
		`DELETE FROM hidden_comments WHERE id = ?`,
	}, comment); err != nil {
		return err
	}
	return waitForIndex(ctx, t.tx, searchedComments, comment)
}

// HiddenPost returns a hidden post as the viewer may know of it. ErrNotFound if there is none, or
// if a block stands between the viewer and the author.
func (s postStore) HiddenPost(ctx context.Context, id, viewer int64) (h sns.HiddenPost, err error) {
	where, args, err := s.seen(ctx, `p.user_id`, viewer, ` WHERE p.id = ?`, []any{id})
	if err != nil {
		return h, err
	}
	var row struct {
		User      int64    `db:"user_id"`
		Content   string   `db:"content"`
		CreatedAt int64    `db:"created_at"`
		HiddenAt  int64    `db:"hidden_at"`
		HiddenBy  hiddenBy `db:"hidden_by"`
	}
	err = s.get(ctx, &row, `SELECT p.user_id, p.content, p.created_at, p.hidden_at, p.hidden_by FROM hidden_posts p`+where, args...)
	return sns.HiddenPost{
		Post: sns.Post{ID: id, Author: sns.User{ID: row.User}, Content: row.Content, CreatedAt: timeOf(row.CreatedAt)},
		At:   timeOf(row.HiddenAt), Reported: row.HiddenBy&byReports != 0,
	}, err
}
