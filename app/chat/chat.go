// Package chat is the life of a room: people enter, say something, leave or are
// removed; its mentor ends it, and what was said is saved.
//
// What is said goes to a Buffer, which stores and tells it in one step. Ending a
// room closes its buffer and settles it: the messages are saved in the database.
package chat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Options are what a Chat is wired to. All are required unless said otherwise.
type Options struct {
	Store   *store.Store
	Buffers map[string]Buffer // by what sns.Room.Buffer calls them
	Buffer  string            // that of new rooms
	Hub     *live.Hub         // has the sockets of this process
	Bus     live.Bus
	Counts  *live.Gatherer // tells head counts and what was saved, gathered
	Log     *slog.Logger
	Now     func() time.Time

	// Redis shares who has which room open with other replicas; Bus is a
	// live.Redis of it. nil: there are no others.
	Redis redis.UniversalClient

	// Lease is how long one who settles may be silent until another one takes
	// over, and Grace how long somebody whose last socket closed still counts
	// as online. Zero means 10 s and 25 s.
	Lease, Grace time.Duration

	// MarkLease is how long the people of a replica that died still count as
	// online; a third of it passes between two signs of life. Zero means 30 s.
	MarkLease time.Duration
}

// Chat is all rooms. It is safe for concurrent use. Who is inside is asked of the
// database, each time; who manages a room is decided by the room and the user
// that the caller has just loaded.
type Chat struct {
	Options
	presence presence
	working  context.Context // of what settles in the background
	stop     context.CancelFunc
	running  sync.WaitGroup // that still settle
}

// New returns a Chat. Close it before the store and the bus.
func New(o Options) *Chat {
	o.Lease = cmp.Or(o.Lease, 10*time.Second)
	o.Grace = cmp.Or(o.Grace, 25*time.Second)
	o.MarkLease = cmp.Or(o.MarkLease, 30*time.Second)
	c := &Chat{Options: o}
	c.working, c.stop = context.WithCancel(context.Background())
	c.presence = presence{chat: c, rooms: make(map[int64]map[int64]*here), sockets: make(map[place]int)}
	c.presence.marks = newMarks(c)
	return c
}

// Close ends what settles in the background. What is not done then is settled by
// the next Sweep, here or in another replica. Who has a room open counts as
// online for Options.Grace, within which they come back elsewhere.
func (c *Chat) Close() {
	c.stop()
	c.running.Wait()
	c.presence.close()
}

// buffer is that of a room. A room whose buffer is not configured any more
// cannot be reached until it is again.
func (c *Chat) buffer(r sns.Room) (Buffer, error) {
	if b := c.Buffers[r.Buffer]; b != nil {
		return b, nil
	}
	return nil, fmt.Errorf("%w: room %d is kept in %q, which is not configured", sns.ErrUnavailable, r.ID, r.Buffer)
}

// NewRoom is what a mentor says of a room to open.
type NewRoom struct {
	Mentor sns.User
	Change sns.RoomChange
	Key    string // the same key twice opens one room
}

// Open opens a room with its mentor inside. again tells that the key was used
// before, and the room is the one made then. sns.ErrUnavailable when nobody
// could say anything in it.
func (c *Chat) Open(ctx context.Context, n NewRoom) (id int64, again bool, err error) {
	// Asked before, since a room cannot be taken back.
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
	c.note(ctx, r, sns.MessageEntered, n.Mentor, participant)
	c.publish(ctx, roomEvent(TopicRooms, KindOpened, r))
	return id, false, nil
}

// Enter seats a user in a room; one who is inside stays. Errors are those of
// Store.EnterRoom.
func (c *Chat) Enter(ctx context.Context, room int64, user sns.User) (sns.Room, error) {
	entry, err := c.Store.EnterRoom(ctx, room, user.ID, c.Now())
	if err != nil || entry.Again {
		return entry.Room, err
	}
	c.note(ctx, entry.Room, sns.MessageEntered, user, entry.Participant)
	c.tellSeats(entry.Room)
	return entry.Room, nil
}

// Leave gives a user's seat back and closes their sockets in the room. One who
// is not inside changes nothing. sns.ErrRoomEnded, sns.ErrNotFound.
func (c *Chat) Leave(ctx context.Context, room int64, user sns.User) error {
	d, err := c.Store.LeaveRoom(ctx, room, user.ID, c.Now())
	if err != nil || !d.Changed {
		return err
	}
	c.depart(ctx, d, sns.MessageLeft, user)
	return nil
}

// Remove takes the seat of a user, who may not come back until Restore. Only
// who manages the room may, and its mentor stays: sns.ErrForbidden. Errors are
// otherwise those of Store.RemoveParticipant.
func (c *Chat) Remove(ctx context.Context, r sns.Room, by, user sns.User) error {
	if !r.ManagedBy(by) || user.ID == r.Mentor.ID {
		return sns.ErrForbidden
	}
	d, err := c.Store.RemoveParticipant(ctx, r.ID, user.ID, c.Now())
	if err != nil || !d.Changed {
		return err
	}
	c.depart(ctx, d, sns.MessageRemoved, user)
	return nil
}

// Restore lets a removed user come back. Only who manages the room may.
func (c *Chat) Restore(ctx context.Context, r sns.Room, by sns.User, user int64) error {
	if !r.ManagedBy(by) {
		return sns.ErrForbidden
	}
	return c.Store.RestoreParticipant(ctx, r.ID, user)
}

// depart tells of somebody who is no longer inside, and hangs up on them.
func (c *Chat) depart(ctx context.Context, d store.Departure, kind sns.MessageKind, user sns.User) {
	r := d.Room
	c.presence.left(r.ID, user.ID)
	c.tell(ctx, SeatTopic(r.ID, user.ID), KindDeparted, kind)
	c.tell(ctx, SeatTopic(r.ID, user.ID), live.KindDisconnect, nil)
	c.note(ctx, r, kind, user, d.Participant)
	c.tellSeats(r)
	c.offerSeat(ctx, r)
}

// Change changes what a room is called, how many it takes, and its notice. Only
// who manages it may: sns.ErrForbidden. Errors are otherwise those of
// Store.ChangeRoom.
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
	c.tellSeats(changed) // an older number may be on its way
	if changed.UserLimit > r.UserLimit {
		c.offerSeat(ctx, changed)
	}
	return changed, nil
}

// Wait makes a user be told once when a seat in a room is free, or not. Errors
// are those of Store.WaitForSeat.
func (c *Chat) Wait(ctx context.Context, room, user int64, on bool) error {
	if err := c.Store.WaitForSeat(ctx, room, user, on, c.Now()); err != nil || !on {
		return err
	}
	r, _, err := c.Store.Room(ctx, room, user) // a seat may be free by now
	if err == nil {
		c.offerSeat(ctx, r)
	}
	return err
}

// offerSeat tells those who wait for a seat, once each, that one is free.
func (c *Chat) offerSeat(ctx context.Context, r sns.Room) {
	if r.Full() {
		return
	}
	users, err := c.Store.TakeWaiting(ctx, r.ID, c.Now())
	if err != nil {
		c.Log.WarnContext(ctx, "free seat not offered", "room", r.ID, "error", err)
	}
	for _, user := range users {
		c.tell(ctx, live.UserTopic(user), KindSeat, r)
	}
}

// tellSeats tells in the room, and on the list, how many are inside.
func (c *Chat) tellSeats(r sns.Room) {
	for _, topic := range []string{Topic(r.ID), TopicRooms} {
		c.Counts.Add(roomEvent(topic, KindSeats, r))
	}
}

// roomEvent is an event about a room, which an older one does not follow.
func roomEvent(topic, kind string, r sns.Room) live.Event {
	if topic == TopicRooms {
		r.Notice = "" // which is for those inside
	}
	return live.Event{Topic: topic, Kind: kind, Key: Topic(r.ID), Version: r.Version, Data: encode(r)}
}

// afterAll is for what is to be done even though ctx has ended, soon.
func afterAll(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
}

// tell publishes an event without a version.
func (c *Chat) tell(ctx context.Context, topic, kind string, data any) {
	ev := live.Event{Topic: topic, Kind: kind}
	if data != nil {
		ev.Data = encode(data)
	}
	c.publish(ctx, ev)
}

// publish tells what was committed, even to who hung up. When that fails the
// change stands, and catching up repairs what people see.
func (c *Chat) publish(ctx context.Context, ev live.Event) {
	if err := c.Bus.Publish(context.WithoutCancel(ctx), ev); err != nil {
		c.Log.WarnContext(ctx, "event not told", "topic", ev.Topic, "kind", ev.Kind, "error", err)
		if ev.Kind == live.KindDisconnect { // others hang up when they check
			c.Hub.Deliver(ev)
		}
	}
}
