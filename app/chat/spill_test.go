package chat_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// saysMany says n messages and returns them.
func (r *replica) saysMany(t testing.TB, room sns.Room, user sns.User, n int) []sns.Message {
	t.Helper()
	said := make([]sns.Message, n)
	for i := range said {
		said[i] = r.says(t, room, user, fmt.Sprint(i, "번째 말"), fmt.Sprint("many-", i))
	}
	return said
}

// spillsTo spills a room until lines are left in the buffer.
func (r *replica) spillsTo(t testing.TB, room sns.Room, lines int64) {
	t.Helper()
	if _, err := r.SpillTo(t.Context(), room.ID, lines); err != nil {
		t.Fatal("spill: ", err)
	}
	if n := r.size(t, room.ID); n != lines {
		t.Fatalf("the buffer holds %d lines, want %d", n, lines)
	}
}

// A room beyond the bound is spilled while it goes on, and settled as usual.
func TestLargeRoomIsSpilled(t *testing.T) {
	t.Parallel()
	for _, bound := range []struct {
		name string
		chat.SpillBounds
	}{{"lines", chat.SpillBounds{Lines: 60}}, {"bytes", chat.SpillBounds{Bytes: 700}}} {
		t.Run(bound.name, func(t *testing.T) {
			inEach(t, func(t *testing.T, w *world) {
				r := w.replica(t, setup{spill: bound.SpillBounds})
				room, mentor, _ := r.party(t, 0)
				said := r.saysMany(t, room, mentor, 300)
				eventually(t, "the older lines are spilled", func() bool { return r.size(t, room.ID) <= 60 })
				if n := r.Spills.Stats().Lines; n < 240 {
					t.Errorf("%d lines are spilled", n)
				}
				r.wantSaid(t, room.ID, said)
				if n, err := r.Spills.CountLines(t.Context(), []sns.Room{room}); n[room.ID] != 301 || err != nil {
					t.Errorf("%v lines are counted, %v", n, err)
				}
				if s := r.ends(t, room, mentor); s.Total != 301 || s.Saved != 301 || s.Lost != 0 || s.LastError != "" {
					t.Errorf("%+v", s)
				}
				r.wantSaid(t, room.ID, said)
				r.wantDropped(t, room.ID)
				w.wantForgotten(t, room.ID)
			})
		})
	}
}

// wantForgotten checks that no client ids of a settled room are left.
func (w *world) wantForgotten(t testing.TB, room int64) {
	t.Helper()
	var n int
	if err := w.raw(t).QueryRow("SELECT COUNT(*) FROM spilled_messages WHERE room_id = ?", room).Scan(&n); n > 0 || err != nil {
		t.Errorf("%d client ids are left, %v", n, err)
	}
}

// Great finds a room whose replica died before spilling.
func TestGreatRoomOfADeadReplica(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		dead := w.replica(t, setup{})
		room, mentor, _ := dead.party(t, 0)
		other, second, _ := dead.party(t, 0)
		said := dead.saysMany(t, room, mentor, 90)
		dead.saysMany(t, other, second, 30)
		r := w.replica(t, setup{spill: chat.SpillBounds{Lines: 60}})
		if err := r.Spills.Great(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, m := r.size(t, room.ID), r.size(t, other.ID); n != 30 || m != 31 {
			t.Errorf("the buffers hold %d and %d lines", n, m)
		}
		dead.wantSaid(t, room.ID, said) // at the other replica, too
	})
}

func TestDeletingOnBothSidesOfTheSeam(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 1)
		said := r.saysMany(t, room, members[0], 20)
		r.spillsTo(t, room, 10)
		r.looksOn(t, chat.Topic(room.ID))
		for _, i := range []int{2, 18} {
			wantError(t, "delete the word of another", r.Erase(t.Context(), room, w.person(t, sns.RoleMentor), said[i].Seq), sns.ErrForbidden)
			wantError(t, "delete", r.Erase(t.Context(), room, members[0], said[i].Seq), nil)
			said[i].Content, said[i].Deleted = "", true
		}
		eventually(t, "both are told", func() bool { return len(r.told.of(chat.Topic(room.ID), chat.KindErased)) == 2 })
		r.wantSaid(t, room.ID, said)
		for _, i := range []int{2, 18, 19} {
			m, err := r.Message(t.Context(), room, said[i].Seq)
			if err != nil || m.Content != said[i].Content || m.Deleted != said[i].Deleted {
				t.Errorf("message %d is %+v, %v", i, m, err)
			}
		}
		r.ends(t, room, mentor)
		r.wantSaid(t, room.ID, said)
	})
}

// A message is deleted between the copy and the trim of a spill.
func TestDeletingWhileTheMessageIsSpilled(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		for _, moment := range []string{"after Messages 1", "before Trim 1", "after Trim 1"} {
			t.Run(moment, func(t *testing.T) {
				r := w.replica(t, setup{})
				room, mentor, _ := r.party(t, 0)
				said := r.saysMany(t, room, mentor, 20)
				spilling, buffer := w.onShaky(t, setup{}, 0)
				buffer.on(moment, func(ctx context.Context) error { return r.Erase(ctx, room, mentor, said[3].Seq) })
				spilling.spillsTo(t, room, 10)
				said[3].Content, said[3].Deleted = "", true
				r.wantSaid(t, room.ID, said)
				r.ends(t, room, mentor)
				r.wantSaid(t, room.ID, said)
			})
		}
	})
}

// A page repeats messages that it has no acknowledgement of, after they were spilled;
// also if they are spilled between the look into the database and Append.
func TestRepeatOfASpilledMessage(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, mentor, members := r.party(t, 1)
		said := r.saysMany(t, room, members[0], 20)
		late, buffer := w.onShaky(t, setup{}, 0)
		var once atomic.Bool
		buffer.on("before Append 1", func(context.Context) error { once.Store(true); r.spillsTo(t, room, 10); return nil })
		for _, i := range []int{4, 5, 18} {
			m, again, err := late.Say(t.Context(), room.ID, members[0], said[i].Content, said[i].ClientID)
			if m.Seq != said[i].Seq || !again || err != nil {
				t.Errorf("repeat %d: %d, again = %t, %v", said[i].Seq, m.Seq, again, err)
			}
		}
		if !once.Load() {
			t.Fatal("nothing was spilled meanwhile")
		}
		other := r.says(t, room, mentor, "같은 이름표", said[4].ClientID) // of another person
		r.wantSaid(t, room.ID, append(said, other))
	})
}

// spillSteps are the moments at which a spilling replica may die, and how many of
// 1,212 lines are then in the database and in the buffer.
var spillSteps = []struct {
	moment          string
	saved, buffered int64
}{
	{"before Messages 1", 0, 1212}, // the lease is claimed
	{"after Messages 1", 0, 1212},
	{"before Trim 1", 500, 1212}, // in both places
	{"after Trim 1", 500, 712},
	{"before Messages 2", 500, 712},
	{"before Trim 2", 1000, 712},
	{"after Trim 2", 1000, 212},
	{"before Trim 3", 1200, 212},
	{"after Trim 3", 1200, 12},
}

func TestSpillingSurvivesEveryStep(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		healthy := w.replica(t, setup{})
		for _, step := range spillSteps {
			for _, death := range deaths {
				if death.name != "killed" && step.moment != "before Trim 2" {
					continue
				}
				t.Run(step.moment+" and "+death.name, func(t *testing.T) {
					room, mentor, said := healthy.longTalk(t)
					mortal, buffer := w.onShaky(t, setup{mortal: true}, 0)
					ctx, stop := context.WithCancel(t.Context())
					defer stop()
					var reached atomic.Bool
					buffer.on(step.moment, func(inner context.Context) error { reached.Store(true); return death.die(inner, mortal, stop) })
					inGoroutine(func() { _, _ = mortal.SpillTo(ctx, room.ID, 12) })
					w.endSpill(t, room.ID)
					if saved, err := w.store.CountMessages(t.Context(), room.ID); !reached.Load() || saved != step.saved || err != nil {
						t.Errorf("reached = %t, %d are saved, %v", reached.Load(), saved, err)
					}
					if n := healthy.size(t, room.ID); n != step.buffered {
						t.Errorf("%d lines are in the buffer", n)
					}
					healthy.goesOnAfter(t, room, mentor, said)
				})
			}
		}
	})
}

// longTalk is a room with 1,212 lines, three batches to spill.
func (r *replica) longTalk(t testing.TB) (room sns.Room, mentor sns.User, said []sns.Message) {
	t.Helper()
	room, mentor, _ = r.party(t, 0)
	lines := make([]sns.Message, 1211)
	for i := range lines {
		lines[i] = sns.Message{
			Room: room.ID, Kind: sns.MessageSaid, Author: mentor, Content: fmt.Sprint(i, "번째 말"), At: noon, ClientID: fmt.Sprint("long-", i),
		}
	}
	for i, m := range lines {
		done, err := r.buffer.Append(t.Context(), m, chat.AppendRule{})
		if err != nil {
			t.Fatal(err)
		}
		lines[i].Seq = done.Seq
	}
	return room, mentor, lines
}

// endSpill ends the lease of a spill.
func (w *world) endSpill(t testing.TB, room int64) {
	t.Helper()
	w.exec(t, "UPDATE rooms SET spill_until = 0 WHERE id = ?", room)
}

// goesOnAfter checks a room whose spilling replica died: it can be read, spoken in,
// deleted in, spilled and settled.
func (r *replica) goesOnAfter(t testing.TB, room sns.Room, mentor sns.User, said []sns.Message) {
	t.Helper()
	r.wantSaid(t, room.ID, said) // at any time
	for _, i := range []int{7, 600, 1100} {
		if err := r.Erase(t.Context(), room, mentor, said[i].Seq); err != nil {
			t.Error("erase: ", err)
		}
		said[i].Content, said[i].Deleted = "", true
		if m, again, err := r.Say(t.Context(), room.ID, mentor, "또", said[i+1].ClientID); m.Seq != said[i+1].Seq || !again || err != nil {
			t.Errorf("repeat %d: %d, again = %t, %v", said[i+1].Seq, m.Seq, again, err)
		}
	}
	said = append(said, r.says(t, room, mentor, "그 뒤에", "after"))
	r.wantSaid(t, room.ID, said)
	if room.ID%2 == 0 { // the settlement alone must mend it, too
		eventually(t, "another replica spills on", func() bool {
			_, err := r.SpillTo(t.Context(), room.ID, 12)
			wantError(t, "spill", err, nil)
			return r.size(t, room.ID) == 12
		})
		r.wantSaid(t, room.ID, said)
	}
	if s := r.ends(t, room, mentor); s.Total != 1213 || s.Saved != 1213 || s.Lost != 0 || s.LastError != "" {
		t.Errorf("%+v", s)
	}
	r.wantSaid(t, room.ID, said)
}

// The room ends while it is spilled: the spill stops, and the settlement saves the rest.
func TestRoomEndsWhileItIsSpilled(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		for _, step := range spillSteps {
			t.Run(step.moment, func(t *testing.T) {
				r := w.replica(t, setup{})
				room, mentor, said := r.longTalk(t)
				spilling, buffer := w.onShaky(t, setup{}, 0)
				buffer.on(step.moment, func(context.Context) error {
					if s := r.ends(t, room, mentor); s.Total != 1212 || s.Saved != 1212 || s.Lost != 0 {
						t.Errorf("%+v", s)
					}
					r.wantDropped(t, room.ID)
					if err := r.Erase(t.Context(), w.room(t, room.ID), mentor, said[700].Seq); err != nil {
						t.Error(err)
					}
					said[700].Content, said[700].Deleted = "", true
					return nil
				})
				_, _ = spilling.SpillTo(t.Context(), room.ID, 12) // the lines may be gone already
				r.wantSaid(t, room.ID, said)
				if n, err := w.store.CountMessages(t.Context(), room.ID); n != 1212 || err != nil {
					t.Errorf("%d are saved, %v", n, err)
				}
			})
		}
	})
}

// Several replicas spill the same room while users talk.
func TestManySpillARoomAtOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		at := []*replica{r}
		if w.redis != "" { // otherwise there is one
			at = append(at, w.replica(t, setup{}), w.replica(t, setup{}))
		}
		room, mentor, members := r.party(t, 3)
		var talking atomic.Int32
		talking.Store(3)
		heard := make([][]sns.Message, 3)
		together(6, func(i int) {
			if i < 3 {
				defer talking.Add(-1)
				for n := range 80 {
					heard[i] = append(heard[i], at[n%len(at)].says(t, room, members[i], fmt.Sprint(n), fmt.Sprint("id-", n)))
				}
				return
			}
			for talking.Load() > 0 {
				if _, err := at[i%len(at)].SpillTo(context.Background(), room.ID, 5); err != nil {
					t.Error("spill: ", err)
				}
				runtime.Gosched()
			}
		})
		var said []sns.Message
		for _, one := range heard {
			said = append(said, one...)
		}
		r.wantSaid(t, room.ID, said)
		if s := r.ends(t, room, mentor); s.Total != 244 || s.Saved != 244 || s.Lost != 0 {
			t.Errorf("%+v", s)
		}
		r.wantSaid(t, room.ID, said)
	})
}

// Spilled messages outlive a Redis that loses everything.
func TestRedisLosesASpilledRoom(t *testing.T) {
	t.Parallel()
	w, server := breakable(t, false)
	r := w.replica(t, setup{})
	room, mentor, members := r.party(t, 1)
	said := r.saysMany(t, room, members[0], 20)
	r.spillsTo(t, room, 4)
	kept := said[:18-2] // of 22 lines, two of them notices
	server.Kill9()
	server.StartEmpty(t)
	eventually(t, "Redis is back", func() bool { return w.client.Ping(t.Context()).Err() == nil })
	if m, again, err := r.Say(t.Context(), room.ID, members[0], kept[3].Content, kept[3].ClientID); m.Seq != kept[3].Seq || !again || err != nil {
		t.Errorf("repeat of a spilled one: %d, again = %t, %v", m.Seq, again, err)
	}
	next := r.retries(t, room, mentor, "그 뒤의 말", "next")
	r.wantSaid(t, room.ID, append(kept[:len(kept):len(kept)], next))
	if err := r.Erase(t.Context(), w.room(t, room.ID), members[0], kept[5].Seq); err != nil {
		t.Error("erase: ", err)
	}
	kept[5].Content, kept[5].Deleted = "", true
	r.saysMany(t, room, mentor, 10)
	r.spillsTo(t, room, 4)
	s := r.ends(t, room, mentor)
	if want := int64(18 + 2 + 10); s.Total != want || s.Saved != want || s.Lost != 0 {
		t.Errorf("%+v, want %d", s, want)
	}
	if lines := r.said(t, room.ID); len(lines) != len(kept)+11 || !same(lines[5], kept[5]) {
		t.Errorf("%d messages are left", len(lines))
	}
}

// A room is refused more than its bytes a minute, at the sender alone.
func TestRateOfSayingInARoom(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{rate: 100})
		room, mentor, members := r.party(t, 1)
		other, leader, _ := r.party(t, 0)
		said := []sns.Message{r.says(t, room, mentor, "스물네 바이트의 말", "a"), r.says(t, room, members[0], "스물네 바이트의 말을 또 하고 더 해요", "b")}
		_, _, err := r.Say(t.Context(), room.ID, mentor, strings.Repeat("스물네 바이트의 말을 더", 3), "c") // nearly a minute's worth
		slow, ok := errors.AsType[sns.SlowDownError](err)
		if !ok || !errors.Is(err, chat.ErrBusy) || slow.Wait <= 0 || slow.Wait > time.Minute {
			t.Errorf("beyond the rate: %v", err)
		}
		r.says(t, other, leader, "다른 방은 그대로", "a")
		r.wantSaid(t, room.ID, said)
		if err := r.Leave(t.Context(), room.ID, members[0]); err != nil {
			t.Error(err)
		}
	})
}
