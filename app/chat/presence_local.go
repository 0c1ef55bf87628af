package chat

import (
	"context"
	"time"

	"xxsns/app/live"
	"xxsns/app/store"
)

// A presenceBackend shares presence among all replicas and publishes the changes.
// Only online and close may wait for another process.
type presenceBackend interface {
	// apply records a change. The caller must hold presenceTracker.mu, so that the
	// changes of a user stay in order, and must call publish afterwards.
	apply(presenceChange) (publish func())

	// refresh makes the backend look soon for entries that are missing.
	refresh()

	// online returns the users who are online in a room, as far as is known.
	online(room int64) []int64

	// close ends the background goroutine. Later changes have no effect on other
	// replicas.
	close()
}

// newPresenceBackend returns a redisPresence if there is a Redis.
func newPresenceBackend(c *Chat) presenceBackend {
	if c.Redis == nil {
		return &localPresence{chat: c}
	}
	return newRedisPresence(c)
}

// A presenceChange is a change of one user, or of a whole room.
type presenceChange struct {
	kind presenceChangeKind
	seat store.Seat  // Room alone for roomEnded
	user *onlineUser // for becameOnline and becameOffline
}

type presenceChangeKind string

// The kinds are also the names of the acts of presence.lua.
const (
	becameOnline  presenceChangeKind = "online"
	becameOffline presenceChangeKind = "offline" // after the grace period
	lostSeat      presenceChangeKind = "left"
	roomEnded     presenceChangeKind = "ended"
)

// event returns the data of the event to publish.
func (ch presenceChange) event(online bool) Presence {
	return Presence{Room: ch.seat.Room, User: ch.user.user, Online: online, Leads: ch.user.leads}
}

// localPresence is the presenceBackend of a single replica: it only publishes.
type localPresence struct {
	chat    *Chat
	version int64 // of the last event; guarded by presenceTracker.mu
}

// apply implements presenceBackend. The rising version lets the hub drop an event
// that a newer event has overtaken. Users who lost their seat, and rooms that
// ended, have events of their own.
func (l *localPresence) apply(ch presenceChange) (publish func()) {
	if ch.kind != becameOnline && ch.kind != becameOffline {
		return publishNothing
	}
	l.version = max(l.version+1, time.Now().UnixMicro())
	ev := live.Event{
		Topic: Topic(ch.seat.Room), Kind: KindPresence, Key: SeatTopic(ch.seat.Room, ch.seat.User), Version: l.version,
		Data: encode(ch.event(ch.kind == becameOnline)),
	}
	return func() { l.chat.publish(context.Background(), ev) }
}

func (l *localPresence) refresh()             {}
func (l *localPresence) online(int64) []int64 { return nil }
func (l *localPresence) close()               {}
