package view

import (
	"strings"

	"xxsns/app/sns"
)

// Board is board/show: a board, or the local community.
type Board struct {
	Tabs     []Tab
	Board    Link
	Closed   bool
	Local    string    // the place it shows; empty: the board is everybody's
	Ask      *Location // instead of posts: one has no location yet
	Filter   Filter
	Composer *Composer // nil: nothing can be posted
	List     Posts
	Fresh    Banner
}

// Filter is board/_filter: what one may choose posts by.
type Filter struct {
	Path    string // of the board
	Facets  []filterFacet
	Count   int    // posts that pass
	Number  int    // options that are chosen
	Chosen  string // their names
	Unknown bool   // the link named options that the board does not have
}

type filterFacet struct {
	Name    string
	Options []filterOption
}

type filterOption struct {
	ID    int64
	Name  string
	Count int // posts there would be
	On    bool
}

// NewFilter offers the options of a board, and what was closed if it is chosen
// or some posts have it.
func NewFilter(b sns.Board, f sns.Filter, buckets []sns.Bucket) Filter {
	each, all := f.Count(b, buckets)
	v := Filter{Path: BoardPath(b), Count: all}
	var names []string
	for _, facet := range b.Facets {
		shown := filterFacet{Name: facet.Name}
		for _, o := range facet.Options {
			on := f.Has(o.ID)
			if (facet.Closed || o.Closed) && !on && each[o.ID] == 0 {
				continue
			}
			shown.Options = append(shown.Options, filterOption{o.ID, o.Name, each[o.ID], on})
			if on {
				names = append(names, o.Name)
			}
		}
		if len(shown.Options) > 0 {
			v.Facets = append(v.Facets, shown)
		}
	}
	v.Number, v.Chosen = len(names), strings.Join(names, " · ")
	return v
}
