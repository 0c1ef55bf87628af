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
// sent. The subscription of the bus is not affected.
type severed struct {
	atomic.Bool
	pipelines bool
}

var errSevered = errors.New("severed")

// DialHook implements redis.Hook.
func (s *severed) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessHook implements redis.Hook.
func (s *severed) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
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
		if s.Load() {
			for _, cmd := range cmds {
				cmd.SetErr(errSevered)
			}
			return errSevered
		}
		return next(ctx, cmds)
	}
}

// severable adds a severed hook to the Redis client of a replica.
func (r *replica) severable() *severed {
	s := new(severed)
	r.redis.AddHook(s)
	return s
}

func TestReplicaIsCutFromRedis(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	cut := w.replica(t, sharing)
	line := cut.severable()
	rs, room, mentor, members := w.sharers(t, 1, 3)
	minji, seojun, haneul := members[0], members[1], members[2]
	cut.Connect(room, minji)
	rs[0].sees(t, room.ID, "+"+minji.Username)
	tab := cut.Connect(room, seojun)
	rs[0].sees(t, room.ID, "+"+minji.Username, "+"+seojun.Username)
	defer rs[0].Connect(room, mentor)()
	want := []string{"+" + minji.Username, "+" + seojun.Username, "+" + mentor.Username}
	rs[0].sees(t, room.ID, want...)
	line.Store(true)
	cut.Connect(room, haneul) // not published yet
	rs[0].hasOnline(t, room.ID, mentor)
	cut.hasOnline(t, room.ID, minji, seojun, haneul)
	tab() // for good
	cut.hasOnline(t, room.ID, minji, haneul)
	line.Store(false)
	for _, r := range []*replica{rs[0], cut} {
		r.hasOnline(t, room.ID, minji, mentor, haneul)
	}
	time.Sleep(shortMarks)
	got := rs[0].saw(t, room.ID)
	slices.Sort(got[3:5])
	slices.Sort(got[5:])
	want = append(want, "-"+minji.Username, "-"+seojun.Username, "+"+minji.Username, "+"+haneul.Username)
	if !slices.Equal(got, want) {
		t.Errorf("seen are %v, want %v", got, want)
	}
	if n := strings.Count(cut.log.String(), "who is online is not shared"); n != 1 {
		t.Errorf("logged %d times: %s", n, &cut.log)
	}
}

// After an outage of Redis for all replicas, no user goes offline because of an
// expired lease.
func TestMarksRanOutWhileRedisWasAway(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, _, members := w.sharers(t, 2, 2)
	lines := []*severed{rs[0].severable(), rs[1].severable()}
	rs[0].Connect(room, members[0])
	rs[0].sees(t, room.ID, "+"+members[0].Username)
	rs[1].Connect(room, members[1])
	rs[1].sees(t, room.ID, "+"+members[0].Username, "+"+members[1].Username)
	for _, line := range lines {
		line.Store(true)
	}
	if err := w.client.Persist(t.Context(), key(room.ID)).Err(); err != nil { // the leases expire, but not the key
		t.Fatal(err)
	}
	time.Sleep(2 * shortMarks)
	for _, line := range lines {
		line.Store(false)
	}
	time.Sleep(shortMarks)
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
			rs, room, _, members := w.sharers(t, 2, 4)
			tabs := []func(){rs[0].Connect(room, members[0]), rs[1].Connect(room, members[1])}
			rs[0].hasOnline(t, room.ID, members[:2]...)
			away(t, server, func() {
				within(t, 200*time.Millisecond, "comes and goes", func() {
					tabs[0]()
					tabs = append(tabs, rs[0].Connect(room, members[2]), rs[1].Connect(room, members[3]))
				})
				within(t, 2*time.Second, "looks", func() {
					if online := rs[0].Online(room.ID); !online[members[2].ID] {
						t.Errorf("online are %v", online)
					}
				})
			})
			for _, r := range rs {
				r.hasOnline(t, room.ID, members[1:]...)
			}
			time.Sleep(shortMarks)
			for _, r := range rs {
				r.hasOnline(t, room.ID, members[1:]...)
			}
		})
	}
}

func pausedRedis(t *testing.T, server *apptest.RedisServer, meanwhile func()) {
	server.Pause(t)
	meanwhile()
	time.Sleep(2 * shortMarks)
	server.Resume(t)
}

func killedRedis(t *testing.T, server *apptest.RedisServer, meanwhile func()) {
	server.Kill9()
	meanwhile()
	server.StartEmpty(t)
}

// within checks that do returns within a time.
func within(t testing.TB, most time.Duration, what string, do func()) {
	t.Helper()
	begun := time.Now()
	do()
	if took := time.Since(begun); took > most {
		t.Errorf("%s: took %v", what, took)
	}
}

// A clock of Redis that was set back neither keeps dead replicas nor hides new
// events.
func TestClockOfRedisIsSetBack(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, _, members := w.sharers(t, 2, 2)
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
	rs, room, _, members := w.sharers(t, 2, 1)
	rs[0].Connect(room, members[0])
	rs[1].hasOnline(t, room.ID, members[0])
	rs[0].kill()
	eventually(t, "the key runs out", func() bool {
		return w.client.Exists(t.Context(), key(room.ID)).Val() == 0
	})
	rs[1].hasOnline(t, room.ID)
}
