package sns

import "slices"

// A Bucket stands for all posts of a board with the same area (on a local
// board) and the same options. A filter selects buckets instead of posts, so
// that the cost depends on the number of different buckets, not on the number
// of posts.
type Bucket struct {
	ID      int64
	Area    string
	Options []int64 // option ids, sorted
	Posts   int
}

// A Filter selects posts of a board: a post passes if it has one of the listed
// options of every facet in the filter.
type Filter map[int64][]int64 // facet id → option ids

// Filter returns the filter of option ids. Ids that are no options of the board
// are left out, and unknown is true.
func (b Board) Filter(ids []int64) (filter Filter, unknown bool) {
	filter = make(Filter)
	for _, id := range ids {
		facet, _, ok := b.Option(id)
		if !ok {
			unknown = true
		} else if !slices.Contains(filter[facet.ID], id) {
			filter[facet.ID] = append(filter[facet.ID], id)
		}
	}
	return filter, unknown
}

// Has reports whether the filter lists the option.
func (f Filter) Has(option int64) bool {
	for _, options := range f {
		if slices.Contains(options, option) {
			return true
		}
	}
	return false
}

// Takes reports whether a post with these options passes the filter.
func (f Filter) Takes(options []int64) bool {
	_, unmet := f.unmet(options)
	return unmet == 0
}

// unmet returns the number of facets of which a post with these options fails
// the filter, and one of those facets.
func (f Filter) unmet(options []int64) (facet int64, n int) {
	for id, wanted := range f {
		if !slices.ContainsFunc(options, func(o int64) bool { return slices.Contains(wanted, o) }) {
			facet = id
			n++
		}
	}
	return facet, n
}

// Count returns the number of posts that would pass if an option were added to
// the filter or replaced the chosen option of its facet, for each option of the
// board, and the number of posts that pass now.
func (f Filter) Count(b Board, buckets []Bucket) (each map[int64]int, all int) {
	facetOf := make(map[int64]int64)
	for _, facet := range b.Facets {
		for _, o := range facet.Options {
			facetOf[o.ID] = facet.ID
		}
	}
	each = make(map[int64]int)
	for _, bucket := range buckets {
		facet, unmet := f.unmet(bucket.Options)
		if unmet == 0 {
			all += bucket.Posts
		}
		for _, id := range bucket.Options {
			// A bucket that fails at one facet only would pass if the viewer
			// chose the bucket's option of that facet.
			if facetOf[id] != 0 && (unmet == 0 || unmet == 1 && facetOf[id] == facet) {
				each[id] += bucket.Posts
			}
		}
	}
	return each, all
}
