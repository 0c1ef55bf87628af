package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"xxsns/app/sns"
)

// Timeline returns posts, newest first. Its cost does not depend on how many
// posts there are, but on how many sources a follower or a filter names.
func (s *Store) Timeline(ctx context.Context, t sns.Timeline) ([]sns.Post, error) {
	where, args := timelineWhere(t)
	if m, ok := mergeOf(t); ok {
		ids, err := s.merge(ctx, m, t)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		where, args = in(`WHERE p.id IN (?)`, ids), anys(ids)
	}
	var rows []postRow
	err := s.list(ctx, &rows, timelineQuery+where+` ORDER BY p.id DESC LIMIT ?`, append(append([]any{t.Viewer}, args...), t.Limit)...)
	if err != nil {
		return nil, err
	}
	posts := make([]sns.Post, len(rows))
	for i, row := range rows {
		posts[i] = row.post()
	}
	return posts, s.addImages(ctx, posts)
}

// CountPosts returns how many posts of a timeline there are, at most t.Limit.
func (s *Store) CountPosts(ctx context.Context, t sns.Timeline) (n int, err error) {
	if m, ok := mergeOf(t); ok {
		ids, err := s.merge(ctx, m, t)
		return len(ids), err
	}
	where, args := timelineWhere(t)
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM (SELECT p.id FROM posts p `+where+` LIMIT ?) counted`, append(args, t.Limit)...)
	return n, err
}

func timelineWhere(t sns.Timeline) (string, []any) {
	where, args := between(t)
	bucket := int64(0)
	if len(t.Buckets) == 1 {
		bucket = t.Buckets[0]
	}
	for _, c := range []struct {
		sql   string
		value int64
	}{
		{` AND p.user_id = ?`, t.Author}, {` AND p.board_id = ?`, t.Board}, {` AND p.user_id <> ?`, t.Except}, {` AND p.bucket_id = ?`, bucket},
	} {
		if c.value > 0 {
			where, args = where+c.sql, append(args, c.value)
		}
	}
	return `WHERE ` + where, args
}

// between is the range of the posts' key that a timeline asks for.
func between(t sns.Timeline) (string, []any) {
	where, args := `p.id > ?`, []any{t.After}
	if t.Before > 0 {
		where, args = where+` AND p.id < ?`, append(args, t.Before)
	}
	return where, args
}

// A merge gathers posts of several sources, each of which an index has in order:
// authors whom somebody follows, or buckets. One condition for all of them would
// let the database sort every post of every source.
type merge struct {
	column string  // of a post: its source
	index  string  // has the posts of each source in order
	known  []int64 // the sources, where they are known
	source string  // otherwise where they stand: a column of
	from   string  // these rows,
	args   []any   // with these arguments
}

// mergeOf is how a timeline is merged; ok is false where there is nothing to
// merge.
func mergeOf(t sns.Timeline) (m merge, ok bool) {
	switch {
	case t.Follower > 0:
		return merge{column: `p.user_id`, index: `posts_user`, source: `f.followee_id`, from: `follows f WHERE f.follower_id = ?`, args: []any{t.Follower}}, true
	case t.Buckets == nil || len(t.Buckets) == 1:
		return m, false
	case len(t.Buckets) <= t.Limit:
		return merge{column: `p.bucket_id`, index: `posts_bucket`, known: t.Buckets}, true
	}
	// Written out: they may be more than a statement takes arguments.
	from := `buckets k WHERE k.id IN (` + joinIDs(t.Buckets) + `)`
	return merge{column: `p.bucket_id`, index: `posts_bucket`, source: `k.id`, from: from}, true
}

// newest selects the posts of a source, newest first. Its hints name the index,
// to MySQL and to MariaDB in what is a comment to all others: they would read all
// posts of a source by another one, and sort them; or, of a source with many, all
// posts there are from the newest on, until enough of them were its own.
func (m merge) newest(source, where string) string {
	return `SELECT /*+ INDEX(p ` + m.index + `) */ p.id FROM posts p /*M!100000 FORCE INDEX (` + m.index + `) */ WHERE ` +
		m.column + ` = ` + source + ` AND ` + where + ` ORDER BY p.id DESC LIMIT `
}

// merge returns the ids of the newest posts, newest first. Only sources whose
// own newest post is among the newest can have any of them: it looks at the head
// of every source, and then into as many as a page has posts.
func (s *Store) merge(ctx context.Context, m merge, t sns.Timeline) (ids []int64, err error) {
	sources := m.known
	if m.source != "" {
		if sources, t.After, err = s.heads(ctx, m, t); err != nil {
			return nil, err
		}
	}
	if len(sources) == 0 {
		return nil, nil
	}
	where, bounds := between(t)
	if t.Except > 0 {
		where, bounds = where+` AND p.user_id <> ?`, append(bounds, t.Except)
	}
	one := `SELECT * FROM (` + m.newest(`?`, where) + `?) s`
	branches, args := make([]string, len(sources)), []any(nil)
	for i, source := range sources {
		branches[i] = one + strconv.Itoa(i)
		args = append(append(append(args, source), bounds...), t.Limit)
	}
	err = s.list(ctx, &ids, strings.Join(branches, ` UNION ALL `)+` ORDER BY id DESC LIMIT ?`, append(args, t.Limit)...)
	return ids, err
}

// heads returns the sources whose own newest post is among the newest, and the
// post after which all that are listed stand: where the heads alone fill the
// page, it ends with the last of them.
func (s *Store) heads(ctx context.Context, m merge, t sns.Timeline) (sources []int64, after int64, err error) {
	query, args := m.heads(t)
	var rows []struct {
		Source int64         `db:"source"`
		Head   sql.NullInt64 `db:"head"`
	}
	if err := s.listOnce(ctx, &rows, query, args...); err != nil {
		return nil, 0, err
	}
	after = t.After
	for _, row := range rows {
		if row.Head.Int64 > t.After { // none: 0, behind all others
			sources = append(sources, row.Source)
		}
	}
	if len(sources) == t.Limit {
		after = max(after, rows[len(rows)-1].Head.Int64-1)
	}
	return sources, after, nil
}

// heads lists sources with their newest posts. MySQL and MariaDB read a source
// from its end until a post fits: they would read all of it for the greatest id,
// and also for one above t.After where there is none, which is why that is looked
// at afterwards. What is before t.Before they pass by: a page costs as much more
// as there are pages before it.
func (m merge) heads(t sns.Timeline) (query string, args []any) {
	where, bounds := between(sns.Timeline{Before: t.Before})
	if t.Except > 0 {
		where, bounds = where+` AND p.user_id <> ?`, append(bounds, t.Except)
	}
	query = `SELECT ` + m.source + ` AS source, (` + m.newest(m.source, where) + `1) AS head FROM ` + m.from + ` ORDER BY head DESC LIMIT ?`
	return query, append(append(bounds, m.args...), t.Limit)
}
