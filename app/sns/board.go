package sns

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Boards that every community has.
const (
	DefaultBoard = "free"  // the slug of the board that a post goes to when none is named
	LocalBoard   = "local" // that of 지역커뮤니티
)

// Bounds of boards. Lengths are in graphemes.
const (
	LabelMax   = 20 // the name of a board, facet or option
	SlugMax    = 30
	BoardsMax  = 50 // there may be so many, closed ones included
	FacetsMax  = 6  // of a board
	OptionsMax = 50 // of a facet
	labelRunes = 120
)

// A Board is a place for posts. Its facets and their options are in the order
// in which they are asked for.
type Board struct {
	ID     int64
	Slug   string // its place in addresses, which never changes
	Name   string
	Local  bool // one sees, and writes for, the people of one's own location
	Closed bool // nothing can be posted; what was stays
	Facets []Facet
}

// A Facet is something that a board's posts say by choosing one of its options.
type Facet struct {
	ID       int64
	Name     string
	Optional bool // a post may leave it out
	Closed   bool // it is not asked for any more
	Options  []Option
}

// An Option is one of the answers to a facet.
type Option struct {
	ID     int64
	Name   string
	Closed bool // it cannot be chosen any more
}

// Open are the facets that a post is asked for.
func (b Board) Open() []Facet {
	return slices.DeleteFunc(slices.Clone(b.Facets), func(f Facet) bool { return f.Closed || len(f.Open()) == 0 })
}

// Open are the options that may be chosen.
func (f Facet) Open() []Option {
	return slices.DeleteFunc(slices.Clone(f.Options), func(o Option) bool { return o.Closed })
}

// Option returns an option of the board by its id, and its facet.
func (b Board) Option(id int64) (Facet, Option, bool) {
	for _, f := range b.Facets {
		for _, o := range f.Options {
			if o.ID == id {
				return f, o, true
			}
		}
	}
	return Facet{}, Option{}, false
}

// Options are those of the ids that the board has, in its own order.
func (b Board) Options(ids []int64) (options []Option) {
	for _, f := range b.Facets {
		for _, o := range f.Options {
			if slices.Contains(ids, o.ID) {
				options = append(options, o)
			}
		}
	}
	return options
}

// Choose checks what a new post says to the board's facets, and returns the
// options in the order of their ids. Every facet is answered once, unless it is
// optional.
func (b Board) Choose(ids []int64) ([]int64, *Problem) {
	if b.Closed {
		return nil, &Problem{Field: "board", Key: "board.closed", Args: map[string]any{"Name": b.Name}}
	}
	chosen := make(map[int64]int64) // facet → option
	for _, id := range ids {
		facet, option, ok := b.Option(id)
		if !ok || facet.Closed || option.Closed {
			return nil, &Problem{Field: "f", Key: "facet.unknown", Args: map[string]any{"Name": b.Name}}
		}
		if other, twice := chosen[facet.ID]; twice && other != id {
			return nil, &Problem{Field: "f", Key: "facet.twice", Args: map[string]any{"Name": facet.Name}}
		}
		chosen[facet.ID] = id
	}
	options := make([]int64, 0, len(chosen))
	for _, f := range b.Open() {
		id, ok := chosen[f.ID]
		if !ok && !f.Optional {
			return nil, &Problem{Field: "f", Key: "facet.missing", Args: map[string]any{"Name": f.Name}}
		}
		if ok {
			options = append(options, id)
		}
	}
	slices.Sort(options)
	return options, nil
}

// A Bucket is the posts of a board that are alike: written for the same area,
// where the board is local, and with the same options. A filter is a choice of
// buckets, so that its cost depends on how many kinds of posts there are, not
// on how many posts.
type Bucket struct {
	ID      int64
	Area    string
	Options []int64 // in the order of their ids
	Posts   int
}

// A Filter chooses posts of a board: of each facet one of the options, of
// facets without any every post.
type Filter map[int64][]int64 // facet → options

// Filter makes a filter of options. unknown tells that the board has not all
// of them; those are left out.
func (b Board) Filter(ids []int64) (filter Filter, unknown bool) {
	filter = make(Filter)
	for _, id := range ids {
		facet, _, ok := b.Option(id)
		if !ok {
			unknown = true
		} else if !slices.Contains(filter[facet.ID], id) {
			filter[facet.ID] = append(filter[facet.ID], id)
		}
	}
	return filter, unknown
}

// Has tells whether the filter names the option.
func (f Filter) Has(option int64) bool {
	for _, options := range f {
		if slices.Contains(options, option) {
			return true
		}
	}
	return false
}

// Takes tells whether posts with the options pass.
func (f Filter) Takes(options []int64) bool {
	_, unmet := f.unmet(options)
	return unmet == 0
}

// unmet returns of how many facets the options are none of those wanted, and one
// of these facets.
func (f Filter) unmet(options []int64) (facet int64, n int) {
	for id, wanted := range f {
		if !slices.ContainsFunc(options, func(o int64) bool { return slices.Contains(wanted, o) }) {
			facet = id
			n++
		}
	}
	return facet, n
}

// Count returns how many posts there would be with each option of the board,
// the other facets staying as they are, and how many there are now.
func (f Filter) Count(b Board, buckets []Bucket) (each map[int64]int, all int) {
	facetOf := make(map[int64]int64)
	for _, facet := range b.Facets {
		for _, o := range facet.Options {
			facetOf[o.ID] = facet.ID
		}
	}
	each = make(map[int64]int)
	for _, bucket := range buckets {
		facet, unmet := f.unmet(bucket.Options)
		if unmet == 0 {
			all += bucket.Posts
		}
		for _, id := range bucket.Options {
			// What one chooses instead of the one facet that is not met would let it pass.
			if facetOf[id] != 0 && (unmet == 0 || unmet == 1 && facetOf[id] == facet) {
				each[id] += bucket.Posts
			}
		}
	}
	return each, all
}

// Label cleans and checks the name of a board, facet or option: one line.
func Label(field, raw string) (string, *Problem) {
	name, p := TextWithin(field, raw, 1, LabelMax)
	name = oneLine(name)
	if p == nil && utf8.RuneCountInString(name) > labelRunes {
		return "", &Problem{Field: field, Key: "invalid.bytes"}
	}
	return name, p
}

// Slug cleans and checks the place of a board in addresses: small letters of
// any script, digits, "-" and "_". An empty one is made of the name.
func Slug(raw, name string) (string, *Problem) {
	slug := lowered(raw)
	if slug == "" {
		slug = slugOf(lowered(name))
	}
	bad := strings.ContainsFunc(slug, func(r rune) bool { return !isSlugLetter(r) && r != '-' && r != '_' })
	if n := utf8.RuneCountInString(slug); bad || n == 0 || n > SlugMax {
		return "", &Problem{Field: "slug", Key: "board.slug", Args: map[string]any{"Max": SlugMax}}
	}
	return slug, nil
}

// slugOf makes a slug of what a slug may hold.
func slugOf(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return !isSlugLetter(r) }), "-")
}

// isSlugLetter leaves out the letters that nobody sees, such as Hangul fillers.
func isSlugLetter(r rune) bool { return unicode.In(r, unicode.L, unicode.Nd) && !isInvisible(r) }

// lowered is a text in NFC and small letters, without blanks at its ends.
func lowered(raw string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(strings.ToValidUTF8(raw, "\uFFFD"))))
}

// OptionNames cleans and checks the names of new options, one a line. Empty
// lines and repetitions are left out.
func OptionNames(field, raw string) ([]string, *Problem) {
	var names []string
	for line := range strings.Lines(lineEnds.Replace(raw)) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, p := Label(field, line)
		if p != nil {
			return nil, p
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, &Problem{Field: field, Key: "invalid.empty"}
	}
	return names, nil
}
