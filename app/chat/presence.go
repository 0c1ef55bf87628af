package chat

import (
	"context"
	"sync"
	"time"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// presence is who has which room open. It knows the sockets of this process.
type presence struct {
	chat *Chat

	mu      sync.Mutex                // guards what follows
	rooms   map[int64]map[int64]*here // by room and user
	sockets map[place]int             // open ones, of people who are not inside any more, too
	told    int64                     // version of what was told last
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
// returns is called when it closed.
func (c *Chat) Arrive(r sns.Room, user sns.User) (depart func()) {
	p := &c.presence
	h, news := p.arrive(r, user)
	if news != nil {
		c.publish(context.Background(), *news)
	}
	return func() { p.depart(place{r.ID, user.ID}, h) }
}

// arrive counts a socket, and returns what is to be told when it is the first.
func (p *presence) arrive(r sns.Room, user sns.User) (h *here, news *live.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := place{r.ID, user.ID}
	if h = p.rooms[r.ID][user.ID]; h == nil {
		h = &here{user: shown(user), leads: user.ID == r.Mentor.ID}
		if p.rooms[r.ID] == nil {
			p.rooms[r.ID] = make(map[int64]*here)
		}
		p.rooms[r.ID][user.ID] = h
		news = p.news(at, h, true)
	}
	h.sockets++
	p.sockets[at]++
	h.stay()
	return h, news
}

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
		h.leaving = time.AfterFunc(p.chat.Grace, func() {
			if news := p.expire(at, h); news != nil {
				p.chat.publish(context.Background(), *news)
			}
		})
	}
}

// expire takes somebody off who did not come back in time, and returns what is
// to be told.
func (p *presence) expire(at place, h *here) *live.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms[at.room][at.user] != h || h.sockets > 0 {
		return nil
	}
	p.forget(at)
	return p.news(at, h, false)
}

// news needs presence.mu: its version rises, so that what is overtaken by newer
// news is not shown.
func (p *presence) news(at place, h *here, online bool) *live.Event {
	p.told = max(p.told+1, time.Now().UnixMicro())
	return &live.Event{
		Topic: Topic(at.room), Kind: KindPresence, Key: SeatTopic(at.room, at.user), Version: p.told,
		Data: encode(Presence{Room: at.room, User: h.user, Online: online, Leads: h.leads}),
	}
}

// Online returns who has the room open, or had it open a moment ago.
func (c *Chat) Online(room int64) map[int64]bool {
	p := &c.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	online := make(map[int64]bool, len(p.rooms[room]))
	for user := range p.rooms[room] {
		online[user] = true
	}
	return online
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

// left takes somebody off who is no longer inside.
func (p *presence) left(room, user int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(place{room, user})
}

// ended takes everybody off a room.
func (p *presence) ended(room int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for user := range p.rooms[room] {
		p.forget(place{room, user})
	}
}

// close takes everybody off.
func (p *presence) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for room, people := range p.rooms {
		for user := range people {
			p.forget(place{room, user})
		}
	}
}

// CheckMembership hangs up on the sockets of this process whose people are not
// inside any more, or whose room has ended: the event that should have done so
// may be lost.
func (c *Chat) CheckMembership(ctx context.Context) error {
	open := c.presence.open()
	inside, err := c.Store.StillInside(ctx, open)
	if err != nil {
		return err
	}
	for _, m := range open {
		if !inside[m] {
			c.Hub.Deliver(live.Event{Topic: SeatTopic(m.Room, m.User), Kind: live.KindDisconnect})
		}
	}
	return nil
}

// open returns who has a socket open.
func (p *presence) open() []store.Membership {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]store.Membership, 0, len(p.sockets))
	for at := range p.sockets {
		all = append(all, store.Membership{Room: at.room, User: at.user})
	}
	return all
}
