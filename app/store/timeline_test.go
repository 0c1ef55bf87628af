package store_test

import (
	"fmt"
	"slices"
	"testing"

	"xxsns/app/sns"
)

// page returns the post ids of a page.
func (d *database) page(t testing.TB, of sns.Timeline) []int64 {
	t.Helper()
	posts, err := d.Timeline(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	return ids
}

// pages reads a timeline to its end, as "더 보기" does, and calls between after
// each page.
func (d *database) pages(t testing.TB, of sns.Timeline, between func()) (all []int64, sizes []int) {
	t.Helper()
	for {
		ids := d.page(t, of)
		if len(ids) == 0 || len(sizes) == 10 { // so many pages mean an endless loop
			return all, sizes
		}
		all, sizes = append(all, ids...), append(sizes, len(ids))
		of.Before = ids[len(ids)-1]
		between()
	}
}

func reversed(ids []int64) []int64 {
	ids = slices.Clone(ids)
	slices.Reverse(ids)
	return ids
}

func TestTimelineIsPagedWithoutGapsOrDoubles(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		ids := d.posts(t, 45, minji, seojun)
		// New posts arrive while the pages are read.
		got, sizes := d.pages(t, sns.Timeline{Viewer: minji, Limit: 20}, func() { d.post(t, seojun, "새 글") })
		if want := reversed(ids); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if !slices.Equal(sizes, []int{20, 20, 5}) {
			t.Errorf("pages of %v", sizes)
		}
	})
}

func TestTimelineGoesOnWhereAPostWasDeleted(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		ids := d.posts(t, 6, minji)
		first := d.page(t, sns.Timeline{Limit: 3})
		if _, err := d.DeletePost(t.Context(), first[2], minji); err != nil {
			t.Fatal(err)
		}
		if got, want := d.page(t, sns.Timeline{Before: first[2], Limit: 3}), reversed(ids[:3]); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestTimelineFilters(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun, hanul := d.user(t, "민지"), d.user(t, "서준"), d.user(t, "하늘")
		ids := d.posts(t, 9, minji, seojun, hanul) // in turn
		tests := []struct {
			name string
			of   sns.Timeline
			want []int // indices of ids
		}{
			{"all", sns.Timeline{Limit: 20}, []int{8, 7, 6, 5, 4, 3, 2, 1, 0}},
			{"limit", sns.Timeline{Limit: 2}, []int{8, 7}},
			{"before", sns.Timeline{Before: ids[3], Limit: 20}, []int{2, 1, 0}},
			{"before a missing post", sns.Timeline{Before: ids[8] + 100, Limit: 2}, []int{8, 7}},
			{"after", sns.Timeline{After: ids[5], Limit: 20}, []int{8, 7, 6}},
			{"after, limit", sns.Timeline{After: ids[2], Limit: 2}, []int{8, 7}},
			{"after the newest", sns.Timeline{After: ids[8], Limit: 20}, nil},
			{"between", sns.Timeline{After: ids[2], Before: ids[6], Limit: 20}, []int{5, 4, 3}},
			{"author", sns.Timeline{Author: seojun, Limit: 20}, []int{7, 4, 1}},
			{"author, before", sns.Timeline{Author: seojun, Before: ids[7], Limit: 1}, []int{4}},
			{"an author of none", sns.Timeline{Author: hanul + 1, Limit: 20}, nil},
			{"except", sns.Timeline{Except: hanul, Limit: 20}, []int{7, 6, 4, 3, 1, 0}},
			{"except, after", sns.Timeline{Except: hanul, After: ids[4], Limit: 20}, []int{7, 6}},
		}
		for _, test := range tests {
			var want []int64
			for _, i := range test.want {
				want = append(want, ids[i])
			}
			if got := d.page(t, test.of); !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", test.name, got, want)
			}
			if n, err := d.CountPosts(t.Context(), test.of); err != nil || n != len(want) {
				t.Errorf("%s: counted %d, %v, want %d", test.name, n, err, len(want))
			}
		}
	})
}

func TestTimelineMarksWhatTheViewerLikes(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		ids := d.posts(t, 3, minji)
		d.like(t, ids[0], minji)
		d.like(t, ids[1], seojun)
		d.like(t, ids[2], minji)
		d.like(t, ids[2], seojun)
		for viewer, want := range map[int64][]bool{minji: {true, false, true}, seojun: {true, true, false}, 0: {false, false, false}} {
			posts, err := d.Timeline(t.Context(), sns.Timeline{Viewer: viewer, Limit: 20})
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range posts {
				if p.Liked != want[i] {
					t.Errorf("user %d: post %d: liked = %t", viewer, p.ID, p.Liked)
				}
				one, err := d.Post(t.Context(), p.ID, viewer)
				if err != nil || one.Liked != want[i] || one.Likes != p.Likes {
					t.Errorf("user %d: post %d by itself: %+v, %v", viewer, p.ID, one, err)
				}
			}
		}
	})
}

func TestTimelineShowsEachPostWithItsImages(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		want := map[int64][]sns.PostImage{}
		for i := range 12 {
			made := d.newPost(t, minji, "사진")
			for n := range i % (sns.PostImagesMax + 1) {
				// The order of the names is the reverse of the positions.
				made.Images = append(made.Images, images(fmt.Sprintf("%d-%d.jpg", 9-n, i))...)
			}
			id, err := d.CreatePost(t.Context(), made)
			if err != nil {
				t.Fatal(err)
			}
			want[id] = made.Images
		}
		posts, err := d.Timeline(t.Context(), sns.Timeline{Limit: 20})
		if err != nil || len(posts) != len(want) {
			t.Fatalf("%d posts, %v", len(posts), err)
		}
		for _, p := range posts {
			if !slices.Equal(p.Images, want[p.ID]) {
				t.Errorf("post %d: %v, want %v", p.ID, p.Images, want[p.ID])
			}
		}
	})
}

func TestNewestPost(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		if id, err := d.NewestPost(t.Context()); err != nil || id != 0 {
			t.Errorf("of none: %d, %v", id, err)
		}
		ids := d.posts(t, 3, d.user(t, "민지"))
		if id, err := d.NewestPost(t.Context()); err != nil || id != ids[2] {
			t.Errorf("got %d, %v, want %d", id, err, ids[2])
		}
	})
}
