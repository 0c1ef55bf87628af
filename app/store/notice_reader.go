package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"xxsns/app/sns"
)

// People whom a deed concerns. The arguments of the first one are their ids, of the others the
// post.
const (
	usersOf      = `SELECT v.id AS user_id FROM users v WHERE v.id IN (?)`
	authorOf     = `SELECT q.user_id FROM posts q WHERE q.id = ?`
	commentersOf = `SELECT DISTINCT c.user_id FROM comments c WHERE c.post_id = ? AND c.user_id <> (` + authorOf + `) ORDER BY c.user_id`
)

// readersOf selects the people w as readers for notices of a kind, which is an expression of the
// user u and the post p, each beside the post. The arguments are those of the people, the post,
// the actor twice, the post, the room, and the post. The joins find one row each: MariaDB takes
// longer to plan subqueries than to answer them.
func readersOf(kind, people string) string {
	return `SELECT u.id AS user_id, ` + kind + ` AS kind, COALESCE(s.turned, 0) AS turned, COALESCE(s.turned_on, 0) AS turned_on,
		COALESCE(n.id, 0) AS notice, COALESCE(n.changed_at, 0) AS changed_at, m.post_id IS NOT NULL AS muted,
		EXISTS (SELECT 1 FROM push_subscriptions d WHERE d.user_id = u.id AND d.ended_at IS NULL) AS device,
		u.deleted_at IS NOT NULL AS gone, COALESCE(k1.id, k2.id, k3.id, k4.id, 0) AS block,
		COALESCE(p.id, 0) AS id, COALESCE(p.like_count, 0) AS like_count, COALESCE(p.comment_count, 0) AS comment_count,
		COALESCE(p.version, 0) AS version, COALESCE(p.user_id, 0) AS author_id
		FROM (` + people + `) w JOIN users u ON u.id = w.user_id LEFT JOIN posts p ON p.id = ?
		LEFT JOIN blocks k1 ON k1.user_id = ? AND k1.blocked_id = u.id
		LEFT JOIN blocks k2 ON k2.user_id = u.id AND k2.blocked_id = ?
		LEFT JOIN blocks k3 ON k3.user_id = p.user_id AND k3.blocked_id = u.id
		LEFT JOIN blocks k4 ON k4.user_id = u.id AND k4.blocked_id = p.user_id
		LEFT JOIN notice_settings s ON s.user_id = u.id
		LEFT JOIN notices n ON n.user_id = u.id AND n.kind = ` + kind + ` AND n.post_id = ? AND n.room_id = ? AND n.open = 1
		LEFT JOIN mutes m ON m.user_id = u.id AND m.post_id = ?`
}

// A readerRow is a reader beside the post of a deed.
type readerRow struct {
	reader
	countsRow
	Author int64 `db:"author_id"`
}

// place is the place of the reader among those who are told of a deed on a post: the author is
// the first one.
func (r readerRow) place() int64 {
	if r.User == r.Author {
		return 0
	}
	return r.User
}

// readPeople reads the readers among people of a deed on a thing.
func (t *telling) readPeople(ctx context.Context, kind string, on thing, actor int64, people string, args ...any) (rows []readerRow, err error) {
	args = append(args, on.post, actor, actor, on.post, on.room, on.post)
	err = t.tx.SelectContext(ctx, &rows, readersOf(kind, people), args...)
	return rows, err
}

// readersIn returns the readers of a deed with its ref. Who has done the deed is none of them.
func readersIn(rows []readerRow, actor, ref int64) (all []reader) {
	for _, row := range rows {
		if row.User != actor {
			row.ref = ref
			all = append(all, row.reader)
		}
	}
	return all
}

// readers returns the readers among users of a deed on a thing, with the ref of the deed.
func (t *telling) readers(ctx context.Context, kind string, on thing, actor, ref int64, users []int64) (all []reader, err error) {
	users = unique(slices.DeleteFunc(slices.Clone(users), func(user int64) bool { return user == actor }))
	for _, batch := range batches(users) {
		rows, err := t.readPeople(ctx, kind, on, actor, in(usersOf, batch), anys(batch)...)
		if err != nil {
			return nil, err
		}
		all = append(all, readersIn(rows, actor, ref)...)
	}
	return all, nil
}

// sqlKind returns a kind as part of a query.
func sqlKind(kind sns.NoticeKind) string { return strconv.Itoa(int(kind)) }

// readPost is readPeople of a deed on a post that the transaction has changed; the author is
// among the people, and comes first. ErrNotFound if author and actor do not see each other.
func (t *telling) readPost(ctx context.Context, kind string, post, actor int64, people string, args ...any) ([]readerRow, error) {
	rows, err := t.readPeople(ctx, kind, thing{post: post}, actor, people, args...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b readerRow) int { return cmp.Compare(a.place(), b.place()) })
	if len(rows) == 0 || rows[0].Block > 0 {
		return nil, sns.ErrNotFound
	}
	return rows, nil
}

// readLiked reads a post of which the transaction has made or deleted a like, and its author as
// the reader. A like has the version of the post as its ref.
func (t *telling) readLiked(ctx context.Context, post, user int64) (sns.Counts, []reader, error) {
	rows, err := t.readPost(ctx, sqlKind(sns.NoticeLike), post, user, authorOf, post)
	if err != nil {
		return sns.Counts{}, nil, err
	}
	return sns.Counts(rows[0].countsRow), readersIn(rows, user, rows[0].Version), nil
}

// commentKind is the kind of the notices of a comment: the author of the post has another than
// those who have commented there.
var commentKind = `CASE WHEN u.id = p.user_id THEN ` + sqlKind(sns.NoticeComment) + ` ELSE ` + sqlKind(sns.NoticeThread) + ` END`

// readCommented reads a post under which the transaction has made a comment, and as the readers
// its author and the first people who have commented there, by their ids. toldTo is the last of
// these if there are more.
func (t *telling) readCommented(ctx context.Context, post, comment, actor int64) (counts sns.Counts, readers []reader, toldTo int64, err error) {
	people := authorOf + ` UNION ALL SELECT f.user_id FROM (` + commentersOf + limited(t.most+1) + `) f`
	rows, err := t.readPost(ctx, commentKind, post, actor, people, post, post, post)
	if err != nil {
		return sns.Counts{}, nil, 0, err
	}
	if len(rows) > 1+t.most {
		rows = rows[:1+t.most]
		toldTo = rows[t.most].User
	}
	return sns.Counts(rows[0].countsRow), readersIn(rows, actor, comment), toldTo, nil
}
