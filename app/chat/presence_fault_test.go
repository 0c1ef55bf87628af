package chat_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/chat"
)

// A severed hook fails all commands of a client, or only the pipelines, by which presence is
// sent, or holds all of them back. The subscription of the bus is not affected.
type severed struct {
	atomic.Bool
	pipelines         bool
	exchanged, failed atomic.Int64 // pipelines
	held              atomic.Pointer[chan struct{}]
}

var errSevered = errors.New("severed")

// DialHook implements redis.Hook.
func (s *severed) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessHook implements redis.Hook.
func (s *severed) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		s.waits()
		if s.Load() && !s.pipelines {
			cmd.SetErr(errSevered)
			return errSevered
		}
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook implements redis.Hook.
func (s *severed) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		s.waits()
		if s.Load() {
			s.failed.Add(1)
			for _, cmd := range cmds {
				cmd.SetErr(errSevered)
			}
			return errSevered
		}
		err := next(ctx, cmds)
		if err == nil {
			s.exchanged.Add(1)
		}
		return err
	}
}

// waits waits while commands are held back, whatever their context says.
func (s *severed) waits() {
	if held := s.held.Load(); held != nil {
		<-*held
	}
}

// holding holds all commands back until do has returned.
func (s *severed) holding(do func()) {
	held := make(chan struct{})
	s.held.Store(&held)
	defer close(held)
	defer s.held.Store(nil)
	do()
}

// fails waits until n more pipelines have failed of a replica that is cut from Redis.
func (r *replica) fails(t testing.TB, n int64) {
	t.Helper()
	enough := r.line.failed.Load() + n
	eventually(t, "the replica notices", func() bool { r.RefreshPresence(); return r.line.failed.Load() >= enough })
}

func TestReplicaIsCutFromRedis(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	cut := w.replica(t, sharing)
	rs, room, mentor, members := w.sharers(t, sharing, 1, 3)
	minji, seojun, haneul := members[0], members[1], members[2]
	cut.Connect(room, minji)
	rs[0].sees(t, room.ID, "+"+minji.Username)
	tab := cut.Connect(room, seojun)
	rs[0].sees(t, room.ID, "+"+minji.Username, "+"+seojun.Username)
	defer rs[0].Connect(room, mentor)()
	want := []string{"+" + minji.Username, "+" + seojun.Username, "+" + mentor.Username}
	rs[0].sees(t, room.ID, want...)
	cut.line.Store(true)
	cut.Connect(room, haneul) // not published yet
	cut.fails(t, 1)
	logged := func() int { return strings.Count(cut.log.String(), "who is online is not shared") }
	eventually(t, "the outage is logged", func() bool { return logged() > 0 })
	before := logged() // more than one if Redis was slow before
	cut.fails(t, 3)
	if n := logged(); n != before {
		t.Errorf("logged again for each failure: %s", &cut.log)
	}
	w.endLeases(t, room.ID, cut.PresenceName(), minji, seojun)
	rs[0].renews(t)
	rs[0].hasOnline(t, room.ID, mentor)
	cut.hasOnline(t, room.ID, minji, seojun, haneul)
	tab() // for good
	cut.hasOnline(t, room.ID, minji, haneul)
	cut.line.Store(false)
	cut.renews(t)
	for _, r := range []*replica{rs[0], cut} {
		r.hasOnline(t, room.ID, minji, mentor, haneul)
	}
	rs[0].renews(t)
	eventually(t, "all is told", func() bool { return len(rs[0].saw(t, room.ID)) >= len(want)+4 })
	got := rs[0].saw(t, room.ID)
	slices.Sort(got[3:5])
	slices.Sort(got[5:])
	want = append(want, "-"+minji.Username, "-"+seojun.Username, "+"+minji.Username, "+"+haneul.Username)
	if !slices.Equal(got, want) {
		t.Errorf("seen are %v, want %v", got, want)
	}
}

// After an outage of Redis for all replicas, no user goes offline because of an
// expired lease.
func TestMarksRanOutWhileRedisWasAway(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	slept := sharing
	slept.still = true
	rs, room, _, members := w.sharers(t, slept, 2, 2)
	rs[0].Connect(room, members[0])
	rs[0].sees(t, room.ID, "+"+members[0].Username)
	rs[1].Connect(room, members[1])
	rs[1].sees(t, room.ID, "+"+members[0].Username, "+"+members[1].Username)
	for _, r := range rs {
		r.renews(t)
	}
	for _, r := range rs {
		r.line.Store(true)
	}
	for _, r := range rs {
		r.fails(t, 1)
		r.clock.Add(int64(2 * longMarks))
	}
	for i, r := range rs {
		w.endLeases(t, room.ID, r.PresenceName(), members[i])
	}
	for _, r := range rs { // which try again soon, and for the second time much later
		r.line.Store(false)
	}
	for i, r := range rs {
		eventually(t, "the lease is renewed", func() bool { return w.leases(t, room.ID, members[i])[r.PresenceName()] > longMarks/2 })
	}
	allSee(t, rs, room.ID, "+"+members[0].Username, "+"+members[1].Username)
	for _, r := range rs {
		r.hasOnline(t, room.ID, members...)
	}
}

// Opening a socket does not wait for Redis, and after an outage presence is right
// again.
func TestRedisIsAwayWhilePeopleComeAndGo(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*testing.T, *apptest.RedisServer, func()){
		"paused": pausedRedis,
		"killed": killedRedis,
		"restarted empty": func(t *testing.T, s *apptest.RedisServer, meanwhile func()) {
			killedRedis(t, s, func() {})
			meanwhile()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, server := breakable(t, false)
			rs, room, _, members := w.sharers(t, sharing, 2, 4)
			tabs := []func(){rs[0].Connect(room, members[0]), rs[1].Connect(room, members[1])}
			rs[0].hasOnline(t, room.ID, members[:2]...)
			away(t, server, func() {
				rs[0].line.holding(func() {
					rs[1].line.holding(func() {
						returns(t, "coming and going", func() {
							tabs[0]()
							tabs = append(tabs, rs[0].Connect(room, members[2]), rs[1].Connect(room, members[3]))
						})
					})
				})
				returns(t, "looking", func() {
					if online := rs[0].Online(room.ID); !online[members[2].ID] {
						t.Errorf("online are %v", online)
					}
				})
				eventually(t, "the grace is over", func() bool { return !rs[0].Online(room.ID)[members[0].ID] })
			})
			w.endLeases(t, room.ID, rs[0].PresenceName(), members[0]) // the end of the grace was not sent, perhaps
			for _, r := range rs {
				r.renews(t)
			}
			for _, r := range rs {
				r.hasOnline(t, room.ID, members[1:]...)
			}
			for _, r := range rs {
				r.renews(t)
			}
			for _, r := range rs {
				r.hasOnline(t, room.ID, members[1:]...)
			}
		})
	}
}

func pausedRedis(t *testing.T, server *apptest.RedisServer, meanwhile func()) {
	server.Pause(t)
	meanwhile()
	server.Resume(t)
}

func killedRedis(t *testing.T, server *apptest.RedisServer, meanwhile func()) {
	server.Kill9()
	meanwhile()
	server.StartEmpty(t)
}

// A clock of Redis that was set back neither keeps dead replicas nor hides new
// events.
func TestClockOfRedisIsSetBack(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, _, members := w.sharers(t, sharing, 2, 2)
	minji, seojun := members[0], members[1]
	later := time.Now().Add(time.Hour)
	gone := fmt.Sprintf(`{"Room":%d,"User":{"ID":%d,"Username":%q}}`, room.ID, seojun.ID, seojun.Username)
	err := w.client.HSet(t.Context(), key(room.ID), "told", later.UnixMicro(), seojun.ID,
		fmt.Sprintf(`{"at":{"DEAD":%d},"gone":%q}`, later.UnixMilli(), gone)).Err()
	if err != nil {
		t.Fatal(err)
	}
	tab := rs[0].Connect(room, minji)
	allSee(t, rs, room.ID, "+"+minji.Username)
	if rest := w.leases(t, room.ID, seojun)["DEAD"]; rest <= 0 || rest > longMarks {
		t.Errorf("the lease of the dead replica lasts %v", rest)
	}
	w.endLeases(t, room.ID, "DEAD", seojun)
	rs[0].renews(t)
	rs[1].hasOnline(t, room.ID, minji)
	tab()
	allSee(t, rs, room.ID, "+"+minji.Username, "-"+seojun.Username, "-"+minji.Username)
	rs[1].told.mu.Lock()
	defer rs[1].told.mu.Unlock()
	for _, ev := range rs[1].told.events {
		if ev.Kind == chat.KindPresence && ev.Version <= later.UnixMicro() {
			t.Errorf("told as version %d, before %d", ev.Version, later.UnixMicro())
		}
	}
}

// A key without renewals expires.
func TestMarksOfNobodyRunOut(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, _, members := w.sharers(t, forgetful, 2, 1)
	rs[0].Connect(room, members[0])
	rs[1].hasOnline(t, room.ID, members[0])
	rs[0].kill()
	eventually(t, "the key runs out", func() bool {
		return w.client.Exists(t.Context(), key(room.ID)).Val() == 0
	})
	rs[1].hasOnline(t, room.ID)
}
