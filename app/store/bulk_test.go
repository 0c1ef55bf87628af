package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// bulkUsers are n accounts to be made.
func bulkUsers(n int) []store.BulkUser {
	users := make([]store.BulkUser, n)
	for i := range users {
		users[i] = store.BulkUser{
			NewUser: newUser(fmt.Sprintf("회원_%d", i)), StatusMessage: "안녕", Image: fmt.Sprintf("%d.png", i), Location: bulkLocation(i),
		}
	}
	return users
}

// bulkLocation is one of three locations: none, and two towns of an area.
func bulkLocation(i int) sns.Location {
	return []sns.Location{{}, {Area: "서울특별시 성동구", Town: "옥수동"}, {Area: "서울특별시 성동구", Town: "행당동"}}[i%3]
}

// bulkPosts are posts by authors, each with as many comments and likes as
// authors; every seventh has two images.
func (d *database) bulkPosts(t testing.TB, n int, authors []int64) store.PostBatch {
	posts := make([]store.CountedPost, n)
	for i := range posts {
		posts[i] = store.CountedPost{NewPost: d.newPost(t, authors[i%len(authors)], fmt.Sprintf("글 %d", i)), Comments: len(authors), Likes: len(authors)}
		if i%7 == 0 {
			posts[i].Images = images(fmt.Sprintf("%d-b.jpg", i), fmt.Sprintf("%d-a.jpg", i))
		}
	}
	return store.PostBatch{
		Posts: posts,
		Comments: func(yield func(store.NewComment) bool) {
			for i := range n * len(authors) {
				c := store.NewComment{Post: int64(i % n), Author: authors[i/n], Content: fmt.Sprintf("댓글 %d", i), CreatedAt: noon.Add(time.Duration(i) * time.Second)}
				if !yield(c) {
					return
				}
			}
		},
		Likes: func(yield func(store.NewLike) bool) {
			for i := range n * len(authors) {
				if !yield(store.NewLike{Post: int64(i / len(authors)), User: authors[i%len(authors)], CreatedAt: noon}) {
					return
				}
			}
		},
	}
}

// none are no rows of any kind.
func none[T any]() iter.Seq[T] { return func(func(T) bool) {} }

// countsFit fails when a post or bucket shows other counts than it has rows.
func (d *database) countsFit(t testing.TB) {
	t.Helper()
	if n := d.rows(t, `posts p WHERE like_count <> (SELECT COUNT(*) FROM likes l WHERE l.post_id = p.id)
		OR comment_count <> (SELECT COUNT(*) FROM comments c WHERE c.post_id = p.id) OR version < like_count + comment_count`); n > 0 {
		t.Errorf("%d posts show other counts than they have rows", n)
	}
	if n := d.rows(t, `buckets k WHERE post_count <> (SELECT COUNT(*) FROM posts p WHERE p.bucket_id = k.id)`); n > 0 {
		t.Errorf("%d buckets show another count than they have posts", n)
	}
	for _, table := range []string{"likes", "comments", "post_images"} {
		if n := d.rows(t, table+" WHERE post_id NOT IN (SELECT id FROM posts)"); n > 0 {
			t.Errorf("%d rows of %s belong to no post", n, table)
		}
	}
}

func TestBulkUsersAreReadBackAsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		ids, err := d.InsertUsers(t.Context(), bulkUsers(1201))
		if err != nil || len(ids) != 1201 || ids[0] <= minji || !slices.IsSorted(ids) {
			t.Fatalf("%d ids, %v", len(ids), err)
		}
		for _, i := range []int64{0, 499, 500, 1200} {
			want := sns.User{ID: ids[i], Username: fmt.Sprintf("회원_%d", i), Role: sns.RoleUser, StatusMessage: "안녕", Image: fmt.Sprintf("%d.png", i), Location: bulkLocation(int(i)), CreatedAt: noon}
			if got, err := d.UserByName(t.Context(), want.Username); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		}
		if _, hash, err := d.Credentials(t.Context(), "회원_1200"); err != nil || hash != "hash" {
			t.Errorf("hash %q, %v", hash, err)
		}
		if next := d.user(t, "서준"); next <= ids[1200] {
			t.Errorf("who signs up afterwards is %d, after %d", next, ids[1200])
		}
	})
}

func TestBulkUsersAreMadeAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.user(t, "회원_700")
		if _, err := d.InsertUsers(t.Context(), bulkUsers(800)); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("%v, want ErrConflict", err)
		}
		if n := d.rows(t, "users"); n != 1 {
			t.Errorf("%d users, want the one before", n)
		}
	})
}

func TestTakenUsernamesAreFoundInAnyForm(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.user(t, "Minji")
		d.user(t, "하늘")
		names := []string{"MINJI", "\u1112\u1161\u1102\u1173\u11af", "서준"}
		for i := range 600 {
			names = append(names, fmt.Sprintf("아무개%d", i))
		}
		d.user(t, "아무개599")
		taken, err := d.TakenUsernames(t.Context(), names)
		if want := map[string]bool{"MINJI": true, names[1]: true, "아무개599": true}; err != nil || !reflect.DeepEqual(taken, want) {
			t.Errorf("%v, %v, want %v", taken, err, want)
		}
		if taken, err := d.TakenUsernames(t.Context(), nil); err != nil || len(taken) > 0 {
			t.Errorf("of no names: %v, %v", taken, err)
		}
	})
}

func TestBulkPostsAreReadBackAsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 3)
		before := d.post(t, people[0], "먼저")
		batch := d.bulkPosts(t, 600, people)
		ids, err := d.InsertPosts(t.Context(), batch)
		if err != nil || len(ids) != 600 || ids[0] <= before || !slices.IsSorted(ids) {
			t.Fatalf("%d ids, %v", len(ids), err)
		}
		d.countsFit(t)
		for _, i := range []int{0, 7, 499, 500, 599} {
			got, err := d.Post(t.Context(), ids[i], people[1])
			p := batch.Posts[i]
			if err != nil || got.Content != p.Content || got.Author.ID != p.Author || !got.CreatedAt.Equal(noon) || !got.Liked ||
				got.Likes != 3 || got.Comments != 3 || got.Version != 6 || !slices.Equal(got.Images, p.Images) {
				t.Errorf("post %d: %+v, %v", i, got, err)
			}
			comments, err := d.Comments(t.Context(), got.ID, 0, 10)
			if err != nil || len(comments) != 3 || comments[0].Content != fmt.Sprintf("댓글 %d", i) || comments[2].Content != fmt.Sprintf("댓글 %d", i+1200) {
				t.Errorf("comments of post %d: %+v, %v", i, comments, err)
			}
		}
	})
}

// facetBoard makes a board of two facets and returns it.
func (d *database) facetBoard(t testing.TB) sns.Board {
	t.Helper()
	id, err := d.CreateBoard(t.Context(), store.NewBoard{Slug: "invest", Name: "투자"})
	for _, name := range []string{"종목", "의견"} {
		if err == nil {
			_, err = d.CreateFacet(t.Context(), id, name, true, []string{name + " 가", name + " 나"})
		}
	}
	board, errBoard := d.Board(t.Context(), id)
	if err := errors.Join(err, errBoard); err != nil {
		t.Fatal(err)
	}
	return board
}

func TestBulkPostsAreSortedIntoBuckets(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people, board := d.users(t, 2), d.facetBoard(t)
		local, err := d.BoardBySlug(t.Context(), sns.LocalBoard)
		if err != nil {
			t.Fatal(err)
		}
		first, second := board.Facets[0].Options, board.Facets[1].Options
		batch := d.bulkPosts(t, 40, people)
		for i := range batch.Posts {
			p := &batch.Posts[i]
			switch p.Images = nil; i % 4 {
			case 1:
				p.Board, p.Options = board.ID, []int64{first[i/4%2].ID, second[1].ID}
			case 2:
				p.Board, p.Options = board.ID, []int64{second[0].ID}
			case 3:
				p.Board, p.Location = local.ID, bulkLocation(1+i/4%2)
			}
		}
		for range 2 { // the second time there are buckets
			ids, err := d.InsertPosts(t.Context(), batch)
			if err != nil {
				t.Fatal(err)
			}
			for i, id := range ids {
				want := batch.Posts[i]
				if got, err := d.Post(t.Context(), id, 0); err != nil || got.Board.ID != want.Board || !slices.Equal(got.Options, want.Options) || got.Location != want.Location {
					t.Errorf("post %d: %+v, %v", i, got, err)
				}
			}
		}
		one := d.newPost(t, people[0], "하나 더")
		one.Board, one.Options = board.ID, []int64{second[0].ID}
		if _, err := d.CreatePost(t.Context(), one); err != nil {
			t.Error(err)
		}
		d.countsFit(t)
		buckets, err := d.Buckets(t.Context(), board.ID, "")
		if each, all := (sns.Filter{}).Count(board, buckets); err != nil || len(buckets) != 3 || all != 41 || each[second[0].ID] != 21 || each[first[0].ID] != 10 {
			t.Errorf("buckets %+v, %v", buckets, err)
		}
		if n := d.rows(t, "buckets"); n != 4 {
			t.Errorf("%d buckets, want 4", n)
		}
	})
}

func TestIDsGoOnAfterBulkPosts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 2)
		for _, n := range []int{5, 4} {
			before, err := d.NewestPost(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			batch := d.bulkPosts(t, n, people)
			for i := range batch.Posts {
				batch.Posts[i].Images = nil // their names are unique
			}
			ids, err := d.InsertPosts(t.Context(), batch)
			if err != nil || ids[0] <= before {
				t.Fatalf("%v after %d, %v", ids, before, err)
			}
			post := d.post(t, people[0], "나중")
			if post <= ids[n-1] {
				t.Errorf("the post afterwards is %d, after %v", post, ids)
			}
			d.comment(t, post, people[1], "댓글")
		}
		d.countsFit(t)
	})
}

func TestBulkPostsAreMadeAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 2)
		for name, spoil := range map[string]func(*store.PostBatch){
			"too few comments": func(b *store.PostBatch) { b.Comments = none[store.NewComment]() },
			"too few likes":    func(b *store.PostBatch) { b.Likes = none[store.NewLike]() },
			"an uncounted comment": func(b *store.PostBatch) {
				b.Posts[3].Comments--
			},
			"an image twice": func(b *store.PostBatch) { b.Posts[1].Images = images("7-a.jpg") },
			"a like twice": func(b *store.PostBatch) {
				b.Posts[0].Likes += 2
				likes := b.Likes
				b.Likes = func(yield func(store.NewLike) bool) {
					likes(yield)
					likes(func(l store.NewLike) bool { return l.Post == 0 && yield(l) })
				}
			},
		} {
			batch := d.bulkPosts(t, 400, people)
			spoil(&batch)
			if _, err := d.InsertPosts(t.Context(), batch); err == nil {
				t.Errorf("%s: no error", name)
			}
			if n := d.rows(t, "posts") + d.rows(t, "comments") + d.rows(t, "likes") + d.rows(t, "post_images"); n > 0 {
				t.Errorf("%s: %d rows are left", name, n)
			}
		}
	})
}

func TestBulkPostsGivenUpHalfWayLeaveNothing(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 4)
		batch := d.bulkPosts(t, 400, people)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		likes, asked := batch.Likes, 0
		batch.Likes = func(yield func(store.NewLike) bool) {
			for l := range likes {
				if asked++; asked == 700 {
					cancel()
				}
				if !yield(l) {
					return
				}
			}
		}
		if _, err := d.InsertPosts(ctx, batch); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
		if asked > 1100 {
			t.Errorf("it went on for %d likes", asked-700)
		}
		if n := d.rows(t, "posts") + d.rows(t, "comments") + d.rows(t, "likes"); n > 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// On MySQL and MariaDB others are given ids while a batch is inserted.
func TestBulkPostsBesidePeopleWhoPost(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 5)
		const batches, size, perPerson = 6, 300, 12
		together(4, func(i int) {
			for step := range perPerson {
				if i == 0 && step < batches {
					batch := d.bulkPosts(t, size, people)
					for k := range batch.Posts {
						batch.Posts[k].Images = nil
					}
					if _, err := d.InsertPosts(t.Context(), batch); err != nil {
						t.Error(err)
					}
				}
				if i > 0 {
					id, err := d.CreatePost(t.Context(), d.newPost(t, people[i], "사이"))
					if err == nil {
						_, _, err = d.AddComment(t.Context(), store.NewComment{Post: id, Author: people[i], Content: "댓글", CreatedAt: noon})
					}
					if err != nil {
						t.Error(err)
					}
					time.Sleep(5 * time.Millisecond)
				}
			}
		})
		if n, want := d.rows(t, "posts"), batches*size+3*perPerson; n != want {
			t.Errorf("%d posts, want %d", n, want)
		}
		d.countsFit(t)
	})
}
