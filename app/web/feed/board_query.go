package feed

import (
	"net/url"
	"slices"
	"strconv"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// A boardQuery is the part of a board that a page shows: the posts that pass the
// filter ?f=, and on a local board only posts from the viewer's area.
type boardQuery struct {
	board    sns.Board
	location sns.Location // of the viewer, on a local board only
	filter   sns.Filter
	options  []int64 // options of the filter, in the order of the link
	unknown  bool    // the link named options that the board does not have
	buckets  []sns.Bucket
}

// loadBoardQuery returns the query of a board with the options named in a link.
func loadBoardQuery(r *request.Request, b sns.Board, options []string) (boardQuery, error) {
	q := boardQuery{board: b}
	if b.Local {
		q.location = r.Viewer.Location
	}
	ids, malformed := parseIDs(options)
	q.filter, q.unknown = b.Filter(ids)
	q.unknown = q.unknown || malformed
	for _, id := range ids {
		if q.filter.Has(id) && !slices.Contains(q.options, id) {
			q.options = append(q.options, id)
		}
	}
	if len(b.Facets) == 0 && !q.location.Known() {
		return q, nil // no buckets are needed
	}
	var err error
	q.buckets, err = r.Store.Buckets(r.Ctx(), b.ID, q.location.Area)
	return q, err
}

// mostOptions is the largest number of options that a link may name.
const mostOptions = sns.FacetsMax * sns.OptionsMax

// parseIDs returns the ids among the texts. malformed reports that a text is not an
// id, or that there are too many texts; empty texts are ignored.
func parseIDs(texts []string) (ids []int64, malformed bool) {
	if len(texts) > mostOptions {
		texts, malformed = texts[:mostOptions], true
	}
	for _, text := range texts {
		if text == "" {
			continue
		}
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 {
			malformed = true
			continue
		}
		ids = append(ids, id)
	}
	return ids, malformed
}

// needsLocation reports whether the page has to ask for the viewer's location
// instead of showing posts.
func (q boardQuery) needsLocation() bool { return q.board.Local && !q.location.Known() }

// list returns the list of posts that pass the filter.
func (q boardQuery) list() postList {
	newer := q.values()
	newer.Set("board", q.board.Slug)
	return postList{posts: q.posts(), page: q.path(), newer: "/posts/new?" + newer.Encode() + "&"}
}

func (q boardQuery) posts() sns.Timeline {
	if !q.board.Local && len(q.filter) == 0 {
		return sns.Timeline{Board: q.board.ID}
	}
	taken := make([]int64, 0, len(q.buckets)) // not nil: an empty list is no posts, nil is all posts
	for _, b := range q.buckets {
		if b.Posts > 0 && q.filter.Takes(b.Options) {
			taken = append(taken, b.ID)
		}
	}
	return sns.Timeline{Buckets: taken}
}

// path returns the path of the page, with the filter.
func (q boardQuery) path() string {
	path := view.BoardPath(q.board)
	if filter := q.values().Encode(); filter != "" {
		path += "?" + filter
	}
	return path
}

// values returns the filter as a query, such as f=3&f=5.
func (q boardQuery) values() url.Values {
	values := url.Values{}
	for _, id := range q.options {
		values.Add("f", view.Itoa(id))
	}
	return values
}
