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
