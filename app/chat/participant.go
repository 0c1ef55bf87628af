package chat

import (
	"context"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Enter gives a user a seat in a room and returns the room. For a user inside
// nothing changes. Errors are those of Store.EnterRoom.
func (c *Chat) Enter(ctx context.Context, room int64, user sns.User) (sns.Room, error) {
	r, err := c.Store.EnterRoom(ctx, room, user.ID, c.Now())
	if err != nil || r.Again {
		return r.Room, err
	}
	c.appendNotice(ctx, r.Room, sns.MessageEntered, user, r.Participant)
	c.publishHeadCount(r.Room)
	return r.Room, nil
}

// Leave gives the seat of a user back and closes the user's sockets in the room.
// For a user outside nothing changes. sns.ErrRoomEnded, sns.ErrNotFound.
func (c *Chat) Leave(ctx context.Context, room int64, user sns.User) error {
	left, err := c.Store.LeaveRoom(ctx, room, user.ID, c.Now())
	if err != nil {
		return err
	}
	vacate(ctx, c, left.Room) // also for a user outside: who left may have died before this step
	if !left.Changed {
		return nil
	}
	c.afterExit(ctx, left, sns.MessageLeft, user)
	return nil
}

// Remove takes the seat of a user, who may not enter again until Restore.
// sns.ErrForbidden unless by manages the room, and for the mentor; otherwise the
// errors of Store.RemoveParticipant.
func (c *Chat) Remove(ctx context.Context, r sns.Room, by, user sns.User) error {
	if !r.ManagedBy(by) || user.ID == r.Mentor.ID {
		return sns.ErrForbidden
	}
	left, err := c.Store.RemoveParticipant(ctx, r.ID, user.ID, c.Now(), c.act(r, by, sns.ActRemove, user))
	if err != nil {
		return err
	}
	vacate(ctx, c, left.Room) // as in Leave
	if !left.Changed {
		return nil
	}
	c.afterExit(ctx, left, sns.MessageRemoved, user)
	return nil
}

// Restore lets a removed user enter again. sns.ErrForbidden unless by manages the
// room; otherwise the errors of Store.RestoreParticipant.
func (c *Chat) Restore(ctx context.Context, r sns.Room, by sns.User, user int64) error {
	if !r.ManagedBy(by) {
		return sns.ErrForbidden
	}
	return c.Store.RestoreParticipant(ctx, r.ID, user, c.act(r, by, sns.ActRestore, sns.User{ID: user}))
}

// afterExit publishes that a user lost the seat, and closes the user's sockets.
func (c *Chat) afterExit(ctx context.Context, left store.LeaveResult, kind sns.MessageKind, user sns.User) {
	r := left.Room
	c.presence.leave(store.Seat{Room: r.ID, User: user.ID})
	c.publishData(ctx, SeatTopic(r.ID, user.ID), KindExited, kind)
	c.publishData(ctx, SeatTopic(r.ID, user.ID), live.KindDisconnect, nil)
	c.appendNotice(ctx, r, kind, user, left.Participant)
	c.publishHeadCount(r)
	c.offerSeat(ctx, r)
}
