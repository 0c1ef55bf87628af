package web

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"xxsns/app/district"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// boardsAge is how old the boards may be that a page shows: a moment, since every
// page names some, and an administrator changes them hardly ever. What is
// posted is checked against the database.
const boardsAge = time.Second

// A boardCache remembers the boards for a moment. It is safe for concurrent use.
type boardCache struct {
	store *store.Store
	now   func() time.Time

	mu     sync.Mutex // guards what follows, and lets one load
	loaded time.Time
	boards []sns.Board // never changed, only replaced
}

func newBoardCache(s *store.Store, now func() time.Time) *boardCache {
	return &boardCache{store: s, now: now}
}

// all returns all boards in their order. Nobody may change what it returns.
func (c *boardCache) all(ctx context.Context) ([]sns.Board, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if age := c.now().Sub(c.loaded); c.boards != nil && age >= 0 && age < boardsAge {
		return c.boards, nil
	}
	boards, err := c.store.Boards(ctx)
	if err != nil {
		return nil, err
	}
	c.boards, c.loaded = boards, c.now()
	return boards, nil
}

// forget makes the next look a fresh one: an administrator sees a change at once.
func (c *boardCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.boards = nil
}

// openBoards are the boards that one may post on.
func (r *request) openBoards() ([]sns.Board, error) {
	boards, err := r.web.boards.all(r.ctx())
	return slices.DeleteFunc(slices.Clone(boards), func(b sns.Board) bool { return b.Closed }), err
}

// boardLink is a board's name and where it is.
type boardLink struct{ Name, URL string }

// Shown is where it is as people read it.
func (b boardLink) Shown() string {
	if shown, err := url.PathUnescape(b.URL); err == nil {
		return shown
	}
	return b.URL
}

func linkBoard(b sns.Board) boardLink { return boardLink{b.Name, boardPath(b)} }

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

// placeName is a location as people read it: "서울 성동구 성수동1가".
func placeName(l sns.Location) string {
	return strings.TrimSpace(district.Short(l.Area) + " " + l.Town)
}

// tabView is one of the views of a page that stand beside each other.
type tabView struct {
	boardLink
	Current bool
}

// boardTabs are the open boards, and the one that is shown.
func (r *request) boardTabs(shown sns.Board) ([]tabView, error) {
	boards, err := r.web.boards.all(r.ctx())
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
