package chat

import (
	"context"

	"xxsns/app/live"
	"xxsns/app/store"
)

// CheckMembership closes the sockets of this process whose users lost their seat or
// whose room has ended, and renews the presence of the others. Call it after each
// gap and from time to time: the event that should have closed a socket, or an
// entry in Redis, may be lost.
func (c *Chat) CheckMembership(ctx context.Context) error {
	c.presence.backend.refresh()
	_, err := c.dropOutsiders(ctx, c.presence.connected())
	return err
}

// dropOutsiders returns the seats that are still taken. It makes the users of the
// other seats offline and closes their sockets in this process.
func (c *Chat) dropOutsiders(ctx context.Context, seats []store.Seat) (map[store.Seat]bool, error) {
	inside, err := c.Store.StillInside(ctx, seats)
	if err != nil {
		return nil, err
	}
	for _, seat := range seats {
		if !inside[seat] {
			c.presence.leave(seat)
			c.Hub.Deliver(live.Event{Topic: SeatTopic(seat.Room, seat.User), Kind: live.KindDisconnect})
		}
	}
	return inside, nil
}

// restore applies becameOnline again for users whose entry is missing in the
// backend, unless the database says that the seat is lost.
func (p *presenceTracker) restore(ctx context.Context, missing []store.Seat) error {
	inside, err := p.chat.dropOutsiders(ctx, missing)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for seat := range inside {
		if u := p.rooms[seat.Room][seat.User]; u != nil {
			p.backend.apply(presenceChange{becameOnline, seat, u})()
		}
	}
	return nil
}

// connected returns the seats whose users have a socket of this process open.
func (p *presenceTracker) connected() []store.Seat {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]store.Seat, 0, len(p.sockets))
	for seat := range p.sockets {
		all = append(all, seat)
	}
	return all
}
