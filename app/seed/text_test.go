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

// checked fails unless a person could send the text unchanged.
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
		text, topic := postText(rng)
		checked(t, "post", text, func(s string) (string, *sns.Problem) { return sns.PostContent(s, 0) })
		checked(t, "comment", commentText(rng, topic), sns.CommentContent)
		checked(t, "status", statusText(rng), sns.StatusMessage)
	}
	for _, p := range postPictures() {
		for range 20 {
			text, topic := captionText(rng, p.scene)
			checked(t, "caption", text, func(s string) (string, *sns.Problem) { return sns.PostContent(s, 0) })
			checked(t, "comment", commentText(rng, topic), sns.CommentContent)
		}
	}
}

func TestPostsVary(t *testing.T) {
	rng, texts, kinds := source(2), map[string]bool{}, map[string]bool{}
	shortest, longest := 1000, 0
	const n = 2000
	for range n {
		text, topic := postText(rng)
		texts[text], kinds[topic.name] = true, true
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
	if want := len(postTopics()) + 4; len(kinds) != want {
		t.Errorf("%d kinds, want %d: %v", len(kinds), want, kinds)
	}
}

func TestTheSameSourceMakesTheSame(t *testing.T) {
	told := func(seed uint64) (all string) {
		rng := source(seed)
		for range 200 {
			text, topic := postText(rng)
			all += fmt.Sprintln(text, commentText(rng, topic), statusText(rng), popularity(rng), member(rng, 50))
			p := postPictures()[rng.IntN(len(postPictures()))]
			text, topic = captionText(rng, p.scene)
			all += fmt.Sprintln(text, topic, p.alt(rng))
			home := home(rng)
			text, topic = boardText(rng, boardFor(rng, home.Known(), false), home.Town)
			all += fmt.Sprintln(home, text, topic, commentText(rng, topic))
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
		name := username(i)
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
