package view

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
)

// TestKeptCardsAreOfTheSamePosts changes each field of the posts of a list, of the boards
// that name the options, and the time of the request. If the HTML of the list changes, the
// list from before the change must not be shown any more.
func TestKeptCardsAreOfTheSamePosts(t *testing.T) {
	t.Parallel()
	l := sampleLocale(t)
	for i, post := range samplePosts() {
		posts := []sns.Post{post, post}
		boards := []sns.Board{sampleBoard(post.Board.Slug)}
		now := post.CreatedAt.Add(48 * time.Hour)
		whole := func() string {
			html, err := l.posts.whole(l, posts, scene{boards, now})
			if err != nil {
				t.Fatal(err)
			}
			return html
		}
		before := whole()
		again := samplePosts()[i] // the same with slices of its own
		list, err := l.posts.keep(l, []sns.Post{again, again}, scene{boards, now})
		if err != nil {
			t.Fatal(err)
		}
		try := func(field string) {
			kept := l.posts.shows(list, posts, scene{boards, now})
			if field == "Liked" { // the viewers share the list
				if !kept {
					t.Errorf("a list is not kept for viewers who like other posts")
				}
			} else if kept && whole() != before {
				t.Errorf("a change of %s shows in the cards, but the list from before is shown", field)
			}
		}
		if !l.posts.shows(list, posts, scene{boards, now}) {
			t.Fatal("the list is not kept")
		}
		eachChange(t, "", reflect.ValueOf(&posts[1]).Elem(), try)
		eachChange(t, "now", reflect.ValueOf(&now).Elem(), try)
		posts = posts[:1]
		try("length")
		boards = slices.Clone(boards)
		boards[0].Facets[0].Options[0].Name = "시"
		try("boards")
	}
}

// TestCardsOfEveryViewer compares the cards of viewers who like other posts, all from one
// list, with the templates.
func TestCardsOfEveryViewer(t *testing.T) {
	t.Parallel()
	l := sampleLocale(t)
	posts, boards, now := samplePosts(), []sns.Board{sampleBoard("books")}, time.Date(2026, 5, 10, 13, 0, 0, 0, time.UTC)
	for i := range posts {
		posts[i].ID += int64(i)
	}
	for liked := range 1 << len(posts) {
		for i := range posts {
			posts[i].Liked = liked>>i&1 == 1
		}
		cards, err := l.Cards(posts, boards, now)
		if err != nil {
			t.Fatal(err)
		}
		want, err := l.posts.whole(l, posts, scene{boards, now})
		if err != nil || string(cards.HTML()) != want {
			t.Errorf("likes %b: other cards than the templates show (%v)", liked, err)
		}
		named := cards.runs.appendTo([]byte("before"), "9", cards.on)
		if want := "before" + string(NameAccount([]byte(want), 9)); string(named) != want {
			t.Errorf("likes %b: the forms of the cards do not name the account", liked)
		}
	}
	if kept := l.posts.lists.Len(); kept != 1 {
		t.Errorf("%d lists are kept for the same posts", kept)
	}
}

// TestKeptCardsThatDifferAreNoticed spoils a list.
func TestKeptCardsThatDifferAreNoticed(t *testing.T) {
	t.Parallel()
	pages, l := samplePages(t)
	var told []string
	pages.Prove(1, func(what string) { told = append(told, what) })
	show := func() error {
		_, err := l.Cards(samplePosts()[:1], nil, time.Date(2026, 5, 10, 13, 0, 0, 0, time.UTC))
		return err
	}
	if err := show(); err != nil {
		t.Fatal(err)
	}
	for _, list := range l.posts.lists.Values() {
		list.runs[0].text = strings.Replace(list.runs[0].text, "post", "past", 1)
	}
	if err := show(); err == nil || len(told) != 1 {
		t.Errorf("a spoiled list: %v, told of %q", err, told)
	}
	if err := show(); err != nil {
		t.Errorf("the next answer: %v", err)
	}
}

// TestAgesReadTheSameUntil asks how moments read at times before the end that readsUntil
// returns, in zones with and without summer time.
func TestAgesReadTheSameUntil(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same moments in each run
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("KST", 9*60*60), berlin} {
		l := &Locale{Texts: korean(), zone: zone}
		for range 3000 {
			moment := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(int64(72 * time.Hour))))
			age := time.Duration(random.Int64N(int64(time.Hour) << random.IntN(9)))
			now := moment.Add(age - time.Minute)
			until := l.readsUntil(moment, now)
			if !until.After(now) || until.Sub(now) > 25*time.Hour {
				t.Fatalf("%v at %v reads the same until %v", moment, now, until)
			}
			for _, at := range []time.Time{until.Add(-1), now.Add(time.Duration(random.Int64N(int64(until.Sub(now)))))} {
				if then, reads := l.Time(moment, at), l.Time(moment, now); then != reads {
					t.Fatalf("%v reads %q at %v, and %q at %v, before %v", moment, reads.Text, now, then.Text, at, until)
				}
			}
		}
	}
}
