package seed

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
)

// titleRules begin with this.
const titleRules = "title."

// roomTopics are what rooms are about, in the order of the alphabet.
var roomTopics = sync.OnceValue(func() []string {
	var all []string
	for name := range texts() {
		if topic, ok := strings.CutPrefix(name, titleRules); ok {
			all = append(all, topic)
		}
	}
	slices.Sort(all)
	return all
})

// agreed are the words that are the same in a whole exchange: who answers
// speaks of what was asked.
var agreed = []string{"learn", "concept", "book", "place", "shop", "food", "item", "lost", "day", "clock", "room", "bug"}

// speakers are the letters that lines of a talk begin with; the mentor's is the
// last.
const speakers = "ABCM"

// A line is one message of an exchange.
type line struct {
	who  int // 0 is the mentor, as in names
	text string
}

// exchange makes a short talk of a rule. cast are the speakers A, B, C and M in
// this order, by their place in names.
func exchange(rng *rand.Rand, rule string, alternative int, cast [len(speakers)]int, names []string) (lines []line) {
	choices := map[string]int{rule: alternative}
	for _, word := range agreed {
		choices[word] = rng.IntN(len(texts()[word].alternatives))
	}
	for said := range strings.SplitSeq(texts().text(rng, rule, choices), "\n") {
		speaker, text := speakerOf(said)
		if speaker < 0 {
			lines[len(lines)-1].text += "\n" + said
			continue
		}
		lines = append(lines, line{cast[speaker], text})
	}
	called := strings.NewReplacer("<A>", names[cast[0]], "<B>", names[cast[1]], "<C>", names[cast[2]])
	for i := range lines {
		lines[i].text = called.Replace(lines[i].text)
	}
	return lines
}

// speakerOf cuts off which of the speakers a line belongs to; -1 when it goes on
// with the message before it.
func speakerOf(said string) (speaker int, text string) {
	letter, text, found := strings.Cut(said, " ")
	if !found || len(letter) != 1 {
		return -1, said
	}
	return strings.Index(speakers, letter), text
}
