package chat

import (
	"maps"
	"slices"
	"sync"
	"time"

	"xxsns/app/sns"
)

// presence is who has which room open. It counts the sockets of this process;
// what it makes of them is shared by its marks.
type presence struct {
	chat  *Chat
	marks marks

	mu      sync.Mutex                // guards what follows
	rooms   map[int64]map[int64]*here // by room and user
	sockets map[place]int             // open ones, of people who are not inside any more, too
}

// A place is somebody in a room.
type place struct{ room, user int64 }

// here counts the sockets of somebody in a room.
type here struct {
	user    sns.User
	leads   bool
	sockets int
	leaving *time.Timer // runs while there are none
}

// Arrive tells that a socket of the user opened in a room; the function it
// returns is called when it closed. It does not wait for Redis.
func (c *Chat) Arrive(r sns.Room, user sns.User) (depart func()) {
	p := &c.presence
	h, tell := p.arrive(r, user)
	tell()
	return func() { p.depart(place{r.ID, user.ID}, h) }
}

// arrive counts a socket, and returns what tells of it when it is the first.
func (p *presence) arrive(r sns.Room, user sns.User) (h *here, tell func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, tell := place{r.ID, user.ID}, untold
	if h = p.rooms[r.ID][user.ID]; h == nil {
		h = &here{user: shown(user), leads: user.ID == r.Mentor.ID}
		if p.rooms[r.ID] == nil {
			p.rooms[r.ID] = make(map[int64]*here)
		}
		p.rooms[r.ID][user.ID] = h
		tell = p.marks.note(change{came, at, h})
	}
	h.sockets++
	p.sockets[at]++
	h.stay()
	return h, tell
}

// untold tells nothing.
func untold() {}

// stay needs presence.mu.
func (h *here) stay() {
	if h.leaving != nil {
		h.leaving.Stop()
		h.leaving = nil
	}
}

// depart begins the time within which somebody may come back unnoticed: a phone
// that changes networks, or a page that is loaded again, must not flicker.
func (p *presence) depart(at place, h *here) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h.sockets--
	if p.sockets[at]--; p.sockets[at] == 0 {
		delete(p.sockets, at)
	}
	if h.sockets == 0 && p.rooms[at.room][at.user] == h {
		h.leaving = time.AfterFunc(p.chat.Grace, func() { p.expire(at, h)() })
	}
}

// expire takes somebody off who did not come back in time, and returns what
// tells of it.
func (p *presence) expire(at place, h *here) (tell func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms[at.room][at.user] != h || h.sockets > 0 {
		return untold
	}
	p.forget(at)
	return p.marks.note(change{went, at, h})
}

// Online returns who has the room open, or had it open a moment ago, in this
// process and, unless Redis is away, in others.
func (c *Chat) Online(room int64) map[int64]bool {
	online := make(map[int64]bool)
	for _, user := range c.presence.marks.online(room) {
		online[user] = true
	}
	p := &c.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	for user := range p.rooms[room] {
		online[user] = true
	}
	return online
}

// here returns who is here, by room.
func (p *presence) here() map[int64][]int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make(map[int64][]int64, len(p.rooms))
	for room, people := range p.rooms {
		all[room] = slices.Collect(maps.Keys(people))
	}
	return all
}

// forget takes somebody off; it needs presence.mu.
func (p *presence) forget(at place) {
	if h := p.rooms[at.room][at.user]; h != nil {
		h.stay()
		delete(p.rooms[at.room], at.user)
	}
	if len(p.rooms[at.room]) == 0 {
		delete(p.rooms, at.room)
	}
}

// left takes somebody off who is no longer inside, wherever their sockets are.
func (p *presence) left(room, user int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := place{room, user}
	p.forget(at)
	p.marks.note(change{what: left, place: at})()
}

// ended takes everybody off a room.
func (p *presence) ended(room int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for user := range p.rooms[room] {
		p.forget(place{room, user})
	}
	p.marks.note(change{what: ended, place: place{room: room}})()
}

// close takes everybody off. Where there are other replicas, their people have
// the usual time to come back there unnoticed.
func (p *presence) close() {
	p.marks.close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for room, people := range p.rooms {
		for user := range people {
			p.forget(place{room, user})
		}
	}
}
