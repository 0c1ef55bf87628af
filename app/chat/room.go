package chat

import (
	"context"
	"errors"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// NewRoom is the input of Open.
type NewRoom struct {
	Mentor sns.User
	Change sns.RoomChange
	Key    string // the same key again opens no second room
}

// Open opens a room with its mentor inside and returns its id. If the key was used
// before, Open returns the room of that call, and again = true. sns.ErrUnavailable
// if the buffer of new rooms cannot be reached.
func (c *Chat) Open(ctx context.Context, n NewRoom) (id int64, again bool, err error) {
	// Check the buffer first: a committed room cannot be taken back.
	if _, err := c.Buffers[c.Buffer].Sizes(ctx, []int64{0}); err != nil {
		return 0, false, err
	}
	id, participant, err := c.Store.CreateRoom(ctx, store.NewRoom{
		Mentor: n.Mentor.ID, Name: n.Change.Name, UserLimit: n.Change.UserLimit, Buffer: c.Buffer, Key: n.Key, CreatedAt: c.Now(),
	})
	if errors.Is(err, sns.ErrConflict) {
		r, err := c.Store.RoomByKey(ctx, n.Mentor.ID, n.Key)
		return r.ID, true, err
	}
	if err != nil {
		return 0, false, err
	}
	r, _, err := c.Store.Room(ctx, id, n.Mentor.ID)
	if err != nil {
		return 0, false, err
	}
	c.appendNotice(ctx, r, sns.MessageEntered, n.Mentor, participant)
	c.publish(ctx, roomEvent(TopicRooms, KindOpened, r))
	return id, false, nil
}

// Change changes the name, the user limit and the notice of a room and returns the
// changed room. sns.ErrForbidden unless by manages the room; otherwise the errors
// of Store.ChangeRoom.
func (c *Chat) Change(ctx context.Context, r sns.Room, by sns.User, change sns.RoomChange) (sns.Room, error) {
	if !r.ManagedBy(by) {
		return r, sns.ErrForbidden
	}
	changed, err := c.Store.ChangeRoom(ctx, r.ID, change, c.Now())
	if err != nil {
		return r, err
	}
	c.publish(ctx, roomEvent(Topic(r.ID), KindRoom, changed))
	c.publish(ctx, roomEvent(TopicRooms, KindListed, changed))
	c.publishHeadCount(changed) // a gathered count with the old limit may follow
	if changed.UserLimit > r.UserLimit {
		c.offerSeat(ctx, changed)
	}
	return changed, nil
}

// Wait adds a user to those who are told once when a seat of a room is free, or
// removes the user. Errors are those of Store.WaitForSeat.
func (c *Chat) Wait(ctx context.Context, room, user int64, on bool) error {
	if err := c.Store.WaitForSeat(ctx, room, user, on, c.Now()); err != nil || !on {
		return err
	}
	r, _, err := c.Store.Room(ctx, room, user) // a seat may have become free meanwhile
	if err == nil {
		c.offerSeat(ctx, r)
	}
	return err
}

// offerSeat tells each waiting user once that a seat is free.
func (c *Chat) offerSeat(ctx context.Context, r sns.Room) {
	if r.Full() {
		return
	}
	users, err := c.Store.TakeWaiting(ctx, r.ID, c.Now())
	if err != nil {
		c.Log.WarnContext(ctx, "free seat not offered", "room", r.ID, "error", err)
	}
	for _, user := range users {
		c.publishData(ctx, live.UserTopic(user), KindSeatFree, r)
	}
}

// OfferSeats tells those who wait for a seat that has become free at a replica that died before
// it told them.
func (c *Chat) OfferSeats(ctx context.Context) error {
	rooms, err := c.Store.UnofferedRooms(ctx)
	for _, r := range rooms {
		c.offerSeat(ctx, r)
	}
	return err
}

// publishHeadCount gathers the head count for the room and for the list of rooms.
func (c *Chat) publishHeadCount(r sns.Room) {
	for _, topic := range []string{Topic(r.ID), TopicRooms} {
		c.Gatherer.Add(roomEvent(topic, KindHeadCount, r))
	}
}
