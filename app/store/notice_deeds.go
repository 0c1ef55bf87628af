package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"

	"xxsns/app/sns"
)

// A noticeRow is a row of the table notices, with the columns of noticeColumns.
type noticeRow struct {
	ID       int64          `db:"id"`
	User     int64          `db:"user_id"`
	Kind     sns.NoticeKind `db:"kind"`
	Post     int64          `db:"post_id"`
	Room     int64          `db:"room_id"`
	First    int64          `db:"first_ref"`
	Last     sql.NullInt64  `db:"last_ref"`
	Open     sql.NullInt64  `db:"open"`
	Rank     int64          `db:"ranked"`
	Created  int64          `db:"created_at"`
	Changed  int64          `db:"changed_at"`
	Hides    int64          `db:"hides"`     // above 0 if the reader does not see everybody
	Content  sql.NullString `db:"content"`   // of the post
	RoomName sql.NullString `db:"name"`      // of the room
	Mentor   sql.NullInt64  `db:"mentor_id"` // of the room
}

const noticeColumns = `n.id, n.user_id, n.kind, n.post_id, n.room_id, n.first_ref, n.last_ref, n.open, n.ranked, n.created_at, n.changed_at,
	EXISTS (SELECT 1 FROM blocks k WHERE k.user_id = n.user_id) + EXISTS (SELECT 1 FROM blocks k WHERE k.blocked_id = n.user_id) AS hides`

// refs returns the range of refs that the notice covers, the end excluded.
func (n noticeRow) refs() (from, to int64) {
	if n.Last.Valid {
		return n.First, n.Last.Int64
	}
	return n.First, math.MaxInt64
}

// A deed is what a notice tells of, or many deeds of one person.
type deed struct {
	Notice  int64 `db:"notice"`
	Ref     int64 `db:"ref"`
	Actor   int64 `db:"actor_id"`
	Comment int64 `db:"comment_id"`
	Seq     int64 `db:"seq"`
	People  int64 `db:"people"` // all who did it, if the deed stands for them, or 0
}

// deedMost is how many comments or mentions are read for one notice: of the people beyond,
// nobody needs the number.
const deedMost = 2000

// deedsOf returns the query of the latest deeds of a notice, of one person each for likes and
// follows, and its arguments. The range of refs is given by value, since MySQL and MariaDB use
// no index for a range between columns of another table. There are no deeds of kinds that have
// one deed alone, and none of people whom the reader does not see.
func deedsOf(n noticeRow, most int) (query string, args []any) {
	from, to := n.refs()
	const head = `SELECT ? AS notice, %s AS ref, %s AS actor_id, %s AS comment_id, %s AS seq`
	var actor, order string
	switch n.Kind {
	case sns.NoticeLike:
		actor, order = `l.user_id`, `l.seq DESC, l.user_id DESC`
		query, args = fmt.Sprintf(head, `l.seq`, actor, `0`, `0`)+likesOf, []any{n.ID, n.Post, from, to, n.User}
	case sns.NoticeFollow:
		actor, order = `f.follower_id`, `f.id DESC`
		query, args = fmt.Sprintf(head, `f.id`, actor, `0`, `0`)+newFollowsOf, []any{n.ID, n.User, from, to}
	case sns.NoticeReport:
		actor, order = `0`, `d.id DESC`
		query, args = fmt.Sprintf(head, `d.id`, actor, `0`, `0`)+` FROM decisions d WHERE d.user_id = ? AND d.id >= ? AND d.id < ?`, []any{n.ID, n.User, from, to}
	case sns.NoticeMention:
		actor, order = `m.actor_id`, `m.id DESC`
		query, args = fmt.Sprintf(head, `m.id`, actor, `m.comment_id`, `m.seq`)+` FROM mentions m
			WHERE m.user_id = ? AND m.post_id = ? AND m.room_id = ? AND m.id >= ? AND m.id < ?`, []any{n.ID, n.User, n.Post, n.Room, from, to}
	case sns.NoticeComment, sns.NoticeThread:
		actor, order = `c.user_id`, `c.id DESC`
		query, args = fmt.Sprintf(head, `c.id`, actor, `c.id`, `0`)+` FROM comments c LEFT JOIN mentions m
			ON m.post_id = c.post_id AND m.comment_id = c.id AND m.room_id = 0 AND m.seq = 0 AND m.user_id = ?
			WHERE c.post_id = ? AND c.id >= ? AND c.id < ? AND c.user_id <> ? AND m.user_id IS NULL`, []any{n.ID, n.User, n.Post, from, to, n.User}
	default:
		return "", nil
	}
	query, args = n.seen(query, actor, args)
	return query + ` ORDER BY ` + order + limited(most), args
}

// The deeds of notices about likes and follows. The arguments are the thing and the range of
// refs, and of likes the reader; before them the columns have the id of the notice.
const (
	likesOf      = ` FROM likes l WHERE l.post_id = ? AND l.seq >= ? AND l.seq < ? AND l.user_id <> ?`
	newFollowsOf = ` FROM follows f WHERE f.followee_id = ? AND f.id >= ? AND f.id < ?`
)

// seen adds to a query of deeds that the reader sees the actor, and the author of the post.
func (n noticeRow) seen(query, actor string, args []any) (string, []any) {
	if n.Hides == 0 {
		return query, args
	}
	query, args = query+seenBy(actor), append(args, n.User, n.User)
	if n.Post > 0 {
		query, args = query+` AND EXISTS (SELECT 1 FROM posts q WHERE q.id = ?`+seenBy(`q.user_id`)+`)`, append(args, n.Post, n.User, n.User)
	}
	return query, args
}

// peopleOf returns the query of the number of people of a notice about likes or follows, who
// may be many: each has done one deed.
func peopleOf(n noticeRow) (query string, args []any) {
	from, to := n.refs()
	const head = `SELECT ? AS notice, 0 AS ref, 0 AS actor_id, 0 AS comment_id, 0 AS seq, COUNT(*) AS people`
	switch n.Kind {
	case sns.NoticeLike:
		return n.seen(head+likesOf, `l.user_id`, []any{n.ID, n.Post, from, to, n.User})
	case sns.NoticeFollow:
		return n.seen(head+newFollowsOf, `f.follower_id`, []any{n.ID, n.User, from, to})
	}
	return "", nil
}

// A united is many queries of the same columns as one.
type united struct {
	queries []string
	args    []any
}

// add adds a query, which may be empty. A SELECT around the query lets the query have an order
// and a limit.
func (u *united) add(columns, query string, args []any) {
	if query != "" {
		u.queries = append(u.queries, fmt.Sprintf(`SELECT %s FROM (%s) s%d`, columns, query, len(u.queries)))
		u.args = append(u.args, args...)
	}
}

// String returns the query, or "" if there is none.
func (u *united) String() string { return strings.Join(u.queries, ` UNION ALL `) }

// anyDeedOf returns the query of the ids of those notices that tell of a deed, or "" if none
// can lose its deed.
func anyDeedOf(notices []noticeRow) (query string, args []any) {
	var all united
	for _, n := range notices {
		query, args := deedsOf(n, 1)
		all.add(`notice`, query, args)
	}
	return all.String(), all.args
}

// deeds reads the deeds of notices: of those about likes and follows the latest ones and a
// deed with the number of all people, of the others all.
func (s noticeStore) deeds(ctx context.Context, notices []noticeRow) (map[int64][]deed, error) {
	var all united
	for _, n := range notices {
		most := deedMost
		if query, args := peopleOf(n); query != "" {
			most = sns.NoticeActors
			all.add(`*`, query, args)
		}
		query, args := deedsOf(n, most)
		all.add(`notice, ref, actor_id, comment_id, seq, 0 AS people`, query, args)
	}
	byNotice := map[int64][]deed{}
	if len(all.queries) == 0 {
		return byNotice, nil
	}
	var rows []deed
	if err := s.listOnce(ctx, &rows, all.String(), all.args...); err != nil {
		return nil, err
	}
	for _, row := range rows {
		byNotice[row.Notice] = append(byNotice[row.Notice], row)
	}
	return byNotice, nil
}
