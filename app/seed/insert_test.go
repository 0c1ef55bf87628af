package seed_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/seed"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// noon is when the rows of these tests are made, to the microsecond.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 123456000, time.UTC)

// onStores runs a test on a migrated database of each kind.
func onStores(t *testing.T, test func(*testing.T, *seeding, *store.Store)) {
	t.Helper()
	onEach(t, func(t *testing.T, s *seeding) {
		apptest.Migrate(t, s.cfg.DatabaseURL)
		test(t, s, s.open(t))
	})
}

// locations are none, and two towns of an area.
var locations = []sns.Location{{}, {Area: "서울특별시 성동구", Town: "옥수동"}, {Area: "서울특별시 성동구", Town: "행당동"}}

func newUsers(n int) []seed.User {
	users := make([]seed.User, n)
	for i := range users {
		u := store.NewUser{Username: fmt.Sprintf("회원_%d", i), Email: "member@example.com", PasswordHash: "hash", Role: sns.RoleUser, CreatedAt: noon}
		users[i] = seed.NewUser(u, "안녕", fmt.Sprintf("%d.png", i), locations[i%3])
	}
	return users
}

// insertUsers inserts n users and returns the ids.
func insertUsers(t *testing.T, db *store.Store, n int) []int64 {
	t.Helper()
	ids, err := seed.InsertUsers(t.Context(), db, newUsers(n))
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestInsertedUsersAreReadBack(t *testing.T) {
	onStores(t, func(t *testing.T, _ *seeding, db *store.Store) {
		ids := insertUsers(t, db, 1201)
		if len(ids) != 1201 || !slices.IsSorted(ids) {
			t.Fatalf("%d ids", len(ids))
		}
		for _, i := range []int{0, 499, 500, 1200} {
			want := sns.User{ID: ids[i], Username: fmt.Sprintf("회원_%d", i), Role: sns.RoleUser, StatusMessage: "안녕", Image: fmt.Sprintf("%d.png", i), Location: locations[i%3], CreatedAt: noon}
			if got, err := db.UserByName(t.Context(), want.Username); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		}
		if _, hash, err := db.Credentials(t.Context(), "회원_1200"); err != nil || hash != "hash" {
			t.Errorf("hash %q, %v", hash, err)
		}
		next, err := db.CreateUser(t.Context(), store.NewUser{Username: "서준", Role: sns.RoleUser, CreatedAt: noon})
		if err != nil || next <= ids[1200] {
			t.Errorf("the next user is %d, after %d, %v", next, ids[1200], err)
		}
	})
}

func TestUsersAreInsertedAllOrNone(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		if _, err := db.CreateUser(t.Context(), store.NewUser{Username: "회원_700", Role: sns.RoleUser, CreatedAt: noon}); err != nil {
			t.Fatal(err)
		}
		if _, err := seed.InsertUsers(t.Context(), db, newUsers(800)); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("%v, want ErrConflict", err)
		}
		if n := s.number(t, "SELECT COUNT(*) FROM users"); n != 1 {
			t.Errorf("%d users, want the existing one", n)
		}
	})
}

// board returns a board, or creates one with two facets that members may skip.
func board(t *testing.T, db *store.Store, slug string) sns.Board {
	t.Helper()
	b, err := db.BoardBySlug(t.Context(), slug)
	if errors.Is(err, sns.ErrNotFound) {
		var id int64
		id, err = db.CreateBoard(t.Context(), store.NewBoard{Slug: slug, Name: "투자"})
		for _, name := range []string{"종목", "의견"} {
			if err == nil {
				_, err = db.CreateFacet(t.Context(), id, name, true, []string{name + " 가", name + " 나"})
			}
		}
		if err == nil {
			b, err = db.Board(t.Context(), id)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// newPosts makes n posts by turns, each with a comment and a like of every author.
func newPosts(t *testing.T, db *store.Store, n int, authors []int64) []seed.Post {
	t.Helper()
	free := board(t, db, sns.DefaultBoard)
	posts := make([]seed.Post, n)
	for i := range posts {
		p := store.NewPost{Author: authors[i%len(authors)], Board: free.ID, Content: fmt.Sprintf("글 %d", i), CreatedAt: noon}
		posts[i] = seed.NewPost(p, len(authors), len(authors))
	}
	return posts
}

// ids returns the ids of a table in ascending order.
func (s *seeding) ids(t *testing.T, table string) []string {
	t.Helper()
	return s.texts(t, "SELECT id FROM "+table+" ORDER BY id")
}

// post returns the post of a number, by the order of the ids.
func (s *seeding) post(t *testing.T, db *store.Store, number int, viewer int64) sns.Post {
	t.Helper()
	var id int64
	if _, err := fmt.Sscan(s.ids(t, "posts")[number], &id); err != nil {
		t.Fatal(err)
	}
	p, err := db.Post(t.Context(), id, viewer)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestInsertedPostsAreReadBack(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		people := insertUsers(t, db, 3)
		posts := newPosts(t, db, 600, people)
		for i := 0; i < 600; i += 7 {
			for k := range 2 {
				posts[i].Images = append(posts[i].Images, sns.PostImage{Name: fmt.Sprintf("%d-%d.jpg", i, 2-k), Width: 800, Height: 600, Alt: "그림"})
			}
		}
		now := noon.Add(time.Hour)
		if err := seed.InsertPosts(t.Context(), db, now, people, posts); err != nil {
			t.Fatal(err)
		}
		s.countsFit(t)
		for _, i := range []int{0, 7, 499, 500, 599} {
			got, want := s.post(t, db, i, people[1]), posts[i]
			if got.Content != want.Content || got.Author.ID != want.Author || !got.CreatedAt.Equal(noon) || !got.Liked ||
				got.Likes != 3 || got.Comments != 3 || got.Version != 6 || !slices.Equal(got.Images, want.Images) {
				t.Errorf("post %d: %+v", i, got)
			}
			comments, err := db.Comments(t.Context(), got.ID, 0, 0, 10)
			if err != nil || len(comments) != 3 || comments[0].Content == comments[2].Content {
				t.Errorf("comments of post %d: %+v, %v", i, comments, err)
			}
			for _, c := range comments {
				if c.CreatedAt.Before(noon) || c.CreatedAt.After(now) || !slices.Contains(people, c.Author.ID) {
					t.Errorf("comment of post %d: %+v", i, c)
				}
			}
		}
	})
}

func TestInsertedPostsAreInTheirBuckets(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		people, invest, local := insertUsers(t, db, 2), board(t, db, "invest"), board(t, db, sns.LocalBoard)
		first, second := invest.Facets[0].Options, invest.Facets[1].Options
		posts := newPosts(t, db, 40, people)
		for i := range posts {
			switch p := &posts[i]; i % 4 {
			case 1:
				p.Board, p.Options = invest.ID, []int64{first[i/4%2].ID, second[1].ID}
			case 2:
				p.Board, p.Options = invest.ID, []int64{second[0].ID}
			case 3:
				p.Board, p.Location = local.ID, locations[1+i/4%2]
			}
		}
		for range 2 { // the buckets exist the second time
			if err := seed.InsertPosts(t.Context(), db, noon, people, posts); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 80 {
			got, want := s.post(t, db, i, 0), posts[i%40]
			if got.Board.ID != want.Board || !slices.Equal(got.Options, want.Options) || got.Location != want.Location {
				t.Errorf("post %d: %+v", i, got)
			}
		}
		if _, err := db.CreatePost(t.Context(), store.NewPost{Author: people[0], Board: invest.ID, Options: []int64{second[0].ID}, Content: "하나 더", CreatedAt: noon}); err != nil {
			t.Error(err)
		}
		s.countsFit(t)
		buckets, err := db.Buckets(t.Context(), invest.ID, "")
		if each, all := (sns.Filter{}).Count(invest, buckets); err != nil || len(buckets) != 3 || all != 41 || each[second[0].ID] != 21 || each[first[0].ID] != 10 {
			t.Errorf("buckets %+v, %v", buckets, err)
		}
		if n := s.number(t, "SELECT COUNT(*) FROM buckets"); n != 4 {
			t.Errorf("%d buckets, want 4", n)
		}
	})
}

func TestPostsAreInsertedAllOrNone(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		people := insertUsers(t, db, 2)
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		for name, insert := range map[string]func([]seed.Post) error{
			"an image twice": func(posts []seed.Post) error {
				for _, i := range []int{1, 350} {
					posts[i].Images = []sns.PostImage{{Name: "7.jpg", Width: 1, Height: 1}}
				}
				return seed.InsertPosts(t.Context(), db, noon, people, posts)
			},
			"a like twice": func(posts []seed.Post) error {
				return seed.InsertPosts(t.Context(), db, noon, []int64{people[0], people[0]}, posts)
			},
			"given up": func(posts []seed.Post) error { return seed.InsertPosts(cancelled, db, noon, people, posts) },
		} {
			if err := insert(newPosts(t, db, 400, people)); err == nil {
				t.Errorf("%s: no error", name)
			}
			for _, table := range []string{"posts", "comments", "likes", "post_images"} {
				if n := s.number(t, "SELECT COUNT(*) FROM "+table); n > 0 {
					t.Errorf("%s: %d rows of %s are left", name, n, table)
				}
			}
		}
	})
}

// MySQL and MariaDB assign ids to other connections while a batch is inserted.
func TestPostsAreInsertedBesidePeopleWhoPost(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		people := insertUsers(t, db, 5)
		const batches, size, perPerson = 6, 300, 12
		batch := newPosts(t, db, size, people)
		var others sync.WaitGroup
		for _, author := range people[1:4] {
			others.Go(func() {
				for range perPerson {
					id, err := db.CreatePost(t.Context(), store.NewPost{Author: author, Board: batch[0].Board, Content: "사이", CreatedAt: noon})
					if err == nil {
						_, _, err = db.AddComment(t.Context(), store.NewComment{Post: id, Author: author, Content: "댓글", CreatedAt: noon})
					}
					if err != nil {
						t.Error(err)
					}
					time.Sleep(5 * time.Millisecond)
				}
			})
		}
		for range batches {
			before, err := db.NewestPost(t.Context())
			if err == nil {
				err = seed.InsertPosts(t.Context(), db, noon, people, batch)
			}
			if after, _ := db.NewestPost(t.Context()); err != nil || after < before+size {
				t.Errorf("from %d to %d, %v", before, after, err)
			}
		}
		others.Wait()
		if n, want := s.number(t, "SELECT COUNT(*) FROM posts"), int64(batches*size+3*perPerson); n != want {
			t.Errorf("%d posts, want %d", n, want)
		}
		s.countsFit(t)
	})
}

// circle lets each of the people follow the next ones.
func circle(people []int64, next int) []seed.Follow {
	var all []seed.Follow
	for i, follower := range people {
		for k := range next {
			all = append(all, seed.NewFollow(follower, people[(i+k+1)%len(people)], noon.Add(time.Duration(k)*time.Second)))
		}
	}
	return all
}

func TestInsertedFollowsAreReadBack(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		people := insertUsers(t, db, 600)
		if _, err := db.SetFollow(t.Context(), people[0], people[300], true, noon); err != nil {
			t.Fatal(err)
		}
		if err := seed.InsertFollows(t.Context(), db, append(circle(people, 3), circle(people[:40], 6)[3:6]...)); err != nil {
			t.Fatal(err)
		}
		s.followsFit(t)
		if n := s.number(t, "SELECT COUNT(*) FROM follows"); n != 1804 {
			t.Errorf("%d follows, want 1804", n)
		}
		whom, err := db.Followees(t.Context(), people[0], 0, 0, 10)
		if err != nil || len(whom) != 7 || whom[0].User.ID != people[6] || whom[6].User.ID != people[300] || whom[6].User.Followers != 4 {
			t.Errorf("%+v, %v", whom, err)
		}
	})
}

func TestFollowsAreInsertedAllOrNone(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		people := insertUsers(t, db, 300)
		twice := append(circle(people, 2), circle(people, 1)[5])
		if err := seed.InsertFollows(t.Context(), db, twice); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("following twice: %v", err)
		}
		if err := seed.InsertFollows(t.Context(), db, nil); err != nil {
			t.Errorf("no follows: %v", err)
		}
		s.none(t, "follows are left", "follows")
		s.followsFit(t)
	})
}

func TestFollowsAreInsertedBesidePeopleWhoFollow(t *testing.T) {
	onStores(t, func(t *testing.T, s *seeding, db *store.Store) {
		people := insertUsers(t, db, 60)
		const steps = 10
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				for step := range steps {
					var err error
					if i == 0 {
						err = seed.InsertFollows(t.Context(), db, circle(people[step*6:step*6+6], 5))
					} else {
						_, err = db.SetFollow(t.Context(), people[step], people[59-step*3-i], true, noon)
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		s.followsFit(t)
	})
}
