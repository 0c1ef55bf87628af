package view

import (
	"slices"

	"xxsns/app/sns"
)

// Composer is post/_composer: the form of a new post.
type Composer struct {
	Me     Author
	Boards []BoardChoice // boards to choose from; empty on the page of a board
	Board  string        // slug of the chosen board
	Place  string        // author's location, on a local board only
	Facets Facets
	Form   Form
	From   string // path of the page that the composer stands on
	Key    string // random, so that sending the form twice makes one post
	Keep   bool   // the browser keeps the chosen images

	Limit    int // graphemes
	Max      int // images
	MaxBytes int // bytes of an image
}

// Pictures returns the numbers of the images that a post may have: 1, 2, …, Max.
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

// Facets is post/_facets: the facets that a board asks of a new post.
type Facets struct{ Facets []facetField }

// facetField is the field of a facet: a choice of options.
type facetField struct {
	ID       int64
	Name     string
	Optional bool
	Missing  bool // the author has to choose an option, and has not
	First    bool // first missing field, which takes the focus
	Options  []facetChoice
}

type facetChoice struct {
	ID   int64
	Name string
	On   bool
}

// NewFacets returns the facets of a board with the chosen options. With
// markMissing, the fields that still need an option are marked.
func NewFacets(b sns.Board, chosen []int64, markMissing bool) (v Facets) {
	first := true
	for _, f := range b.Open() {
		field := facetField{ID: f.ID, Name: f.Name, Optional: f.Optional, Missing: markMissing && !f.Optional}
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
