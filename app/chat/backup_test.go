package chat_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// A captured is what a backup has of a room: the seqs of its saved messages, and what the
// buffer held.
type captured struct {
	saved []int64
	held  store.HeldRoom
}

// capture makes what a backup has of a room. between runs after the snapshot of the database
// and before Redis is read.
func (w *world) capture(t *testing.T, room int64, between func()) (c captured) {
	t.Helper()
	s, err := store.OpenSnapshot(t.Context(), w.url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	between()
	rooms, err := s.UnsavedRooms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		if r.ID != room {
			continue
		}
		ok := false
		if w.client == nil {
			c.held, ok, err = s.Held(t.Context(), r)
		} else {
			var speakers map[int64]bool
			if speakers, err = s.Speakers(t.Context(), r); err == nil {
				c.held, ok, err = chat.NewRedis(w.client).Held(t.Context(), w.store, r, math.MaxInt64, speakers)
			}
		}
		if !ok || err != nil {
			t.Fatalf("held %v: %v", ok, err)
		}
	}
	tables, err := s.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	messages := slices.IndexFunc(tables, func(table store.BackupTable) bool { return table.Name == "messages" })
	err = s.Rows(t.Context(), tables[messages], func(row []any) error {
		if row[0] == any(room) {
			c.saved = append(c.saved, row[1].(int64))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantWhole checks that a capture has each message of a room up to the last, and seq at least.
func (c captured) wantWhole(t *testing.T, seq int64) {
	t.Helper()
	next := int64(1)
	for _, saved := range c.saved {
		if saved <= c.held.Seam {
			if saved != next {
				t.Fatalf("message %d follows %d in the database", saved, next-1)
			}
			next++
		}
	}
	for _, m := range c.held.Lines {
		if m.Seq != next {
			t.Fatalf("message %d follows %d (seam %d)", m.Seq, next-1, c.held.Seam)
		}
		next++
	}
	if next-1 != c.held.Last || c.held.Last < seq {
		t.Fatalf("the messages end with %d, the room with %d; %d was acknowledged before", next-1, c.held.Last, seq)
	}
}

// While people talk, and messages are spilled all the time, each backup has each message that
// was acknowledged before, once.
func TestABackupHasWhatWasSaid(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, _ := r.party(t, 0)
		var mu sync.Mutex
		var last int64
		var wg sync.WaitGroup
		stop := make(chan struct{})
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				m := r.says(t, room, mentor, fmt.Sprint("말 ", i), fmt.Sprint("talk-", i))
				mu.Lock()
				last = m.Seq
				mu.Unlock()
				if i%20 == 0 {
					_, _ = r.SpillTo(t.Context(), room.ID, 5)
				}
			}
		})
		for range 8 {
			mu.Lock()
			before := last
			mu.Unlock()
			w.capture(t, room.ID, func() {}).wantWhole(t, before)
		}
		close(stop)
		wg.Wait()
	})
}

// Messages that leave Redis between the snapshot and its reading are in the backup, and those
// of somebody who came after are not: the id of that person may be somebody else's later.
func TestWhatHappensDuringABackup(t *testing.T) {
	t.Parallel()
	w := replicated(t)
	r := w.replica(t, setup{})
	room, mentor, _ := r.party(t, 0)
	said := r.saysMany(t, room, mentor, 50)
	late := w.person(t, sns.RoleUser)
	c := w.capture(t, room.ID, func() {
		r.spillsTo(t, room, 10)
		r.enters(t, room, late)
		r.says(t, room, mentor, "나중 말", "later")
	})
	c.wantWhole(t, said[49].Seq)
	if c.held.Last != said[49].Seq || c.held.Seam != 0 || len(c.saved) > 0 {
		t.Errorf("the backup ends with %d, seam %d, %d saved", c.held.Last, c.held.Seam, len(c.saved))
	}
	ended := w.capture(t, room.ID, func() { r.ends(t, room, mentor) })
	ended.wantWhole(t, said[49].Seq+2)
}

// A restored Redis has the same lines and seam as the one of the backup; the next message
// has the next number, and a repeated one its old number.
func TestARedisIsRestored(t *testing.T) {
	t.Parallel()
	from, to := replicated(t), replicated(t)
	r := from.replica(t, setup{})
	room, mentor, _ := r.party(t, 0)
	said := r.saysMany(t, room, mentor, 60)
	r.spillsTo(t, room, 20)
	h := from.capture(t, room.ID, func() {}).held
	b := chat.NewRedis(to.client)
	if held, err := b.Holds(t.Context()); held || err != nil {
		t.Errorf("an empty Redis holds rooms: %v, %v", held, err)
	}
	if err := b.Hold(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	lines, seam, err := b.Messages(t.Context(), room.ID, sns.MessagePage{After: 41, Limit: 100})
	if err != nil || seam != 41 || fmt.Sprint(lines) != fmt.Sprint(h.Lines) {
		t.Errorf("the other Redis has %v, seam %d, %v; want %v", lines, seam, err, h.Lines)
	}
	again, err := b.Append(t.Context(), said[59], chat.AppendRule{Spilled: 41})
	if err != nil || !again.Again || again.Seq != said[59].Seq {
		t.Errorf("the last message again: %+v, %v", again, err)
	}
	next := said[59]
	next.ClientID = "next"
	if done, err := b.Append(t.Context(), next, chat.AppendRule{Spilled: 41}); err != nil || done.Seq != said[59].Seq+1 {
		t.Errorf("the next message: %+v, %v", done, err)
	}
	if n, err := b.Close(t.Context(), room.ID); n != 62 || err != nil {
		t.Errorf("%d messages were said, %v", n, err)
	}
	if err := b.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if held, err := b.Holds(t.Context()); held || err != nil {
		t.Errorf("an emptied Redis holds rooms: %v, %v", held, err)
	}
}
