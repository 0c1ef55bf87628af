package web

import (
	"net/url"
	"slices"
	"strings"

	"xxsns/app/sns"
)

// openBoards are the boards that one may post on.
func (r *request) openBoards() ([]sns.Board, error) {
	boards, err := r.Boards.All(r.ctx())
	return slices.DeleteFunc(slices.Clone(boards), func(b sns.Board) bool { return b.Closed }), err
}

// namedLink is a board's name and where it is.
type namedLink struct{ Name, URL string }

// Shown is where it is as people read it.
func (b namedLink) Shown() string {
	if shown, err := url.PathUnescape(b.URL); err == nil {
		return shown
	}
	return b.URL
}

func linkBoard(b sns.Board) namedLink { return namedLink{b.Name, boardPath(b)} }

// boardPath is the page of a board.
func boardPath(b sns.Board) string {
	if b.Slug == sns.LocalBoard {
		return "/local"
	}
	return "/boards/" + url.PathEscape(b.Slug)
}

// tagView is an option that a post has chosen; it leads to the posts like it.
type tagView struct{ Name, URL string }

// tagsOf are the options of a post in the order of its board.
func tagsOf(p sns.Post, boards []sns.Board) []tagView {
	if len(p.Options) == 0 {
		return nil
	}
	at := slices.IndexFunc(boards, func(b sns.Board) bool { return b.ID == p.Board.ID })
	if at < 0 { // made a moment ago
		return nil
	}
	options := boards[at].Options(p.Options)
	tags := make([]tagView, len(options))
	for i, o := range options {
		tags[i] = tagView{o.Name, boardPath(p.Board) + "?f=" + itoa(o.ID)}
	}
	return tags
}

func joinTags(tags []tagView) string {
	if len(tags) == 0 {
		return ""
	}
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Name
	}
	return strings.Join(names, "\n")
}

// tabView is one of the views of a page that stand beside each other.
type tabView struct {
	namedLink
	Current bool
}

// boardTabs are the open boards, and the one that is shown.
func (r *request) boardTabs(shown sns.Board) ([]tabView, error) {
	boards, err := r.Boards.All(r.ctx())
	var tabs []tabView
	for _, b := range boards {
		if !b.Closed || b.ID == shown.ID {
			tabs = append(tabs, tabView{linkBoard(b), b.ID == shown.ID})
		}
	}
	return tabs, err
}

// filterView is board/_filter: what one may choose posts by.
type filterView struct {
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

// viewFilter offers the options of a board, and what was closed if it is chosen
// or some posts have it.
func viewFilter(b sns.Board, f sns.Filter, buckets []sns.Bucket) filterView {
	each, all := f.Count(b, buckets)
	v := filterView{Path: boardPath(b), Count: all}
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
