package chat_test

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/live"
	"xxsns/app/store"
)

// livesAlone gives a replica its own connections and a kill function with the
// effect of kill -9: from then on the replica reaches neither database nor buffer
// nor bus, and open transactions are rolled back.
func (r *replica) livesAlone(t testing.TB, bus live.Bus) (*store.Store, redis.UniversalClient, live.Bus) {
	t.Helper()
	database := opened(t, r.world.url)
	var client redis.UniversalClient
	if r.world.redis != "" {
		client = dial(t, r.world.redis)
	}
	life, end := context.WithCancel(context.Background())
	t.Cleanup(end)
	var dead atomic.Bool
	r.life, r.kill = life, func() {
		dead.Store(true)
		_ = database.Close()
		if client != nil {
			_ = client.Close()
		}
		end() // after the connections, so that the replica cannot tidy up
	}
	return database, client, deafBus{bus, &dead}
}

// A stage is the progress of a settlement.
type stage struct {
	attempts     int
	total, saved int64
	finished     bool
	dropped      bool  // according to the database
	buffered     int64 // lines in the buffer
}

// stages reads stages directly from the database and the buffer.
type stages struct {
	db      *sql.DB
	healthy *replica
}

func (r *replica) stages(t testing.TB) stages { return stages{r.world.raw(t), r} }

// of returns the stage of a room.
func (s stages) of(t testing.TB, room int64) (now stage) {
	t.Helper()
	err := s.db.QueryRowContext(context.Background(),
		"SELECT attempts, total, saved, executed_at IS NOT NULL, dropped FROM end_rooms WHERE room_id = ?", room).
		Scan(&now.attempts, &now.total, &now.saved, &now.finished, &now.dropped)
	if err != nil {
		t.Error("stage: ", err)
	}
	now.buffered = s.healthy.size(t, room)
	return now
}

// reaches waits until a room is in the stage want.
func (s stages) reaches(t testing.TB, room int64, want stage) {
	t.Helper()
	var now stage
	defer func() {
		if now != want {
			t.Errorf("the stage is %+v, want %+v", now, want)
		}
	}()
	eventually(t, "the stage is reached", func() bool { now = s.of(t, room); return now == want })
}

// stays checks that a room is still in the stage want.
func (s stages) stays(t testing.TB, room int64, want stage) {
	t.Helper()
	if now := s.of(t, room); now != want {
		t.Errorf("after the kill the stage went on to %+v from %+v", now, want)
	}
}

// size returns the number of lines of a room in the buffer.
func (r *replica) size(t testing.TB, room int64) int64 {
	t.Helper()
	sizes, err := r.buffer.Sizes(context.Background(), []int64{room})
	if err != nil {
		t.Error("sizes: ", err)
	}
	return sizes[room].Lines
}

// wantDropped waits until the buffer of a settled room is empty, and the database
// says so.
func (r *replica) wantDropped(t testing.TB, room int64) {
	t.Helper()
	eventually(t, "the buffer is dropped", func() bool {
		undropped, err := r.world.store.UndroppedRooms(context.Background(), 1000)
		if err != nil {
			t.Error("undropped rooms: ", err)
		}
		return !slices.Contains(undropped, room)
	})
	if n := r.size(t, room); n > 0 {
		t.Errorf("the buffer still holds %d lines", n)
	}
}

// A replica is killed at a random moment of settling.
func TestSettlingSurvivesAnyMoment(t *testing.T) {
	t.Parallel()
	const rounds = 16
	inEach(t, func(t *testing.T, w *world) {
		healthy := w.replica(t, setup{})
		stages, long := healthy.stages(t), healthy.timesSettling(t)
		for range rounds {
			mortal, _ := w.onShaky(t, setup{mortal: true}, batchOfSteps)
			room, mentor, said := healthy.conversation(t)
			healthy.endRoom(t, room)
			moment := rand.N(long)
			time.AfterFunc(moment, mortal.kill)
			_, _ = mortal.Settle(mortal.life, room.ID)
			mortal.kill()
			var left stage
			eventually(t, "as many messages are saved as are counted", func() bool { // a commit may be under way
				left = stages.of(t, room.ID)
				n, err := w.store.CountMessages(t.Context(), room.ID)
				return err == nil && n == left.saved
			})
			t.Logf("killed after %v: %+v", moment, left)
			if !left.finished && left.buffered != linesOfSteps {
				t.Errorf("dropped before it was finished: %+v", left)
			}
			w.endLease(t, room.ID)
			healthy.takesOver(t, room, mentor, said)
		}
	})
}

// timesSettling returns the time that settling a conversation takes.
func (r *replica) timesSettling(t *testing.T) time.Duration {
	t.Helper()
	same, _ := r.world.onShaky(t, setup{}, batchOfSteps)
	room, _, _ := r.conversation(t)
	r.endRoom(t, room)
	start := time.Now()
	if done, err := same.Settle(t.Context(), room.ID); !done || err != nil {
		t.Fatal(done, err)
	}
	return time.Since(start)
}
