package store

import (
	"context"
	"slices"
	"time"

	"xxsns/app/sns"
)

// A namedRow is a user by the folded name.
type namedRow struct {
	ID       int64  `db:"id"`
	Username string `db:"username"`
	Folded   string `db:"folded"`
}

// mentionedIn returns whom a text of an author mentions as of a transaction. Deleted accounts are
// nobody; a former name means its member while it is reserved.
func mentionedIn(ctx context.Context, tx *transaction, author int64, text string, now time.Time) (sns.Mentioned, error) {
	known := make(map[string]sns.User)
	for _, names := range batches(sns.MentionedNames(text)) {
		if err := lockTeller(ctx, tx, author); err != nil {
			return "", err
		}
		var rows []namedRow
		err := tx.SelectContext(ctx, &rows, in(in(`SELECT u.id, u.username, u.folded FROM users u WHERE u.deleted_at IS NULL AND u.folded IN (?)
			UNION ALL SELECT f.user_id, f.username, f.folded FROM former_names f WHERE f.user_id <> 0 AND f.folded IN (?) AND f.until_at > ?`, names), names),
			slices.Concat(anys(names), anys(names), []any{reservedSince(now)})...)
		if err != nil {
			return "", err
		}
		addNamed(known, rows)
	}
	return sns.MentionedIn(text, known), nil
}

// lockTeller locks who does a deed of which others are told, unless the account was deleted: SetBlock
// locks it, too. A SELECT that comes before would not see who has just blocked the teller.
func lockTeller(ctx context.Context, tx *transaction, user int64) error {
	return ignoring(lockUser(ctx, tx, user), sns.ErrNotFound)
}

// addNamed adds users to those known by their names. The present owner of a name goes before the
// former one.
func addNamed(known map[string]sns.User, rows []namedRow) {
	for _, row := range rows {
		if _, ok := known[row.Folded]; !ok {
			known[row.Folded] = sns.User{ID: row.ID, Username: row.Username}
		}
	}
}

// MentionedInside returns whom a text mentions of those who have a seat in a room, by their
// names and by the former ones that are reserved. Without an @ the database is asked nothing.
func (s roomStore) MentionedInside(ctx context.Context, room int64, text string, now time.Time) (sns.Mentioned, error) {
	if len(sns.MentionedNames(text)) == 0 {
		return "", nil
	}
	var rows []namedRow
	err := s.list(ctx, &rows, `SELECT u.id, u.username, u.folded FROM participants p JOIN users u ON u.id = p.user_id
		WHERE p.room_id = ? AND p.active = 1 AND u.deleted_at IS NULL
		UNION ALL SELECT f.user_id, f.username, f.folded FROM participants p JOIN former_names f ON f.user_id = p.user_id
		WHERE p.room_id = ? AND p.active = 1 AND f.until_at > ?`, room, room, reservedSince(now))
	known := make(map[string]sns.User, len(rows))
	addNamed(known, rows)
	return sns.MentionedIn(text, known), err
}

// A said is a text in which people may be mentioned: a post (comment 0), a comment, or a
// message (room and seq).
type said struct{ post, comment, room, seq int64 }

func (s said) thing() thing { return thing{s.post, s.room} }

const (
	whereSaid = `post_id = ? AND comment_id = ? AND room_id = ? AND seq = ?`
)

func (s said) args() []any { return []any{s.post, s.comment, s.room, s.seq} }

// mention writes rows of mentions for those of the users who want to be told, tells them, and
// returns them. For the others a comment with their name is a comment like any.
func (t *telling) mention(ctx context.Context, where said, actor int64, users []int64, now time.Time) ([]int64, error) {
	if len(users) == 0 {
		return nil, nil
	}
	readers, err := t.readers(ctx, sqlKind(sns.NoticeMention), where.thing(), actor, 0, users)
	if err != nil {
		return nil, err
	}
	readers = slices.DeleteFunc(readers, func(r reader) bool { return !r.wants() })
	if len(readers) == 0 {
		return nil, nil
	}
	rows, told := inserting(t.tx, `INSERT INTO mentions (user_id, actor_id, post_id, comment_id, room_id, seq)`), make([]int64, len(readers))
	for i, r := range readers {
		told[i] = r.User
		if err := rows.add(ctx, append([]any{r.User, actor}, where.args()...)...); err != nil {
			return nil, err
		}
	}
	if err := rows.flush(ctx); err != nil {
		return nil, err
	}
	ids, err := t.mentionsIn(ctx, where)
	if err != nil {
		return nil, err
	}
	for i := range readers {
		readers[i].ref = ids[readers[i].User]
	}
	return told, t.notify(ctx, where.thing(), readers, now)
}

// mentionsIn returns the ids of the mentions in a text, by user.
func (t *telling) mentionsIn(ctx context.Context, where said) (map[int64]int64, error) {
	var rows []struct {
		ID   int64 `db:"id"`
		User int64 `db:"user_id"`
	}
	err := t.tx.SelectContext(ctx, &rows, `SELECT id, user_id FROM mentions WHERE `+whereSaid, where.args()...)
	ids := make(map[int64]int64, len(rows))
	for _, row := range rows {
		ids[row.User] = row.ID
	}
	return ids, err
}

// mentionAgain makes the mentions of a text that was edited those of the new text: who is new
// is told, and who is gone has the notice no longer.
func (t *telling) mentionAgain(ctx context.Context, where said, actor int64, mentions sns.Mentioned, now time.Time) error {
	old, err := t.mentionsIn(ctx, where)
	if err != nil {
		return err
	}
	users := mentions.IDs()
	var gone []int64
	for user := range old {
		if !slices.Contains(users, user) {
			gone = append(gone, user)
		}
	}
	if err := t.unmention(ctx, where, old, gone); err != nil {
		return err
	}
	users = slices.DeleteFunc(users, func(user int64) bool { return old[user] > 0 })
	told, err := t.mention(ctx, where, actor, users, now)
	if err != nil || where.comment == 0 || len(told) == 0 {
		return err
	}
	return t.dropEmpty(ctx, covering(where.post, where.comment, sns.NoticeComment, sns.NoticeThread).of(told))
}

// unmention deletes the mentions of some users in a text, and the notices that tell of nothing
// else.
func (t *telling) unmention(ctx context.Context, where said, ids map[int64]int64, users []int64) error {
	slices.Sort(users)
	for _, user := range users {
		if _, err := t.tx.ExecContext(ctx, `DELETE FROM mentions WHERE id = ?`, ids[user]); err != nil {
			return err
		}
		if err := t.dropEmpty(ctx, coveringOf(user, sns.NoticeMention, where.thing(), ids[user])); err != nil {
			return err
		}
	}
	return nil
}

// unmentionAll deletes all mentions in a text that is about to go.
func (t *telling) unmentionAll(ctx context.Context, where said) error {
	ids, err := t.mentionsIn(ctx, where)
	if err != nil {
		return err
	}
	users := make([]int64, 0, len(ids))
	for user := range ids {
		users = append(users, user)
	}
	return t.unmention(ctx, where, ids, users)
}
