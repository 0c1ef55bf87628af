// Package seed makes up what an example community is called, writes and shows:
// usernames, Korean texts, pictures, and how all that spreads over time and
// people. It does no input or output, and the same random source always makes
// the same.
package seed

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
)

// topicRules begin with this.
const topicRules = "post."

// topics are what posts are about, in the order of the alphabet.
var topics = sync.OnceValue(func() []string {
	var all []string
	for name := range texts() {
		if topic, ok := strings.CutPrefix(name, topicRules); ok {
			all = append(all, topic)
		}
	}
	slices.Sort(all)
	return all
})

// PhotoTopic is the topic of posts that show pictures.
const PhotoTopic = "photo"

// Post returns the text of a post and its topic, for Comment.
func Post(rng *rand.Rand) (text, topic string) {
	topic = topics()[rng.IntN(len(topics()))]
	return texts().text(rng, topicRules+topic, nil), topic
}

// Caption returns the text of a post that shows pictures, the first of them of
// the scene. Its topic is PhotoTopic.
func Caption(rng *rand.Rand, scene string) string {
	return texts().text(rng, "photo."+scene, nil)
}

// Comment returns a comment that fits a post's topic.
func Comment(rng *rand.Rand, topic string) string {
	name, choices := readTopic(topic)
	text := texts().text(rng, "comment."+name, choices)
	if rng.IntN(3) == 0 {
		text += " " + texts().text(rng, moreRule(name), choices)
	}
	return text
}

// moreRule is the rule of what is added to some comments.
func moreRule(topic string) string {
	if slug, _, found := strings.Cut(topic, "."); found {
		return "more." + slug
	}
	return "reply.more"
}

// Status returns a status message. One in four people has none.
func Status(rng *rand.Rand) string {
	if rng.IntN(4) == 0 {
		return ""
	}
	return texts().text(rng, "status", nil)
}
