package store

import (
	"context"
	"slices"
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
		return merge{column: `p.user_id`, source: `f.followee_id`, from: `follows f WHERE f.follower_id = ?`, args: []any{t.Follower}}, true
	case t.Buckets == nil || len(t.Buckets) == 1:
		return m, false
	case len(t.Buckets) <= t.Limit:
		return merge{column: `p.bucket_id`, known: t.Buckets}, true
	}
	return merge{column: `p.bucket_id`, source: `k.id`, from: in(`buckets k WHERE k.id IN (?)`, t.Buckets), args: anys(t.Buckets)}, true
}

// noKeys tells MySQL, in what is a comment to all others, not to take the index
// of the form keys for that of an author's posts.
const noKeys = `/*+ NO_INDEX(p posts_form_key) */ `

// merge returns the ids of the newest posts, newest first. Only sources whose
// own newest post is among the newest can have any of them: it looks at the head
// of every source, and then into as many as a page has posts.
func (s *Store) merge(ctx context.Context, m merge, t sns.Timeline) (ids []int64, err error) {
	where, bounds := between(t)
	if t.Except > 0 {
		where, bounds = where+` AND p.user_id <> ?`, append(bounds, t.Except)
	}
	sources := m.known
	if m.source != "" {
		heads := `SELECT h.source FROM (SELECT ` + m.source + ` AS source, (SELECT ` + noKeys + `MAX(p.id) FROM posts p WHERE ` +
			m.column + ` = ` + m.source + ` AND ` + where + `) AS head FROM ` + m.from + `) h WHERE h.head IS NOT NULL ORDER BY h.head DESC LIMIT ?`
		args := append(append(slices.Clone(bounds), m.args...), t.Limit)
		if err := s.listOnce(ctx, &sources, heads, args...); err != nil {
			return nil, err
		}
	}
	if len(sources) == 0 {
		return nil, nil
	}
	one := `SELECT * FROM (SELECT ` + noKeys + `p.id FROM posts p WHERE ` + m.column + ` = ? AND ` + where + ` ORDER BY p.id DESC LIMIT ?) s`
	branches, args := make([]string, len(sources)), []any(nil)
	for i, source := range sources {
		branches[i] = one + strconv.Itoa(i)
		args = append(append(append(args, source), bounds...), t.Limit)
	}
	err = s.list(ctx, &ids, strings.Join(branches, ` UNION ALL `)+` ORDER BY id DESC LIMIT ?`, append(args, t.Limit)...)
	return ids, err
}
