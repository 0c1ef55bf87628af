package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// TestAPostFromMemoryFollowsWhatItShows changes by another program what a post shows, one
// after the other.
func TestAPostFromMemoryFollowsWhatItShows(t *testing.T) {
	eachMemory(t, func(t *testing.T, d *database) {
		ctx := t.Context()
		minji := d.user(t, "민지")
		board := d.board(t, "river")
		image := sns.PostImage{Name: "a.jpg", Width: 4, Height: 3}
		id, err := d.CreatePost(ctx, store.NewPost{Author: minji, Board: board, Content: "강가", Images: []sns.PostImage{image}, CreatedAt: noon})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.raw.ExecContext(ctx, `UPDATE post_images SET sized = NULL`); err != nil {
			t.Fatal(err)
		}
		other := opened(t, d.url)
		comment := int64(0)
		said := func(words string) bool { // the only comment
			post, err := d.Post(ctx, id, minji)
			comments, errComments := d.CommentsOf(ctx, post, 0, 0, 50)
			if err != nil || errComments != nil {
				t.Fatal(err, errComments)
			}
			return len(comments) == 1 && comments[0].Content == words
		}
		for _, step := range []struct {
			what   string
			change func() error
			seen   func(sns.Post) bool
		}{
			{"text", func() error { return other.EditPost(ctx, id, minji, "둑길", noon) }, func(p sns.Post) bool { return p.Content == "둑길" }},
			{"sizes", func() error { return other.SetSized(ctx, "a.jpg", "jpeg") }, func(p sns.Post) bool { return p.Images[0].Sized == "jpeg" }},
			{"comment", func() (err error) {
				comment, _, err = other.AddComment(ctx, store.NewComment{Post: id, Author: minji, Content: "와", CreatedAt: noon})
				return err
			}, func(p sns.Post) bool { return p.Comments == 1 }},
			{"no comment", func() error { _, err := other.DeleteComment(ctx, comment, minji); return err }, func(p sns.Post) bool { return p.Comments == 0 }},
			{"words of a comment", func() (err error) {
				comment, _, err = other.AddComment(ctx, store.NewComment{Post: id, Author: minji, Content: "와", CreatedAt: noon})
				if err == nil {
					said("와")
					err = other.EditComment(ctx, comment, minji, "와!", noon)
				}
				return err
			}, func(sns.Post) bool { return comment > 0 && said("와!") }},
			{"role", func() error { return other.SetRole(ctx, minji, sns.RoleMentor) }, func(p sns.Post) bool { return p.Author.Role == sns.RoleMentor }},
			{"face", func() error { _, err := other.SetImage(ctx, minji, "b.jpg"); return err }, func(p sns.Post) bool { return p.Author.Image == "b.jpg" }},
			{"board", func() error { return other.RenameBoard(ctx, board, "강") }, func(p sns.Post) bool { return p.Board.Name == "강" }},
			{"name", func() error { _, err := other.DeleteUser(ctx, minji, noon); return err }, func(p sns.Post) bool { return p.Author.Username == "" }},
		} {
			for _, before := range []bool{true, false} {
				posts, err := d.Timeline(ctx, sns.Timeline{Viewer: minji, Limit: 21})
				if err != nil || len(posts) != 1 || step.seen(posts[0]) == before {
					t.Errorf("%s, before = %t: %+v, %v", step.what, before, posts, err)
				}
				if !before {
					break
				}
				if err := step.change(); err != nil {
					t.Fatal(step.what, err)
				}
			}
		}
	})
}

// TestListsFromMemoryProveThemselves lets several people change and read at once, by two
// programs. Each answer is compared with one that is read without the memory.
func TestListsFromMemoryProveThemselves(t *testing.T) {
	eachMemory(t, func(t *testing.T, d *database) {
		people := d.users(t, 6)
		board := d.board(t, "river")
		d.posts(t, 10, people...)
		stores := []*store.Store{d.Store, opened(t, d.url)}
		for _, s := range stores {
			s.Prove(1, func(what string) { t.Error("differs:", what) })
		}
		var all sync.WaitGroup
		for i, person := range people {
			all.Go(func() {
				random := rand.New(rand.NewPCG(1, uint64(person)))
				for range 60 {
					s := stores[random.IntN(2)]
					err := anyChange(t.Context(), s, random, person, board)
					if err != nil && !errors.Is(err, sns.ErrNotFound) && !errors.Is(err, sns.ErrForbidden) {
						t.Error(err)
					}
					readPost(t, s, person)
					of := []sns.Timeline{{}, {Board: board}, {Author: people[0]}, {Follower: person}}[random.IntN(4)]
					of.Viewer, of.Limit = people[(i+random.IntN(2))%len(people)], 5
					if _, newest, err := s.TimelineAndNewest(t.Context(), of); err != nil || newest == 0 {
						t.Errorf("%+v: %v, newest %d", of, err, newest)
					}
				}
			})
		}
		all.Wait()
	})
}

// readPost reads one of the newest posts with its comments.
func readPost(t *testing.T, s *store.Store, viewer int64) {
	t.Helper()
	newest, err := s.NewestPost(t.Context())
	if err != nil {
		t.Error(err)
	}
	post, err := s.Post(t.Context(), newest-viewer%3, viewer)
	if errors.Is(err, sns.ErrNotFound) {
		return
	}
	if err == nil {
		_, err = s.CommentsOf(t.Context(), post, 0, 0, 50)
	}
	if err != nil {
		t.Error(err)
	}
}

// anyChange changes something that a list of posts shows.
func anyChange(ctx context.Context, s *store.Store, random *rand.Rand, person, board int64) (err error) {
	newest, err := s.NewestPost(ctx)
	if err != nil {
		return err
	}
	post := newest - random.Int64N(6)
	switch random.IntN(10) {
	case 0, 1:
		_, err = s.CreatePost(ctx, store.NewPost{Author: person, Board: board, Content: "글", CreatedAt: noon})
	case 2:
		_, err = s.DeletePost(ctx, post, person)
	case 3:
		err = s.EditPost(ctx, post, person, fmt.Sprint("고친 글 ", random.IntN(100)), noon)
	case 4:
		var comment int64
		comment, _, err = s.AddComment(ctx, store.NewComment{Post: post, Author: person, Content: "와", CreatedAt: noon})
		if err == nil && random.IntN(2) == 0 {
			err = s.EditComment(ctx, comment, person, "와!", noon)
		}
	case 5:
		_, err = s.SetImage(ctx, person, fmt.Sprint(random.IntN(100), ".jpg"))
	case 6:
		_, err = s.SetFollow(ctx, person, person%6+1, random.IntN(2) == 0, noon)
	default:
		_, _, err = s.SetLike(ctx, post, person, random.IntN(2) == 0, noon)
	}
	return err
}

// TestAPostFromMemoryThatDiffersIsNoticed spoils what the memory knows of a post.
func TestAPostFromMemoryThatDiffersIsNoticed(t *testing.T) {
	eachMemory(t, func(t *testing.T, d *database) {
		d.post(t, d.user(t, "민지"), "글")
		told := 0
		d.Prove(1, func(string) { told++ })
		ask := func() error { _, err := d.Timeline(t.Context(), sns.Timeline{Limit: 21}); return err }
		for range 2 {
			if err := ask(); err != nil || told > 0 {
				t.Fatalf("%v, told %d times", err, told)
			}
		}
		store.SpoilPosts(d.Store)
		if err := ask(); err == nil || told != 1 {
			t.Errorf("a wrong answer: %v, told %d times", err, told)
		}
		if err := ask(); err != nil || told != 1 {
			t.Errorf("the answer after: %v, told %d times", err, told)
		}
	})
}

// TestAPageAsksLittle counts the statements of a member's pages.
func TestAPageAsksLittle(t *testing.T) {
	d, w := wired(t, apptest.MariaDB(t))
	d.Prove(0, nil) // comparing asks the database, too
	minji, seojun := d.user(t, "민지"), d.user(t, "서준")
	post := d.posts(t, 3, minji)[1]
	for _, page := range []struct {
		when   string
		viewer int64
		change func()
		want   int
	}{
		{"first", minji, func() {}, 4}, // whom the viewer has blocked, the versions, the posts, the images
		{"again", minji, func() {}, 2},
		{"of another member", seojun, func() {}, 3}, // the blocks, the versions, the member's likes
		{"after a like", minji, func() { d.like(t, post, seojun) }, 3},
		{"after a post", minji, func() { d.post(t, seojun, "새 글") }, 4},
		{"in the end", minji, func() {}, 2},
	} {
		page.change()
		heard := w.statements(func() {
			if _, _, err := d.TimelineAndNewest(t.Context(), sns.Timeline{Viewer: page.viewer, Limit: 21}); err != nil {
				t.Error(err)
			}
		})
		if len(heard) != page.want {
			t.Errorf("%s: %d statements, want %d: %q", page.when, len(heard), page.want, heard)
		}
	}
}
