package seed

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
)

// Prefixes of the rules for posts, for the topics of a board, and for names of
// rooms.
const (
	postRules  = "post."
	boardRules = "on."
	titleRules = "title."
)

// photoTopic is the topic of posts with pictures.
const photoTopic = "photo"

var (
	postTopics = sync.OnceValue(func() []string { return topicsOf(postRules) })
	roomTopics = sync.OnceValue(func() []string { return topicsOf(titleRules) })
)

// topicsOf returns the topics for which there is a rule with a prefix, in
// alphabetical order.
func topicsOf(prefix string) (all []string) {
	for name := range texts() {
		if topic, ok := strings.CutPrefix(name, prefix); ok {
			all = append(all, topic)
		}
	}
	slices.Sort(all)
	return all
}

// words returns the alternatives of a rule that consist of a text alone.
func words(rule string) (all []string) {
	for _, tokens := range texts()[rule].alternatives {
		all = append(all, tokens[0].text)
	}
	return all
}

// linked returns the names of the rules at the beginning of a rule's alternatives.
func linked(rule string) (names []string) {
	for _, tokens := range texts()[rule].alternatives {
		if tokens[0].rule != nil {
			names = append(names, tokens[0].rule.name)
		}
	}
	return names
}

// A topic is the subject of a post and of the comments on the post.
type topic struct {
	name    string
	choices map[string]int // indexes of options, by the rules of the facets
}

// postText makes up a post.
func postText(rng *rand.Rand) (string, topic) {
	name := postTopics()[rng.IntN(len(postTopics()))]
	return texts().text(rng, postRules+name, nil), topic{name: name}
}

// boardText makes up a post on a board about an option of each facet. town is the
// place of a local post. For a board without rules the text is any post.
func boardText(rng *rand.Rand, slug, town string) (string, topic) {
	if texts()[boardRules+slug] == nil {
		return postText(rng)
	}
	names := linked(boardRules + slug) // frequent topics are there several times
	t := topic{names[rng.IntN(len(names))], map[string]int{}}
	for _, f := range facetsOf(slug) {
		t.choices[f.rule] = rng.IntN(len(f.options))
	}
	return strings.ReplaceAll(texts().text(rng, t.name, t.choices), "<town>", spokenTown(town)), t
}

// captionText makes up a post with pictures, of which the first has a scene.
func captionText(rng *rand.Rand, scene string) (string, topic) {
	return texts().text(rng, "photo."+scene, nil), topic{name: photoTopic}
}

// commentText makes up a comment on a post.
func commentText(rng *rand.Rand, t topic) string {
	text := texts().text(rng, "comment."+t.name, t.choices)
	if rng.IntN(3) == 0 {
		more := "reply.more"
		if slug, _, found := strings.Cut(t.name, "."); found {
			more = "more." + slug
		}
		text += " " + texts().text(rng, more, t.choices)
	}
	return text
}

// statusText makes up a status message. A quarter of the people has none.
func statusText(rng *rand.Rand) string {
	if rng.IntN(4) == 0 {
		return ""
	}
	return texts().text(rng, "status", nil)
}

// agreed are the rules that have one alternative in a whole exchange: an answer
// is about the same book as the question.
var agreed = []string{"learn", "concept", "book", "place", "shop", "food", "item", "lost", "day", "clock", "room", "bug"}

// speakers are the letters of the speakers in the rules for exchanges. M is the
// mentor.
const speakers = "ABCM"

// A line is a message of an exchange.
type line struct {
	who  int // an index of the people of the room; 0 is the mentor
	text string
}

// exchange makes a short talk from an alternative of a rule. cast maps the
// speakers A, B, C and M to indexes of names.
func exchange(rng *rand.Rand, rule string, alternative int, cast [len(speakers)]int, names []string) (lines []line) {
	choices := map[string]int{rule: alternative}
	for _, word := range agreed {
		choices[word] = rng.IntN(len(texts()[word].alternatives))
	}
	named := strings.NewReplacer("<A>", names[cast[0]], "<B>", names[cast[1]], "<C>", names[cast[2]])
	for said := range strings.SplitSeq(texts().text(rng, rule, choices), "\n") {
		speaker, text := splitSpeaker(said)
		if speaker < 0 {
			lines[len(lines)-1].text += "\n" + named.Replace(said)
			continue
		}
		lines = append(lines, line{cast[speaker], named.Replace(text)})
	}
	return lines
}

// splitSpeaker splits a line of the grammar into the index of the speaker and
// the text. The index is -1 for a further line of the message before.
func splitSpeaker(said string) (speaker int, text string) {
	letter, text, found := strings.Cut(said, " ")
	if !found || len(letter) != 1 {
		return -1, said
	}
	return strings.Index(speakers, letter), text
}
