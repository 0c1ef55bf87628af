package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// local returns the id of the local board, which every database has.
func (d *database) local(t testing.TB) int64 {
	t.Helper()
	board, err := d.BoardBySlug(t.Context(), sns.LocalBoard)
	if err != nil {
		t.Fatal(err)
	}
	return board.ID
}

// write makes a post with a location and options, and returns the post's id.
func (d *database) write(t testing.TB, author, board int64, l sns.Location, options ...int64) int64 {
	t.Helper()
	id, err := d.CreatePost(t.Context(), store.NewPost{Author: author, Board: board, Location: l, Options: options, Content: "글", CreatedAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// kindsOf returns the post counts of the buckets of a board and area, by
// options.
func (d *database) kindsOf(t testing.TB, board int64, area string) map[string]int {
	t.Helper()
	buckets, err := d.Buckets(t.Context(), board, area)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]int, len(buckets))
	for _, b := range buckets {
		if b.ID == 0 || b.Area != area || !slices.IsSorted(b.Options) {
			t.Errorf("got %+v", b)
		}
		all[fmt.Sprint(b.Options)] = b.Posts
	}
	return all
}

// bucketsFit fails if the count of a bucket differs from the number of its
// posts.
func (d *database) bucketsFit(t testing.TB) {
	t.Helper()
	const query = `SELECT CONCAT(k.id, ': ', k.post_count, ' are counted') FROM buckets k
		WHERE k.post_count <> (SELECT COUNT(*) FROM posts p WHERE p.bucket_id = k.id)`
	forEachRow(t, d.raw, query, func(rows *sql.Rows) error {
		var wrong string
		err := rows.Scan(&wrong)
		t.Error("bucket ", wrong)
		return err
	})
}

func TestPostSaysWhatItWasMadeWith(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, board := d.user(t, "민지"), d.board(t, "flats")
		home := sns.Location{Area: "서울특별시 마포구", Town: "합정동"}
		for _, made := range []store.NewPost{
			{Board: board},
			{Board: board, Options: []int64{3, 20, 100}},
			{Board: d.local(t), Location: home},
			{Board: d.local(t), Location: sns.Location{Area: "Zürich 🇨🇭 '\"%_"}, Options: []int64{7}},
			{Board: d.local(t), Location: sns.Location{Area: strings.Repeat(family, 28), Town: strings.Repeat("동", 200)}},
		} {
			made.Author, made.Content, made.CreatedAt = minji, "글", noon
			id, err := d.CreatePost(t.Context(), made)
			if err != nil {
				t.Fatal(err)
			}
			one, err := d.Post(t.Context(), id, 0)
			page, errPage := d.Timeline(t.Context(), sns.Timeline{Limit: 1})
			for _, got := range append(page, one) {
				if got.ID != id || !slices.Equal(got.Options, made.Options) || got.Location != made.Location || got.Board.ID != made.Board {
					t.Errorf("got %+v, want what is in %+v", got, made)
				}
			}
			if err := errors.Join(err, errPage); err != nil || len(page) != 1 {
				t.Errorf("%d posts, %v", len(page), err)
			}
		}
	})
}

func TestBucketsAreTheKindsOfPosts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, board, local := d.user(t, "민지"), d.board(t, "flats"), d.local(t)
		mapo, seoul := sns.Location{Area: "서울 마포구", Town: "합정동"}, sns.Location{Area: "서울 마포"}
		first := d.write(t, minji, board, sns.Location{}, 1, 20)
		d.write(t, minji, board, sns.Location{}, 1, 20)
		d.write(t, minji, board, sns.Location{}, 12)
		d.write(t, minji, board, sns.Location{})
		d.write(t, minji, local, mapo)
		d.write(t, minji, local, sns.Location{Area: mapo.Area, Town: "망원동"}) // another town of the area
		d.write(t, minji, local, mapo, 5)
		d.write(t, minji, local, seoul)
		for _, test := range []struct {
			board int64
			area  string
			want  map[string]int
		}{
			{board, "", map[string]int{"[1 20]": 2, "[12]": 1}},
			{local, mapo.Area, map[string]int{"[]": 2, "[5]": 1}},
			{local, seoul.Area, map[string]int{"[]": 1}},
			{local, "", nil}, {local, "서울%", nil}, {local, "\xff", nil}, {board, mapo.Area, nil}, {999, "", nil},
		} {
			got := d.kindsOf(t, test.board, test.area)
			if !maps.Equal(got, test.want) {
				t.Errorf("%d %q: %v, want %v", test.board, test.area, got, test.want)
			}
		}
		if _, err := d.DeletePost(t.Context(), first, minji); err != nil {
			t.Fatal(err)
		}
		d.bucketsFit(t)
	})
}

// Concurrent posts and deletions, and repeated ones, are counted once.
func TestBucketsCountWhatIsThere(t *testing.T) { each(t, postsInBuckets) }

func postsInBuckets(t *testing.T, d *database) {
	people, board, local := d.users(t, 8), d.board(t, "flats"), d.local(t)
	shared := make([]int64, 12)
	for i := range shared {
		shared[i] = d.write(t, people[0], board, sns.Location{}, int64(i%2+1))
	}
	together(len(people), func(i int) {
		random := rand.New(rand.NewPCG(uint64(i), 1))
		var own []int64
		for step := range 12 {
			made := store.NewPost{Author: people[i], Board: board, Options: []int64{int64(random.IntN(3) + 1)}, Key: fmt.Sprint(step / 2), Content: "글", CreatedAt: noon}
			if step%4 == 1 {
				made.Board, made.Location, made.Options = local, sns.Location{Area: fmt.Sprint("서울 ", random.IntN(2), "구")}, nil
			}
			id, err := d.CreatePost(t.Context(), made)
			allowed(t, err, sns.ErrConflict) // every second post has a key that was used
			if err == nil {
				own = append(own, id)
			}
			if step%3 == 2 && len(own) > 0 {
				_, err = d.DeletePost(t.Context(), own[0], people[i])
				allowed(t, err)
				own = own[1:]
			}
			_, err = d.DeletePost(t.Context(), shared[step], people[i]) // only the author may delete
			allowed(t, err, sns.ErrForbidden, sns.ErrNotFound)
		}
	})
	d.bucketsFit(t)
	if n := d.rows(t, "posts WHERE bucket_id = 0"); n != 0 {
		t.Errorf("%d posts are in no bucket", n)
	}
}

func TestTheFirstOfAKindAreOneBucket(t *testing.T) { each(t, oneNewBucket) }

func oneNewBucket(t *testing.T, d *database) {
	people, local := d.users(t, 8), d.local(t)
	replicas := []*store.Store{d.Store, d.another(t)}
	for round := range 6 {
		var mu sync.Mutex
		var made []int64
		together(len(people), func(i int) {
			area := fmt.Sprint("서울 ", round, "구")
			id, err := replicas[i%2].CreatePost(t.Context(), store.NewPost{
				Author: people[i], Board: local, Location: sns.Location{Area: area}, Options: []int64{3, 9}, Content: "글", CreatedAt: noon,
			})
			allowed(t, err)
			mu.Lock()
			defer mu.Unlock()
			made = append(made, id)
		})
		buckets, err := d.Buckets(t.Context(), local, fmt.Sprint("서울 ", round, "구"))
		if err != nil || len(buckets) != 1 || buckets[0].Posts != len(people) || len(made) != len(people) {
			t.Errorf("%+v, %v after %d posts", buckets, err, len(made))
		}
	}
	d.bucketsFit(t)
}
