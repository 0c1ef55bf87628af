package store_test

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"testing"

	"xxsns/app/sns"
)

func TestLikeIsAStateNotAToggle(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		post := d.post(t, minji, "글")
		steps := []struct {
			user    int64
			on      bool
			changed bool
			likes   int
			version int64
		}{
			{minji, false, false, 0, 0}, // no like to take back
			{minji, true, true, 1, 1},
			{minji, true, false, 1, 1},
			{seojun, true, true, 2, 2},
			{minji, false, true, 1, 3},
			{minji, false, false, 1, 3},
			{minji, true, true, 2, 4},
		}
		for i, step := range steps {
			got, changed, err := d.SetLike(t.Context(), post, step.user, step.on, noon)
			want := sns.Counts{Post: post, Likes: step.likes, Version: step.version}
			if err != nil || changed != step.changed || got != want {
				t.Errorf("step %d: %+v, changed = %t, %v, want %+v, %t", i, got, changed, err, want, step.changed)
			}
			if n := d.rows(t, "likes"); n != step.likes || d.counts(t, post) != want {
				t.Errorf("step %d: %d rows, counts %+v", i, n, d.counts(t, post))
			}
		}
	})
}

func TestLikeOfAMissingPost(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		for _, on := range []bool{true, false} {
			if _, changed, err := d.SetLike(t.Context(), 7, minji, on, noon); !errors.Is(err, sns.ErrNotFound) || changed {
				t.Errorf("on = %t: changed = %t, %v, want ErrNotFound", on, changed, err)
			}
		}
		if n := d.rows(t, "likes"); n != 0 {
			t.Errorf("%d likes of nothing", n)
		}
	})
}

// Concurrent changes of one post are serialised: each change has a version of
// its own and changes the count by one.
func TestFiftyPeopleLikeAndUnlikeAtOnce(t *testing.T) { each(t, fiftyPeople) }

func fiftyPeople(t *testing.T, d *database) {
	people := d.users(t, 50)
	post := d.post(t, people[0], "글")
	var mu sync.Mutex // guards changes
	var changes []sns.Counts
	together(len(people), func(i int) {
		for step := range 3 + i%3 { // on, off, on …
			counts, changed, err := d.SetLike(t.Context(), post, people[i], step%2 == 0, noon)
			if err != nil || !changed {
				t.Errorf("person %d, step %d: changed = %t, %v", i, step, changed, err)
				return
			}
			mu.Lock()
			changes = append(changes, counts)
			mu.Unlock()
		}
	})
	wantOneAfterTheOther(t, changes)
	last := d.counts(t, post)
	if n := d.rows(t, "likes WHERE post_id = ?", post); last.Likes != n || last.Version != int64(len(changes)) {
		t.Errorf("%+v after %d changes with %d rows", last, len(changes), n)
	}
}

// wantOneAfterTheOther checks that the versions are 1, 2, 3 … and that each
// version changes a single count by one.
func wantOneAfterTheOther(t *testing.T, changes []sns.Counts) {
	t.Helper()
	slices.SortFunc(changes, func(a, b sns.Counts) int { return cmp.Compare(a.Version, b.Version) })
	before := sns.Counts{}
	for i, c := range changes {
		likes, comments := c.Likes-before.Likes, c.Comments-before.Comments
		if c.Version != int64(i+1) || likes*likes+comments*comments != 1 {
			t.Fatalf("change %d: from %+v to %+v", i+1, before, c)
		}
		before = c
	}
}

func TestLikesOfOneNeighbourDoNotDisturbTheOthers(t *testing.T) { each(t, neighbours) }

func neighbours(t *testing.T, d *database) {
	people := d.users(t, 20)
	posts := d.posts(t, 5, people[0])
	together(len(people), func(i int) {
		for step := range 10 {
			post := posts[(i+step)%len(posts)]
			if _, _, err := d.SetLike(t.Context(), post, people[i], step%3 != 2, noon); err != nil {
				t.Errorf("person %d, post %d: %v", i, post, err)
			}
		}
	})
	for _, post := range posts {
		if counts, n := d.counts(t, post), d.rows(t, "likes WHERE post_id = ?", post); counts.Likes != n {
			t.Errorf("%+v with %d rows", counts, n)
		}
	}
}

func TestCounts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		ids := d.posts(t, 3, minji)
		d.like(t, ids[0], minji)
		d.comment(t, ids[0], minji, "댓글")
		d.comment(t, ids[2], minji, "댓글")
		want := []sns.Counts{{Post: ids[0], Likes: 1, Comments: 1, Version: 2}, {Post: ids[2], Comments: 1, Version: 1}}
		got, err := d.Counts(t.Context(), 0, []int64{ids[2], 999, ids[0], ids[2], -1})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if got, err := d.Counts(t.Context(), 0, nil); err != nil || len(got) != 0 {
			t.Errorf("of none: %+v, %v", got, err)
		}
		if _, err := d.DeletePost(t.Context(), ids[0], minji); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Counts(t.Context(), 0, ids[:1]); err != nil || len(got) != 0 {
			t.Errorf("of a deleted post: %+v, %v", got, err)
		}
	})
}
