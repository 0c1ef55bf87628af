package store_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

// TestNoticesAtOnce lets people do much at the same moment at two Stores: nothing is lost, and
// the inboxes are those of a recount.
func TestNoticesAtOnce(t *testing.T) {
	each(t, noticesAtOnce)
}

// TestNoticesAtOnceOnStrictMariaDB does the same where a statement fails that changes a row
// which has changed since the snapshot.
func TestNoticesAtOnceOnStrictMariaDB(t *testing.T) {
	server := apptest.StartMariaDB(t, apptest.MariaDBOptions{Args: []string{"--innodb-snapshot-isolation=ON"}})
	noticesAtOnce(t, migrated(t, server.Database(t)))
}

func noticesAtOnce(t *testing.T, d *database) {
	d.Prove(0, nil)
	stores := []*store.Store{d.Store, opened(t, d.url)}
	stores[1].Prove(0, nil)
	people := d.users(t, 6)
	posts := d.posts(t, 4, people...)
	var all sync.WaitGroup
	for worker := range 6 {
		all.Go(func() {
			s, random := stores[worker%2], rand.New(rand.NewPCG(17, uint64(worker))) //nolint:gosec // no secret
			for range 60 {
				if err := anyDeed(t, s, random, people, posts); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n, err := d.CheckNotices(t.Context()); err != nil || n != 0 {
		t.Errorf("%d inboxes are wrong, %v", n, err)
	}
	for name, query := range unnoticed {
		if n := d.rows(t, query); n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
	for _, user := range people {
		if got, want := len(d.told(t, user)), d.rows(t, "notices WHERE user_id = ?", user); got != want {
			t.Errorf("%d of %d notices have a deed", got, want)
		}
	}
}

// TestOneInboxAtOnce lets people tell one person of many things at the same moment: each of
// them counts what the others have committed since its own snapshot.
func TestOneInboxAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.Prove(0, nil)
		other := opened(t, d.url)
		other.Prove(0, nil)
		author, people := d.user(t, "민지"), d.users(t, 8)
		for round := range 8 {
			posts := d.posts(t, len(people), author)
			var all sync.WaitGroup
			for i, user := range people {
				all.Go(func() {
					s := []*store.Store{d.Store, other}[i%2]
					if _, _, err := s.SetLike(t.Context(), posts[i], user, true, noon); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			d.wantUnread(t, author, 0, (round+1)*len(people))
		}
	})
}

// TestForgottenWhileLiked lets a like renew a notice while ForgetNotices is about to delete it:
// the like is told in the old notice or in a new one.
func TestForgottenWhileLiked(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.Prove(0, nil)
		p := d.names(t, "민지", "하루", "준호")
		for range 15 {
			post := d.post(t, p[0], "글")
			d.like(t, post, p[1])
			var both sync.WaitGroup
			both.Go(func() {
				if _, _, err := d.SetLike(t.Context(), post, p[2], true, noon.Add(2*time.Hour)); err != nil {
					t.Error(err)
				}
			})
			both.Go(func() {
				if _, err := d.ForgetNotices(t.Context(), noon.Add(time.Hour)); err != nil {
					t.Error(err)
				}
			})
			both.Wait()
			if n := d.rows(t, "notices WHERE post_id = ? AND open = 1", post); n != 1 {
				t.Errorf("%d notices tell of the like", n)
			}
		}
		if n, err := d.CheckNotices(t.Context()); err != nil || n != 0 {
			t.Errorf("%d inboxes are wrong, %v", n, err)
		}
	})
}

const covered = `n.first_ref <= %[1]s AND (n.last_ref IS NULL OR n.last_ref > %[1]s)`

// unnoticed selects deeds of which no notice tells whom it should tell.
var unnoticed = map[string]string{
	"likes are lost": `likes l JOIN posts p ON p.id = l.post_id WHERE l.user_id <> p.user_id AND NOT EXISTS (
		SELECT 1 FROM notices n WHERE n.user_id = p.user_id AND n.kind = 4 AND n.post_id = p.id AND ` + fmt.Sprintf(covered, "l.seq") + `)`,
	"comments are lost": `comments c JOIN posts p ON p.id = c.post_id WHERE c.user_id <> p.user_id AND NOT EXISTS (
		SELECT 1 FROM notices n WHERE n.user_id = p.user_id AND n.kind = 1 AND n.post_id = p.id AND ` + fmt.Sprintf(covered, "c.id") + `) AND NOT EXISTS (
		SELECT 1 FROM mentions m WHERE m.comment_id = c.id AND m.user_id = p.user_id)`,
	"mentions are lost": `mentions m WHERE NOT EXISTS (
		SELECT 1 FROM notices n WHERE n.user_id = m.user_id AND n.kind = 3 AND n.post_id = m.post_id AND ` + fmt.Sprintf(covered, "m.id") + `)`,
	"follows are lost": `follows f WHERE NOT EXISTS (
		SELECT 1 FROM notices n WHERE n.user_id = f.followee_id AND n.kind = 5 AND ` + fmt.Sprintf(covered, "f.id") + `)`,
}

// anyDeed does something at a Store.
func anyDeed(t *testing.T, s *store.Store, random *rand.Rand, people, posts []int64) error {
	who := random.IntN(len(people))
	user, post := people[who], posts[random.IntN(len(posts))]
	other := (who + 1 + random.IntN(len(people)-1)) % len(people)
	switch random.IntN(8) {
	case 0, 1:
		_, _, err := s.SetLike(t.Context(), post, user, random.IntN(3) > 0, noon)
		return err
	case 2, 3:
		c := store.NewComment{Post: post, Author: user, Content: "댓글", CreatedAt: noon}
		if random.IntN(2) == 0 {
			c.Content = fmt.Sprintf("@사람%d 댓글", other)
		}
		id, _, err := s.AddComment(t.Context(), c)
		if err == nil && random.IntN(3) == 0 {
			_, err = s.DeleteComment(t.Context(), id, user)
		}
		return err
	case 4:
		return s.ReadPost(t.Context(), user, post)
	case 5:
		return s.ReadNotices(t.Context(), user, nil)
	case 6:
		return s.ReadFollows(t.Context(), user)
	}
	_, err := s.SetFollow(t.Context(), user, people[other], random.IntN(3) > 0, noon)
	return err
}
