package feed

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// A loadBoardQuery is what a page of a board shows: which of its posts.
type boardQuery struct {
	board    sns.Board
	location sns.Location // of the viewer, when the board is local
	filter   sns.Filter
	ids      []int64 // the options of the filter, as they stand in links
	unknown  bool    // the link named others, too
	buckets  []sns.Bucket
}

// homeless tells that there is nothing to show for want of a location.
func (s boardQuery) needsLocation() bool { return s.board.Local && !s.location.Known() }

// timeline asks for the posts of the loadBoardQuery.
func (s boardQuery) timeline() sns.Timeline {
	if !s.board.Local && len(s.filter) == 0 {
		return sns.Timeline{Board: s.board.ID}
	}
	taken := make([]int64, 0, len(s.buckets))
	for _, b := range s.buckets {
		if b.Posts > 0 && s.filter.Takes(b.Options) {
			taken = append(taken, b.ID)
		}
	}
	return sns.Timeline{Buckets: taken}
}

// query is the filter as it stands in links: empty, or "f=3&f=5".
func (s boardQuery) query() string {
	q := url.Values{}
	for _, id := range s.ids {
		q.Add("f", view.Itoa(id))
	}
	return q.Encode()
}

// path is the page of the loadBoardQuery.
func (s boardQuery) path() string {
	if q := s.query(); q != "" {
		return view.BoardPath(s.board) + "?" + q
	}
	return view.BoardPath(s.board)
}

// source is where the page asks for news.
func (s boardQuery) source() string {
	q := url.Values{"board": {s.board.Slug}}
	for _, id := range s.ids {
		q.Add("f", view.Itoa(id))
	}
	return "/posts/new?" + q.Encode() + "&"
}

// loadBoardQuery loads what a page of a board shows of it, by the options in a query.
func loadBoardQuery(r *request.Request, b sns.Board, options []string) (s boardQuery, err error) {
	s.board = b
	if b.Local {
		s.location = r.Viewer.Location
	}
	ids, garbage := parseIDs(options)
	s.filter, s.unknown = b.Filter(ids)
	s.unknown = s.unknown || garbage
	for _, id := range ids {
		if s.filter.Has(id) && !slices.Contains(s.ids, id) {
			s.ids = append(s.ids, id)
		}
	}
	if len(b.Facets) > 0 || s.location.Known() {
		s.buckets, err = r.Store.Buckets(r.Ctx(), b.ID, s.location.Area)
	}
	return s, err
}

// mostOptions bounds how many options a link may name.
const mostOptions = sns.FacetsMax * sns.OptionsMax

// parseIDs returns the ids among the texts; garbage tells that others are there.
func parseIDs(texts []string) (ids []int64, garbage bool) {
	if len(texts) > mostOptions {
		texts, garbage = texts[:mostOptions], true
	}
	for _, text := range texts {
		if text == "" {
			continue
		}
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 {
			garbage = true
			continue
		}
		ids = append(ids, id)
	}
	return ids, garbage
}

// boardOfRoute is the board of the route; there is none for a slug that is no
// board's.
func boardOfRoute(r *request.Request) (sns.Board, error) {
	if slug := r.Param("slug"); slug != "" {
		return boardBySlug(r, slug)
	}
	return boardBySlug(r, sns.LocalBoard)
}

// boardBySlug is a board as of a moment ago. ErrNotFound.
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

// First leads to the first board.
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

// Show shows the posts of a board, newest first: those with the options
// ?f=, and of a local board those of one's own area.
func (Boards) Show(r *request.Request) error {
	b, err := boardOfRoute(r)
	if err != nil {
		return err
	}
	if b.Slug == sns.LocalBoard && r.Param("slug") != "" {
		return r.Redirect("/local")
	}
	return boardPage(r, http.StatusOK, b, nil)
}

// boardPage shows a board, with a composer that was refused or nil.
func boardPage(r *request.Request, status int, b sns.Board, composer *view.Composer) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	s, err := loadBoardQuery(r, b, r.QueryArray("f"))
	if err != nil {
		return err
	}
	newest, err := r.Store.NewestPost(r.Ctx()) // before the list, as on the timeline
	if err != nil {
		return err
	}
	t := s.timeline()
	t.Before = before
	list, err := r.Posts(t, s.path())
	if err != nil {
		return err
	}
	if r.Partial() && r.Request.Method == http.MethodGet {
		return r.Fragments(http.StatusOK, request.Fragment{Name: "post/_list", Data: list})
	}
	tabs, err := boardTabs(r, b)
	if err != nil {
		return err
	}
	v := view.Board{
		Tabs: tabs, Board: view.BoardLink(b), Closed: b.Closed, Filter: view.NewFilter(b, s.filter, s.buckets), List: list,
		Fresh: view.Banner{After: newest, Source: s.source(), Page: s.path()},
	}
	v.Filter.Unknown = s.unknown
	if b.Local {
		v.Local = view.PlaceName(sns.Location{Area: s.location.Area})
	}
	switch {
	case s.needsLocation():
		ask := view.NewLocation(r.Viewer.Location, view.BoardPath(b))
		v.Ask = &ask
	case !b.Closed && composer == nil:
		fresh := boardComposer(r, b, nil, false)
		v.Composer = &fresh
	case !b.Closed:
		v.Composer = composer
	}
	p := view.Page{Title: b.Name, Nav: "boards", Topics: "topic=" + view.TopicTimeline, Data: v}
	if v.Composer != nil {
		p.Write = "#compose-content"
	}
	return r.Page(status, "board/show", p)
}

// Filter shows the filter of a board with other options chosen, and what
// would come of them.
func (Boards) Filter(r *request.Request) error {
	b, err := boardOfRoute(r)
	if err != nil {
		return err
	}
	s, err := loadBoardQuery(r, b, r.QueryArray("f"))
	if err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect(s.path())
	}
	return r.Fragments(http.StatusOK, request.Fragment{Name: "board/_filter", Data: view.NewFilter(b, s.filter, s.buckets)})
}

// Facets shows what a board asks of a new post: a composer whose board was
// changed wants to know.
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

// boardOfPage is the board whose page one is on, or was when its form was refused;
// ErrNotFound when one is on another page.
func boardOfPage(r *request.Request) (sns.Board, []string, error) {
	here, err := url.Parse(r.From())
	if err != nil {
		return sns.Board{}, nil, errors.Join(sns.ErrNotFound, err)
	}
	slug, ok := strings.CutPrefix(here.Path, "/boards/")
	switch here.Path {
	case "/local":
		slug, ok = sns.LocalBoard, true
	case "/posts": // without scripts, the page of a refusal
		slug, ok = here.Query().Get("from"), true
	}
	if !ok {
		return sns.Board{}, nil, sns.ErrNotFound
	}
	b, err := boardBySlug(r, slug)
	return b, here.Query()["f"], err
}

// openBoards are the boards that one may post on.
func openBoards(r *request.Request) ([]sns.Board, error) {
	boards, err := r.Boards.All(r.Ctx())
	return slices.DeleteFunc(slices.Clone(boards), func(b sns.Board) bool { return b.Closed }), err
}

// boardTabs are the open boards, and the one that is shown.
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
