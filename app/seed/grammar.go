package seed

import (
	_ "embed" // ko.txt
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed ko.txt
var rules string

// texts is the grammar of ko.txt. That it can be read is tested.
var texts = sync.OnceValue(func() grammar {
	g, err := parse(rules)
	if err != nil {
		panic("seed: ko.txt: " + err.Error())
	}
	return g
})

// A grammar makes texts out of rules that refer to each other.
type grammar map[string]*rule

// A rule is a list of alternatives, one of which is taken.
type rule struct {
	number       int // from 0, in the order of the file
	name         string
	by           string // what choices call it: its name, or the facet behind a slash
	alternatives [][]part
}

// A part of an alternative is one of: a text, a reference to a rule, a random
// number of a range, or a particle that suits what stands before it.
type part struct {
	text     string
	rule     *rule
	low, sum int // the number is low … low+sum-1; sum is 0 where no number is meant
	particle bool
}

// parse reads rules in the form that ko.txt explains.
func parse(source string) (grammar, error) {
	g, lines := grammar{}, map[*rule][]string{}
	var current *rule
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\n")
		text, indented := strings.CutPrefix(line, "\t")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !indented && g[line] != nil:
			return nil, fmt.Errorf("rule %q stands there twice", line)
		case !indented:
			current = newRule(len(g), line)
			g[line] = current
		case current == nil:
			return nil, fmt.Errorf("%q belongs to no rule", text)
		default:
			lines[current] = append(lines[current], strings.ReplaceAll(text, `\n`, "\n"))
		}
	}
	return g, g.link(lines)
}

func newRule(number int, name string) *rule {
	r := &rule{number: number, name: name, by: name}
	if _, facet, found := strings.Cut(name, "/"); found {
		r.by = facet
	}
	return r
}

// link makes parts of the lines, now that all rules are known.
func (g grammar) link(lines map[*rule][]string) error {
	for _, r := range g {
		if len(lines[r]) == 0 {
			return fmt.Errorf("rule %q is empty", r.name)
		}
		for _, line := range lines[r] {
			parts, err := g.parts(line)
			if err != nil {
				return fmt.Errorf("rule %q: %w", r.name, err)
			}
			r.alternatives = append(r.alternatives, parts)
		}
	}
	return nil
}

var reference = regexp.MustCompile(`\[(\d+)-(\d+)\]|\[([^\]]*)\]|\{([^}]*)\}`)

// parts cuts an alternative at its references.
func (g grammar) parts(line string) (all []part, err error) {
	end := 0
	for _, at := range reference.FindAllStringSubmatchIndex(line, -1) {
		if at[0] > end {
			all = append(all, part{text: line[end:at[0]]})
		}
		p, err := g.reference(reference.FindStringSubmatch(line[at[0]:at[1]]))
		if err != nil {
			return nil, err
		}
		all, end = append(all, p), at[1]
	}
	if end < len(line) {
		all = append(all, part{text: line[end:]})
	}
	return all, nil
}

// reference makes a part of a match: the whole, low, high, rule, particle.
func (g grammar) reference(match []string) (part, error) {
	switch low, high, name, particle := match[1], match[2], match[3], match[4]; {
	case low != "":
		from, _ := strconv.Atoi(low) // digits only
		to, _ := strconv.Atoi(high)
		if to < from {
			return part{}, fmt.Errorf("%s is no range", match[0])
		}
		return part{low: from, sum: to - from + 1}, nil
	case particle != "":
		if _, ok := particles[particle]; !ok {
			return part{}, fmt.Errorf("%s is no particle", match[0])
		}
		return part{text: particle, particle: true}, nil
	default:
		if g[name] == nil {
			return part{}, fmt.Errorf("there is no rule %s", match[0])
		}
		return part{rule: g[name]}, nil
	}
}

// text makes a text of a rule. choices names the alternative that is taken of
// some rules, by their names; of rules that depend on a facet, by the facet.
func (g grammar) text(rng *rand.Rand, name string, choices map[string]int) string {
	w := writer{rng: rng, choices: choices, taken: make([]int, len(g))}
	w.rule(g[name])
	return w.String()
}

// A writer writes one text.
type writer struct {
	strings.Builder
	rng     *rand.Rand
	choices map[string]int
	taken   []int // by a rule's number: 1 + the alternative that was taken last
}

func (w *writer) rule(r *rule) {
	for _, p := range r.alternatives[w.choose(r)] {
		switch {
		case p.rule != nil:
			w.rule(p.rule)
		case p.sum > 0:
			w.WriteString(strconv.Itoa(p.low + w.rng.IntN(p.sum)))
		case p.particle:
			w.WriteString(particle(w.String(), p.text))
		default:
			w.WriteString(p.text)
		}
	}
}

// choose chooses an alternative: any for a start, and then one a little further
// on, so that hardly any stands in a text twice.
func (w *writer) choose(r *rule) int {
	if i, ok := w.choices[r.by]; ok {
		return i
	}
	n, last := len(r.alternatives), w.taken[r.number]
	ahead := n
	if last > 0 {
		ahead = max(1, n/4)
	}
	i := (last + w.rng.IntN(ahead)) % n
	w.taken[r.number] = i + 1
	return i
}
