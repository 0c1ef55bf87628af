package seed

import (
	"slices"
	"strings"
	"testing"

	"xxsns/app/sns"
)

func TestRulesReferToEachOther(t *testing.T) {
	g, err := parse("# about\na\n\tone [b]{을} \\n[3-3]\n\nb\n\tcup\n\t밥\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := g.text(source(1), "a", map[string]int{"b": 1}); got != "one 밥을 \n3" {
		t.Errorf("%q", got)
	}
	if got := g.text(source(1), "a", map[string]int{"b": 0}); got != "one cup를 \n3" {
		t.Errorf("%q", got)
	}
}

func TestNothingStandsTwiceInAShortText(t *testing.T) {
	g, err := parse("a\n\t[b] [b] [b] [b]\nb\n\t1\n\t2\n\t3\n\t4\n\t5\n\t6\n\t7\n\t8\n")
	if err != nil {
		t.Fatal(err)
	}
	for i := range uint64(500) {
		said := strings.Fields(g.text(source(i), "a", nil))
		slices.Sort(said)
		if len(slices.Compact(said)) != 4 {
			t.Errorf("seed %d: %v", i, said)
		}
	}
}

func TestWrongRulesAreRefused(t *testing.T) {
	for source, want := range map[string]string{
		"a\n\t[b]\n":          `[b]`,
		"a\n\t{에서}\n":         `{에서}`,
		"a\n\t[5-3]\n":        `[5-3]`,
		"a\n\t[]\n":           `[]`,
		"a\n\tx\na\n\ty\n":    "twice",
		"\tx\n":               "no rule",
		"a\nb\n\tx\n":         "empty",
		"a\n\tx\nb\n\t[a ]\n": `[a ]`,
	} {
		if _, err := parse(source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want one about %s", source, err, want)
		}
	}
}

// used marks the rules that a rule refers to, directly or not.
func used(r *rule, marked map[*rule]bool) {
	if marked[r] {
		return
	}
	marked[r] = true
	for _, tokens := range r.alternatives {
		for _, p := range tokens {
			if p.rule != nil {
				used(p.rule, marked)
			}
		}
	}
}

func TestEveryRuleIsThereAndUsed(t *testing.T) {
	g, marked := texts(), map[*rule]bool{}
	roots := []string{"given", "suffix", "status", "reply.more", "comment." + photoTopic}
	for _, topic := range postTopics() {
		roots = append(roots, "post."+topic, "comment."+topic)
	}
	roots = append(roots, "boards", "home", "more."+sns.LocalBoard)
	for _, slug := range topicsOf(boardRules) {
		roots = append(roots, boardRules+slug, "more."+slug)
		for _, name := range linked(boardRules + slug) {
			roots = append(roots, "comment."+name)
		}
	}
	for _, p := range postPictures() {
		roots = append(roots, "photo."+p.scene, "alt."+p.scene)
	}
	roots = append(roots, "talk.open", "talk.welcome", "talk.any", "talk.part", "talk.bye")
	for _, topic := range roomTopics() {
		roots = append(roots, titleRules+topic, "pinned."+topic, "talk."+topic)
	}
	for _, name := range roots {
		if g[name] == nil {
			t.Errorf("rule %q is missing", name)
			continue
		}
		used(g[name], marked)
	}
	for name, r := range g {
		if !marked[r] {
			t.Errorf("rule %q is used nowhere", name)
		}
	}
	if when, light := len(g["when"].alternatives), len(g["light"].alternatives); when != len(lights) || light != len(lights) {
		t.Errorf("%d times of day and %d lights for %d lights of pictures", when, light, len(lights))
	}
}

// A rule that depends on a facet has a line for each option.
func TestFacetsHaveALineForEachOption(t *testing.T) {
	g, count := texts(), 0
	for name, r := range g {
		if r.by == r.name {
			continue
		}
		count++
		if g[r.by] == nil || len(r.alternatives) != len(g[r.by].alternatives) {
			t.Errorf("rule %q has %d lines, which do not belong to %q", name, len(r.alternatives), r.by)
		}
	}
	if count < 10 {
		t.Errorf("only %d rules depend on a facet", count)
	}
}

// For a digit or a Latin letter, the right particle is unknown.
func TestParticlesFollowHangul(t *testing.T) {
	for name, r := range texts() {
		for _, tokens := range r.alternatives {
			for i, p := range tokens {
				if p.particle && (i == 0 || tokens[i-1].rule == nil || !endsInHangul(tokens[i-1].rule)) {
					t.Errorf("rule %q: what stands before {%s} may not end in Hangul", name, p.text)
				}
			}
		}
	}
}

func endsInHangul(r *rule) bool {
	for _, tokens := range r.alternatives {
		last := tokens[len(tokens)-1]
		if last.rule != nil && !endsInHangul(last.rule) {
			return false
		}
		runes := []rune(last.text)
		if last.rule == nil && (len(runes) == 0 || runes[len(runes)-1] < firstSyllable || runes[len(runes)-1] > lastSyllable) {
			return false
		}
	}
	return true
}
