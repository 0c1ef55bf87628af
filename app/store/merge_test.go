package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"xxsns/app/sns"
)

// A mixture is a database of random posts, with a copy of them in memory.
type mixture struct {
	*database
	random  *rand.Rand
	posts   []mixed           // oldest first
	follows map[int64][]int64 // by id of the follower
	newest  int64             // id of the newest post
	writers int               // users 1 to writers write posts
	buckets int               // buckets 1 to buckets, on the board with facets
	boards  [3]int64          // ids of the boards with posts
}

type mixed struct{ id, author, board, bucket int64 }

// mix makes 600 posts by thirty users, some of whom write much and some of whom
// wrote long ago, in forty buckets or none; and a follower for each number in
// follows.
func mix(t *testing.T, d *database, seed uint64, follows ...int) *mixture {
	t.Helper()
	m := &mixture{database: d, random: rand.New(rand.NewPCG(seed, 7)), follows: map[int64][]int64{}, writers: 30, buckets: 40}
	m.boards = [3]int64{d.newPost(t, 1, "").Board, d.local(t), d.board(t, "flats")}
	d.users(t, m.writers+len(follows))
	var posts, buckets, pairs []string
	for range 600 {
		m.newest += 1 + m.random.Int64N(3) // gaps stand for deleted posts
		p := mixed{id: m.newest, author: 1 + m.random.Int64N(int64(m.writers)), board: m.boards[m.random.IntN(3)]}
		if p.board != m.boards[0] {
			p.bucket = 1 + min(m.random.Int64N(int64(m.buckets)), m.random.Int64N(int64(m.buckets)))
		}
		if p.author%5 == 0 && p.id > 300 || p.bucket%7 == 6 && p.id < 900 {
			continue
		}
		m.posts = append(m.posts, p)
		posts = append(posts, fmt.Sprintf("(%d, %d, %d, %d, '글', 1)", p.id, p.author, p.board, p.bucket))
	}
	for id := 1; id <= m.buckets; id++ {
		buckets = append(buckets, fmt.Sprintf("(%d, %d, '', '%d')", id, m.boards[2], id))
	}
	for i, n := range follows {
		follower := int64(m.writers + i + 1)
		for _, author := range m.random.Perm(m.writers)[:n] {
			m.follows[follower] = append(m.follows[follower], int64(author+1))
			pairs = append(pairs, fmt.Sprintf("(%d, %d, 1)", follower, author+1))
		}
	}
	d.insert(t, "posts (id, user_id, board_id, bucket_id, content, created_at)", posts)
	d.insert(t, "buckets (id, board_id, area, options)", buckets)
	d.insert(t, "follows (follower_id, followee_id, created_at)", pairs)
	return m
}

// naive filters all posts in memory.
func (m *mixture) naive(of sns.Timeline) (ids []int64) {
	for _, p := range slices.Backward(m.posts) {
		switch {
		case of.Before > 0 && p.id >= of.Before, p.id <= of.After, of.Except == p.author:
		case of.Board > 0 && p.board != of.Board, of.Author > 0 && p.author != of.Author:
		case of.Buckets != nil && !slices.Contains(of.Buckets, p.bucket):
		case of.Follower > 0 && !slices.Contains(m.follows[of.Follower], p.author):
		default:
			ids = append(ids, p.id)
		}
	}
	return ids[:min(len(ids), of.Limit)]
}

// some returns a random number up to most, or 0.
func (m *mixture) some(most int64) int64 {
	if m.random.IntN(2) == 0 {
		return 0
	}
	return 1 + m.random.Int64N(most)
}

// bounded returns of with random bounds.
func (m *mixture) bounded(of sns.Timeline) sns.Timeline {
	of.Before, of.Except = m.some(m.newest+20), m.some(int64(m.writers))
	if of.After = m.some(m.newest); of.After > 0 && m.random.IntN(2) == 0 {
		of.After = m.newest - m.random.Int64N(60) // usually the question is for new posts
	}
	return of
}

// Each timeline has the same posts as a filter of all posts.
func TestTimelineIsWhatAFilterOfAllPostsGives(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		const least, most = 5, 21 // limits above and below the numbers of sources
		sizes := []int{0, 1, 2, least - 1, least, least + 1, most - 1, most, most + 1, 30}
		m := mix(t, d, 1, sizes...)
		for round := range 9 {
			for i, size := range sizes {
				buckets := []int64{}
				for _, id := range m.random.Perm(m.buckets)[:min(size+round/5*10, m.buckets)] {
					buckets = append(buckets, int64(id+1))
				}
				for _, of := range []sns.Timeline{
					{Buckets: buckets}, {Follower: int64(m.writers + i + 1)}, {Board: m.boards[i%3]}, {Author: int64(i + 1)}, {},
				} {
					of.Limit = []int{1, least, most}[round%3]
					if round > 2 {
						of = m.bounded(of)
					}
					m.wantNaive(t, of)
				}
			}
		}
	})
}

func (m *mixture) wantNaive(t *testing.T, of sns.Timeline) {
	t.Helper()
	want := m.naive(of)
	if got := m.page(t, of); !slices.Equal(got, want) {
		t.Errorf("%+v: got %v, want %v", of, got, want)
	}
	if n, err := m.CountPosts(t.Context(), of); err != nil || n != len(want) {
		t.Errorf("%+v: counted %d, %v, want %d", of, n, err, len(want))
	}
}

// Pages contain each post once.
func TestMergedTimelinesArePagedWithoutGapsOrDoubles(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		m := mix(t, d, 2, 3, 29)
		for _, of := range []sns.Timeline{
			{Buckets: []int64{4}}, {Buckets: []int64{1, 6, 7, 13}}, {Buckets: bucketIDs(m.buckets)}, {Board: m.boards[2]},
			{Follower: int64(m.writers + 1)}, {Follower: int64(m.writers + 2)},
		} {
			of.Limit = 60 // pages stops after ten pages
			all := of
			all.Limit = len(m.posts)
			got, sizes := m.pages(t, of, func() {})
			if want := m.naive(all); !slices.Equal(got, want) {
				t.Errorf("%+v: %d in pages of %v, want %d", of, len(got), sizes, len(want))
			}
			of.Limit = 7
			got, sizes = m.pages(t, of, func() {})
			if want := m.naive(all); !slices.Equal(got, want[:min(70, len(want))]) {
				t.Errorf("%+v: %d in pages of %v, want %d", of, len(got), sizes, len(want))
			}
		}
	})
}

// An empty list of buckets selects no posts, unlike nil.
func TestFilterThatFitsNothingIsEmpty(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.posts(t, 3, d.user(t, "민지"))
		for _, of := range []sns.Timeline{{Buckets: []int64{}}, {Buckets: []int64{9}}, {Buckets: []int64{8, 9}}, {Buckets: bucketIDs(40)}, {Buckets: bucketIDs(40_000)}, {Follower: 1}, {Follower: 9}} {
			of.Limit = 20
			if got := d.page(t, of); len(got) != 0 {
				t.Errorf("%+v: %v", of, got)
			}
			if n, err := d.CountPosts(t.Context(), of); err != nil || n != 0 {
				t.Errorf("%+v: counted %d, %v", of, n, err)
			}
		}
	})
}
