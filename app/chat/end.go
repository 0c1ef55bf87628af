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
	// sweepLimit is the number of rooms that one query of Sweep returns.
	sweepLimit = 100

	// closeTimeout bounds how long End waits for the buffer. After a failure, Sweep
	// closes the room.
	closeTimeout = 3 * time.Second

	// retireLimit is the number of rooms that one query of Retire returns.
	retireLimit = 100
)

// End ends a room. Before End returns, the room refuses messages, and all viewers
// are told and disconnected, unless the buffer cannot be reached. The messages are
// saved in the background. sns.ErrForbidden unless by manages the room;
// sns.ErrRoomEnded, sns.ErrNotFound.
func (c *Chat) End(ctx context.Context, r sns.Room, by sns.User) error {
	if !r.ManagedBy(by) {
		return sns.ErrForbidden
	}
	if by.ID == r.Mentor.ID {
		return c.end(ctx, r.ID)
	}
	return c.end(ctx, r.ID, c.act(r, by, sns.ActEnd, r.Mentor))
}

// act returns an act on a room or somebody in it, for the log.
func (c *Chat) act(r sns.Room, by sns.User, kind sns.ActKind, user sns.User) sns.Act {
	return sns.Act{By: by, Kind: kind, User: user, Thing: fmt.Sprintf("/rooms/%d", r.ID), Note: r.Name, At: c.Now()}
}

func (c *Chat) end(ctx context.Context, room int64, acts ...sns.Act) error {
	r, err := c.Store.EndRoom(ctx, room, c.Now(), acts...)
	if err != nil {
		return err
	}
	// The end is committed: go on even if ctx has ended.
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if _, err := c.close(bounded, r); err != nil && !errors.Is(err, ErrLost) {
		c.Log.WarnContext(ctx, "ended room not closed yet", "room", r.ID, "error", err)
	}
	c.settleSoon(r.ID)
	return nil
}

// Retire ends all open rooms of a user and gives back all seats of the user, before
// the account is deleted. It may be called again.
func (c *Chat) Retire(ctx context.Context, user sns.User) error {
	if err := c.endAll(ctx, user.ID, func(sns.Room) []sns.Act { return nil }); err != nil {
		return err
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

// deleteTries is how often DeleteAccount empties rooms and tries again: a request that is under
// way may enter a room in between.
const deleteTries = 5

// DeleteAccount calls remove, which deletes the account of a user as Store.DeleteUser does, and
// ends the rooms and seats of the user if remove asks for that by sns.ErrConflict: the only
// administrator may not be deleted, and keeps all rooms. signOut ends the sessions before: other
// devices could go on entering rooms. sns.ErrUnavailable if the user still had a room or seat at
// the last try.
func (c *Chat) DeleteAccount(ctx context.Context, user sns.User, remove func() error, signOut func() error) error {
	for range deleteTries {
		err := remove()
		if !errors.Is(err, sns.ErrConflict) {
			return err
		}
		if err := signOut(); err != nil {
			return err
		}
		if err := c.Retire(ctx, user); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: the account still has rooms or seats", sns.ErrUnavailable)
}

// EndAll ends all open rooms that a mentor leads, who was suspended by an administrator for a
// reason. It may be called again.
func (c *Chat) EndAll(ctx context.Context, by, mentor sns.User, reason string) error {
	return c.endAll(ctx, mentor.ID, func(r sns.Room) []sns.Act {
		act := c.act(r, by, sns.ActEnd, mentor)
		act.Note = reason
		return []sns.Act{act}
	})
}

// EndSuspended is EndAll for the mentors who are suspended now.
func (c *Chat) EndSuspended(ctx context.Context) error {
	suspended, err := c.Store.SuspendedLeaders(ctx, c.Now())
	for _, s := range suspended {
		err = errors.Join(err, c.EndAll(ctx, sns.User{ID: s.By}, sns.User{ID: s.User}, s.Reason))
	}
	return err
}

// endAll ends all open rooms of a mentor, with acts for the log.
func (c *Chat) endAll(ctx context.Context, mentor int64, acts func(sns.Room) []sns.Act) error {
	for {
		rooms, err := c.Store.MentorRooms(ctx, mentor, false, 0, retireLimit)
		if err != nil {
			return err
		}
		for _, r := range rooms {
			if err := c.end(ctx, r.ID, acts(r)...); err != nil && !errors.Is(err, sns.ErrRoomEnded) {
				return fmt.Errorf("end room %d: %w", r.ID, err)
			}
		}
		if len(rooms) < retireLimit {
			return nil
		}
	}
}

// close closes the buffer of an ended room, and tells and disconnects all viewers.
// close returns the number of lines to save and may be called again. ErrLost.
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
		roomEvent(TopicRooms, KindEnded, r), roomEvent(Topic(r.ID), KindOver, r), // the version keeps a repeat from being shown
		{Topic: Topic(r.ID), Kind: live.KindDisconnect},
	} {
		if err := c.Bus.Publish(ctx, ev); err != nil {
			return 0, fmt.Errorf("tell that the room has ended: %w", err)
		}
	}
	c.presence.endRoom(r.ID)
	return total, err
}

// settleSoon settles a room in the background.
func (c *Chat) settleSoon(room int64) {
	if c.background.Err() != nil {
		return
	}
	c.settling.Go(func() {
		if _, err := c.Settle(c.background, room); err != nil && c.background.Err() == nil { // else another replica goes on
			c.Log.Error("room not settled yet", "room", room, "error", err)
		}
	})
}

// Sweep settles the ended rooms that no replica is settling, and returns the number
// of settled rooms and the last error. It stops when a round settles no room: a
// settlement that cannot be claimed would stay due for ever.
func (c *Chat) Sweep(ctx context.Context) (done int, err error) {
	for before := -1; done > before; {
		before = done
		rooms, errDue := c.Store.DueSettlements(ctx, sweepLimit)
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
	return done, errors.Join(err, c.dropSaved(ctx))
}

// Retry settles a room now, in the background, without the pause after a failed
// attempt. sns.ErrForbidden unless by manages the room; sns.ErrNotFound if the room
// has no unfinished settlement.
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
