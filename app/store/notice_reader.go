package store

import (
	"context"
	"slices"
	"strconv"

	"xxsns/app/sns"
)

// readersOf selects the readers among users for notices of a kind, which is an expression of
// the user u. Who has no account any more is none, nor who does not see the actor or the author
// of the post. The arguments are the post twice, the room, the users, the actor twice, and the
// post twice. MariaDB would sort the rows of a join with mutes by way of a temporary table.
func readersOf(kind string) string {
	return `SELECT u.id AS user_id, ` + kind + ` AS kind, COALESCE(s.turned, 0) AS turned, COALESCE(s.turned_on, 0) AS turned_on,
		COALESCE(n.id, 0) AS notice, COALESCE(n.changed_at, 0) AS changed_at,
		(SELECT COUNT(*) FROM mutes m WHERE m.user_id = u.id AND m.post_id = ?) AS muted
		FROM users u LEFT JOIN notice_settings s ON s.user_id = u.id
		LEFT JOIN notices n ON n.user_id = u.id AND n.kind = ` + kind + ` AND n.post_id = ? AND n.room_id = ? AND n.open = 1
		WHERE u.deleted_at IS NULL AND u.id IN (?)` + seenBy(`u.id`) + `
		AND NOT EXISTS (SELECT 1 FROM posts q JOIN blocks k ON k.user_id = q.user_id AND k.blocked_id = u.id WHERE q.id = ?)
		AND NOT EXISTS (SELECT 1 FROM posts q JOIN blocks k ON k.blocked_id = q.user_id AND k.user_id = u.id WHERE q.id = ?)`
}

// readers returns the readers among users of a deed on a thing, with the ref of the deed. Who
// has done the deed is none of them.
func (t *telling) readers(ctx context.Context, kind string, on thing, actor, ref int64, users []int64) (all []reader, err error) {
	users = unique(slices.DeleteFunc(slices.Clone(users), func(user int64) bool { return user == actor }))
	for _, batch := range batches(users) {
		var some []reader
		args := slices.Concat([]any{on.post, on.post, on.room}, anys(batch), []any{actor, actor, on.post, on.post})
		if err := t.tx.SelectContext(ctx, &some, in(readersOf(kind), batch), args...); err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	for i := range all {
		all[i].ref = ref
	}
	return all, nil
}

// sqlKind returns a kind as part of a query.
func sqlKind(kind sns.NoticeKind) string { return strconv.Itoa(int(kind)) }

// commentKind returns the kind of the notices of a comment: the author of the post has another
// than those who have commented there.
func commentKind(author int64) string {
	return `CASE WHEN u.id = ` + strconv.FormatInt(author, 10) + ` THEN ` + sqlKind(sns.NoticeComment) + ` ELSE ` + sqlKind(sns.NoticeThread) + ` END`
}

// A postRead is what a deed on a post reads of it.
type postRead struct {
	countsRow
	Author int64 `db:"user_id"`
}

const postReadColumns = `p.id, p.like_count, p.comment_count, p.version, p.user_id`

// readPost reads a post that the transaction has changed.
func (t *telling) readPost(ctx context.Context, post int64) (row postRead, err error) {
	err = t.tx.GetContext(ctx, &row, `SELECT `+postReadColumns+` FROM posts p WHERE p.id = ?`, post)
	return row, err
}

// readCommented reads a post under which the transaction has made a comment, and who has
// commented there.
func (t *telling) readCommented(ctx context.Context, post int64) (postRead, []int64, error) {
	var rows []postRead
	err := t.tx.SelectContext(ctx, &rows, `SELECT `+postReadColumns+` FROM posts p WHERE p.id = ?
		UNION ALL SELECT DISTINCT 0, 0, 0, 0, c.user_id FROM comments c WHERE c.post_id = ?`, post, post)
	var read postRead
	var users []int64
	for _, row := range rows {
		if row.Post > 0 {
			read = row
		}
		users = append(users, row.Author)
	}
	return read, users, err
}
