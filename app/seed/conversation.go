package seed

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
	"unicode/utf8"

	"xxsns/app/sns"
)

// An entry is a line of a room: a person said something, entered or left.
type entry struct {
	at   time.Time
	who  int // an index of the people of the room; 0 is the mentor
	kind sns.MessageKind
	text string // of a message that was said
}

// entries makes up the lines of a room for people of different names. The first
// person is the mentor, who enters first and never leaves. The number of messages
// is the planned number, or 0 if the mentor is alone. There is no entry of leaving
// for people who are inside at the end.
func (r room) entries(rng *rand.Rand, names []string) []entry {
	c := &conversation{rng: rng, topic: r.topic, names: names, unused: map[string][]int{}}
	coming, going := c.plan(r.sittings)
	starts, budgets := []time.Time{r.opened}, make([]int, r.sittings)
	for k := 1; k < r.sittings; k++ {
		starts = append(starts, r.clock.at(rng, k, r.sittings))
	}
	starts = append(starts, r.closed) // the end of the last sitting
	if len(names) > 1 {
		budgets = unevenShares(rng, r.messages, r.sittings, math.MaxInt)
	}
	for k := range r.sittings {
		first := len(c.entries)
		c.sit(k == 0, coming[k], going[k], budgets[k])
		c.date(first, starts[k], starts[k+1])
	}
	return c.entries
}

// unevenShares splits total into n random shares of at most `most`.
func unevenShares(rng *rand.Rand, total, n, most int) []int {
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 0.4 + rng.Float64()
	}
	return shares(total, weights, most)
}

// A conversation is the lines of a room up to now.
type conversation struct {
	rng     *rand.Rand
	topic   string
	names   []string
	inside  []int            // the people inside without the mentor
	unused  map[string][]int // the alternatives of a rule that are left
	entries []entry
	gaps    []time.Duration // before each entry of this sitting
}

// plan decides who enters and leaves in each sitting. Most people enter in the
// first sitting and stay. The mentor and two others always do, so that a talk
// has enough speakers.
func (c *conversation) plan(sittings int) (coming, going [][]int) {
	coming, going = make([][]int, sittings), make([][]int, sittings)
	for who := 1; who < len(c.names); who++ {
		at := 0
		if who > 2 && c.rng.IntN(4) == 0 {
			at = c.rng.IntN(sittings)
		}
		coming[at] = append(coming[at], who)
		if who <= 2 || c.rng.IntN(6) > 0 {
			continue
		}
		gone := at + c.rng.IntN(sittings-at)
		going[gone] = append(going[gone], who)
		if gone+1 < sittings && c.rng.IntN(3) == 0 {
			coming[gone+1] = append(coming[gone+1], who)
		}
	}
	return coming, going
}

// sit makes up a sitting: people enter, talk and leave. budget is the number of
// messages. In the first sitting the mentor opens the room.
func (c *conversation) sit(first bool, coming, going []int, budget int) {
	if first {
		c.add(entry{who: 0, kind: sns.MessageEntered}, 0)
	}
	for _, who := range coming {
		c.add(entry{who: who, kind: sns.MessageEntered}, between(c.rng, 3*time.Second, time.Minute))
		c.inside = append(c.inside, who)
		if !first {
			budget -= c.exchange("talk.welcome", who, budget)
		}
	}
	if first || c.rng.IntN(3) == 0 {
		budget -= c.exchange("talk.open", 0, budget)
	}
	const partingMessages = 3 // reserved for each person who leaves
	for said := 1; said > 0; budget -= said {
		rule := "talk." + c.topic
		if c.rng.IntN(4) == 0 {
			rule = "talk.any"
		}
		said = c.exchange(rule, 0, budget-partingMessages*len(going))
	}
	for _, who := range going {
		budget -= c.exchange("talk.part", who, budget)
		c.add(entry{who: who, kind: sns.MessageLeft}, between(c.rng, 2*time.Second, 20*time.Second))
		c.inside = slices.DeleteFunc(c.inside, func(other int) bool { return other == who })
	}
	for budget > 0 {
		budget -= c.exchange("talk.bye", 0, budget)
	}
}

// exchange adds an exchange of at most left messages, if the rule has one, and
// returns the number of messages. who is the first speaker, or 0 for any speaker.
func (c *conversation) exchange(rule string, who, left int) int {
	const tries = 6
	for range tries {
		alternative := c.next(rule)
		lines := exchange(c.rng, rule, alternative, c.cast(who), c.names)
		if len(lines) <= left {
			c.say(lines)
			return len(lines)
		}
		c.unused[rule] = append(c.unused[rule], alternative)
	}
	return 0
}

// next returns an alternative of a rule. All alternatives come once before an
// alternative comes again.
func (c *conversation) next(rule string) int {
	unused := c.unused[rule]
	if len(unused) == 0 {
		unused = c.rng.Perm(len(texts()[rule].alternatives))
	}
	c.unused[rule] = unused[1:]
	return unused[0]
}

// cast assigns people inside to the speakers of an exchange. If there are fewer
// people than speakers, a person speaks for several of them.
func (c *conversation) cast(who int) (cast [len(speakers)]int) {
	c.rng.Shuffle(len(c.inside), func(i, k int) { c.inside[i], c.inside[k] = c.inside[k], c.inside[i] })
	if i := slices.Index(c.inside, who); i > 0 {
		c.inside[0], c.inside[i] = c.inside[i], c.inside[0]
	}
	for speaker := range len(speakers) - 1 {
		if k := speaker % (len(c.inside) + 1); k < len(c.inside) {
			cast[speaker] = c.inside[k]
		}
	}
	return cast
}

// say adds lines that people type after a pause.
func (c *conversation) say(lines []line) {
	pause := between(c.rng, 10*time.Second, 2*time.Minute)
	for _, l := range lines {
		typed := time.Duration(utf8.RuneCountInString(l.text)) * between(c.rng, 100*time.Millisecond, 300*time.Millisecond)
		c.add(entry{who: l.who, kind: sns.MessageSaid, text: l.text}, pause+time.Second+typed)
		pause = time.Duration(c.rng.ExpFloat64() * float64(4*time.Second))
	}
}

func (c *conversation) add(e entry, gap time.Duration) {
	c.entries, c.gaps = append(c.entries, e), append(c.gaps, gap)
}

// date sets the times of the entries of a sitting, of which first is the index of
// the first one. The gaps shrink if the next sitting is near.
func (c *conversation) date(first int, start, next time.Time) {
	whole := time.Duration(0)
	for _, gap := range c.gaps {
		whole += gap
	}
	pace := min(1, 0.9*float64(next.Sub(start))/float64(max(1, whole)))
	for i, gap := range c.gaps {
		start = start.Add(time.Duration(pace * float64(gap)))
		c.entries[first+i].at = start.Truncate(time.Microsecond)
	}
	c.gaps = c.gaps[:0]
}
