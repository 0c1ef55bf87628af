package store

import (
	"context"

	"xxsns/app/sns"
)

// readersOf selects the readers r, who are a table of user_id and kind, without those who have
// done the deed themselves, have muted the post, or have no account any more. The arguments
// behind those of r are the post, the room, the post, and who has done the deed. See postQuery
// for the reason of the outer joins.
func readersOf(r string) string {
	return `SELECT r.user_id, r.kind, COALESCE(s.turned, 0) AS turned, COALESCE(s.turned_on, 0) AS turned_on,
		COALESCE(n.id, 0) AS notice, COALESCE(n.changed_at, 0) AS changed_at
		FROM (` + r + `) r LEFT JOIN users u ON u.id = r.user_id LEFT JOIN notice_settings s ON s.user_id = r.user_id
		LEFT JOIN notices n ON n.user_id = r.user_id AND n.kind = r.kind AND n.post_id = ? AND n.room_id = ? AND n.open = 1
		LEFT JOIN mutes m ON m.user_id = r.user_id AND m.post_id = ?
		WHERE u.deleted_at IS NULL AND m.user_id IS NULL AND r.user_id <> ? ORDER BY r.user_id`
}

// readers returns the readers of a deed on a thing, with the ref of the deed.
func (t *telling) readers(ctx context.Context, on thing, actor, ref int64, from string, args ...any) (all []reader, err error) {
	err = t.tx.SelectContext(ctx, &all, readersOf(from), append(args, on.post, on.room, on.post, actor)...)
	for i := range all {
		all[i].ref = ref
	}
	return all, err
}

// usersFor returns the readers among some users for a kind of notices.
func (t *telling) usersFor(ctx context.Context, kind sns.NoticeKind, on thing, actor, ref int64, users []int64) (all []reader, err error) {
	for _, batch := range batches(users) {
		some, err := t.readers(ctx, on, actor, ref, in(`SELECT id AS user_id, `+sqlKind(kind)+` AS kind FROM users WHERE id IN (?)`, batch), anys(batch)...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// sqlKind returns a kind as part of a query.
func sqlKind(kind sns.NoticeKind) string { return string(rune('0' + kind)) }

// The readers of deeds, as tables of user_id and kind.
var (
	likedAuthor = `SELECT user_id, ` + sqlKind(sns.NoticeLike) + ` AS kind FROM posts WHERE id = ?`

	// The author of a post, and who else has commented there. The arguments are the post, twice.
	commented = `SELECT p.user_id, ` + sqlKind(sns.NoticeComment) + ` AS kind FROM posts p WHERE p.id = ?
		UNION SELECT c.user_id, ` + sqlKind(sns.NoticeThread) + ` FROM comments c JOIN posts o ON o.id = c.post_id AND o.user_id <> c.user_id WHERE c.post_id = ?`

	followersOf = `SELECT follower_id AS user_id, ` + sqlKind(sns.NoticeRoom) + ` AS kind FROM follows WHERE followee_id = ?`
)
