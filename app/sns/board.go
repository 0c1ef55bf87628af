package sns

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Slugs of the boards that every community has.
const (
	DefaultBoard = "free"  // board of a post that names no board
	LocalBoard   = "local" // 지역커뮤니티
)

// Limits of boards. Lengths are in graphemes.
const (
	LabelMax   = 20 // name of a board, facet or option
	SlugMax    = 30
	BoardsMax  = 50 // closed boards included
	FacetsMax  = 6  // per board, closed facets included
	OptionsMax = 50 // per facet, closed options included
)

// A Board is a place for posts. Facets and Options are in the order in which
// the form of a post shows them.
type Board struct {
	ID     int64
	Slug   string // name in URLs, which never changes
	Name   string
	Local  bool // shows only posts from the viewer's own area
	Closed bool // no new posts; existing posts stay
	Facets []Facet
}

// A Facet is a select field of a board: a post chooses one of the options.
type Facet struct {
	ID       int64
	Name     string
	Optional bool // a post may choose no option
	Closed   bool // new posts are not asked for this facet
	Options  []Option
}

// An Option is a value of a facet.
type Option struct {
	ID     int64
	Name   string
	Closed bool // new posts cannot choose this option
}

// Open returns the facets that the form of a new post shows: open ones with an
// open option.
func (b Board) Open() []Facet {
	return slices.DeleteFunc(slices.Clone(b.Facets), func(f Facet) bool { return f.Closed || len(f.Open()) == 0 })
}

// Open returns the options that a new post may choose.
func (f Facet) Open() []Option {
	return slices.DeleteFunc(slices.Clone(f.Options), func(o Option) bool { return o.Closed })
}

// Option returns the option with an id and the facet of the option; ok is false
// if the board has no such option.
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

// Options returns the options with these ids, in the board's order. Unknown ids
// are left out.
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

// Choose checks the option ids of a new post, and returns them sorted. There
// must be one option of every open facet, and none is needed of an optional
// facet. The problems name the fields "board" and "f".
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

// Label trims and checks the name of a board, facet or option: one line of at
// most LabelMax graphemes.
func Label(field, raw string) (string, *Problem) {
	return LineWithin(field, raw, 1, LabelMax)
}

// Slug normalises and checks the slug of a board: lower-case letters of any
// script, digits, "-" and "_". If raw is empty, Slug derives the slug from the
// board's name.
func Slug(raw, name string) (string, *Problem) {
	slug := lowerNFC(raw)
	if slug == "" {
		slug = slugOf(lowerNFC(name))
	}
	bad := strings.ContainsFunc(slug, func(r rune) bool { return !isSlugLetter(r) && r != '-' && r != '_' })
	if n := utf8.RuneCountInString(slug); bad || n == 0 || n > SlugMax {
		return "", &Problem{Field: "slug", Key: "board.slug", Args: map[string]any{"Max": SlugMax}}
	}
	return slug, nil
}

// slugOf replaces each run of characters that a slug cannot have by "-".
func slugOf(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return !isSlugLetter(r) }), "-")
}

// isSlugLetter reports whether r is a visible letter or a digit. Hangul fillers
// are letters, but invisible.
func isSlugLetter(r rune) bool { return unicode.In(r, unicode.L, unicode.Nd) && !isInvisible(r) }

// lowerNFC returns a text trimmed, in lower case and NFC.
func lowerNFC(raw string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(strings.ToValidUTF8(raw, "\uFFFD"))))
}

// OptionNames checks the names of new options, one per line. Empty lines and
// repetitions are left out; having no name is a problem.
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
