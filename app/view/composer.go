package view

import (
	"slices"

	"xxsns/app/sns"
)

// Composer is post/_composer.
type Composer struct {
	Me     Author
	Boards []BoardChoice // that are offered; none: the post goes to Board
	Board  string        // slug
	Place  string        // where it is written, on a local board
	Facets Facets
	Form   Form
	Key    string
	Keep   bool // the images chosen stay in the browser

	Limit    int // graphemes
	Max      int // images
	MaxBytes int // of an image
}

// Pictures numbers the images that a post may have.
func (v Composer) Pictures() []int {
	numbers := make([]int, v.Max)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}

// BoardChoice is a board that a post may go to.
type BoardChoice struct {
	Slug, Name string
	On         bool
}

// Facets is post/_facets: what a board asks of a new post.
type Facets struct{ Facets []facetField }

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

// NewFacets asks a board's facets. wrong marks those that are not answered.
func NewFacets(b sns.Board, chosen []int64, wrong bool) (v Facets) {
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
