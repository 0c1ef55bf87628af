package store

import (
	"context"
	"slices"
	"strings"

	"xxsns/app/sns"
)

// A selection is a condition on the notices n, with its arguments.
type selection struct {
	where string
	args  []any
}

// covering selects the notices about a post, of any of some kinds, that cover a ref.
func covering(post, ref int64, kinds ...sns.NoticeKind) selection {
	all := make([]string, len(kinds))
	for i, kind := range kinds {
		all[i] = sqlKind(kind)
	}
	return selection{
		`n.post_id = ? AND n.kind IN (` + strings.Join(all, `, `) + `) AND n.first_ref <= ? AND (n.last_ref IS NULL OR n.last_ref > ?)`,
		[]any{post, ref, ref},
	}
}

// coveringOf selects the notice of a reader about a thing, of a kind, that covers a ref.
func coveringOf(user int64, kind sns.NoticeKind, on thing, ref int64) selection {
	s := noticesOf(user, on, sqlKind(kind))
	return selection{s.where + ` AND n.first_ref <= ? AND (n.last_ref IS NULL OR n.last_ref > ?)`, append(s.args, ref, ref)}
}

// noticesOf selects the notices of a reader about a thing, of some kinds, open or not: the
// index begins with both.
func noticesOf(user int64, on thing, kinds string) selection {
	return selection{`n.user_id = ? AND (n.open = 1 OR n.open IS NULL) AND n.kind IN (` + kinds + `) AND n.post_id = ? AND n.room_id = ?`, []any{user, on.post, on.room}}
}

// of narrows a selection to the notices of readers.
func (s selection) of(users []int64) selection {
	return selection{s.where + in(` AND n.user_id IN (?)`, users), append(s.args, anys(users)...)}
}

// dropEmpty deletes the notices of a selection that tell of no deed any more. The transaction
// holds the thing, and the deed has gone.
func (t *telling) dropEmpty(ctx context.Context, of selection) error {
	notices, err := t.selected(ctx, of)
	if err != nil {
		return err
	}
	return t.dropEmptyOf(ctx, notices)
}

// dropEmptyOf deletes those of the notices that tell of no deed.
func (t *telling) dropEmptyOf(ctx context.Context, notices []noticeRow) error {
	var empty []noticeRow
	for some := range slices.Chunk(notices, emptyAtOnce) {
		query, args := anyDeedOf(some)
		var left []int64
		if query != "" {
			if err := t.tx.SelectContext(ctx, &left, query, args...); err != nil {
				return err
			}
		}
		empty = append(empty, without(some, left)...)
	}
	return t.drop(ctx, empty)
}

// emptyAtOnce is how many notices one query looks through for deeds.
const emptyAtOnce = 50

// without returns the notices that may lose their deeds and have none, as left says, which has
// the ids of those with a deed.
func without(notices []noticeRow, left []int64) (empty []noticeRow) {
	for _, n := range notices {
		if query, _ := deedsOf(n, 1); query != "" && !slices.Contains(left, n.ID) {
			empty = append(empty, n)
		}
	}
	return empty
}

// selected reads the notices of a selection.
func (t *telling) selected(ctx context.Context, of selection) (all []noticeRow, err error) {
	err = t.tx.SelectContext(ctx, &all, `SELECT `+noticeColumns+` FROM notices n WHERE `+of.where, of.args...)
	return all, err
}

// dropAll deletes all notices of a selection.
func (t *telling) dropAll(ctx context.Context, of selection) error {
	all, err := t.selected(ctx, of)
	if err != nil {
		return err
	}
	return t.drop(ctx, all)
}

// drop deletes notices. Nobody is told of those that were read.
func (t *telling) drop(ctx context.Context, notices []noticeRow) error {
	return t.dropIf(ctx, notices, selection{`1 = 1`, nil})
}

// dropIf deletes those of the notices for which a condition still holds.
func (t *telling) dropIf(ctx context.Context, notices []noticeRow, still selection) error {
	var users, ids []int64
	for _, n := range notices {
		ids = append(ids, n.ID)
		if n.Open.Valid {
			users = append(users, n.User)
		}
	}
	if _, err := t.raise(ctx, users); err != nil {
		return err
	}
	for _, n := range notices {
		if n.Open.Valid {
			t.count(n.User, partOf(n.Kind))
		}
	}
	for _, batch := range batches(ids) {
		if _, err := t.tx.ExecContext(ctx, in(`DELETE FROM notices WHERE id IN (?) AND `+still.where, batch), append(anys(batch), still.args...)...); err != nil {
			return err
		}
	}
	return nil
}

// dropPost deletes what is noticed, mentioned and muted of a post that is deleted.
func (t *telling) dropPost(ctx context.Context, post int64) error {
	if err := t.dropAll(ctx, selection{`n.post_id = ?`, []any{post}}); err != nil {
		return err
	}
	for _, query := range []string{`DELETE FROM mentions WHERE post_id = ?`, `DELETE FROM mutes WHERE post_id = ?`} {
		if _, err := t.tx.ExecContext(ctx, query, post); err != nil {
			return err
		}
	}
	return nil
}

// dropComment deletes what tells of a comment that was deleted. Who has no comment left there
// has no notice of further ones.
func (t *telling) dropComment(ctx context.Context, post, comment, author int64) error {
	if err := t.unmentionAll(ctx, said{post: post, comment: comment}); err != nil {
		return err
	}
	if err := t.dropEmpty(ctx, covering(post, comment, sns.NoticeComment, sns.NoticeThread)); err != nil {
		return err
	}
	var left int
	if err := t.tx.GetContext(ctx, &left, `SELECT COUNT(*) FROM comments WHERE post_id = ? AND user_id = ?`, post, author); err != nil || left > 0 {
		return err
	}
	return t.dropAll(ctx, noticesOf(author, thing{post: post}, sqlKind(sns.NoticeThread)))
}

// dropUser closes the inbox of an account that is deleted, for good, and deletes what is the
// account's. The transaction has locked the accounts that the user followed, and has deleted
// the follows with these ids.
func (t *telling) dropUser(ctx context.Context, user int64, follows []follow) error {
	for _, f := range follows {
		notices, err := t.selected(ctx, coveringOf(f.Followee, sns.NoticeFollow, thing{}, f.ID))
		if err == nil {
			err = t.dropIf(ctx, notices, selection{noFollower, nil})
		}
		if err != nil {
			return err
		}
	}
	for _, query := range []string{
		`UPDATE inboxes SET unread = 0, news = 0, version = version + 1, closed = 1 WHERE user_id = ?`,
		`DELETE FROM notices WHERE user_id = ?`,
		`DELETE FROM mentions WHERE user_id = ?`,
		`DELETE FROM mutes WHERE user_id = ?`,
		`DELETE FROM notice_settings WHERE user_id = ?`,
		`DELETE FROM decisions WHERE user_id = ?`,
	} {
		if _, err := t.tx.ExecContext(ctx, query, user); err != nil {
			return err
		}
	}
	return nil
}

// noFollower is the condition that a notice about followers tells of nobody. A DELETE sees the
// followers who have gone since the snapshot, which dropUser cannot make after it has locked whom
// the user follows.
const noFollower = `NOT EXISTS (SELECT 1 FROM follows f WHERE f.followee_id = notices.user_id AND f.id >= notices.first_ref
	AND (notices.last_ref IS NULL OR f.id < notices.last_ref))`

// A follow is a row of follows that is about to go.
type follow struct {
	ID       int64 `db:"id"`
	Followee int64 `db:"followee_id"`
}

// followsOf returns whom a user follows.
func followsOf(ctx context.Context, tx *transaction, user int64) (all []follow, err error) {
	err = tx.SelectContext(ctx, &all, `SELECT id, followee_id FROM follows WHERE follower_id = ? ORDER BY followee_id`, user)
	return all, err
}
