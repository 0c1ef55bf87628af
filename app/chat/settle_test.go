package chat_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

// linesOfSteps are three batches of batchOfSteps.
const linesOfSteps, batchOfSteps = 12, 4

// A step is a moment at which an ending or settling replica may die, and the stage at
// that moment. The calls of the buffer come between the writes to the database.
type step struct {
	name, moment string
	ending       bool // in End, otherwise in Settle
	stage        stage
}

var (
	stepsBefore = []step{
		{"ended", "before Close 1", true, stage{buffered: 12}},
		{"ended and closed", "after Close 1", true, stage{buffered: 12}},
		{"claimed", "before Close 1", false, stage{attempts: 1, buffered: 12}},
		{"closed", "after Close 1", false, stage{attempts: 1, buffered: 12}},
	}
	stepsAfter = []step{
		{"finished", "before Drop 1", false, stage{attempts: 1, total: 12, saved: 12, finished: true, buffered: 12}},
		{"dropped", "after Drop 1", false, stage{attempts: 1, total: 12, saved: 12, finished: true}},
	}

	// stepsAcross are the steps of saving if the buffer is not in the database.
	stepsAcross = []step{
		{"total noted", "before Messages 1", false, stage{attempts: 1, total: 12, buffered: 12}},
		{"first batch read", "after Messages 1", false, stage{attempts: 1, total: 12, buffered: 12}},
		{"first batch saved", "before Messages 2", false, stage{attempts: 1, total: 12, saved: 4, buffered: 12}},
		{"second batch read", "after Messages 2", false, stage{attempts: 1, total: 12, saved: 4, buffered: 12}},
		{"second batch saved", "before Messages 3", false, stage{attempts: 1, total: 12, saved: 8, buffered: 12}},
		{"last batch saved", "before Messages 4", false, stage{attempts: 1, total: 12, saved: 12, buffered: 12}},
		{"all read", "after Messages 4", false, stage{attempts: 1, total: 12, saved: 12, buffered: 12}},
	}

	// stepsInside are the steps of saving if it is.
	stepsInside = []step{
		{"total noted", "before Save 1", false, stage{attempts: 1, total: 12, buffered: 12}},
		{"first batch saved", "after Save 1", false, stage{attempts: 1, total: 12, saved: 4, buffered: 12}},
		{"second batch begun", "before Save 2", false, stage{attempts: 1, total: 12, saved: 4, buffered: 12}},
		{"last batch saved", "after Save 3", false, stage{attempts: 1, total: 12, saved: 12, buffered: 12}},
		{"nothing left", "after Save 4", false, stage{attempts: 1, total: 12, saved: 12, buffered: 12}},
	}
)

// steps returns all steps of ending and settling.
func (w *world) steps() []step {
	if w.redis == "" {
		return slices.Concat(stepsBefore, stepsInside, stepsAfter)
	}
	return slices.Concat(stepsBefore, stepsAcross, stepsAfter)
}

// deaths are the ways to die in the middle of a step.
var deaths = []struct {
	name string
	die  func(ctx context.Context, mortal *replica, stop func()) error
}{
	{"killed", func(_ context.Context, mortal *replica, _ func()) error { mortal.kill(); runtime.Goexit(); return nil }},
	{"stopped", func(ctx context.Context, _ *replica, stop func()) error { stop(); return ctx.Err() }},
	{"cut off", func(context.Context, *replica, func()) error { return fmt.Errorf("%w: cut off", sns.ErrUnavailable) }},
}

func TestSettlingSurvivesEveryStep(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		healthy := w.replica(t, setup{})
		stages := healthy.stages(t)
		for _, step := range w.steps() {
			for _, death := range deaths {
				t.Run(step.name+" and "+death.name, func(t *testing.T) {
					mortal, buffer := w.onShaky(t, setup{mortal: true}, batchOfSteps)
					room, mentor, said := healthy.conversation(t)
					ctx, stop := context.WithCancel(t.Context())
					defer stop()
					var reached atomic.Bool
					buffer.on(step.moment, func(inner context.Context) error {
						stages.reaches(t, room.ID, step.stage) // the batch read before may not be saved yet
						reached.Store(true)
						return death.die(inner, mortal, stop)
					})
					inGoroutine(func() {
						if step.ending {
							_ = mortal.End(ctx, room, mentor)
							return
						}
						healthy.endRoom(t, room)
						_, _ = mortal.Settle(ctx, room.ID)
					})
					if !reached.Load() {
						t.Fatal("the step was not reached")
					}
					if death.name == "killed" {
						stages.stays(t, room.ID, step.stage)
						w.endLease(t, room.ID)
					}
					healthy.takesOver(t, room, mentor, said)
				})
			}
		}
	})
}

// inGoroutine runs f, which may end by runtime.Goexit.
func inGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// conversation opens a room with linesOfSteps lines.
func (r *replica) conversation(t testing.TB) (room sns.Room, mentor sns.User, said []sns.Message) {
	t.Helper()
	room, mentor, members := r.party(t, 1)
	for i := range linesOfSteps - 2 { // two notices of entering
		said = append(said, r.says(t, room, []sns.User{mentor, members[0]}[i%2], fmt.Sprint(i, "번째"), fmt.Sprint("id-", i)))
	}
	if err := r.Erase(t.Context(), room, mentor, said[3].Seq); err != nil {
		t.Fatal(err)
	}
	said[3].Content, said[3].Deleted = "", true
	return room, mentor, said
}

// takesOver sweeps until the room of a dead replica is settled.
func (r *replica) takesOver(t testing.TB, room sns.Room, mentor sns.User, said []sns.Message) {
	t.Helper()
	r.wantSaid(t, room.ID, said) // at any time
	eventually(t, "the room is settled", func() bool {
		err := r.Retry(t.Context(), room, mentor) // ends a pause, but no lease
		if err != nil && !errors.Is(err, sns.ErrNotFound) {
			t.Fatal(err)
		}
		if _, err := r.Sweep(t.Context()); err != nil {
			t.Error("sweep: ", err)
		}
		return r.world.settlement(t, room.ID).Done()
	})
	if s := r.world.settlement(t, room.ID); s.Total != linesOfSteps || s.Saved != linesOfSteps || s.Lost != 0 || s.LastError != "" {
		t.Errorf("%+v", s)
	}
	if n, err := r.world.store.CountMessages(t.Context(), room.ID); n != linesOfSteps || err != nil {
		t.Errorf("%d messages are saved, %v", n, err)
	}
	r.wantSaid(t, room.ID, said)
	r.wantDropped(t, room.ID)
	people, err := r.world.store.Participants(t.Context(), room.ID)
	if err != nil || len(people) != 2 {
		t.Fatalf("%+v, %v", people, err)
	}
	for _, p := range people {
		if p.ExitedAt.IsZero() {
			t.Errorf("%s is still inside", p.User.Username)
		}
	}
	if done, err := r.Settle(t.Context(), room.ID); done || err != nil {
		t.Errorf("settled again: %t, %v", done, err)
	}
	_, _, err = r.Say(t.Context(), room.ID, mentor, "늦었어요", "late")
	wantError(t, "say", err, sns.ErrRoomEnded)
}

// A slow replica that lost the lease writes nothing more, however far the other
// replica is.
func TestLeaseLostInTheMiddle(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		moments := []string{"after Close 1", "before Messages 1", "after Messages 2", "before Messages 3", "after Messages 4"}
		if w.redis == "" {
			moments = []string{"after Close 1", "before Save 1", "after Save 2", "before Save 3", "after Save 4"}
		}
		for _, moment := range moments {
			t.Run(moment, func(t *testing.T) {
				slow, buffer := w.onShaky(t, setup{lease: time.Hour}, batchOfSteps)
				fast := w.replica(t, setup{})
				room, mentor, said := fast.conversation(t)
				if _, err := w.store.EndRoom(t.Context(), room.ID, time.Now()); err != nil {
					t.Fatal(err)
				}
				buffer.on(moment, func(context.Context) error {
					w.endLease(t, room.ID)
					if done, err := fast.Settle(t.Context(), room.ID); !done || err != nil {
						t.Errorf("the other one: %t, %v", done, err)
					}
					return nil
				})
				if done, err := slow.Settle(t.Context(), room.ID); done || err != nil {
					t.Errorf("who lost the lease: %t, %v", done, err)
				}
				fast.takesOver(t, room, mentor, said)
				if s := w.settlement(t, room.ID); s.Attempts != 2 {
					t.Errorf("%+v", s)
				}
			})
		}
	})
}

// A lease is renewed for as long as the work takes. The lease is longer than any machine stands
// still.
func TestLeaseIsKept(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		slow, buffer := w.onShaky(t, setup{lease: 12 * time.Second}, batchOfSteps)
		other := w.replica(t, setup{})
		room, mentor, said := other.conversation(t)
		db := w.raw(t)
		ends := func() (at int64) {
			if err := db.QueryRowContext(t.Context(), "SELECT lease_until FROM end_rooms WHERE room_id = ?", room.ID).Scan(&at); err != nil {
				t.Error(err)
			}
			return at
		}
		if _, err := w.store.EndRoom(t.Context(), room.ID, time.Now()); err != nil {
			t.Fatal(err)
		}
		moment := "before Messages 2"
		if w.redis == "" {
			moment = "before Save 2"
		}
		buffer.on(moment, func(context.Context) error {
			for range 2 {
				before := ends()
				eventually(t, "the lease is renewed", func() bool { return ends() > before })
				if done, err := other.Sweep(t.Context()); done > 0 || err != nil {
					t.Errorf("sweep meanwhile: %d, %v", done, err)
				}
			}
			return nil
		})
		if done, err := slow.Settle(t.Context(), room.ID); !done || err != nil {
			t.Errorf("settle: %t, %v", done, err)
		}
		other.takesOver(t, room, mentor, said)
		if s := w.settlement(t, room.ID); s.Attempts != 1 {
			t.Errorf("%+v", s)
		}
	})
}

func TestManySweepAtOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		const ended = 6
		replicas := []*replica{w.replica(t, setup{}), w.replica(t, setup{}), w.replica(t, setup{})}
		var rooms []sns.Room
		for range ended {
			room, _, _ := replicas[0].conversation(t)
			if _, err := w.store.EndRoom(t.Context(), room.ID, time.Now()); err != nil {
				t.Fatal(err)
			}
			rooms = append(rooms, room)
		}
		var done atomic.Int64
		together(2*len(replicas), func(i int) {
			n, err := replicas[i%len(replicas)].Sweep(t.Context())
			if err != nil {
				t.Error(err)
			}
			done.Add(int64(n))
		})
		for _, room := range rooms {
			if s := w.settlement(t, room.ID); s.Attempts != 1 || !s.Done() || s.Saved != linesOfSteps {
				t.Errorf("%+v", s)
			}
		}
		if done.Load() != ended {
			t.Errorf("%d rooms were settled by somebody, %d ended", done.Load(), ended)
		}
	})
}

// If the end cannot be published, the room is settled later: its users must not
// believe that they are still heard.
func TestEndThatIsNotTold(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		var deaf atomic.Bool
		r := w.replica(t, setup{bus: func(b live.Bus) live.Bus { return deafBus{b, &deaf} }})
		room, mentor, said := r.conversation(t)
		page := r.looksOn(t, chat.Topic(room.ID))
		deaf.Store(true)
		if err := r.End(t.Context(), room, mentor); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the attempt fails", func() bool { return w.settlement(t, room.ID).LastError != "" })
		if _, _, err := r.Say(t.Context(), room.ID, mentor, "늦었어요", "late"); !errors.Is(err, sns.ErrRoomEnded) {
			t.Error("say: ", err)
		}
		deaf.Store(false)
		r.takesOver(t, room, mentor, said)
		page.isHungUp(t)
	})
}

// A deafBus fails to publish while deaf is set.
type deafBus struct {
	live.Bus
	deaf *atomic.Bool
}

// Publish implements live.Bus.
func (b deafBus) Publish(ctx context.Context, ev live.Event) error {
	if b.deaf.Load() {
		return errors.New("the bus is gone")
	}
	return b.Bus.Publish(ctx, ev)
}
