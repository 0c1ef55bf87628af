package chat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"xxsns/app/live"
	"xxsns/app/sns"
)

const (
	// sweepMost is how many rooms are looked for at once.
	sweepMost = 100

	// hangUpWithin bounds how long ending a room waits for its buffer before it
	// answers; the sweep goes on where that fails.
	hangUpWithin = 3 * time.Second
)

// End ends a room: nothing can be said in it any more, and everybody is told and
// hung up on before it returns, unless the buffer cannot be reached. The
// messages are saved in the background. Only who manages the room may:
// sns.ErrForbidden. sns.ErrRoomEnded, sns.ErrNotFound.
func (c *Chat) End(ctx context.Context, r sns.Room, by sns.User) error {
	if !r.ManagedBy(by) {
		return sns.ErrForbidden
	}
	return c.end(ctx, r.ID)
}

func (c *Chat) end(ctx context.Context, room int64) error {
	r, err := c.Store.EndRoom(ctx, room, c.Now())
	if err != nil {
		return err
	}
	// The end stands, whoever hangs up now.
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), hangUpWithin)
	defer cancel()
	if _, err := c.close(bounded, r); err != nil && !errors.Is(err, ErrLost) {
		c.Log.WarnContext(ctx, "ended room not closed yet", "room", r.ID, "error", err)
	}
	c.settleSoon(r.ID)
	return nil
}

// retireMost is how many rooms of a mentor are looked for at once.
const retireMost = 100

// Retire ends every open room of a user and gives back every seat, since their
// account is about to be deleted. It may be called again.
func (c *Chat) Retire(ctx context.Context, user sns.User) error {
	for {
		rooms, err := c.Store.MentorRooms(ctx, user.ID, false, 0, retireMost)
		if err != nil {
			return err
		}
		for _, r := range rooms {
			if err := c.end(ctx, r.ID); err != nil && !errors.Is(err, sns.ErrRoomEnded) {
				return fmt.Errorf("end room %d: %w", r.ID, err)
			}
		}
		if len(rooms) < retireMost {
			break
		}
	}
	seats, err := c.Store.SeatsOf(ctx, user.ID)
	if err != nil {
		return err
	}
	for _, room := range seats {
		if err := c.Leave(ctx, room, user); err != nil && !errors.Is(err, sns.ErrRoomEnded) {
			return fmt.Errorf("leave room %d: %w", room, err)
		}
	}
	return nil
}

// close closes the buffer of an ended room, tells everybody and hangs up. It
// returns how many lines there are to save; ErrLost.
func (c *Chat) close(ctx context.Context, r sns.Room) (int64, error) {
	b, err := c.buffer(r)
	if err != nil {
		return 0, err
	}
	total, err := b.Close(ctx, r.ID)
	if err != nil && !errors.Is(err, ErrLost) {
		return 0, err
	}
	for _, ev := range []live.Event{
		roomEvent(TopicRooms, KindEnded, r), roomEvent(Topic(r.ID), KindOver, r), // seen once, by their version
		{Topic: Topic(r.ID), Kind: live.KindDisconnect},
	} {
		if err := c.Bus.Publish(ctx, ev); err != nil {
			return 0, fmt.Errorf("tell that the room has ended: %w", err)
		}
	}
	c.presence.ended(r.ID)
	return total, err
}

// settleSoon settles a room in the background.
func (c *Chat) settleSoon(room int64) {
	if c.working.Err() != nil {
		return
	}
	c.running.Go(func() {
		if _, err := c.Settle(c.working, room); err != nil {
			c.Log.Error("room not settled yet", "room", room, "error", err)
		}
	})
}

// Sweep settles the ended rooms that nobody settles, and returns how many are
// done. The error is that of the last one that failed. It ends when nothing more
// gets done: what cannot even be claimed stays due.
func (c *Chat) Sweep(ctx context.Context) (done int, err error) {
	for before := -1; done > before; {
		before = done
		rooms, errDue := c.Store.DueSettlements(ctx, sweepMost)
		if errDue != nil {
			return done, errDue
		}
		for _, room := range rooms {
			settled, errSettle := c.Settle(ctx, room)
			if errSettle != nil {
				err = fmt.Errorf("room %d: %w", room, errSettle)
			}
			if settled {
				done++
			}
		}
	}
	return done, errors.Join(err, c.dropRest(ctx))
}

// Retry settles a room now whose last attempt failed. Only who manages the room
// may: sns.ErrForbidden. sns.ErrNotFound when there is nothing to settle.
func (c *Chat) Retry(ctx context.Context, r sns.Room, by sns.User) error {
	if !r.ManagedBy(by) {
		return sns.ErrForbidden
	}
	if err := c.Store.RetrySettlement(ctx, r.ID); err != nil {
		return err
	}
	c.settleSoon(r.ID)
	return nil
}
