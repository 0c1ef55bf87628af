package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// TestTimelineFollowsEachCommit asks for a timeline after each change of what it shows, by
// the same program and by another. Neither may be answered from before the change, nor
// one viewer with what another likes.
func TestTimelineFollowsEachCommit(t *testing.T) {
	eachMemory(t, func(t *testing.T, d *database) {
		ctx := t.Context()
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		other := opened(t, d.url) // as a command beside the server
		first := d.post(t, minji, "하나")
		shown := func(s *store.Store, viewer int64) string {
			posts, err := s.Timeline(ctx, sns.Timeline{Viewer: viewer, Limit: 21})
			newest, errNewest := s.NewestPost(ctx)
			if err != nil || errNewest != nil {
				t.Fatal(err, errNewest)
			}
			var b strings.Builder
			for _, p := range posts {
				b.WriteString(p.Author.Username + ": " + p.Content)
				if p.Liked {
					b.WriteString(" ♥")
				}
				b.WriteString(" / ")
				if p.ID > newest {
					t.Errorf("the newest post is %d, and %d is shown", newest, p.ID)
				}
			}
			return b.String()
		}
		for _, step := range []struct {
			change        func(s *store.Store) error
			minji, seojun string
		}{
			{func(*store.Store) error { return nil }, "민지: 하나 / ", "민지: 하나 / "},
			{func(s *store.Store) error { _, _, err := s.SetLike(ctx, first, seojun, true, noon); return err }, "민지: 하나 / ", "민지: 하나 ♥ / "},
			{func(s *store.Store) error { return s.EditPost(ctx, first, minji, "둘", noon) }, "민지: 둘 / ", "민지: 둘 ♥ / "},
			{func(s *store.Store) error { _, err := s.DeletePost(ctx, first, minji); return err }, "", ""},
		} {
			for _, changer := range []*store.Store{other, d.Store} {
				for range 2 { // from the database, and from memory
					shown(d.Store, minji)
					shown(other, seojun)
				}
				if err := step.change(changer); err != nil {
					t.Fatal(err)
				}
				for range 2 {
					for _, s := range []*store.Store{d.Store, other} {
						if got := shown(s, minji); got != step.minji {
							t.Errorf("민지 sees %q, not %q", got, step.minji)
						}
						if got := shown(s, seojun); got != step.seojun {
							t.Errorf("서준 sees %q, not %q", got, step.seojun)
						}
					}
				}
				if step.minji == "" {
					break // a post is deleted once
				}
			}
		}
	})
}

// TestTimelineOfConcurrentWriters lets several people post at once, each of whom must see
// the own post in the next timeline.
func TestTimelineOfConcurrentWriters(t *testing.T) {
	eachMemory(t, func(t *testing.T, d *database) {
		ctx := context.WithoutCancel(t.Context())
		minji := d.user(t, "민지")
		post := d.newPost(t, minji, "글")
		var writers sync.WaitGroup
		for range 4 {
			writers.Go(func() {
				for range 25 {
					id, err := d.CreatePost(ctx, post)
					if err != nil {
						t.Error(err)
						return
					}
					posts, err := d.Timeline(ctx, sns.Timeline{Viewer: minji, Limit: 21})
					newest, errNewest := d.NewestPost(ctx)
					if err != nil || errNewest != nil || len(posts) == 0 || posts[0].ID < id || newest < id {
						t.Errorf("post %d is not in the timeline of its author: %v, %v", id, err, errNewest)
						return
					}
				}
			})
		}
		writers.Wait()
	})
}

// TestAnswerFromMemoryThatDiffersIsNoticed spoils what the memory knows.
func TestAnswerFromMemoryThatDiffersIsNoticed(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	d.post(t, d.user(t, "민지"), "글")
	told := 0
	d.Prove(1, func(string) { told++ })
	ask := func() error { _, err := d.NewestPost(t.Context()); return err }
	for range 2 {
		if err := ask(); err != nil || told > 0 {
			t.Fatalf("%v, told %d times", err, told)
		}
	}
	store.SpoilMemory(d.Store)
	if err := ask(); err == nil || told != 1 {
		t.Errorf("a wrong answer: %v, told %d times", err, told)
	}
	if err := ask(); err != nil || told != 1 {
		t.Errorf("the answer after: %v, told %d times", err, told)
	}
}

// TestComparingBesideAnswers spoils what the memory knows: outside of tests people get their
// answers all the same, and the difference is told.
func TestComparingBesideAnswers(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	d.post(t, d.user(t, "민지"), "글")
	told := make(chan string, 100)
	d.Prove(2, func(key string) { told <- key })
	ask := func() {
		if _, err := d.NewestPost(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	store.SpoilMemory(d.Store)
	for range 100 {
		ask()
	}
	select {
	case <-told:
	case <-time.After(patience):
		t.Error("a wrong answer was not noticed")
	}
}
