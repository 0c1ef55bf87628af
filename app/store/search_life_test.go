package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A life is what a random life of texts has made so far, by id.
type life struct {
	*database
	phrasebook
	people          []int64
	posts, comments map[int64]string // folded
	postOf, author  map[int64]int64  // of comments; of posts, with their ids negative
}

// TestSearchesKnowEachChange makes, edits and deletes posts and comments, deletes accounts, and
// indexes in between, sometimes cancelled in the middle.
func TestSearchesKnowEachChange(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.Prove(0, nil)
		for seed := range uint64(3) {
			l := &life{
				d, phrasebook{rand.New(rand.NewPCG(16, seed))}, d.users(t, 0), map[int64]string{}, map[int64]string{}, map[int64]int64{}, map[int64]int64{}, //nolint:gosec // no secret
			}
			for i := range 5 {
				l.people = append(l.people, d.user(t, fmt.Sprintf("사람%d.%d", seed, i)))
			}
			for i := range 150 {
				if err := l.step(t); err != nil {
					t.Fatal(err)
				}
				if i%30 == 29 {
					d.wantCleanIndex(t)
					l.wantFound(t)
				}
			}
			d.indexed(t)
			d.wantCleanIndex(t)
			l.wantFound(t)
			for id, author := range l.author { // an empty start for the next life
				if id < 0 {
					if _, err := d.DeletePost(t.Context(), -id, author); err != nil {
						t.Fatal(err)
					}
				}
			}
			d.indexed(t)
			d.wantCleanIndex(t)
			if posts, comments := d.foundPosts(t, "카드"), d.foundComments(t, "카드"); len(posts)+len(comments) > 0 {
				t.Errorf("deleted texts are found: %v, %v", posts, comments)
			}
		}
	})
}

// anyOf returns a key of a map.
func anyOf(r *rand.Rand, m map[int64]string) int64 {
	keys := make([]int64, 0, len(m))
	for id := range m {
		keys = append(keys, id)
	}
	slices.Sort(keys)
	return keys[r.IntN(len(keys))]
}

func (l *life) step(t *testing.T) (err error) {
	ctx, person, text := t.Context(), l.people[l.IntN(len(l.people))], l.text(8)
	act := l.IntN(12)
	switch {
	case act < 3 || len(l.posts) == 0:
		return l.writePost(ctx, l.newPost(t, person, text))
	case act < 5:
		post := anyOf(l.Rand, l.posts)
		id, _, err := l.AddComment(ctx, store.NewComment{Post: post, Author: person, Content: text, CreatedAt: noon})
		l.comments[id], l.postOf[id], l.author[id] = sns.FoldText(text), post, person
		return err
	case act == 5:
		return l.editPost(ctx, anyOf(l.Rand, l.posts), text)
	case act == 6 && len(l.comments) > 0:
		return l.editComment(ctx, anyOf(l.Rand, l.comments), text)
	case act == 7:
		return l.deletePost(ctx, anyOf(l.Rand, l.posts))
	case act == 8 && len(l.comments) > 0:
		id := anyOf(l.Rand, l.comments)
		_, err = l.DeleteComment(ctx, id, l.author[id])
		delete(l.comments, id)
		return err
	case act == 9:
		return l.killed(ctx)
	case act == 10 && len(l.people) > 3:
		_, err = l.DeleteUser(ctx, person, noon)
		l.people = slices.DeleteFunc(l.people, func(id int64) bool { return id == person })
		return err
	default:
		_, err = l.IndexSearch(ctx, 1+l.IntN(20))
		return err
	}
}

// writePost makes a post, sometimes with an image.
func (l *life) writePost(ctx context.Context, p store.NewPost) error {
	texts := []string{p.Content}
	if l.IntN(3) == 0 {
		alt := l.word()
		p.Images = []sns.PostImage{{Name: fmt.Sprint(len(l.author), p.Author, ".jpg"), Width: 1, Height: 1, Alt: alt}}
		texts = append(texts, alt)
	}
	id, err := l.CreatePost(ctx, p)
	l.posts[id], l.author[-id] = sns.FoldTexts(texts...), p.Author
	return err
}

func (l *life) editPost(ctx context.Context, id int64, text string) error {
	p, err := l.Post(ctx, id, 0)
	if err != nil {
		return err
	}
	err = l.EditPost(ctx, id, l.author[-id], text, noon)
	if p.Content = text; err == nil {
		l.posts[id] = p.Searched()
	}
	return unlessForbidden(err)
}

func (l *life) editComment(ctx context.Context, id int64, text string) error {
	err := l.EditComment(ctx, id, l.author[id], text, noon)
	if err == nil {
		l.comments[id] = sns.FoldText(text)
	}
	return unlessForbidden(err)
}

// unlessForbidden leaves out that a deleted account may not edit.
func unlessForbidden(err error) error {
	if errors.Is(err, sns.ErrForbidden) {
		return nil
	}
	return err
}

func (l *life) deletePost(ctx context.Context, id int64) error {
	_, err := l.DeletePost(ctx, id, l.author[-id])
	delete(l.posts, id)
	delete(l.author, -id)
	for comment, post := range l.postOf {
		if post == id {
			delete(l.comments, comment)
		}
	}
	return err
}

// killed indexes and is cancelled after a moment: whatever the moment, a batch is done as a
// whole or not at all.
func (l *life) killed(ctx context.Context) error {
	brief, cancel := context.WithTimeout(ctx, time.Duration(l.IntN(3000))*time.Microsecond)
	defer cancel()
	_, err := l.IndexSearch(brief, 50)
	if brief.Err() != nil && !errors.Is(err, sns.ErrConflict) {
		return nil
	}
	return err
}

// wantFound compares questions with a search in Go.
func (l *life) wantFound(t *testing.T) {
	t.Helper()
	compare := func(what string, texts map[int64]string, found func(testing.TB, string) []int64) {
		t.Helper()
		for range 15 {
			if len(texts) == 0 {
				return
			}
			typed := l.question(texts[anyOf(l.Rand, texts)])
			q := asked(typed, 1)
			var want []int64
			for id, text := range texts {
				if q.FindsTexts() && q.Matches(text) {
					want = append(want, id)
				}
			}
			slices.Sort(want)
			slices.Reverse(want)
			if got := found(t, typed); !slices.Equal(got, want) {
				t.Errorf("%q finds %s %v, not %v", typed, what, got, want)
			}
		}
	}
	compare("posts", l.posts, l.foundPosts)
	compare("comments", l.comments, l.foundComments)
}

// Two workers at once, beside writers, leave nothing out and nothing twice.
func TestManyIndexAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.Prove(0, nil)
		book := phrasebook{rand.New(rand.NewPCG(16, 5))} //nolint:gosec // no secret
		d.bulkPosts(t, book, 500)
		author := d.user(t, "민지")
		texts := make([]string, 40)
		for i := range texts {
			texts[i] = book.text(8)
		}
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for more := true; more; {
					n, err := d.IndexSearch(t.Context(), 50)
					if err != nil {
						t.Error(err)
					}
					more = n > 0 && err == nil
				}
			})
		}
		all.Go(func() {
			for _, text := range texts {
				d.post(t, author, text)
			}
		})
		all.Wait()
		d.indexed(t)
		d.wantCleanIndex(t)
		if done, total, err := d.SearchIndexProgress(t.Context()); done != total || total < 540 || err != nil {
			t.Errorf("%d of %d are indexed, %v", done, total, err)
		}
	})
}

// An index that differs from the texts is noticed.
func TestADifferingIndexIsNoticed(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		author := d.user(t, "민지")
		posts := d.posts(t, 3, author)
		d.comment(t, posts[0], author, "댓글")
		d.indexed(t)
		d.wantCleanIndex(t)
		d.run(t, `UPDATE posts SET content = '다른 글' WHERE id = 1`)
		d.run(t, `DELETE FROM comments`)
		d.run(t, `UPDATE users SET search = 'x'`)
		d.insert(t, "posts (id, user_id, board_id, bucket_id, content, created_at)", []string{"(9, 1, 1, 0, '새 글', 1)"})
		if n, err := d.CheckSearch(t.Context()); n != 4 || err != nil {
			t.Errorf("%d differ, want 4 (%v)", n, err)
		}
	})
}

func TestOldTextsAreIndexedStepByStep(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.Prove(0, nil)
		d.bulkPosts(t, phrasebook{rand.New(rand.NewPCG(16, 6))}, 300) //nolint:gosec // no secret
		last := int64(-1)
		for n := 1; n > 0; {
			done, total, err := d.SearchIndexProgress(t.Context())
			if err != nil || done <= last || done > total {
				t.Fatalf("%d of %d after %d, %v", done, total, last, err)
			}
			last = done
			d.wantCleanIndex(t)
			if n, err = d.IndexSearch(t.Context(), 50); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := d.SearchUnindexed(t.Context()); n != 0 || err != nil {
			t.Errorf("%d are left, %v", n, err)
		}
	})
}

// A replica of the version before, which knows of no searches, writes posts, comments and
// people, and settles a room, while an update runs.
func TestTextsOfTheVersionBeforeAreIndexed(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		author := d.user(t, "민지")
		early := d.post(t, author, "예전 글")
		d.indexed(t)
		late := d.post(t, author, "카드결제가 안 돼요")
		d.comment(t, early, author, "저도 결제가 안 돼요")
		d.user(t, "서준")
		room := d.endedRoom(t, author)
		d.claim(t, room, "a")
		d.save(t, room, "a", said(room, 1, 70))
		if err := d.SetTotal(t.Context(), room, "a", 70); err != nil {
			t.Fatal(err)
		}
		if err := d.FinishSettlement(t.Context(), room, "a", 0, "", noon); err != nil {
			t.Fatal(err)
		}
		d.run(t, `DELETE FROM search_waits`)
		d.run(t, `UPDATE users SET search = ''`)
		if n, err := d.CheckSearch(t.Context()); n < 5 || err != nil {
			t.Fatalf("%d texts are not in the index, %v", n, err)
		}
		for range 2 { // as each replica does
			if err := d.IndexNewestAgain(t.Context(), noon.Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		d.indexed(t)
		d.wantCleanIndex(t)
		if found, _, err := d.SearchPosts(t.Context(), asked("결제", 5)); err != nil || len(found) != 1 || found[0].ID != late {
			t.Errorf("found %v, %v", found, err)
		}
	})
}
