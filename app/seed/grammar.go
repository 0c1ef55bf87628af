package seed

import (
	_ "embed" // ko.txt
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed ko.txt
var rules string

// texts returns the grammar of ko.txt. A test checks that parsing succeeds.
var texts = sync.OnceValue(func() grammar {
	g, err := parse(rules)
	if err != nil {
		panic("seed: ko.txt: " + err.Error())
	}
	return g
})

// A grammar makes texts from rules that refer to each other, by their names.
type grammar map[string]*rule

// A rule is a list of alternatives.
type rule struct {
	number       int // from 0
	name         string
	by           string // the key in choices: the name, or the facet behind a slash
	alternatives [][]token
}

// A token of an alternative is a text, a reference to a rule, a random number, or
// a particle that depends on the text before.
type token struct {
	text     string
	rule     *rule
	low, sum int // the number is low … low+sum-1; sum is 0 for other tokens
	particle bool
}

// parse parses rules in the format described in ko.txt.
func parse(source string) (grammar, error) {
	g := grammar{}
	var current *rule
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\n")
		text, indented := strings.CutPrefix(line, "\t")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !indented:
			if current = g.rule(line); len(current.alternatives) > 0 {
				return nil, fmt.Errorf("rule %q stands there twice", line)
			}
		case current == nil:
			return nil, fmt.Errorf("%q belongs to no rule", text)
		default:
			tokens, err := g.tokens(strings.ReplaceAll(text, `\n`, "\n"))
			if err != nil {
				return nil, fmt.Errorf("rule %q: %w", current.name, err)
			}
			current.alternatives = append(current.alternatives, tokens)
		}
	}
	for name, r := range g {
		if len(r.alternatives) == 0 {
			return nil, fmt.Errorf("rule [%s] is missing or empty", name)
		}
	}
	return g, nil
}

// rule returns the rule of a name. A reference may precede the rule.
func (g grammar) rule(name string) *rule {
	if g[name] == nil {
		r := &rule{number: len(g), name: name, by: name}
		if _, facet, found := strings.Cut(name, "/"); found {
			r.by = facet
		}
		g[name] = r
	}
	return g[name]
}

var reference = regexp.MustCompile(`\[(\d+)-(\d+)\]|\[([^\]]*)\]|\{([^}]*)\}`)

// tokens splits an alternative at the references.
func (g grammar) tokens(line string) (all []token, err error) {
	for line != "" {
		at := reference.FindStringIndex(line)
		if at == nil {
			return append(all, token{text: line}), nil
		}
		if at[0] > 0 {
			all = append(all, token{text: line[:at[0]]})
		}
		t, err := g.reference(reference.FindStringSubmatch(line[at[0]:at[1]]))
		if err != nil {
			return nil, err
		}
		all, line = append(all, t), line[at[1]:]
	}
	return all, nil
}

// reference returns the token of a match: the whole, low, high, rule, particle.
func (g grammar) reference(match []string) (token, error) {
	switch low, high, name, particle := match[1], match[2], match[3], match[4]; {
	case low != "":
		from, _ := strconv.Atoi(low) // digits only
		to, _ := strconv.Atoi(high)
		if to < from {
			return token{}, fmt.Errorf("%s is no range", match[0])
		}
		return token{low: from, sum: to - from + 1}, nil
	case particle != "":
		if _, ok := particles[particle]; !ok {
			return token{}, fmt.Errorf("%s is no particle", match[0])
		}
		return token{text: particle, particle: true}, nil
	default:
		return token{rule: g.rule(name)}, nil
	}
}

// text makes a text from a rule. choices determines the alternatives of some
// rules, by the names of the rules; for rules that depend on a facet, by the facet.
func (g grammar) text(rng *rand.Rand, name string, choices map[string]int) string {
	w := writer{rng: rng, choices: choices, taken: make([]int, len(g))}
	w.rule(g[name])
	return w.String()
}

// A writer makes one text.
type writer struct {
	strings.Builder
	rng     *rand.Rand
	choices map[string]int
	taken   []int // by the number of a rule: 1 + the latest alternative
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

// choose returns the index of an alternative: first a random index, and then an
// index a little further on, so that a text rarely repeats an alternative.
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

// particles maps the form of a particle after a consonant to the form after a
// vowel.
var particles = map[string]string{
	"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로", "이었": "였", "이죠": "죠", "이래": "래", "이에": "예",
}

const (
	firstSyllable, lastSyllable = '가', '힣'
	finals                      = 28 // the number of final consonants of a syllable, including none
	finalRieul                  = 8  // the final ㄹ, after which 으로 becomes 로
)

// particle returns the form of a particle after the text before. After anything
// but Hangul, particle returns the form after a vowel.
func particle(before, afterConsonant string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	final := rune(0)
	if last >= firstSyllable && last <= lastSyllable {
		final = (last - firstSyllable) % finals
	}
	if final == 0 || final == finalRieul && afterConsonant == "으로" {
		return particles[afterConsonant]
	}
	return afterConsonant
}
