package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// longMarks is a lease of presence that ends only where a test says so, however slow the
// machine is. After a failed exchange a replica tries again a thirtieth of it later.
const longMarks = time.Minute

// sharing is the setup of replicas that share presence. The leases of forgetful replicas end
// soon, also those of a replica that is only slow.
var (
	sharing   = setup{grace: shortGrace, marks: longMarks, mortal: true}
	forgetful = setup{grace: shortGrace, marks: 600 * time.Millisecond, mortal: true}
)

// sharers starts replicas of one world, and a room with a viewer on each.
func (w *world) sharers(t testing.TB, s setup, n, people int) (rs []*replica, room sns.Room, mentor sns.User, members []sns.User) {
	t.Helper()
	for range n {
		rs = append(rs, w.replica(t, s))
	}
	room, mentor, members = rs[0].party(t, people)
	for _, r := range rs {
		r.looksOn(t, chat.Topic(room.ID))
	}
	return rs, room, mentor, members
}

// renews lets a replica renew its leases twice: the second time ends those of dead replicas,
// and what the first time has found missing is restored.
func (r *replica) renews(t testing.TB) {
	t.Helper()
	r.exchanges(t, 6) // changes and leases, after those under way
}

// exchanges waits until a replica has exchanged something with Redis so often.
func (r *replica) exchanges(t testing.TB, n int64) {
	t.Helper()
	enough := r.line.exchanged.Load() + n
	eventually(t, "Redis answers", func() bool { r.RefreshPresence(); return r.line.exchanged.Load() >= enough })
}

// endLeases ends the leases of a replica for some users, as time does.
func (w *world) endLeases(t testing.TB, room int64, replica string, users ...sns.User) {
	t.Helper()
	const script = `local kept = redis.call('HGET', KEYS[1], ARGV[2])
		local entry = kept and cjson.decode(kept)
		if entry and entry.at[ARGV[1]] then
			entry.at[ARGV[1]] = 1
			redis.call('HSET', KEYS[1], ARGV[2], cjson.encode(entry))
		end
		return 0`
	for _, user := range users {
		eventually(t, "the lease ends", func() bool {
			return w.client.Eval(context.Background(), script, []string{key(room)}, replica, user.ID).Err() == nil
		})
	}
}

// isMarked waits until a replica has shared that a user is online, and what changed before.
func (r *replica) isMarked(t testing.TB, room int64, user sns.User) {
	t.Helper()
	r.exchanges(t, 3) // changes, after changes and leases under way
	eventually(t, "the user is marked", func() bool { return r.world.leases(t, room, user)[r.PresenceName()] > 0 })
}

// allSee checks the presence events on all replicas, now and after a renewal.
func allSee(t testing.TB, rs []*replica, room int64, want ...string) {
	t.Helper()
	for _, r := range rs {
		r.sees(t, room, want...)
	}
	for _, r := range rs {
		r.renews(t)
	}
	time.Sleep(shortGrace) // for what comes too late
	for _, r := range rs {
		r.sees(t, room, want...)
	}
}

// key returns the key of the presence of a room.
func key(room int64) string { return fmt.Sprintf("xxsns:{room:%d}:here", room) }

func TestOneTabOnEachReplica(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, _, members := w.sharers(t, sharing, 2, 2)
	minji := members[0]
	here, there := rs[0].Connect(room, minji), rs[1].Connect(room, minji)
	allSee(t, rs, room.ID, "+"+minji.Username)
	rs[0].isMarked(t, room.ID, minji)
	rs[1].isMarked(t, room.ID, minji)
	here()
	eventually(t, "one of two tabs is gone", func() bool { return len(w.leases(t, room.ID, minji)) == 1 })
	for _, r := range rs {
		r.hasOnline(t, room.ID, minji)
	}
	allSee(t, rs, room.ID, "+"+minji.Username)
	there()
	allSee(t, rs, room.ID, "+"+minji.Username, "-"+minji.Username)
	for _, r := range rs {
		r.hasOnline(t, room.ID)
	}
}

// A reconnect to another replica within the grace period publishes no event.
func TestReconnectingElsewhereIsNotSeen(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	for grace := shortGrace; !reconnectsElsewhere(t, w, grace); grace *= 2 { // until the machine is fast enough
	}
}

// reconnectsElsewhere returns false if a user came back too late.
func reconnectsElsewhere(t *testing.T, w *world, grace time.Duration) (inTime bool) {
	s := sharing
	s.grace = grace
	rs, room, _, members := w.sharers(t, s, 2, 1)
	minji := members[0]
	tab := rs[0].Connect(room, minji)
	rs[0].isMarked(t, room.ID, minji)
	for i := range 6 {
		left, there := time.Now(), rs[(i+1)%2]
		tab()
		time.Sleep(grace / 3)
		tab = there.Connect(room, minji)
		there.isMarked(t, room.ID, minji)
		if time.Since(left) >= grace {
			tab()
			return false
		}
	}
	time.Sleep(2 * grace)
	allSee(t, rs, room.ID, "+"+minji.Username)
	tab()
	allSee(t, rs, room.ID, "+"+minji.Username, "-"+minji.Username)
	return true
}

// A killed replica's users go offline, and a single event says so, although several
// replicas notice.
func TestReplicaIsKilled(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, sharing, 4, 3)
	minji, seojun, haneul := members[0], members[1], members[2]
	rs[0].Connect(room, minji)
	rs[0].Connect(room, seojun)
	alive := rs[1:]
	for _, r := range alive {
		defer r.Connect(room, mentor)()
	}
	defer alive[0].Connect(room, haneul)()
	for _, r := range alive {
		r.hasOnline(t, room.ID, mentor, minji, seojun, haneul)
	}
	for _, user := range []sns.User{seojun, mentor} {
		eventually(t, "it is told", func() bool { return slices.Equal(toldOf(t, alive[0], room.ID, user), []bool{true}) })
	}
	rs[0].kill()
	defer alive[1].Connect(room, seojun)() // reconnects to another replica
	alive[1].isMarked(t, room.ID, seojun)
	for _, r := range alive {
		r.renews(t)
		r.hasOnline(t, room.ID, mentor, minji, seojun, haneul)
	}
	w.endLeases(t, room.ID, rs[0].PresenceName(), minji, seojun)
	together(len(alive), func(i int) {
		alive[i].RefreshPresence()
		alive[i].hasOnline(t, room.ID, mentor, seojun, haneul)
	})
	for _, r := range alive {
		r.renews(t)
		eventually(t, "it is told", func() bool { return len(toldOf(t, r, room.ID, minji)) > 1 })
	}
	time.Sleep(shortGrace) // for what comes too late
	for _, r := range alive {
		for user, want := range map[sns.User][]bool{minji: {true, false}, seojun: {true}, haneul: {true}, mentor: {true}} {
			if got := toldOf(t, r, room.ID, user); !slices.Equal(got, want) {
				t.Errorf("of %s is told %v, want %v", user.Username, got, want)
			}
		}
	}
	gone := all[chat.Presence](t, &alive[0].told, chat.Topic(room.ID), chat.KindPresence)
	if last := gone[len(gone)-1]; last.Online || last.Leads || last.User.Username != minji.Username || last.User.Role != minji.Role {
		t.Errorf("told last is %+v", last)
	}
}

// toldOf returns the states of a user in the presence events, in order.
func toldOf(t testing.TB, r *replica, room int64, user sns.User) (states []bool) {
	t.Helper()
	for _, p := range all[chat.Presence](t, &r.told, chat.Topic(room), chat.KindPresence) {
		if p.User.ID == user.ID {
			states = append(states, p.Online)
		}
	}
	return states
}

func TestReplicaStopsInOrder(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, sharing, 2, 2)
	rs[0].Grace = time.Hour // until endLeases
	minji, seojun := members[0], members[1]
	tab := rs[0].Connect(room, minji)
	rs[0].sees(t, room.ID, "+"+minji.Username)
	other := rs[0].Connect(room, seojun)
	rs[1].sees(t, room.ID, "+"+minji.Username, "+"+seojun.Username)
	defer rs[1].Connect(room, mentor)()
	came := []string{"+" + minji.Username, "+" + seojun.Username, "+" + mentor.Username}
	rs[1].sees(t, room.ID, came...)
	tab() // the sockets end first
	rs[0].Close()
	other() // after Close
	rs[1].renews(t)
	rs[1].hasOnline(t, room.ID, minji, seojun, mentor)
	defer rs[1].Connect(room, minji)()
	rs[1].isMarked(t, room.ID, minji)
	w.endLeases(t, room.ID, rs[0].PresenceName(), minji, seojun)
	rs[1].renews(t)
	rs[1].hasOnline(t, room.ID, minji, mentor)
	allSee(t, rs[1:], room.ID, append(came, "-"+seojun.Username)...)
}

// The entries of a replica that stops in order expire after the grace period.
func TestMarksAfterAnOrderlyStop(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	r := w.replica(t, setup{grace: time.Hour, marks: 3 * time.Hour})
	room, _, members := r.party(t, 2)
	r.Connect(room, members[0])
	eventually(t, "it is marked", func() bool { return w.leases(t, room.ID, members[0])[r.PresenceName()] > 2*time.Hour })
	r.Connect(room, members[1]) // perhaps not sent yet
	r.Close()
	r.Close() // does nothing
	for _, user := range members {
		if lasts := w.leases(t, room.ID, user)[r.PresenceName()]; lasts < time.Hour/2 || lasts > time.Hour {
			t.Errorf("the mark of %s lasts %v", user.Username, lasts)
		}
	}
}

// leases returns what is left of the leases of a user, by the names of the replicas.
func (w *world) leases(t testing.TB, room int64, user sns.User) map[string]time.Duration {
	t.Helper()
	var mark struct{ At map[string]int64 }
	kept, err := w.client.HGet(context.Background(), key(room), fmt.Sprint(user.ID)).Bytes()
	if err == nil {
		err = json.Unmarshal(kept, &mark)
	}
	if err != nil && !errors.Is(err, redis.Nil) {
		t.Fatalf("marked %s, %v", kept, err)
	}
	left := make(map[string]time.Duration, len(mark.At))
	for replica, ends := range mark.At {
		left[replica] = time.Until(time.UnixMilli(ends))
	}
	return left
}

// A user who leaves or is removed goes offline at once on all replicas, and stays
// offline although another replica still has a socket of that user.
func TestWhoLeavesIsOffOnAllReplicas(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, sharing, 2, 2)
	minji, seojun := members[0], members[1]
	defer rs[0].Connect(room, minji)()
	defer rs[1].Connect(room, minji)()
	rs[0].sees(t, room.ID, "+"+minji.Username)
	page := rs[1].looksOn(t, chat.SeatTopic(room.ID, minji.ID))
	stale := rs[1].Connect(room, seojun)
	rs[0].sees(t, room.ID, "+"+minji.Username, "+"+seojun.Username)
	if err := rs[0].Remove(t.Context(), room, mentor, minji); err != nil {
		t.Fatal(err)
	}
	if err := rs[0].Leave(t.Context(), room.ID, seojun); err != nil {
		t.Fatal(err)
	}
	page.isHungUp(t)
	rs[0].hasOnline(t, room.ID)
	rs[1].renews(t)
	rs[1].hasOnline(t, room.ID)
	allSee(t, rs, room.ID, "+"+minji.Username, "+"+seojun.Username)
	rs[0].enters(t, room, seojun) // enters again
	defer rs[0].Connect(room, seojun)()
	stale()
	time.Sleep(2 * shortGrace)
	allSee(t, rs, room.ID, "+"+minji.Username, "+"+seojun.Username, "+"+seojun.Username)
	for _, r := range rs {
		r.hasOnline(t, room.ID, seojun)
	}
}

// A replica may die before it tells Redis that a user left.
func TestLeavingIsNoticedWhereItWasNotTold(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, _, members := w.sharers(t, sharing, 2, 1)
	defer rs[0].Connect(room, members[0])()
	rs[1].hasOnline(t, room.ID, members[0])
	if _, err := w.store.LeaveRoom(t.Context(), room.ID, members[0].ID, noon); err != nil {
		t.Fatal(err)
	}
	if err := rs[0].CheckMembership(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		r.hasOnline(t, room.ID)
	}
	for _, r := range rs {
		r.renews(t)
	}
	rs[1].hasOnline(t, room.ID)
}

// The end of a room reaches Redis when Redis is back, although other replicas renew their
// users there.
func TestEndWhileRedisIsAwayIsToldLater(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, sharing, 2, 1)
	line := rs[0].line
	line.pipelines = true
	defer rs[0].Connect(room, mentor)()
	defer rs[1].Connect(room, members[0])()
	rs[1].hasOnline(t, room.ID, mentor, members[0])
	line.Store(true)
	rs[0].ends(t, room, mentor)
	rs[0].fails(t, 1)
	rs[1].renews(t)
	line.Store(false)
	rs[0].renews(t)
	rs[1].renews(t)
	for _, r := range rs {
		r.hasOnline(t, room.ID)
	}
}

func TestEndedRoomHasNobodyOnline(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, sharing, 2, 1)
	defer rs[0].Connect(room, mentor)()
	tab := rs[1].Connect(room, members[0])
	rs[1].hasOnline(t, room.ID, mentor, members[0])
	rs[0].ends(t, room, mentor)
	for _, r := range rs {
		r.hasOnline(t, room.ID)
	}
	tab()
	time.Sleep(2 * shortGrace)
	for _, r := range rs {
		r.renews(t)
	}
	if n, err := w.client.Exists(t.Context(), key(room.ID)).Result(); n != 0 || err != nil {
		t.Errorf("marks are left: %d, %v", n, err)
	}
}
