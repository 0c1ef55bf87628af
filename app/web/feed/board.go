package feed

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// First redirects to the first open board.
func (Boards) First(r *request.Request) error {
	boards, err := openBoards(r)
	if err != nil {
		return err
	}
	if len(boards) == 0 {
		return sns.ErrNotFound
	}
	return r.Redirect(view.BoardPath(boards[0]))
}

// openBoards returns the boards that take new posts.
func openBoards(r *request.Request) ([]sns.Board, error) {
	boards, err := r.Boards.All(r.Ctx())
	return slices.DeleteFunc(slices.Clone(boards), func(b sns.Board) bool { return b.Closed }), err
}

// Show shows the posts of a board that have the options ?f=, and of a local board
// only the posts from the viewer's area.
func (Boards) Show(r *request.Request) error {
	b, err := boardOfRoute(r)
	if err != nil {
		return err
	}
	if b.Slug == sns.LocalBoard && r.Param("slug") != "" {
		return r.Redirect(view.BoardPath(b))
	}
	return boardPage(r, http.StatusOK, b, nil)
}

// boardOfRoute returns the board of the route, or sns.ErrNotFound. A route without a
// slug is about the local community.
func boardOfRoute(r *request.Request) (sns.Board, error) {
	if slug := r.Param("slug"); slug != "" {
		return boardBySlug(r, slug)
	}
	return boardBySlug(r, sns.LocalBoard)
}

// boardBySlug returns a board from the cache, or sns.ErrNotFound.
func boardBySlug(r *request.Request, slug string) (sns.Board, error) {
	boards, err := r.Boards.All(r.Ctx())
	if err != nil {
		return sns.Board{}, err
	}
	at := slices.IndexFunc(boards, func(b sns.Board) bool { return b.Slug == slug })
	if at < 0 {
		return sns.Board{}, sns.ErrNotFound
	}
	return boards[at], nil
}

// boardPage shows a board with a composer; nil is an empty composer. The page has no
// composer if the viewer cannot post on the board.
func boardPage(r *request.Request, status int, b sns.Board, composer *view.Composer) error {
	q, err := loadBoardQuery(r, b, r.QueryArray("f"))
	if err != nil {
		return err
	}
	return q.list().show(r, func(posts view.Posts, banner view.Banner) error {
		tabs, err := boardTabs(r, b)
		if err != nil {
			return err
		}
		v := view.Board{
			Tabs: tabs, Board: view.BoardLink(b), Closed: b.Closed, Filter: view.NewFilter(b, q.filter, q.buckets), List: posts, Fresh: banner,
		}
		v.Filter.Unknown = q.unknown
		if b.Local {
			v.Local = view.PlaceName(sns.Location{Area: q.location.Area})
		}
		p := view.Page{Title: b.Name, Nav: "boards", Topics: "topic=" + view.TopicTimeline}
		switch {
		case q.needsLocation():
			ask := view.NewLocation(r.Viewer.Location, view.BoardPath(b))
			v.Ask = &ask
		case !b.Closed:
			if composer == nil {
				empty := boardComposer(r, b, nil, false)
				composer = &empty
			}
			v.Composer, p.Write = composer, "#compose-content"
		}
		p.Data = v
		return r.Page(status, "board/show", p)
	})
}

// boardTabs returns the tabs of the open boards and of the shown board.
func boardTabs(r *request.Request, shown sns.Board) ([]view.Tab, error) {
	boards, err := r.Boards.All(r.Ctx())
	var tabs []view.Tab
	for _, b := range boards {
		if !b.Closed || b.ID == shown.ID {
			tabs = append(tabs, view.NewTab(b.Name, view.BoardPath(b), b.ID == shown.ID))
		}
	}
	return tabs, err
}

// Filter shows the filter of a board with the options ?f= chosen, and how many posts
// pass.
func (Boards) Filter(r *request.Request) error {
	b, err := boardOfRoute(r)
	if err != nil {
		return err
	}
	q, err := loadBoardQuery(r, b, r.QueryArray("f"))
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(q.path())
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "board/_filter", Data: view.NewFilter(b, q.filter, q.buckets)})
}

// Facets shows the facets that the board ?board= asks of a new post: the author has
// chosen another board in the composer.
func (Boards) Facets(r *request.Request) error {
	b, err := boardBySlug(r, r.Query("board"))
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(view.BoardPath(b))
	}
	chosen, _ := parseIDs(r.QueryArray("f"))
	return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_facets", Data: view.NewFacets(b, chosen, false)})
}

// boardOfPage returns the board of the page that sent the request, and the options
// of the page's filter. ok is false if the page is not about a board.
func boardOfPage(r *request.Request) (b sns.Board, options []string, ok bool) {
	page, err := url.Parse(r.From())
	if err != nil {
		return b, nil, false
	}
	slug, ok := strings.CutPrefix(page.Path, "/boards/")
	if page.Path == "/local" {
		slug, ok = sns.LocalBoard, true
	}
	if !ok {
		return b, nil, false
	}
	b, err = boardBySlug(r, slug)
	return b, page.Query()["f"], err == nil
}
