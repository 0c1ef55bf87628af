package sns

import "slices"

// A Bucket is the posts of a board that are alike: written for the same area,
// where the board is local, and with the same options. A filter is a choice of
// buckets, so that its cost depends on how many kinds of posts there are, not
// on how many posts.
type Bucket struct {
	ID      int64
	Area    string
	Options []int64 // in the order of their ids
	Posts   int
}

// A Filter chooses posts of a board: of each facet one of the options, of
// facets without any every post.
type Filter map[int64][]int64 // facet → options

// Filter makes a filter of options. unknown tells that the board has not all
// of them; those are left out.
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

// Has tells whether the filter names the option.
func (f Filter) Has(option int64) bool {
	for _, options := range f {
		if slices.Contains(options, option) {
			return true
		}
	}
	return false
}

// Takes tells whether posts with the options pass.
func (f Filter) Takes(options []int64) bool {
	_, unmet := f.unmet(options)
	return unmet == 0
}

// unmet returns of how many facets the options are none of those wanted, and one
// of these facets.
func (f Filter) unmet(options []int64) (facet int64, n int) {
	for id, wanted := range f {
		if !slices.ContainsFunc(options, func(o int64) bool { return slices.Contains(wanted, o) }) {
			facet = id
			n++
		}
	}
	return facet, n
}

// Count returns how many posts there would be with each option of the board,
// the other facets staying as they are, and how many there are now.
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
			// What one chooses instead of the one facet that is not met would let it pass.
			if facetOf[id] != 0 && (unmet == 0 || unmet == 1 && facetOf[id] == facet) {
				each[id] += bucket.Posts
			}
		}
	}
	return each, all
}
