package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// unavailable reports whether err is sns.ErrUnavailable with a cause.
func unavailable(err error) bool {
	return errors.Is(err, sns.ErrUnavailable) && strings.Contains(err.Error(), "the database cannot be reached: ")
}

// A read is retried silently if the connection breaks, before or after the
// database has answered.
func TestReadsOutliveTheirConnection(t *testing.T) {
	t.Parallel()
	d, w := wired(t, apptest.MariaDB(t))
	d.aLittle(t)
	reads := d.reads()
	maps.Copy(reads, d.roomReads())
	maps.Copy(reads, d.boardReads())
	delete(reads, "Ping") // Ping reports the present state, without a retry
	for name, read := range reads {
		want := read(t.Context())
		for _, after := range []bool{false, true} {
			w.breakAt("SELECT", after)
			if err := read(t.Context()); fmt.Sprint(err) != fmt.Sprint(want) || !w.broke() {
				t.Errorf("%s, broken (after = %t, really: %t): %v, want %v", name, after, w.broke(), err, want)
			}
		}
	}
}

// A change is retried once if the connection breaks before the commit.
func TestChangesOutliveTheirConnection(t *testing.T) {
	t.Parallel()
	d, w := wired(t, apptest.MariaDB(t))
	d.aLittle(t)
	people, want := d.users(t, 6), 0
	for i, fault := range []struct {
		at    string
		after bool
	}{
		{"START TRANSACTION", false}, {"START TRANSACTION", true}, {"UPDATE posts", false}, {"UPDATE posts", true}, {"INSERT INTO likes", false}, {"INSERT INTO likes", true},
	} {
		w.breakAt(fault.at, fault.after)
		want++
		counts, changed, err := d.SetLike(t.Context(), 1, people[i], true, noon)
		if err != nil || !changed || counts.Likes != want || !w.broke() {
			t.Errorf("%+v (came: %t): %+v, %t, %v", fault, w.broke(), counts, changed, err)
		}
	}
	if counts, n := d.counts(t, 1), d.rows(t, "likes"); counts.Likes != want || n != want {
		t.Errorf("%+v with %d rows, want %d", counts, n, want)
	}
}

// If COMMIT gets no answer, the change may have been made. A retry could make
// it twice, so there is none.
func TestCommitWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	d, w := wired(t, apptest.MariaDB(t))
	minji := d.user(t, "민지")
	for made, after := range []bool{false, true} {
		w.breakAt("COMMIT", after)
		_, err := d.CreatePost(t.Context(), d.newPost(t, minji, "글"))
		if !errors.Is(err, store.ErrUncertain) || !unavailable(err) || !w.broke() {
			t.Errorf("after = %t: %v", after, err)
		}
		// The client sees the break before the server has committed.
		eventually(t, "the server commits", func() bool { return d.rows(t, "posts") >= made })
		if n := d.rows(t, "posts"); n != made {
			t.Errorf("after = %t: %d posts, want %d", after, n, made)
		}
	}
}

// A repeatable change is retried even then.
func TestRepeatableChangesOutliveTheirCommit(t *testing.T) {
	t.Parallel()
	d, w := wired(t, apptest.MariaDB(t))
	minji := d.user(t, "민지")
	d.session(t, "s", minji, noon)
	room := d.endedRoom(t, minji)
	d.claim(t, room, "a")
	saved := int64(0)
	for _, after := range []bool{false, true} {
		for name, change := range map[string]func() error{
			"save":  func() error { return d.SaveMessages(t.Context(), room, "a", said(room, saved+1, 700)) },
			"renew": func() error { return d.RenewSettlement(t.Context(), room, "a", time.Minute) },
			"total": func() error { return d.SetTotal(t.Context(), room, "a", 9) },
			"see":   func() error { return d.SeeSession(t.Context(), "s", noon.Add(time.Hour)) },
			"open":  func() error { _, err := d.OpenBuffer(t.Context(), 1000+saved, 0); return err },
		} {
			w.breakAt("COMMIT", after)
			if err := change(); err != nil || !w.broke() {
				t.Errorf("%s, after = %t (came: %t): %v", name, after, w.broke(), err)
			}
		}
		saved += 700
		if s, err := d.Settlement(t.Context(), room); err != nil || s.Saved != saved || d.rows(t, "messages") != int(saved) {
			t.Errorf("%d are counted, %d there, want %d (%v)", s.Saved, d.rows(t, "messages"), saved, err)
		}
	}
}

// An outage that is shorter than a store insists goes unnoticed.
func TestShortOutageGoesUnnoticed(t *testing.T) {
	t.Parallel()
	d, w := wired(t, apptest.MariaDB(t))
	minji := d.user(t, "민지")
	d.Insist(patience)
	w.set(func() { w.away = true; w.reset() })
	together(9, func(i int) {
		if i == 8 {
			w.turnsAway(t, 40) // each call several times
			w.set(func() { w.away = false })
			return
		}
		var err error
		if i%2 == 0 {
			_, err = d.UserByName(t.Context(), "민지")
		} else {
			_, err = d.CreateUser(t.Context(), newUser(fmt.Sprint("손님", i)))
		}
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	})
	if n := d.rows(t, "users WHERE id <> ?", minji); n != 4 {
		t.Errorf("%d others, want 4", n)
	}
}

// During an outage all calls fail soon with sns.ErrUnavailable, and end at once
// when their context ends.
func TestOutageIsTold(t *testing.T) {
	t.Parallel()
	d, w := wired(t, apptest.MariaDB(t))
	d.aLittle(t)
	before := d.everything(t)
	w.set(func() { w.away = true; w.reset() })
	calls := d.calls()
	var names []string
	for name := range calls {
		names = append(names, name)
	}
	returns(t, "telling", func() {
		together(len(names), func(i int) {
			if err := calls[names[i]](t.Context()); !unavailable(err) {
				t.Errorf("%s: %v", names[i], err)
			}
		})
	})
	d.Insist(time.Hour)
	returns(t, "giving up", func() {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			defer cancel()
			w.turnsAway(t, 3)
		}()
		if _, err := d.UserByName(ctx, "민지"); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
	})
	if after := d.everything(t); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

// A database that hangs, or a network that drops all packets, blocks neither
// the calls that use a connection nor those that wait for a connection. When
// the database answers again, calls succeed.
func TestHangingDatabaseKeepsNobodyForEver(t *testing.T) {
	t.Parallel()
	d, w := wired(t, apptest.MariaDB(t))
	d.SetPool(3)
	d.BeImpatient()
	d.user(t, "민지")
	w.set(func() { w.dead = true })
	returns(t, "asking", func() {
		together(12, func(i int) {
			var err error
			if i%2 == 0 {
				_, err = d.UserByName(t.Context(), "민지")
			} else {
				_, err = d.CreateUser(t.Context(), newUser(fmt.Sprint("손님", i)))
			}
			if !unavailable(err) {
				t.Errorf("call %d: %v", i, err)
			}
		})
	})
	w.set(func() { w.dead = false })
	d.Insist(patience)
	if _, err := d.UserByName(t.Context(), "민지"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// Kills by an operator cause neither doubled nor partial changes.
func TestKilledConnections(t *testing.T) {
	t.Parallel()
	d := migrated(t, apptest.MariaDB(t))
	d.aLittle(t)
	people := d.users(t, 6)
	var killing atomic.Bool
	killing.Store(true)
	together(len(people)+1, func(i int) {
		if i == len(people) {
			defer killing.Store(false)
			d.kill(t, 20)
			return
		}
		for step := 0; killing.Load(); step++ {
			_, _, err := d.SetLike(t.Context(), 1, people[i], step%2 == 0, noon)
			if err != nil && !errors.Is(err, store.ErrUncertain) {
				t.Errorf("person %d, step %d: %v", i, step, err)
			}
		}
	})
	if counts, n := d.counts(t, 1), d.rows(t, "likes"); counts.Likes != n {
		t.Errorf("%+v with %d rows", counts, n)
	}
}

// kill kills n busy connections of the store, one after the other.
func (d *database) kill(t *testing.T, n int) {
	const working = `SELECT MAX(id) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() AND id <> ?`
	for last := int64(0); n > 0; time.Sleep(50 * time.Millisecond) {
		var id sql.NullInt64
		if err := d.raw.QueryRowContext(t.Context(), working, last).Scan(&id); err != nil {
			t.Error(err)
			return
		}
		if _, err := d.raw.ExecContext(t.Context(), fmt.Sprint("KILL ", id.Int64)); id.Valid && err == nil {
			last = id.Int64
			n--
		}
	}
}

// After a failover the address leads to another server. The store leaves the
// old server, which is read-only.
func TestReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	server := apptest.StartMariaDB(t, apptest.MariaDBOptions{})
	url := server.Database(t)
	d := migrated(t, url)
	d.run(t, `CREATE USER ordinary@'127.0.0.1' IDENTIFIED BY 'secret'`) // users without SUPER cannot write to a read-only server
	d.run(t, `GRANT SELECT, INSERT, UPDATE, DELETE ON *.* TO ordinary@'127.0.0.1'`)
	s := opened(t, strings.Replace(url, "//xxsns:", "//ordinary:", 1))
	d.run(t, `SET GLOBAL read_only = ON`)
	for range 3 {
		if _, err := s.CreateUser(t.Context(), newUser("민지")); !unavailable(err) || !strings.Contains(err.Error(), "read-only") {
			t.Errorf("reading only: %v", err)
		}
	}
	if writer, _ := s.Stats(); writer.OpenConnections != 0 {
		t.Errorf("%d connections to it are kept", writer.OpenConnections)
	}
	if _, _, err := s.UsernameTaken(t.Context(), "민지", 0, noon); err != nil {
		t.Errorf("reading: %v", err)
	}
	d.run(t, `SET GLOBAL read_only = OFF`)
	if _, err := s.CreateUser(t.Context(), newUser("민지")); err != nil {
		t.Error(err)
	}
}
