// Package chat is the life of a room: users enter, say something, leave or are
// removed; the mentor ends the room, and its messages are saved.
//
// Messages go to a Buffer, which stores and publishes each in one step. Ending a
// room closes its buffer and settles it: the messages are saved in the database. A
// buffer that grows too large is spilled: the older messages of the open room are saved.
//
// Four words describe a user in a room. A participant is the row of a user from
// entering to leaving. Membership is the relation of a user to a room: inside,
// removed, waiting. A seat is the place that a user inside takes, of which a room
// has a limited number. Presence is whether a user is online in the room.
package chat

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/redis/go-redis/v9"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Options are the parts that a Chat works with. All are required unless the comment
// says otherwise.
type Options struct {
	Store    *store.Store
	Buffers  map[string]Buffer // by sns.Room.Buffer
	Buffer   string            // of new rooms
	Hub      *live.Hub         // with the sockets of this process
	Bus      live.Bus
	Gatherer *live.Gatherer // for head counts and the progress of saving
	Log      *slog.Logger
	Now      func() time.Time
	Heard    *Heard // of all events of Bus; nil: Unread asks the buffers each time, and presence keeps former names

	// Redis shares presence with other replicas; Bus must be a live.Redis of it. Nil
	// means that there is a single replica.
	Redis redis.UniversalClient

	// Lease is the time without renewal after which another replica takes over a
	// settlement. Grace is how long a user stays online after the last socket closed.
	// Zero means 10 s and 25 s.
	Lease, Grace time.Duration

	// Spill bounds the buffer of an open room. Rate is how many bytes may be said in a
	// room a minute; 0 means no limit.
	Spill SpillBounds
	Rate  int64

	// PresenceLease is how long the users of a dead replica stay online. Replicas renew
	// every third of it. Zero means 30 s.
	PresenceLease time.Duration
}

// Chat is all rooms. All methods are safe for concurrent use. Each call but Say (see
// seated) asks the database who is inside a room; who manages a room follows from the
// room and the user that the caller has just loaded.
type Chat struct {
	Options
	Spills      *Spills
	seated      *store.Recent[int64, seated] // by room
	presence    presenceTracker
	dots        *dots
	unreadBreak unreadBreak
	unread      *lru.Cache[int64, knownUnread] // by user
	dayLines    *lru.Cache[dayLine, int64]     // the last seq of a room before a day began
	background  context.Context                // of settleSoon, Spills and dots
	stop        context.CancelFunc
	settling    sync.WaitGroup // goroutines of settleSoon, Spills and dots
}

// New returns a Chat. The caller must Close it before the store and the bus.
func New(o Options) *Chat {
	o.Lease = cmp.Or(o.Lease, 10*time.Second)
	o.Grace = cmp.Or(o.Grace, 25*time.Second)
	o.PresenceLease = cmp.Or(o.PresenceLease, 30*time.Second)
	o.Spill = o.Spill.orDefault()
	c := &Chat{Options: o}
	c.seated = newSeated(c)
	c.unread, _ = lru.New[int64, knownUnread](unreadUsers) // no error for a size above 0
	c.dayLines, _ = lru.New[dayLine, int64](dayLinesKept)
	c.Spills = &Spills{chat: c}
	c.background, c.stop = context.WithCancel(context.Background())
	c.presence = presenceTracker{chat: c, rooms: make(map[int64]map[int64]*onlineUser), sockets: make(map[store.Seat]int)}
	c.presence.backend = newPresenceBackend(c)
	c.dots = newDots(c)
	if o.Heard != nil {
		o.Heard.listener.Store(&listener{c.presence.renamed, c.dots.changed, c.dots.haveRead})
		c.settling.Go(func() { c.dots.run(c.background) })
	}
	return c
}

// Close stops what goes on in the background, such as settling and spilling. The next Sweep of any replica continues.
// Users stay online for Options.Grace, in which they may reconnect to another
// replica.
func (c *Chat) Close() {
	c.stop()
	c.settling.Wait()
	c.seated.EndRenewal()
	c.presence.close()
}

// buffer returns the buffer of a room, or sns.ErrUnavailable if that buffer is no
// longer configured.
func (c *Chat) buffer(r sns.Room) (Buffer, error) {
	if b := c.Buffers[r.Buffer]; b != nil {
		return b, nil
	}
	return nil, fmt.Errorf("%w: room %d is kept in %q, which is not configured", sns.ErrUnavailable, r.ID, r.Buffer)
}

// afterCommit returns a context for steps that must follow a committed change even
// if ctx has ended. The context lasts 5 s.
func afterCommit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
}

// roomEvent returns an event with the version of the room: the hub drops an older
// state that arrives later.
func roomEvent(topic, kind string, r sns.Room) live.Event {
	if topic == TopicRooms {
		r.Notice = "" // only for users inside
	}
	return live.Event{Topic: topic, Kind: kind, Key: Topic(r.ID), Version: r.Version, Data: encode(r)}
}

// publishData publishes an event without a version.
func (c *Chat) publishData(ctx context.Context, topic, kind string, data any) {
	ev := live.Event{Topic: topic, Kind: kind}
	if data != nil {
		ev.Data = encode(data)
	}
	c.publish(ctx, ev)
}

// publish is live.Tell with the bus of the chat.
func (c *Chat) publish(ctx context.Context, ev live.Event) { live.Tell(ctx, c.Bus, c.Hub, c.Log, ev) }
