package web

import (
	"crypto/rand"
	"net/url"
	"slices"

	"xxsns/app/media"
	"xxsns/app/sns"
)

// composerView is post/_composer.
type composerView struct {
	Me     authorView
	Boards []boardChoice // that are offered; none: the post goes to Board
	Board  string        // slug
	Place  string        // where it is written, on a local board
	Facets facetsView
	Form   form
	Key    string
	Keep   bool // the images chosen stay in the browser

	Limit    int // graphemes
	Max      int // images
	MaxBytes int // of an image
}

// Pictures numbers the images that a post may have.
func (v composerView) Pictures() []int {
	numbers := make([]int, v.Max)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}

// boardChoice is a board that a post may go to.
type boardChoice struct {
	Slug, Name string
	On         bool
}

// facetsView is post/_facets: what a board asks of a new post.
type facetsView struct{ Facets []facetField }

// facetField is the choice of an option of a facet.
type facetField struct {
	ID       int64
	Name     string
	Optional bool
	Missing  bool // it was not chosen and has to be
	First    bool // the first one that is missing takes the focus
	Options  []facetChoice
}

type facetChoice struct {
	ID   int64
	Name string
	On   bool
}

// viewFacets asks a board's facets. wrong marks those that are not answered.
func viewFacets(b sns.Board, chosen []int64, wrong bool) (v facetsView) {
	first := true
	for _, f := range b.Open() {
		field := facetField{ID: f.ID, Name: f.Name, Optional: f.Optional, Missing: wrong && !f.Optional}
		for _, o := range f.Open() {
			on := slices.Contains(chosen, o.ID)
			field.Missing = field.Missing && !on
			field.Options = append(field.Options, facetChoice{o.ID, o.Name, on})
		}
		field.First = field.Missing && first
		first = first && !field.Missing
		v.Facets = append(v.Facets, field)
	}
	return v
}

func (r *request) newComposer() composerView {
	return composerView{
		Me: r.locale.viewAuthor(r.viewer.User), Key: rand.Text(),
		Limit: sns.PostMax, Max: sns.PostImagesMax, MaxBytes: media.MaxBytes,
	}
}

// boardComposer writes on a board, on its page.
func (r *request) boardComposer(b sns.Board, chosen []int64, wrong bool) composerView {
	v := r.newComposer()
	v.Board, v.Facets = b.Slug, viewFacets(b, chosen, wrong)
	if b.Local {
		v.Place = placeName(r.viewer.Location)
	}
	return v
}

// homeComposer writes on any board: the one of the slug is chosen, or the
// default one where that is not offered.
func (r *request) homeComposer(slug string, chosen []int64, wrong bool) (composerView, error) {
	boards, err := r.openBoards()
	if err != nil {
		return composerView{}, err
	}
	boards = slices.DeleteFunc(boards, func(b sns.Board) bool { return b.Local && !r.viewer.Location.Known() })
	if !slices.ContainsFunc(boards, func(b sns.Board) bool { return b.Slug == slug }) {
		slug = sns.DefaultBoard
	}
	v := r.newComposer()
	v.Board = sns.DefaultBoard
	for _, b := range boards {
		v.Boards = append(v.Boards, boardChoice{b.Slug, b.Name, b.Slug == slug})
		if b.Slug == slug {
			v.Board, v.Facets = slug, viewFacets(b, chosen, wrong)
		}
	}
	return v, nil
}

// composerHere is an empty composer for the page one is on.
func (r *request) composerHere() (composerView, error) {
	if b, _, err := r.boardHere(); err == nil && !b.Closed {
		return r.boardComposer(b, nil, false), nil
	}
	return r.homeComposer(sns.DefaultBoard, nil, false)
}

// refusePost shows the composer again with what was typed and what is wrong.
// Its key is a new one, so that sending it again makes a post.
func (r *request) refusePost(status int, u *upload, inv sns.Invalid) error {
	r.Boards.Forget() // another replica may have changed what is asked for
	unanswered := slices.ContainsFunc(inv, func(p sns.Problem) bool { return p.Field == "f" })
	here, _, away := r.boardHere()
	chosen, _ := parseIDs(u.values["f"])
	var composer composerView
	var err error
	homeless := here.Local && !r.viewer.Location.Known() // its page has no composer
	if away == nil && !here.Closed && !homeless && here.Slug == u.values.Get("board") {
		composer = r.boardComposer(here, chosen, unanswered)
	} else if composer, err = r.homeComposer(boardOfForm(u.values), chosen, unanswered); err != nil {
		return err
	}
	composer.Keep = r.partial()
	if u.sent > 0 && !composer.Keep {
		inv = append(inv, sns.Problem{Field: "again", Key: "image.again"})
	}
	composer.Form = newForm("content", u.values.Get("content")).withProblems(r.locale, inv)
	switch {
	case r.partial():
		return r.fragments(status, part{name: "post/_composer", data: composer})
	case away == nil && composer.Boards == nil:
		return r.boardPage(status, here, &composer)
	}
	return r.timeline(status, composer)
}

// boardOfForm is the slug of the board that a form names.
func boardOfForm(values url.Values) string {
	if slug := values.Get("board"); slug != "" {
		return slug
	}
	return sns.DefaultBoard
}
