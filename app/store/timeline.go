package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// Timeline returns the posts that t selects, newest first. The cost does not
// depend on the number of posts, but on the number of users that t.Follower
// follows, or of the buckets that a filter selects.
func (s postStore) Timeline(ctx context.Context, t sns.Timeline) ([]sns.Post, error) {
	posts, _, err := s.TimelineAndNewest(ctx, t)
	return posts, err
}

// TimelineAndNewest is Timeline and NewestPost as of one moment: a post that is created
// meanwhile is newer than the newest, whether or not it is among the posts.
func (s postStore) TimelineAndNewest(ctx context.Context, t sns.Timeline) (posts []sns.Post, newest int64, err error) {
	if t.Hides, err = s.hides(ctx, t.Viewer); err != nil {
		return nil, 0, err
	}
	key, ok := listingKeyOf(t)
	if !ok {
		if newest, err = s.NewestPost(ctx); err == nil {
			posts, err = s.readTimeline(ctx, t)
		}
		return posts, newest, err
	}
	return s.recallPosts(ctx, key, t.Viewer, listers{
		listing: func(ctx context.Context) (listing, error) { return s.readListing(ctx, t) },
		posts:   func(ctx context.Context) ([]sns.Post, error) { return s.readTimeline(ctx, t) },
	})
}

// readTimeline is Timeline without the memory.
func (s postStore) readTimeline(ctx context.Context, t sns.Timeline) ([]sns.Post, error) {
	where, args := timelineWhere(t)
	if m, ok := mergeFor(t); ok {
		ids, err := s.merge(ctx, m, t)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		where, args = in(`WHERE p.id IN (?)`, ids), anys(ids)
	}
	return s.readPosts(ctx, where+` ORDER BY p.id DESC`+limited(t.Limit), t.Viewer, args)
}

// readPosts reads the posts that a condition selects, in the order of the condition, as the
// viewer sees them.
func (s postStore) readPosts(ctx context.Context, where string, viewer int64, args []any) ([]sns.Post, error) {
	posts, err := s.readRows(ctx, where, viewer, args)
	if err != nil {
		return nil, err
	}
	return posts, s.addImages(ctx, posts)
}

// readRows is readPosts without the images.
func (s postStore) readRows(ctx context.Context, where string, viewer int64, args []any) (posts []sns.Post, err error) {
	scan := func(rows *sqlx.Rows) error {
		posts = nil
		var row postRow
		dest := row.dest()
		for rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			posts = append(posts, row.post())
		}
		return rows.Err()
	}
	err = s.query(ctx, scan, timelineQuery+where, append([]any{viewer}, args...)...)
	return posts, err
}

// CountPosts returns the number of posts that t selects, at most t.Limit.
func (s postStore) CountPosts(ctx context.Context, t sns.Timeline) (n int, err error) {
	if t.Hides, err = s.hides(ctx, t.Viewer); err != nil {
		return 0, err
	}
	if m, ok := mergeFor(t); ok {
		ids, err := s.merge(ctx, m, t)
		return len(ids), err
	}
	where, args := timelineWhere(t)
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM (SELECT p.id FROM posts p `+where+limited(t.Limit)+`) counted`, args...)
	return n, err
}

func timelineWhere(t sns.Timeline) (string, []any) {
	where, args := idRange(t)
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

// idRange returns the condition and arguments of t.After and t.Before, and that the viewer sees
// the authors.
func idRange(t sns.Timeline) (string, []any) {
	where, args := `p.id > ?`, []any{t.After}
	if t.Before > 0 {
		where, args = where+` AND p.id < ?`, append(args, t.Before)
	}
	if t.Hides {
		where, args = where+seenBy(`p.user_id`), append(args, t.Viewer, t.Viewer)
	}
	return where, args
}

// A merge selects the newest posts of several sources, which are authors or
// buckets. An index holds the posts of each source in order. With a single
// condition for all sources, the database would sort every post of every
// source.
type merge struct {
	column string  // column of posts that names the source
	index  string  // index that holds the posts of each source in order
	known  []int64 // ids of the sources; nil if a query has to find them
	source string  // otherwise the column of the source in the query
	from   string  // FROM and WHERE of the query
	args   []any   // arguments of the query
}

// mergeFor returns the merge of a timeline; ok is false if the timeline has a
// single source.
func mergeFor(t sns.Timeline) (m merge, ok bool) {
	switch {
	case t.Follower > 0:
		return merge{column: `p.user_id`, index: `posts_user`, source: `f.followee_id`, from: `follows f WHERE f.follower_id = ?`, args: []any{t.Follower}}, true
	case t.Buckets == nil || len(t.Buckets) == 1:
		return m, false
	case len(t.Buckets) <= t.Limit:
		return merge{column: `p.bucket_id`, index: `posts_bucket`, known: t.Buckets}, true
	}
	// Write the ids into the statement: there may be more ids than a statement
	// allows arguments.
	from := `buckets k WHERE k.id IN (` + joinIDs(t.Buckets) + `)`
	return merge{column: `p.bucket_id`, index: `posts_bucket`, source: `k.id`, from: from}, true
}

// newest returns the query of the newest posts of a source, newest first. The
// hints name the index for MySQL and for MariaDB; the other databases read them
// as comments. Without hints, the databases read all posts of a source by
// another index and sort them; or, for a source with many posts, walk through
// the newest posts of all sources until enough belong to this source.
func (m merge) newest(source, where string) string {
	return `SELECT /*+ INDEX(p ` + m.index + `) */ p.id FROM posts p /*M!100000 FORCE INDEX (` + m.index + `) */ WHERE ` +
		m.column + ` = ` + source + ` AND ` + where + ` ORDER BY p.id DESC`
}

// merge returns the ids of the newest posts of all sources, newest first. At
// most t.Limit sources can have a post on the page: those with the newest
// heads, a head being the newest post of a source. merge finds these sources
// first, and then reads only their posts.
func (s postStore) merge(ctx context.Context, m merge, t sns.Timeline) (ids []int64, err error) {
	sources := m.known
	if m.source != "" {
		if sources, t.After, err = s.heads(ctx, m, t); err != nil {
			return nil, err
		}
	}
	if len(sources) == 0 {
		return nil, nil
	}
	where, bounds := idRange(t)
	if t.Except > 0 {
		where, bounds = where+` AND p.user_id <> ?`, append(bounds, t.Except)
	}
	one := `SELECT * FROM (` + m.newest(`?`, where) + limited(t.Limit) + `) s`
	branches, args := make([]string, len(sources)), []any(nil)
	for i, source := range sources {
		branches[i] = one + strconv.Itoa(i)
		args = append(append(args, source), bounds...)
	}
	err = s.list(ctx, &ids, strings.Join(branches, ` UNION ALL `)+` ORDER BY id DESC`+limited(t.Limit), args...)
	return ids, err
}

// heads returns at most t.Limit sources with the newest heads. All posts of the
// page have ids above after: if there are t.Limit heads, the page ends at the
// oldest head or before.
func (s postStore) heads(ctx context.Context, m merge, t sns.Timeline) (sources []int64, after int64, err error) {
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
		if row.Head.Int64 > t.After { // a source without posts has the head NULL, which is 0
			sources = append(sources, row.Source)
		}
	}
	if len(sources) == t.Limit {
		after = max(after, rows[len(rows)-1].Head.Int64-1)
	}
	return sources, after, nil
}

// heads returns the query of the sources and their heads. The subquery reads
// the index of a source from its end up to the first match. The condition
// t.After is missing on purpose: if a source has no newer post, MySQL and
// MariaDB would read the whole source. MAX(id) would do the same. Posts after
// t.Before are skipped one by one, so that the cost grows with the number of
// the page.
func (m merge) heads(t sns.Timeline) (query string, args []any) {
	where, bounds := idRange(sns.Timeline{Before: t.Before, Viewer: t.Viewer, Hides: t.Hides})
	if t.Except > 0 {
		where, bounds = where+` AND p.user_id <> ?`, append(bounds, t.Except)
	}
	query = `SELECT ` + m.source + ` AS source, (` + m.newest(m.source, where) + limited(1) + `) AS head FROM ` + m.from + ` ORDER BY head DESC` + limited(t.Limit)
	return query, append(bounds, m.args...)
}
