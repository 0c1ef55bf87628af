package view

import (
	"strings"

	"xxsns/app/sns"
)

// Board is board/show, the page of a board, the local community included.
type Board struct {
	Tabs     []Tab
	Board    Link
	Closed   bool
	Local    string    // area of the posts, on a local board only
	Ask      *Location // shown instead of posts if the viewer has no location yet
	Filter   Filter
	Composer *Composer // nil if the viewer cannot post on the board
	List     Posts
	Fresh    Banner
}

// mark implements framed.
func (v Board) mark(f *filling, p *Page) bool {
	var ok bool
	v.Composer, ok = f.composer(v.Composer)
	v.List, v.Fresh = f.posts(v.List), f.banner(v.Fresh)
	p.Data = v
	return ok && v.Ask == nil
}

// Filter is board/_filter: the options by which posts are filtered.
type Filter struct {
	Path    string // of the board
	Facets  []filterFacet
	Count   int    // posts that pass the filter
	Number  int    // chosen options
	Chosen  string // names of the chosen options
	Unknown bool   // the link named options that the board does not have
}

type filterFacet struct {
	Name    string
	Options []filterOption
}

type filterOption struct {
	ID    int64
	Name  string
	Count int // posts that pass if the option is chosen
	On    bool
}

// NewFilter returns the options of a board with the filter f chosen. A closed
// option is offered only if the filter or some post has the option.
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
