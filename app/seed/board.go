package seed

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"xxsns/app/sns"
)

// A Board is one to be made.
type Board struct {
	Slug, Name string
	Facets     []Facet
}

// A Facet is what posts of a board may be sorted by.
type Facet struct {
	Name    string
	Options []string
}

// Boards returns the boards that an example community has beside those that are
// always there.
func Boards() []Board {
	var all []Board
	for _, rule := range linked("boards") {
		b := Board{Slug: strings.TrimPrefix(rule, "board."), Name: words(rule)[0]}
		for _, f := range facets(b.Slug) {
			b.Facets = append(b.Facets, f.Facet)
		}
		all = append(all, b)
	}
	return all
}

// A ruledFacet is a facet whose options are the alternatives of a rule.
type ruledFacet struct {
	Facet
	rule string
}

// facets are those of a board, in their order.
func facets(slug string) []ruledFacet { return allFacets()[slug] }

var allFacets = sync.OnceValue(func() map[string][]ruledFacet {
	all := map[string][]ruledFacet{}
	for _, board := range linked("boards") {
		slug := strings.TrimPrefix(board, "board.")
		for _, facet := range linked(board) {
			options := linked(facet)[0]
			all[slug] = append(all[slug], ruledFacet{Facet{words(facet)[0], words(options)}, options})
		}
	}
	return all
})

// linked are the rules that alternatives of a rule consist of.
func linked(rule string) []string {
	var names []string
	for _, parts := range texts()[rule].alternatives {
		if parts[0].rule != nil {
			names = append(names, parts[0].rule.name)
		}
	}
	return names
}

// boardRules begin with this; each alternative of one is a topic.
const boardRules = "on."

// boardTopics are what posts on boards are about, by the slug; what there is
// more of stands there more than once.
var boardTopics = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for name := range texts() {
		if slug, ok := strings.CutPrefix(name, boardRules); ok {
			all[slug] = linked(name)
		}
	}
	return all
})

// BoardPost returns the text of a post on a board, its topic, for Comment, and
// one option for each facet of the board, which the text is about. town is where
// a local post is written. On a board that nothing is known of it is any post.
func BoardPost(rng *rand.Rand, slug, town string) (text, topic string, options []string) {
	names := boardTopics()[slug]
	if len(names) == 0 {
		text, topic = Post(rng)
		return text, topic, nil
	}
	topic = names[rng.IntN(len(names))]
	rule, choices := topic, map[string]int{}
	for _, f := range facets(slug) {
		choices[f.rule] = rng.IntN(len(f.Options))
		options = append(options, f.Options[choices[f.rule]])
		topic += "/" + options[len(options)-1]
	}
	text = texts().text(rng, rule, choices)
	return strings.ReplaceAll(text, "<town>", spoken(town)), topic, options
}

// readTopic returns the name of a topic, and which options the post has.
func readTopic(topic string) (name string, choices map[string]int) {
	said := strings.Split(topic, "/")
	slug, _, _ := strings.Cut(said[0], ".")
	choices = map[string]int{}
	for i, f := range facets(slug) {
		choices[f.rule] = slices.Index(f.Options, said[i+1])
	}
	return said[0], choices
}

// Where posts go, out of a hundred. Who lives nowhere writes nothing local, and
// pictures show no companies.
const (
	investShare = 18
	gossipShare = 10
	localShare  = 16 // by those who live somewhere; that is twelve of all
)

// BoardOf returns the slug of the board that somebody posts on.
func BoardOf(rng *rand.Rand, settled, pictures bool) string {
	chance := rng.IntN(100)
	switch {
	case settled && chance < localShare:
		return sns.LocalBoard
	case pictures || chance >= localShare+investShare+gossipShare || chance < localShare:
		return sns.DefaultBoard
	case chance < localShare+investShare:
		return "invest"
	default:
		return "gossip"
	}
}
