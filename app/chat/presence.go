package chat

import (
	"maps"
	"slices"
	"sync"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A presenceTracker knows the online users of each room. It counts the sockets of
// this process, and shares the result through its backend.
type presenceTracker struct {
	chat    *Chat
	backend presenceBackend

	mu      sync.Mutex
	rooms   map[int64]map[int64]*onlineUser // by room and user
	sockets map[store.Seat]int              // open sockets, also of users whose seat is lost
}

// An onlineUser is a user who is online in a room by sockets of this process.
type onlineUser struct {
	user    sns.User
	leads   bool // is the mentor of the room
	sockets int
	grace   *time.Timer // running while sockets is 0; nil otherwise
}

// stopGraceLocked ends the grace period. The caller must hold presenceTracker.mu.
func (u *onlineUser) stopGraceLocked() {
	if u.grace != nil {
		u.grace.Stop()
		u.grace = nil
	}
}

// Connect counts a new socket of a user in a room. The caller must call disconnect
// when the socket has closed. Connect does not wait for Redis.
func (c *Chat) Connect(r sns.Room, user sns.User) (disconnect func()) {
	p := &c.presence
	u, publish := p.connect(r, user)
	publish()
	return func() { p.disconnect(store.Seat{Room: r.ID, User: user.ID}, u) }
}

// connect counts a socket. The caller must call publish, which publishes that the
// user is online if this is the first socket.
func (p *presenceTracker) connect(r sns.Room, user sns.User) (u *onlineUser, publish func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	seat, publish := store.Seat{Room: r.ID, User: user.ID}, publishNothing
	if u = p.rooms[r.ID][user.ID]; u == nil {
		u = &onlineUser{user: publicUser(user), leads: user.ID == r.Mentor.ID}
		if p.rooms[r.ID] == nil {
			p.rooms[r.ID] = make(map[int64]*onlineUser)
		}
		p.rooms[r.ID][user.ID] = u
		publish = p.backend.apply(presenceChange{becameOnline, seat, u})
	}
	u.sockets++
	p.sockets[seat]++
	u.stopGraceLocked()
	return u, publish
}

func publishNothing() {}

// disconnect counts a closed socket. After the last one the user has Options.Grace
// to reconnect: a phone that changes networks, or a page that reloads, must not
// flicker.
func (p *presenceTracker) disconnect(seat store.Seat, u *onlineUser) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u.sockets--
	if p.sockets[seat]--; p.sockets[seat] == 0 {
		delete(p.sockets, seat)
	}
	if u.sockets == 0 && p.rooms[seat.Room][seat.User] == u {
		u.grace = time.AfterFunc(p.chat.Grace, func() { p.endGrace(seat, u)() })
	}
}

// endGrace makes a user offline who did not reconnect in time. The caller must
// call publish.
func (p *presenceTracker) endGrace(seat store.Seat, u *onlineUser) (publish func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms[seat.Room][seat.User] != u || u.sockets > 0 {
		return publishNothing
	}
	p.removeLocked(seat)
	return p.backend.apply(presenceChange{becameOffline, seat, u})
}

// Online returns the users who have the room open or had it open less than
// Options.Grace ago, on all replicas; only on this replica while Redis cannot be
// reached.
func (c *Chat) Online(room int64) map[int64]bool {
	online := make(map[int64]bool)
	for _, user := range c.presence.backend.online(room) {
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

// onlineHere returns the users who are online by sockets of this process, by room.
func (p *presenceTracker) onlineHere() map[int64][]int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make(map[int64][]int64, len(p.rooms))
	for room, users := range p.rooms {
		all[room] = slices.Collect(maps.Keys(users))
	}
	return all
}

// removeLocked removes a user without telling the backend. The caller must hold
// p.mu.
func (p *presenceTracker) removeLocked(seat store.Seat) {
	if u := p.rooms[seat.Room][seat.User]; u != nil {
		u.stopGraceLocked()
		delete(p.rooms[seat.Room], seat.User)
	}
	if len(p.rooms[seat.Room]) == 0 {
		delete(p.rooms, seat.Room)
	}
}

// leave makes a user offline who lost the seat, on all replicas.
func (p *presenceTracker) leave(seat store.Seat) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.removeLocked(seat)
	p.backend.apply(presenceChange{kind: lostSeat, seat: seat})()
}

// endRoom makes all users of a room offline, on all replicas.
func (p *presenceTracker) endRoom(room int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for user := range p.rooms[room] {
		p.removeLocked(store.Seat{Room: room, User: user})
	}
	p.backend.apply(presenceChange{kind: roomEnded, seat: store.Seat{Room: room}})()
}

// close closes the backend and forgets all users. On other replicas the users stay
// online for Options.Grace, in which they may reconnect there.
func (p *presenceTracker) close() {
	p.backend.close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for room, users := range p.rooms {
		for user := range users {
			p.removeLocked(store.Seat{Room: room, User: user})
		}
	}
}
