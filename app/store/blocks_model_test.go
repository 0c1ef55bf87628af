package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A hidingModel knows who has blocked whom, and who has written what.
type hidingModel struct {
	*database
	random          *rand.Rand
	people          []int64
	blocked         map[[2]int64]bool
	posts, comments []written
	now             time.Time
}

// A written is a post, or a comment on a post.
type written struct{ id, post, author int64 }

// see reports whether two people see each other.
func (m *hidingModel) see(a, b int64) bool {
	return !m.blocked[[2]int64{a, b}] && !m.blocked[[2]int64{b, a}]
}

// author returns who has written a post.
func (m *hidingModel) author(post int64) int64 {
	return m.posts[slices.IndexFunc(m.posts, func(w written) bool { return w.id == post })].author
}

// Every list has exactly the texts of people who see the viewer, after any acts.
func TestListsHaveWhatIsSeen(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		m := &hidingModel{database: d, random: rand.New(rand.NewPCG(8, 91)), people: d.users(t, 5), blocked: map[[2]int64]bool{}, now: noon}
		for _, author := range m.people {
			m.writes(t, author)
		}
		for range 8 {
			for range 25 {
				m.now = m.now.Add(time.Minute)
				m.step(t)
			}
			for _, viewer := range m.people {
				m.wantLists(t, viewer)
				m.wantThreads(t, viewer)
				m.wantPeople(t, viewer)
			}
		}
	})
}

func (m *hidingModel) writes(t *testing.T, author int64) {
	t.Helper()
	id := m.post(t, author, fmt.Sprintf("바다 @사람%d", m.random.IntN(5)))
	m.posts = append(m.posts, written{id, id, author})
}

// step lets a person do something to another one. Acts on hidden things fail.
func (m *hidingModel) step(t *testing.T) {
	t.Helper()
	one, other := m.people[m.random.IntN(5)], m.people[m.random.IntN(5)]
	post, on := m.posts[m.random.IntN(len(m.posts))], m.random.IntN(2) == 0
	seen := m.see(one, post.author)
	var err error
	switch m.random.IntN(6) {
	case 0:
		m.writes(t, one)
		return
	case 1:
		var id int64
		id, _, err = m.AddComment(t.Context(), store.NewComment{Post: post.id, Author: one, Content: fmt.Sprintf("바다 @사람%d", m.random.IntN(5)), CreatedAt: m.now})
		if err == nil {
			m.comments = append(m.comments, written{id, post.id, one})
		}
	case 2:
		_, _, err = m.SetLike(t.Context(), post.id, one, on, m.now)
	case 3:
		if one == other {
			return
		}
		_, err = m.SetFollow(t.Context(), one, other, true, m.now)
		seen = m.see(one, other)
	default:
		if one == other {
			return
		}
		m.block(t, one, other, on)
		m.blocked[[2]int64{one, other}] = on
		return
	}
	if seen != (err == nil) || !seen && !errors.Is(err, sns.ErrNotFound) {
		t.Fatalf("%d on post %d of %d: %v, seen: %t", one, post.id, post.author, err, seen)
	}
}

// seenBy returns the ids of those of the texts whose authors the viewer sees, newest first.
func (m *hidingModel) seenBy(viewer int64, of []written, also func(written) bool) (ids []int64) {
	for _, w := range slices.Backward(of) {
		if m.see(viewer, w.author) && m.see(viewer, m.author(w.post)) && also(w) {
			ids = append(ids, w.id)
		}
	}
	return ids
}

func all(written) bool { return true }

func (m *hidingModel) wantLists(t *testing.T, viewer int64) {
	t.Helper()
	board := m.newPost(t, viewer, "").Board
	middle := m.posts[len(m.posts)/2].id
	for name, list := range map[string]struct {
		of   sns.Timeline
		also func(written) bool
	}{
		"timeline": {sns.Timeline{}, all},
		"board":    {sns.Timeline{Board: board}, all},
		"older":    {sns.Timeline{Before: middle}, func(w written) bool { return w.id < middle }},
		"newer":    {sns.Timeline{After: middle, Except: viewer}, func(w written) bool { return w.id > middle && w.author != viewer }},
		"home":     {sns.Timeline{Author: m.people[0]}, func(w written) bool { return w.author == m.people[0] }},
		"followed": {sns.Timeline{Follower: viewer}, func(w written) bool {
			return m.rows(t, "follows WHERE follower_id = ? AND followee_id = ?", viewer, w.author) > 0
		}},
	} {
		list.of.Viewer, list.of.Limit = viewer, 500
		posts, err := m.Timeline(t.Context(), list.of)
		must(t, err)
		var got []int64
		for _, p := range posts {
			got = append(got, p.ID)
		}
		want := m.seenBy(viewer, m.posts, list.also)
		if !slices.Equal(got, want) {
			t.Errorf("%s of %d: %v, want %v", name, viewer, got, want)
		}
		if n, err := m.CountPosts(t.Context(), list.of); err != nil || n != len(want) {
			t.Errorf("%s of %d: %d are counted, want %d, %v", name, viewer, n, len(want), err)
		}
	}
}

func (m *hidingModel) wantThreads(t *testing.T, viewer int64) {
	t.Helper()
	var ids []int64
	for _, p := range m.posts {
		ids = append(ids, p.id)
		post, err := m.Post(t.Context(), p.id, viewer)
		if m.see(viewer, p.author) != (err == nil) {
			t.Errorf("post %d of %d for %d: %v", p.id, p.author, viewer, err)
		}
		if err != nil {
			continue
		}
		want := m.seenBy(viewer, m.comments, func(w written) bool { return w.post == p.id })
		slices.Reverse(want)
		newest, err := m.CommentsOf(t.Context(), post, viewer, 0, 500)
		must(t, err)
		after, err := m.CommentsAfter(t.Context(), p.id, viewer, 0, 500)
		must(t, err)
		if got := idsOfComments(newest); !slices.Equal(got, want) || !slices.Equal(idsOfComments(after), want) {
			t.Errorf("comments on %d for %d: %v, want %v", p.id, viewer, got, want)
		}
	}
	for _, c := range m.comments {
		if _, err := m.CommentFor(t.Context(), c.id, viewer); (m.see(viewer, c.author) && m.see(viewer, m.author(c.post))) != (err == nil) {
			t.Errorf("comment %d for %d: %v", c.id, viewer, err)
		}
	}
	counts, err := m.Counts(t.Context(), viewer, ids)
	if want := m.seenBy(viewer, m.posts, all); err != nil || len(counts) != len(want) {
		t.Errorf("%d counts for %d, want %d, %v", len(counts), viewer, len(want), err)
	}
}

func idsOfComments(comments []sns.Comment) (ids []int64) {
	for _, c := range comments {
		ids = append(ids, c.ID)
	}
	return ids
}

func (m *hidingModel) wantPeople(t *testing.T, viewer int64) {
	t.Helper()
	q, _ := sns.ParseQuestion("바다")
	search := sns.Search{Question: q, Viewer: sns.User{ID: viewer}, Limit: 500}
	posts, _, err := m.SearchPosts(t.Context(), search)
	must(t, err)
	comments, _, err := m.SearchComments(t.Context(), search)
	must(t, err)
	if want := m.seenBy(viewer, m.posts, all); len(posts) != len(want) {
		t.Errorf("%d finds %d posts, want %d", viewer, len(posts), len(want))
	}
	if want := m.seenBy(viewer, m.comments, all); len(comments) != len(want) {
		t.Errorf("%d finds %d comments, want %d", viewer, len(comments), len(want))
	}
	hidden := func(what string, others ...int64) {
		for _, other := range others {
			if !m.see(viewer, other) {
				t.Errorf("%s shows %d to %d", what, other, viewer)
			}
		}
	}
	people, err := m.CompletePeople(t.Context(), sns.Completion{Text: "사람", Viewer: sns.User{ID: viewer}, Limit: 20})
	must(t, err)
	search.Question, _ = sns.ParseQuestion("사람")
	found, _, err := m.SearchPeople(t.Context(), search)
	must(t, err)
	for _, u := range append(people, found...) {
		hidden("a name", u.ID)
	}
	for _, list := range []func(context.Context, int64, int64, int64, int) ([]sns.Follow, error){m.Followers, m.Followees} {
		for _, of := range m.people {
			follows, err := list(t.Context(), of, viewer, 0, 20)
			must(t, err)
			for _, f := range follows {
				hidden("a follow", f.User.ID)
			}
		}
	}
	notices, err := m.Notices(t.Context(), viewer, nil, 0, 500)
	must(t, err)
	unread := 0
	for _, n := range notices {
		for _, actor := range n.Actors {
			hidden("a notice", actor.ID)
		}
		if n.Post > 0 {
			hidden("a notice of a post", m.author(n.Post))
		}
		if n.Unread {
			unread++
		}
	}
	inbox, err := m.Inbox(t.Context(), viewer)
	if err != nil || inbox.Mine+inbox.News != unread {
		t.Errorf("%d has %+v unread, %d are listed, %v", viewer, inbox, unread, err)
	}
	if n, err := m.CheckNotices(t.Context()); err != nil || n != 0 {
		t.Errorf("%d inboxes are wrong, %v", n, err)
	}
}
