package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// shortMarks is the lease of presence. The entries of a dead replica are removed at
// most a third of it later.
const shortMarks = 600 * time.Millisecond

// sharing is the setup of replicas that share presence.
var sharing = setup{grace: shortGrace, marks: shortMarks, mortal: true}

// sharers starts replicas of one world, and a room with a viewer on each.
func (w *world) sharers(t testing.TB, n, people int) (rs []*replica, room sns.Room, mentor sns.User, members []sns.User) {
	t.Helper()
	for range n {
		rs = append(rs, w.replica(t, sharing))
	}
	room, mentor, members = rs[0].party(t, people)
	for _, r := range rs {
		r.looksOn(t, chat.Topic(room.ID))
	}
	return rs, room, mentor, members
}

// allSee checks the presence events on all replicas, now and after a renewal.
func allSee(t testing.TB, rs []*replica, room int64, want ...string) {
	t.Helper()
	for _, r := range rs {
		r.sees(t, room, want...)
	}
	time.Sleep(shortMarks / 2) // a replica renews meanwhile
	for _, r := range rs {
		r.sees(t, room, want...)
	}
}

// key returns the key of the presence of a room.
func key(room int64) string { return fmt.Sprintf("xxsns:{room:%d}:here", room) }

func TestOneTabOnEachReplica(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, _, members := w.sharers(t, 2, 2)
	minji := members[0]
	here, there := rs[0].Connect(room, minji), rs[1].Connect(room, minji)
	allSee(t, rs, room.ID, "+"+minji.Username)
	here()
	time.Sleep(shortGrace + shortMarks)
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
	rs, room, _, members := w.sharers(t, 2, 1)
	minji := members[0]
	tab := rs[0].Connect(room, minji)
	for i := range 6 {
		tab()
		time.Sleep(shortGrace / 3)
		tab = rs[(i+1)%2].Connect(room, minji)
	}
	time.Sleep(2 * shortGrace)
	allSee(t, rs, room.ID, "+"+minji.Username)
	tab()
	allSee(t, rs, room.ID, "+"+minji.Username, "-"+minji.Username)
}

// A killed replica's users go offline, and a single event says so, although several
// replicas notice.
func TestReplicaIsKilled(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, 4, 3)
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
		if got := toldOf(t, alive[0], room.ID, user); !slices.Equal(got, []bool{true}) {
			t.Errorf("of %s is told %v", user.Username, got)
		}
	}
	rs[0].kill()
	killed := time.Now()
	defer alive[1].Connect(room, seojun)() // reconnects to another replica
	for _, r := range alive {
		r.hasOnline(t, room.ID, mentor, seojun, haneul)
	}
	if took := time.Since(killed); took < shortMarks/3 || took > 3*shortMarks {
		t.Errorf("offline after %v", took)
	}
	time.Sleep(shortMarks)
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
	rs, room, mentor, members := w.sharers(t, 2, 2)
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
	closed := time.Now()
	rs[1].hasOnline(t, room.ID, minji, seojun, mentor)
	defer rs[1].Connect(room, minji)()
	rs[1].hasOnline(t, room.ID, minji, mentor)
	if took := time.Since(closed); took < shortGrace/2 {
		t.Errorf("offline after %v", took)
	}
	allSee(t, rs[1:], room.ID, append(came, "-"+seojun.Username)...)
}

// The entries of a replica that stops in order expire after the grace period.
func TestMarksAfterAnOrderlyStop(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	r := w.replica(t, setup{grace: 5 * time.Second, marks: time.Minute})
	room, _, members := r.party(t, 2)
	r.Connect(room, members[0])
	eventually(t, "it is marked", func() bool { return w.lasts(t, room.ID, members[0]) > 50*time.Second })
	r.Connect(room, members[1]) // perhaps not sent yet
	r.Close()
	r.Close() // does nothing
	for _, user := range members {
		if lasts := w.lasts(t, room.ID, user); lasts < 4*time.Second || lasts > 5*time.Second {
			t.Errorf("the mark of %s lasts %v", user.Username, lasts)
		}
	}
}

// lasts returns the rest of the lease of a user's single entry.
func (w *world) lasts(t testing.TB, room int64, user sns.User) time.Duration {
	t.Helper()
	var mark struct{ At map[string]int64 }
	kept, err := w.client.HGet(context.Background(), key(room), fmt.Sprint(user.ID)).Bytes()
	if errors.Is(err, redis.Nil) {
		return 0
	}
	if err == nil {
		err = json.Unmarshal(kept, &mark)
	}
	if err != nil || len(mark.At) != 1 {
		t.Fatalf("marked %s, %v", kept, err)
	}
	return time.Until(time.UnixMilli(slices.Collect(maps.Values(mark.At))[0]))
}

// A user who leaves or is removed goes offline at once on all replicas, and stays
// offline although another replica still has a socket of that user.
func TestWhoLeavesIsOffOnAllReplicas(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, 2, 2)
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
	rs[1].hasOnline(t, room.ID) // when it renews
	time.Sleep(shortMarks)
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
	rs, room, _, members := w.sharers(t, 2, 1)
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
	time.Sleep(shortMarks)
	rs[1].hasOnline(t, room.ID)
}

// The end of a room reaches Redis when Redis is back, although other replicas renew their
// users there.
func TestEndWhileRedisIsAwayIsToldLater(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, 2, 1)
	line := rs[0].severable()
	line.pipelines = true
	defer rs[0].Connect(room, mentor)()
	defer rs[1].Connect(room, members[0])()
	rs[1].hasOnline(t, room.ID, mentor, members[0])
	line.Store(true)
	rs[0].ends(t, room, mentor)
	time.Sleep(shortMarks / 2)
	line.Store(false)
	for _, r := range rs {
		r.hasOnline(t, room.ID)
	}
}

func TestEndedRoomHasNobodyOnline(t *testing.T) {
	t.Parallel()
	w, _ := breakable(t, false)
	rs, room, mentor, members := w.sharers(t, 2, 1)
	defer rs[0].Connect(room, mentor)()
	tab := rs[1].Connect(room, members[0])
	rs[1].hasOnline(t, room.ID, mentor, members[0])
	rs[0].ends(t, room, mentor)
	for _, r := range rs {
		r.hasOnline(t, room.ID)
	}
	tab()
	time.Sleep(shortGrace + shortMarks)
	if n, err := w.client.Exists(t.Context(), key(room.ID)).Result(); n != 0 || err != nil {
		t.Errorf("marks are left: %d, %v", n, err)
	}
}
