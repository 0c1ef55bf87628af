package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xxsns/app/sns"
)

// boardView is board/show: a board, or the local community.
type boardView struct {
	Tabs     []tabView
	Board    namedLink
	Closed   bool
	Local    string        // the place it shows; empty: the board is everybody's
	Ask      *locationView // instead of posts: one has no location yet
	Filter   filterView
	Composer *composerView // nil: nothing can be posted
	List     listView
	Fresh    freshView
}

// A boardQuery is what a page of a board shows: which of its posts.
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

// timeline asks for the posts of the boardQuery.
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
		q.Add("f", itoa(id))
	}
	return q.Encode()
}

// path is the page of the boardQuery.
func (s boardQuery) path() string {
	if q := s.query(); q != "" {
		return boardPath(s.board) + "?" + q
	}
	return boardPath(s.board)
}

// source is where the page asks for news.
func (s boardQuery) source() string {
	q := url.Values{"board": {s.board.Slug}}
	for _, id := range s.ids {
		q.Add("f", itoa(id))
	}
	return "/posts/new?" + q.Encode() + "&"
}

// boardQuery loads what a page of a board shows of it, by the options in a query.
func (r *request) boardQuery(b sns.Board, options []string) (s boardQuery, err error) {
	s.board = b
	if b.Local {
		s.location = r.viewer.Location
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
		s.buckets, err = r.Store.Buckets(r.ctx(), b.ID, s.location.Area)
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
func (r *request) boardOfRoute() (sns.Board, error) {
	if slug := r.Param("slug"); slug != "" {
		return r.boardCalled(slug)
	}
	return r.boardCalled(sns.LocalBoard)
}

// boardCalled is a board as of a moment ago. ErrNotFound.
func (r *request) boardCalled(slug string) (sns.Board, error) {
	boards, err := r.Boards.All(r.ctx())
	if err != nil {
		return sns.Board{}, err
	}
	at := slices.IndexFunc(boards, func(b sns.Board) bool { return b.Slug == slug })
	if at < 0 {
		return sns.Board{}, sns.ErrNotFound
	}
	return boards[at], nil
}

// showBoards leads to the first board.
func (r *request) showBoards() error {
	boards, err := r.openBoards()
	if err != nil {
		return err
	}
	if len(boards) == 0 {
		return sns.ErrNotFound
	}
	return r.redirect(boardPath(boards[0]))
}

// showBoard shows the posts of a board, newest first: those with the options
// ?f=, and of a local board those of one's own area.
func (r *request) showBoard() error {
	b, err := r.boardOfRoute()
	if err != nil {
		return err
	}
	if b.Slug == sns.LocalBoard && r.Param("slug") != "" {
		return r.redirect("/local")
	}
	return r.boardPage(http.StatusOK, b, nil)
}

// boardPage shows a board, with a composer that was refused or nil.
func (r *request) boardPage(status int, b sns.Board, composer *composerView) error {
	before, err := r.cursor("before")
	if err != nil {
		return err
	}
	s, err := r.boardQuery(b, r.QueryArray("f"))
	if err != nil {
		return err
	}
	newest, err := r.Store.NewestPost(r.ctx()) // before the list, as on the timeline
	if err != nil {
		return err
	}
	t := s.timeline()
	t.Before = before
	list, err := r.list(t, s.path())
	if err != nil {
		return err
	}
	if r.partial() && r.Request.Method == http.MethodGet {
		return r.fragments(http.StatusOK, part{name: "post/_list", data: list})
	}
	tabs, err := r.boardTabs(b)
	if err != nil {
		return err
	}
	v := boardView{
		Tabs: tabs, Board: linkBoard(b), Closed: b.Closed, Filter: viewFilter(b, s.filter, s.buckets), List: list,
		Fresh: freshView{After: newest, Source: s.source(), Page: s.path()},
	}
	v.Filter.Unknown = s.unknown
	if b.Local {
		v.Local = placeName(sns.Location{Area: s.location.Area})
	}
	switch {
	case s.needsLocation():
		ask := newLocation(r.viewer.Location, boardPath(b))
		v.Ask = &ask
	case !b.Closed && composer == nil:
		fresh := r.boardComposer(b, nil, false)
		v.Composer = &fresh
	case !b.Closed:
		v.Composer = composer
	}
	p := page{Title: b.Name, Nav: "boards", Topics: "topic=" + TopicTimeline, Data: v}
	if v.Composer != nil {
		p.Write = "#compose-content"
	}
	return r.page(status, "board/show", p)
}

// showFilter shows the filter of a board with other options chosen, and what
// would come of them.
func (r *request) showFilter() error {
	b, err := r.boardOfRoute()
	if err != nil {
		return err
	}
	s, err := r.boardQuery(b, r.QueryArray("f"))
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirect(s.path())
	}
	return r.fragments(http.StatusOK, part{name: "board/_filter", data: viewFilter(b, s.filter, s.buckets)})
}

// showFacets shows what a board asks of a new post: a composer whose board was
// changed wants to know.
func (r *request) showFacets() error {
	b, err := r.boardCalled(r.Query("board"))
	if err != nil {
		return err
	}
	if !r.partial() {
		return r.redirect(boardPath(b))
	}
	chosen, _ := parseIDs(r.QueryArray("f"))
	return r.fragments(http.StatusOK, part{name: "post/_facets", data: viewFacets(b, chosen, false)})
}

// boardHere is the board whose page one is on, or was when its form was refused;
// ErrNotFound when one is on another page.
func (r *request) boardHere() (sns.Board, []string, error) {
	here, err := url.Parse(r.here())
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
	b, err := r.boardCalled(slug)
	return b, here.Query()["f"], err
}
