package chat_test

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/chat"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// losses are the ways in which Redis may return with less data than before, and the
// settlement that is left of a room with 12 lines whose settlement had begun.
var losses = []struct {
	name  string
	lose  func(*testing.T, *world, int64)
	step  string // at which the settling replica was killed
	saved int64  // by then
	left  sns.Settlement
}{
	{"older, none saved", older, "total noted", 0, sns.Settlement{Total: 12, Saved: 10, Lost: 2, Attempts: chat.PatientAttempts}},
	{"older, some saved", older, "second batch saved", 8, sns.Settlement{Total: 12, Saved: 10, Lost: 2, Attempts: chat.PatientAttempts}},
	{"older, all saved", older, "last batch saved", 12, sns.Settlement{Total: 12, Saved: 12, Attempts: 2}},
	{"without lines, not noted", withoutLines, "claimed", 0, sns.Settlement{Total: 12, Lost: 12, Attempts: chat.PatientAttempts}},
	{"without lines, none saved", withoutLines, "total noted", 0, sns.Settlement{Total: 12, Lost: 12, Attempts: chat.PatientAttempts}},
	{"without lines, some saved", withoutLines, "first batch saved", 4, sns.Settlement{Total: 12, Saved: 4, Lost: 8, Attempts: chat.PatientAttempts}},
	{"without lines, all saved", withoutLines, "last batch saved", 12, sns.Settlement{Total: 12, Saved: 12, Attempts: 2}},
	{"empty, not noted", empty, "closed", 0, sns.Settlement{Lost: -1, Attempts: 2}},
	{"empty, none saved", empty, "total noted", 0, sns.Settlement{Total: 12, Lost: 12, Attempts: 2}},
	{"empty, some saved", empty, "first batch saved", 4, sns.Settlement{Total: 12, Saved: 4, Lost: 8, Attempts: 2}},
	{"empty, all saved", empty, "last batch saved", 12, sns.Settlement{Total: 12, Saved: 12, Attempts: 2}},
}

func TestRedisComesBackWithLess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"), apptest.Redis(t))
	healthy := w.replica(t, setup{})
	stages := healthy.stages(t)
	for _, loss := range losses {
		t.Run(loss.name, func(t *testing.T) {
			room, _, _ := healthy.conversation(t)
			healthy.endRoom(t, room)
			w.isKilledAt(t, loss.step, room)
			if now := stages.of(t, room.ID); now.saved != loss.saved || now.finished {
				t.Fatalf("killed at %+v", now)
			}
			loss.lose(t, w, room.ID)
			healthy.settlesPatiently(t, room)
			left, want := w.settlement(t, room.ID), loss.left
			if left.Total != want.Total || left.Saved != want.Saved || left.Lost != want.Lost || left.Attempts != want.Attempts {
				t.Errorf("left is %+v, want %+v", left, want)
			}
			if stated := left.LastError != ""; stated != (want.Lost != 0) {
				t.Errorf("lost are %d, and the reason is %q", left.Lost, left.LastError)
			}
			if n := len(healthy.transcript(t, room.ID)); int64(n) != want.Saved {
				t.Errorf("the transcript has %d lines", n)
			}
			healthy.wantDropped(t, room.ID)
		})
	}
}

// isKilledAt lets a replica settle a room and kills the replica at a step.
func (w *world) isKilledAt(t *testing.T, name string, room sns.Room) {
	t.Helper()
	mortal, buffer := w.onShaky(t, setup{mortal: true}, batchOfSteps)
	stages := w.replica(t, setup{}).stages(t)
	for _, step := range w.steps() {
		if step.name == name {
			buffer.on(step.moment, func(context.Context) error {
				stages.reaches(t, room.ID, step.stage)
				mortal.kill()
				runtime.Goexit()
				return nil
			})
		}
	}
	inGoroutine(func() { _, _ = mortal.Settle(t.Context(), room.ID) })
	w.endLease(t, room.ID)
}

// settlesPatiently retries until a room is settled, and checks that no line counts
// as lost before the last attempt.
func (r *replica) settlesPatiently(t *testing.T, room sns.Room) {
	t.Helper()
	for range chat.PatientAttempts {
		done, err := r.Settle(t.Context(), room.ID)
		if s := r.world.settlement(t, room.ID); s.Done() != done || done != (err == nil) || !done && s.Lost != 0 {
			t.Fatalf("settle: %t, %v: %+v", done, err, s)
		}
		if done {
			return
		}
		if err := r.world.store.EndPauses(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("it is never settled")
}

// roomKeys returns the keys of a room.
func roomKeys(t testing.TB, w *world, room int64) (state, lines, ids string) {
	t.Helper()
	found, err := w.client.Keys(context.Background(), "*{"+chat.Topic(room)+"}*").Result()
	if err != nil || len(found) != 3 {
		t.Fatalf("keys: %v, %v", found, err)
	}
	prefix, _, _ := strings.Cut(found[0], "}")
	return prefix + "}:state", prefix + "}:lines", prefix + "}:ids"
}

// older resets the keys of a room to the state two lines ago, and open.
func older(t *testing.T, w *world, room int64) {
	state, lines, ids := roomKeys(t, w, room)
	p := w.client.TxPipeline()
	p.HSet(t.Context(), state, "open", 1, "seq", 10)
	p.HDel(t.Context(), lines, "11", "12")
	p.Del(t.Context(), ids)
	if _, err := p.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func withoutLines(t *testing.T, w *world, room int64) {
	_, lines, _ := roomKeys(t, w, room)
	if n, err := w.client.Del(t.Context(), lines).Result(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
}

func empty(t *testing.T, w *world, room int64) {
	state, lines, ids := roomKeys(t, w, room)
	if n, err := w.client.Del(t.Context(), state, lines, ids).Result(); n != 3 || err != nil {
		t.Fatal(n, err)
	}
}

// A room whose lines were lost before the end is settled as lost, too.
func TestRedisLosesTheLinesOfAnOpenRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"), apptest.Redis(t))
	r := w.replica(t, setup{})
	room, mentor, _ := r.conversation(t)
	withoutLines(t, w, room.ID)
	last := r.says(t, room, mentor, "마지막 말", "last")
	r.endRoom(t, room)
	r.settlesPatiently(t, room)
	if s := w.settlement(t, room.ID); s.Total != 13 || s.Saved != 1 || s.Lost != 12 || s.LastError == "" {
		t.Errorf("%+v", s)
	}
	r.wantSaid(t, room.ID, []sns.Message{last})
}

// A room whose buffer never held a line has lost none.
func TestRoomWhoseBufferWasNeverOpened(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		mentor := w.person(t, sns.RoleMentor)
		id, _, err := w.store.CreateRoom(t.Context(), store.NewRoom{
			Mentor: mentor.ID, Name: "조용한 방", UserLimit: 5, Buffer: r.Buffer, CreatedAt: time.Now(),
		})
		if err != nil {
			t.Fatal(err)
		}
		room := w.room(t, id)
		if room.Epoch != 0 {
			t.Fatalf("%+v", room)
		}
		if s := r.ends(t, room, mentor); s.Total != 0 || s.Saved != 0 || s.Lost != 0 || s.LastError != "" {
			t.Errorf("%+v", s)
		}
		r.wantDropped(t, id)
		if log := r.log.String(); strings.Contains(log, "lost") {
			t.Errorf("it is logged as lost: %s", log)
		}
	})
}
