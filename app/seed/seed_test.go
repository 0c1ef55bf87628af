package seed

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"xxsns/app/sns"
)

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// checked fails unless a text is one that people could have sent as it is.
func checked(t *testing.T, what, text string, check func(string) (string, *sns.Problem)) {
	t.Helper()
	if clean, p := check(text); p != nil || clean != text {
		t.Errorf("%s %q: problem %v, cleaned %q", what, text, p, clean)
	}
	if strings.ContainsAny(text, "[]{}") {
		t.Errorf("%s %q shows how it is made", what, text)
	}
}

func TestTextsAreWhatPeopleMaySend(t *testing.T) {
	rng := source(1)
	for range 5_000 {
		text, topic := Post(rng)
		checked(t, "post", text, func(s string) (string, *sns.Problem) { return sns.PostContent(s, 0) })
		checked(t, "comment", Comment(rng, topic), sns.CommentContent)
		checked(t, "status", Status(rng), sns.StatusMessage)
	}
	for _, scene := range sceneNames {
		for range 20 {
			checked(t, "caption", Caption(rng, scene), func(s string) (string, *sns.Problem) { return sns.PostContent(s, 0) })
			checked(t, "comment", Comment(rng, PhotoTopic), sns.CommentContent)
		}
	}
}

func TestPostsVary(t *testing.T) {
	rng, texts, kinds := source(2), map[string]bool{}, map[string]bool{}
	shortest, longest := 1000, 0
	const n = 2000
	for range n {
		text, topic := Post(rng)
		texts[text], kinds[topic] = true, true
		shortest, longest = min(shortest, sns.Length(text)), max(longest, sns.Length(text))
		for _, sign := range []string{"\n", "https://example.com/", "🎉", "?"} {
			if strings.Contains(text, sign) {
				kinds[sign] = true
			}
		}
	}
	if len(texts) < n*3/4 || shortest > 20 || longest < 150 {
		t.Errorf("%d different texts of %d, from %d to %d characters", len(texts), n, shortest, longest)
	}
	if want := len(topics()) + 4; len(kinds) != want {
		t.Errorf("%d kinds, want %d: %v", len(kinds), want, kinds)
	}
}

func TestTheSameSourceMakesTheSame(t *testing.T) {
	told := func(seed uint64) (all string) {
		rng := source(seed)
		for range 200 {
			text, topic := Post(rng)
			scene := Scenes(rng, 1)[0]
			all += fmt.Sprintln(text, Comment(rng, topic), Status(rng), Caption(rng, scene), Popularity(rng), Member(rng, 50))
			_, _, town := Home(rng)
			text, topic, options := BoardPost(rng, BoardOf(rng, town != "", false), town)
			all += fmt.Sprintln(town, text, options, Comment(rng, topic))
		}
		return all
	}
	once, again, other := told(7), told(7), told(8)
	if once != again {
		t.Error("the same source makes different texts")
	}
	if once == other {
		t.Error("different sources make the same texts")
	}
}

func TestNamesAreValidAndDiffer(t *testing.T) {
	seen, plain := map[string]int{}, len(given())
	check := func(i int) {
		name := Name(i)
		if clean, p := sns.Username(name); p != nil || clean != name {
			t.Errorf("name %d, %q: %v", i, name, p)
		}
		folded := sns.FoldUsername(name)
		if other, ok := seen[folded]; ok {
			t.Errorf("names %d and %d are both %q", other, i, name)
		}
		seen[folded] = i
		if short := utf8.RuneCountInString(name) <= 3; short != (i < plain) {
			t.Errorf("name %d is %q; the first %d are given names alone", i, name, plain)
		}
	}
	for i := range 40_000 {
		check(i)
	}
	check(1<<31 - 1)
}

func TestParticlesSuitWhatStandsBefore(t *testing.T) {
	for _, c := range []struct{ before, form, want string }{
		{"책", "을", "을"}, {"코드", "을", "를"}, {"하늘", "은", "은"}, {"민지", "은", "는"},
		{"서준", "이", "이"}, {"유자", "이", "가"}, {"달", "과", "과"}, {"해", "과", "와"},
		{"책", "으로", "으로"}, {"물", "으로", "로"}, {"바다", "으로", "로"}, {"호떡", "이죠", "이죠"}, {"카레", "이죠", "죠"},
		{"소금빵", "이래", "이래"}, {"호두", "이래", "래"}, {"둘레길", "이에", "이에"}, {"학교", "이에", "예"},
		{"트랜잭션", "이었", "이었"}, {"재귀", "이었", "였"}, {"SQL", "을", "를"}, {"", "은", "는"},
	} {
		if got := particle(c.before, c.form); got != c.want {
			t.Errorf("%s + %s: %s, want %s", c.before, c.form, got, c.want)
		}
	}
}
