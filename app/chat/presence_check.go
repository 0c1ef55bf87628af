package chat

import (
	"context"

	"xxsns/app/live"
	"xxsns/app/store"
)

// CheckMembership hangs up on the sockets of this process whose people are not
// inside any more, or whose room has ended, and renews the marks of the others:
// the event that should have told may be lost, or the marks be.
func (c *Chat) CheckMembership(ctx context.Context) error {
	c.presence.marks.refresh()
	_, err := c.inside(ctx, c.presence.open())
	return err
}

// inside returns those who are inside, and takes the others off.
func (c *Chat) inside(ctx context.Context, all []store.Membership) (map[store.Membership]bool, error) {
	inside, err := c.Store.StillInside(ctx, all)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if !inside[m] {
			c.presence.left(m.Room, m.User)
			c.Hub.Deliver(live.Event{Topic: SeatTopic(m.Room, m.User), Kind: live.KindDisconnect})
		}
	}
	return inside, nil
}

// restore marks those again whose marks are gone, unless they went because
// somebody left: the database knows.
func (p *presence) restore(ctx context.Context, unmarked []store.Membership) error {
	inside, err := p.chat.inside(ctx, unmarked)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for m := range inside {
		at := place{m.Room, m.User}
		if h := p.rooms[at.room][at.user]; h != nil {
			p.marks.note(change{came, at, h})()
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
