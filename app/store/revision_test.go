package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// A stamp is a store.Stamp of several stores in this process.
type stamp struct {
	n     [store.Regions]atomic.Int64
	reads atomic.Int64
	away  atomic.Bool // Renew fails
	hangs atomic.Bool // Read does not return
}

var errAway = errors.New("the stamp is away")

func (m *stamp) Read(ctx context.Context) (all [store.Regions]int64, err error) {
	m.reads.Add(1)
	if m.hangs.Load() {
		time.Sleep(time.Second)
		return all, errAway
	}
	for i := range all {
		all[i] = m.n[i].Load() + 1
	}
	return all, ctx.Err()
}

func (m *stamp) Renew(ctx context.Context, places []int) error {
	if m.away.Load() {
		return errAway
	}
	for _, i := range places {
		m.n[i].Add(1)
	}
	return ctx.Err()
}

// stampOf holds the stamps of databases, by URL: string to *stamp. opened gives each store that
// of its database.
var stampOf sync.Map

// stamped returns a migrated database of MariaDB whose stores share a stamp.
func stamped(t *testing.T) (*database, *stamp) {
	t.Helper()
	url, m := apptest.MariaDB(t), &stamp{}
	stampOf.Store(url, m)
	t.Cleanup(func() { stampOf.Delete(url) })
	return migrated(t, url), m
}

// eachMemory runs a test as each does, and on MariaDB with a stamp, beside which answers are
// kept as they are with SQLite.
func eachMemory(t *testing.T, test func(*testing.T, *database)) {
	t.Helper()
	each(t, test)
	t.Run("mariadb with a stamp", func(t *testing.T) {
		t.Parallel()
		d, _ := stamped(t)
		test(t, d)
	})
}

// A commit of another process between a commit of this one and the look that follows is not
// taken for a commit of this process.
func TestOthersCommitBeforeTheLookAfterACommit(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	other := opened(t, d.url)
	person := d.users(t, 1)[0]
	for name, change := range map[string]struct {
		others func()
		seen   bool
	}{
		"nobody": {func() {}, false},
		"another": {func() {
			if _, err := other.CreatePost(t.Context(), store.NewPost{Author: person, Content: "글", CreatedAt: noon}); err != nil {
				t.Error(err)
			}
		}, true},
	} {
		before := d.OtherCommits(t.Context())
		if err := d.CommitBetween(t.Context(), `UPDATE boards SET position = position`, change.others); err != nil {
			t.Fatal(err)
		}
		if after := d.OtherCommits(t.Context()); (after != before) != change.seen {
			t.Errorf("%s: the number of others went from %d to %d", name, before, after)
		}
	}
}

// newest returns the newest post that a store knows of.
func newest(t *testing.T, ctx context.Context, s *store.Store) int64 {
	t.Helper()
	id, err := s.NewestPost(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// A commit counts in its own process although the stamp cannot be renewed; other processes
// see the change when their answers have grown too old.
func TestCommitWithoutItsStamp(t *testing.T) {
	d, m := stamped(t)
	d.Prove(0, nil) // the other store is late
	other := opened(t, d.url)
	other.Prove(0, nil)
	store.SetMemoryLife(other, time.Hour)
	minji := d.user(t, "민지")
	eventually(t, "the stamp is read in time", func() bool {
		first := d.post(t, minji, "하나")
		eventually(t, "the other store sees the first post", func() bool { return newest(t, t.Context(), other) == first })
		m.away.Store(true)
		defer m.away.Store(false)
		second := d.post(t, minji, "둘")
		if got := newest(t, t.Context(), d.Store); got != second {
			t.Errorf("the writer sees post %d, not %d", got, second)
		}
		asked := time.Now()
		got := newest(t, t.Context(), other)
		if time.Since(asked) >= store.StampPatience {
			return false // the other store may have asked the database
		}
		if got != first {
			t.Errorf("the answer of the other store was not kept: %d, not %d", got, first)
		}
		store.SetMemoryLife(other, time.Millisecond)
		eventually(t, "the other store sees the second post", func() bool { return newest(t, t.Context(), other) == second })
		return true
	})
}

// While the stamp cannot be read, the database answers.
func TestDatabaseAnswersWithoutAStamp(t *testing.T) {
	d, m := stamped(t)
	other := opened(t, d.url)
	minji := d.user(t, "민지")
	m.hangs.Store(true)
	for range 3 {
		post := d.post(t, minji, "글")
		if got := newest(t, t.Context(), other); got != post {
			t.Errorf("post %d is the newest, not %d", got, post)
		}
	}
}

// A glance asks for the stamp once, and again after a commit of its own.
func TestGlanceAsksOnce(t *testing.T) {
	d, m := stamped(t)
	d.Prove(0, nil)
	minji := d.user(t, "민지")
	page := sns.Timeline{Viewer: minji, Limit: 21}
	// A glance that took too long, on a busy machine, is taken anew.
	for quick := false; !quick; {
		began, ctx := time.Now(), store.Glance(t.Context())
		asked := m.reads.Load()
		for range 5 {
			newest(t, ctx, d.Store)
			if _, err := d.Timeline(ctx, page); err != nil {
				t.Fatal(err)
			}
		}
		took := m.reads.Load() - asked
		if quick = time.Since(began) < store.GlanceLife; !quick {
			continue
		}
		for range 5 {
			newest(t, t.Context(), d.Store)
		}
		if without := m.reads.Load() - asked - took; took >= without {
			t.Errorf("a glance asked %d times for ten answers, and without a glance %d times were asked for five", took, without)
		}
		id, err := d.CreatePost(ctx, d.newPost(t, minji, "글"))
		if got := newest(t, ctx, d.Store); err != nil || got != id {
			t.Errorf("after a post in its own glance, post %d is the newest, not %d: %v", got, id, err)
		}
	}
}
