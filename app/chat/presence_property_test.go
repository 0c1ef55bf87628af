package chat_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"xxsns/app/chat"
	"xxsns/app/sns"
)

// An evening is a room whose users connect and disconnect on three replicas. The
// first replica, which has the mentor's page, never fails.
type evening struct {
	*world
	t       *testing.T
	random  *rand.Rand
	room    sns.Room
	mentor  sns.User
	people  []sns.User
	inside  map[int64]bool
	tabs    []tab
	replica []*replica
	line    []*severed // to Redis, of each replica
	page    page
}

// A page of the first replica shows who was online when it was loaded, and the events since. The
// page is loaded again after a gap of the bus.
type page struct {
	online map[int64]bool
	events int   // of before
	gaps   int64 // of before
}

// A tab is an open socket.
type tab struct {
	user  int64
	at    *replica
	close func()
}

func newEvening(t *testing.T, seed uint64) *evening {
	w, _ := breakable(t, false)
	rs, room, mentor, people := w.sharers(t, sharing, 3, 6)
	e := &evening{
		world: w, t: t, random: rand.New(rand.NewPCG(seed, seed)), room: room, mentor: mentor, people: people,
		inside: map[int64]bool{}, replica: rs, line: []*severed{nil, rs[1].line, rs[2].line},
	}
	for _, user := range append(people, mentor) {
		e.inside[user.ID] = true
	}
	e.opens(mentor, rs[0])
	return e
}

func (e *evening) opens(user sns.User, at *replica) {
	e.tabs = append(e.tabs, tab{user.ID, at, at.Connect(e.room, user)})
}

// closes closes the tabs for which which returns true.
func (e *evening) closes(which func(tab) bool) {
	e.tabs = slices.DeleteFunc(e.tabs, func(tab tab) bool {
		gone := which(tab)
		if gone {
			tab.close()
		}
		return gone
	})
}

// act does a random step.
func (e *evening) act() {
	user, i := e.people[e.random.IntN(len(e.people))], 1+e.random.IntN(2)
	switch n := e.random.IntN(100); {
	case n < 40:
		if e.inside[user.ID] {
			e.opens(user, e.replica[e.random.IntN(3)])
		}
	case n < 75:
		which := e.random.IntN(len(e.tabs))
		if open := e.tabs[which]; open.user != e.mentor.ID {
			open.close()
			e.tabs = slices.Delete(e.tabs, which, which+1)
		}
	case n < 85:
		e.leavesOrEnters(user)
	case n < 95:
		e.line[i].Store(!e.line[i].Load())
		if e.line[i].Load() {
			e.forgets(i)
		}
	default:
		e.fails(i, n < 98)
	}
}

func (e *evening) leavesOrEnters(user sns.User) {
	if !e.inside[user.ID] {
		e.replica[0].enters(e.t, e.room, user)
	} else {
		if err := e.replica[0].Leave(e.t.Context(), e.room.ID, user); err != nil {
			e.t.Fatal(err)
		}
		e.closes(func(tab tab) bool { return tab.user == user.ID })
	}
	e.inside[user.ID] = !e.inside[user.ID]
}

// forgets ends the leases of a replica, as if it had not renewed them for long. The replica
// restores those of its users.
func (e *evening) forgets(i int) {
	e.endLeases(e.t, e.room.ID, e.replica[i].PresenceName(), append(e.people[:len(e.people):len(e.people)], e.mentor)...)
}

// fails ends a replica and starts another in its place.
func (e *evening) fails(i int, inOrder bool) {
	gone := e.replica[i]
	if inOrder {
		gone.Close()
	} else {
		gone.kill()
	}
	e.closes(func(tab tab) bool { return tab.at == gone })
	e.forgets(i)
	e.replica[i] = e.world.replica(e.t, sharing)
	e.line[i] = e.replica[i].line
}

// online returns the users with an open tab.
func (e *evening) online() map[int64]bool {
	online := make(map[int64]bool)
	for _, tab := range e.tabs {
		online[tab.user] = true
	}
	return online
}

// seen returns the users that a page of the first replica shows as online. A user
// who has just entered is shown as offline at first.
func (e *evening) seen() map[int64]bool {
	r := e.replica[0]
	if gaps := r.gaps(); gaps != e.page.gaps {
		r.told.mu.Lock()
		e.page = page{gaps: gaps, events: len(r.told.events)}
		r.told.mu.Unlock()
		e.page.online = r.Online(e.room.ID)
	}
	r.told.mu.Lock()
	defer r.told.mu.Unlock()
	seen := make(map[int64]bool)
	maps.Copy(seen, e.page.online)
	for _, ev := range r.told.events[e.page.events:] {
		switch ev.Kind {
		case chat.KindPresence:
			var p chat.Presence
			if err := json.Unmarshal(ev.Data, &p); err != nil {
				e.t.Fatal(err)
			}
			seen[p.User.ID] = p.Online
		case chat.KindLine:
			var l chat.Line
			if err := json.Unmarshal(ev.Data, &l); err != nil {
				e.t.Fatal(err)
			}
			if l.Message.Kind != sns.MessageSaid {
				delete(seen, l.Message.Author.ID)
			}
		}
	}
	maps.DeleteFunc(seen, func(_ int64, online bool) bool { return !online })
	return seen
}

// rests repairs the connections, waits, and checks who is online.
func (e *evening) rests() {
	e.t.Helper()
	for i, line := range e.line[1:] {
		line.Store(false)
		e.forgets(i + 1)
	}
	want := e.online()
	for _, r := range e.replica {
		eventually(e.t, "everybody is seen as they are", func() bool {
			for _, other := range e.replica {
				other.RefreshPresence()
			}
			return maps.Equal(r.Online(e.room.ID), want)
		})
	}
	eventually(e.t, "everybody was told", func() bool { return maps.Equal(e.seen(), want) })
}

func TestPeopleComeAndGoWhileReplicasFail(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Log("seed ", seed)
	e := newEvening(t, seed)
	for range 4 {
		for range 40 {
			e.act()
			time.Sleep(time.Duration(e.random.IntN(30)) * time.Millisecond)
		}
		e.rests()
	}
}
