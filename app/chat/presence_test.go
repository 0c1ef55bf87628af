package chat_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

const shortGrace = 300 * time.Millisecond

// saw returns the presence events of a room: "+" or "-" and the username.
func (r *replica) saw(t testing.TB, room int64) []string {
	t.Helper()
	var saw []string
	for _, p := range all[chat.Presence](t, &r.told, chat.Topic(room), chat.KindPresence) {
		if p.Room != room {
			t.Errorf("told %+v in room %d", p, room)
		}
		saw = append(saw, fmt.Sprintf("%s%s", map[bool]string{true: "+", false: "-"}[p.Online], p.User.Username))
	}
	return saw
}

func (r *replica) sees(t testing.TB, room int64, want ...string) {
	t.Helper()
	eventually(t, fmt.Sprint("seen are ", want), func() bool { return len(r.saw(t, room)) >= len(want) })
	if got := r.saw(t, room); !slices.Equal(got, want) {
		t.Errorf("seen are %v, want %v", got, want)
	}
}

// hasOnline waits until exactly these users are online in a room.
func (r *replica) hasOnline(t testing.TB, room int64, users ...sns.User) {
	t.Helper()
	want := make(map[int64]bool)
	for _, u := range users {
		want[u.ID] = true
	}
	eventually(t, fmt.Sprint("online are ", want), func() bool { return maps.Equal(r.Online(room), want) })
}

func TestComingBackSoonIsNotSeen(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{grace: shortGrace})
		for !r.seesNobodyComeBack(t) { // until the machine is fast enough
			r.Grace *= 2
		}
	})
}

// seesNobodyComeBack returns false if a user came back too late.
func (r *replica) seesNobodyComeBack(t *testing.T) (inTime bool) {
	room, _, members := r.party(t, 2)
	minji, seojun := members[0], members[1]
	r.looksOn(t, chat.Topic(room.ID))
	tab := r.Connect(room, minji)
	r.sees(t, room.ID, "+"+minji.Username)
	other := r.Connect(room, seojun)
	r.sees(t, room.ID, "+"+minji.Username, "+"+seojun.Username)
	for range 5 { // a phone that changes networks: the old socket closes before or after the new one opens
		left := time.Now()
		tab()
		time.Sleep(r.Grace / 10)
		tab = r.Connect(room, minji)
		if time.Since(left) >= r.Grace {
			tab()
			other()
			return false
		}
		second := r.Connect(room, minji)
		tab()
		tab = second
	}
	time.Sleep(2 * r.Grace)
	r.sees(t, room.ID, "+"+minji.Username, "+"+seojun.Username)
	r.hasOnline(t, room.ID, minji, seojun)
	gone := time.Now()
	tab()
	r.sees(t, room.ID, "+"+minji.Username, "+"+seojun.Username, "-"+minji.Username)
	if took := time.Since(gone); took < r.Grace {
		t.Errorf("offline after %v", took)
	}
	r.hasOnline(t, room.ID, seojun)
	other()
	r.sees(t, room.ID, "+"+minji.Username, "+"+seojun.Username, "-"+minji.Username, "-"+seojun.Username)
	return true
}

// A user who leaves goes offline at once. A socket that closes later changes
// nothing, and entering again publishes an event.
func TestWhoLeavesIsOffAtOnce(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{grace: shortGrace})
		room, mentor, members := r.party(t, 1)
		r.looksOn(t, chat.Topic(room.ID))
		tab := r.Connect(room, members[0])
		if err := r.Leave(t.Context(), room.ID, members[0]); err != nil {
			t.Fatal(err)
		}
		r.hasOnline(t, room.ID)
		r.enters(t, room, members[0])
		again := r.Connect(room, members[0])
		tab()
		time.Sleep(2 * shortGrace)
		r.sees(t, room.ID, "+"+members[0].Username, "+"+members[0].Username)
		if online := r.Online(room.ID); !online[members[0].ID] {
			t.Errorf("online are %v", online)
		}
		r.ends(t, room, mentor)
		r.hasOnline(t, room.ID)
		again()
		time.Sleep(2 * shortGrace)
		r.sees(t, room.ID, "+"+members[0].Username, "+"+members[0].Username)
	})
}

// A user who reconnects while the offline event is on its way is shown as online,
// even if the online event arrives first. Redis needs no such test: a script
// publishes in the order of the changes.
func TestComingBackOvertakesBeingGone(t *testing.T) {
	t.Parallel()
	bus := &tardyBus{late: make(chan struct{}), release: make(chan struct{}), done: make(chan struct{})}
	r := embedded(t).replica(t, setup{grace: shortGrace, bus: func(b live.Bus) live.Bus { bus.Bus = b; return bus }})
	room, _, members := r.party(t, 2)
	minji, seojun := members[0], members[1]
	r.looksOn(t, chat.Topic(room.ID))
	r.Connect(room, minji)()
	<-bus.late
	tab := r.Connect(room, minji)
	r.sees(t, room.ID, "+"+minji.Username, "+"+minji.Username)
	close(bus.release)
	<-bus.done
	defer r.Connect(room, seojun)() // published after the delayed event
	r.sees(t, room.ID, "+"+minji.Username, "+"+minji.Username, "+"+seojun.Username)
	tab()
	r.sees(t, room.ID, "+"+minji.Username, "+"+minji.Username, "+"+seojun.Username, "-"+minji.Username)
}

// A tardyBus holds back the first offline event.
type tardyBus struct {
	live.Bus
	held                atomic.Bool
	late, release, done chan struct{}
}

// Publish implements live.Bus.
func (b *tardyBus) Publish(ctx context.Context, ev live.Event) error {
	if ev.Kind == chat.KindPresence && bytes.Contains(ev.Data, []byte(`"Online":false`)) && b.held.CompareAndSwap(false, true) {
		defer close(b.done)
		close(b.late)
		<-b.release
	}
	return b.Bus.Publish(ctx, ev)
}

// The event that should have closed a socket may be lost.
func TestMembershipIsChecked(t *testing.T) {
	t.Parallel()
	inEach(t, func(t *testing.T, w *world) {
		r := w.replica(t, setup{})
		room, _, members := r.party(t, 3)
		ended, _, others := r.party(t, 1)
		sockets := []struct {
			room sns.Room
			user sns.User
			stay bool
		}{{room, members[0], true}, {room, members[1], false}, {room, members[2], false}, {ended, others[0], false}}
		var pages []*viewer
		for _, s := range sockets {
			pages = append(pages, r.looksOn(t, chat.SeatTopic(s.room.ID, s.user.ID)))
			defer r.Connect(s.room, s.user)()
		}
		if err := r.CheckMembership(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, page := range pages {
			if page.hungUp() {
				t.Errorf("page %d is hung up on too early", i)
			}
		}
		if _, err := w.store.LeaveRoom(t.Context(), room.ID, members[1].ID, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := w.store.RemoveParticipant(t.Context(), room.ID, members[2].ID, noon); err != nil {
			t.Fatal(err)
		}
		r.endRoom(t, ended)
		if err := r.CheckMembership(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, page := range pages {
			if sockets[i].stay {
				if page.hungUp() {
					t.Errorf("page %d is hung up on", i)
				}
				continue
			}
			page.isHungUp(t)
		}
	})
}
