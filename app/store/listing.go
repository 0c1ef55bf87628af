package store

import (
	"context"
	"reflect"
	"slices"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// A listing is what a list of posts consists of at a moment: little, so that the database
// can be asked for each page.
type listing struct {
	posts  []listed // newest first
	names  int64    // revision of the names of authors and boards
	newest int64    // id of the newest post of all
}

// A listed post is what changes of a post while its text stays, and when the text was edited.
type listed struct {
	id, version, edited int64
	likes, comments     int
}

// listers read the same list of posts: its listing, and its posts without any memory.
type listers struct {
	listing func(context.Context) (listing, error)
	posts   func(context.Context) ([]sns.Post, error)
}

// recallPosts returns the posts of a list as the viewer sees them, from memory as far as
// they are known, and the id of the newest post of all.
func (s postStore) recallPosts(ctx context.Context, key any, viewer int64, read listers) ([]sns.Post, int64, error) {
	l, err := recall(ctx, s.database, regionPosts|regionCounts|regionRest, key, read.listing)
	if err != nil {
		return nil, 0, err
	}
	posts, err := s.listedPosts(ctx, l, viewer)
	if err == nil && s.proof.due() {
		err = s.proveListing(ctx, l, posts, read)
	}
	return posts, l.newest, err
}

// proveListing compares posts from memory with posts that are read without it.
func (s postStore) proveListing(ctx context.Context, l listing, posts []sns.Post, read listers) error {
	without, err := read.posts(ctx)
	if err != nil {
		return err
	}
	s.proof.compared.Add(1)
	if slices.EqualFunc(posts, without, func(a, b sns.Post) bool { return reflect.DeepEqual(a, b) }) {
		return nil
	}
	now, err := read.listing(ctx)
	if err != nil || !reflect.DeepEqual(now, l) {
		return err // something has changed meanwhile
	}
	s.posts.forget()
	return s.proof.tell(l)
}

// listingQuery selects the posts of a listing. The hint is that of timelineQuery.
const listingQuery = `SELECT /*+ NO_INDEX(p posts_form_key) */ p.id, p.version, COALESCE(p.edited_at, 0), p.like_count, p.comment_count, (SELECT r.names FROM revisions r WHERE r.one = 1) FROM posts p `

// A listingKey is the key of a listing in memory.
type listingKey struct {
	author, follower, board int64
	buckets                 string
	filtered                bool
	limit                   int
}

// listingKeyOf returns the key of a timeline's listing; ok is false if hardly anybody asks for
// the same at the same time.
func listingKeyOf(t sns.Timeline) (key listingKey, ok bool) {
	const most = 50
	if t.Before != 0 || t.After != 0 || t.Except != 0 || t.Hides || len(t.Buckets) > most {
		return key, false
	}
	return listingKey{t.Author, t.Follower, t.Board, joinIDs(t.Buckets), t.Buckets != nil, t.Limit}, true
}

// readListing reads the listing of a timeline.
func (s postStore) readListing(ctx context.Context, t sns.Timeline) (l listing, err error) {
	where, args := timelineWhere(t)
	if t.Author == 0 && t.Follower == 0 && t.Board == 0 && t.Buckets == nil { // the newest post is the first
		l, err = s.listingWhere(ctx, where, t.Limit, args)
		if len(l.posts) > 0 {
			l.newest = l.posts[0].id
		}
		return l, err
	}
	// The newest first: a post that is created between the queries is then newer than the
	// newest, rather than nowhere.
	newest, err := s.readNewest(ctx)
	if err != nil {
		return l, err
	}
	if m, ok := mergeFor(t); ok {
		ids, err := s.merge(ctx, m, t)
		if err != nil || len(ids) == 0 {
			return listing{newest: newest}, err
		}
		where, args = in(`WHERE p.id IN (?)`, ids), anys(ids)
	}
	l, err = s.listingWhere(ctx, where, t.Limit, args)
	l.newest = newest
	return l, err
}

func (s postStore) listingWhere(ctx context.Context, where string, limit int, args []any) (l listing, err error) {
	scan := func(rows *sqlx.Rows) error {
		l.posts = make([]listed, 0, min(limit, 100))
		var row listed
		dest := []any{&row.id, &row.version, &row.edited, &row.likes, &row.comments, &l.names}
		for rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			l.posts = append(l.posts, row)
		}
		return rows.Err()
	}
	err = s.query(ctx, scan, listingQuery+where+` ORDER BY p.id DESC`+limited(limit), args...)
	return l, err
}

func (l listing) ids() []int64 {
	ids := make([]int64, len(l.posts))
	for i, p := range l.posts {
		ids[i] = p.id
	}
	return ids
}
