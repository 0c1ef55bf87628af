package seed

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
	"unicode/utf8"

	"xxsns/app/sns"
)

// A Step is one line of a room: somebody said something, entered or left.
type Step struct {
	At   time.Time
	Who  int // by the names that were given; 0 is the mentor
	Kind sns.MessageKind
	Text string // of what was said
}

// Steps makes up what happens in the room among people of different names, the
// first of them its mentor, who enters first and never leaves. As many messages
// are said as were planned, by people who are inside; none when there is one
// name alone. Who is inside at the end has no line of leaving.
func (r Room) Steps(rng *rand.Rand, names []string) []Step {
	c := &conversation{rng: rng, topic: r.topic, names: names, decks: map[string][]int{}}
	coming, going := c.plan(r.sittings)
	starts, budgets := r.starts(rng), r.budgets(rng, len(names))
	for k := range r.sittings {
		first := len(c.steps)
		c.sit(k == 0, coming[k], going[k], budgets[k])
		c.date(first, starts[k], starts[k+1])
	}
	return c.steps
}

// starts are when the sittings begin, and the end.
func (r Room) starts(rng *rand.Rand) []time.Time {
	starts := []time.Time{r.Opened}
	for k := 1; k < r.sittings; k++ {
		starts = append(starts, r.clock.At(rng, k, r.sittings))
	}
	return append(starts, r.Closed)
}

// budgets are how many messages each sitting has.
func (r Room) budgets(rng *rand.Rand, people int) []int {
	if people < 2 {
		return make([]int, r.sittings)
	}
	weights := make([]float64, r.sittings)
	for k := range weights {
		weights[k] = 0.4 + rng.Float64()
	}
	return Shares(r.messages, weights, math.MaxInt)
}

// A conversation is what happens in a room so far.
type conversation struct {
	rng    *rand.Rand
	topic  string
	names  []string
	inside []int            // but for the mentor
	decks  map[string][]int // alternatives of a rule that were not taken yet
	steps  []Step
	gaps   []time.Duration // before each step of this sitting
}

// plan says who comes and who goes in which sitting. Most come to the first one
// and stay; two always do, so that there is somebody to talk to.
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

// sit lets people come, talk and go. In the first sitting the mentor opens the
// room.
func (c *conversation) sit(first bool, coming, going []int, budget int) {
	if first {
		c.step(Step{Who: 0, Kind: sns.MessageEntered}, 0)
	}
	for _, who := range coming {
		c.step(Step{Who: who, Kind: sns.MessageEntered}, between(c.rng, 3*time.Second, time.Minute))
		c.inside = append(c.inside, who)
		if !first {
			budget -= c.exchange("talk.welcome", who, budget)
		}
	}
	if first || c.rng.IntN(3) == 0 {
		budget -= c.exchange("talk.open", 0, budget)
	}
	for said := 1; said > 0; budget -= said {
		said = c.exchange(c.rule(), 0, budget-partingMessages*len(going))
	}
	for _, who := range going {
		budget -= c.exchange("talk.part", who, budget)
		c.step(Step{Who: who, Kind: sns.MessageLeft}, between(c.rng, 2*time.Second, 20*time.Second))
		c.inside = slices.DeleteFunc(c.inside, func(other int) bool { return other == who })
	}
	for budget > 0 {
		budget -= c.exchange("talk.bye", 0, budget)
	}
}

// partingMessages is how many messages are kept for one who leaves.
const partingMessages = 3

// rule is what people talk about next: mostly the topic of the room.
func (c *conversation) rule() string {
	if c.rng.IntN(4) == 0 {
		return "talk.any"
	}
	return "talk." + c.topic
}

// exchange lets people say what a rule makes, if that is at most as much as
// there is left, and returns how many messages that was. who is the first
// speaker; 0 is anybody.
func (c *conversation) exchange(rule string, who, left int) int {
	const tries = 6
	for range tries {
		alternative := c.deal(rule)
		lines := exchange(c.rng, rule, alternative, c.cast(who), c.names)
		if len(lines) <= left {
			c.say(lines)
			return len(lines)
		}
		c.decks[rule] = append(c.decks[rule], alternative) // another time
	}
	return 0
}

// deal takes an alternative of a rule, each once before one comes again.
func (c *conversation) deal(rule string) int {
	deck := c.decks[rule]
	if len(deck) == 0 {
		deck = c.rng.Perm(len(texts()[rule].alternatives))
	}
	c.decks[rule] = deck[1:]
	return deck[0]
}

// cast gives the parts of an exchange to people inside; where there are too few
// of them the mentor and those before play them, too.
func (c *conversation) cast(who int) (cast [len(speakers)]int) {
	c.rng.Shuffle(len(c.inside), func(i, k int) { c.inside[i], c.inside[k] = c.inside[k], c.inside[i] })
	if i := slices.Index(c.inside, who); i > 0 {
		c.inside[0], c.inside[i] = c.inside[i], c.inside[0]
	}
	for part := range len(speakers) - 1 {
		if k := part % (len(c.inside) + 1); k < len(c.inside) {
			cast[part] = c.inside[k]
		}
	}
	return cast
}

// say lets lines be typed one after the other, after a pause.
func (c *conversation) say(lines []line) {
	pause := between(c.rng, 10*time.Second, 2*time.Minute)
	for _, l := range lines {
		typed := time.Duration(utf8.RuneCountInString(l.text)) * between(c.rng, 100*time.Millisecond, 300*time.Millisecond)
		c.step(Step{Who: l.who, Kind: sns.MessageSaid, Text: l.text}, pause+time.Second+typed)
		pause = time.Duration(c.rng.ExpFloat64() * float64(4*time.Second))
	}
}

func (c *conversation) step(s Step, gap time.Duration) {
	c.steps, c.gaps = append(c.steps, s), append(c.gaps, gap)
}

// date sets when the steps from the first one of a sitting on happened. They
// are closer together when there is little time until the next sitting.
func (c *conversation) date(first int, start, next time.Time) {
	whole := time.Duration(0)
	for _, gap := range c.gaps {
		whole += gap
	}
	pace := min(1, 0.9*float64(next.Sub(start))/float64(max(1, whole)))
	for i, gap := range c.gaps {
		start = start.Add(time.Duration(pace * float64(gap)))
		c.steps[first+i].At = start.Truncate(time.Microsecond)
	}
	c.gaps = c.gaps[:0]
}
