package chat

import (
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"

	"xxsns/app/live"
	"xxsns/app/sns"
)

// heardShards is how many counts a Heard has. Rooms that share one cost a question too many.
const heardShards = 256

// A Heard counts the lines that were said and erased in rooms, as far as this process has
// heard, and passes on what its listener wants to know. What is unread of rooms is not
// asked again before something is heard of them. All methods are safe for concurrent use.
type Heard struct {
	shards [heardShards]atomic.Uint64
	missed atomic.Uint64

	listener atomic.Pointer[listener] // set by New
}

// A listener has functions that must not block.
type listener struct {
	renamed func(sns.User)
	changed func(room int64)    // a line was said or erased, or the room has ended
	read    func(users []int64) // of rooms, or they have left one
}

// Hear takes an event before the clients of this process get it.
func (h *Heard) Hear(ev live.Event) {
	tell := h.listener.Load()
	if tell == nil {
		tell = &listener{func(sns.User) {}, func(int64) {}, func([]int64) {}}
	}
	if user, ok := RenamedUser(ev); ok {
		tell.renamed(user)
		return
	}
	switch ev.Kind {
	case KindLine, KindErased, KindOver:
		if room, _, ok := seatOf(ev.Topic); ok {
			h.hear(room)
			tell.changed(room)
		}
	case KindExited:
		if _, user, ok := seatOf(ev.Topic); ok {
			tell.read([]int64{user})
		}
	case KindRead:
		var users []int64
		if json.Unmarshal(ev.Data, &users) == nil {
			tell.read(users)
		}
	}
}

func (h *Heard) hear(room int64) { h.shards[uint64(room)%heardShards].Add(1) } //nolint:gosec // an id is positive

// Miss says that events may have been missed.
func (h *Heard) Miss() { h.missed.Add(1) }

// sum returns a number that is another one as soon as something is heard of the rooms.
func (h *Heard) sum(reads []sns.RoomRead) uint64 {
	sum := h.missed.Load()
	for _, read := range reads {
		sum += h.shards[uint64(read.Room)%heardShards].Load() //nolint:gosec // an id is positive
	}
	return sum
}

// heardOf says that this process itself has changed a line of a room: its next page shows
// that, however late the event comes back.
func (c *Chat) heardOf(room int64) {
	if c.Heard != nil {
		c.Heard.hear(room)
	}
}

const (
	// unreadUsers is of how many users a process knows what they have not read.
	unreadUsers = 2000

	// unreadLife bounds how long that is known: an event may be lost without a word.
	unreadLife = 5 * time.Second
)

// A knownUnread is what Unread has answered.
type knownUnread struct {
	reads []sns.RoomRead
	heard uint64 // Heard.sum before the buffers were asked
	at    time.Time
	all   []sns.Unread
}

// knownUnread returns what a user has not read, if that is known, or else what Unread has to
// complete.
func (c *Chat) knownUnread(user int64, reads []sns.RoomRead) (known knownUnread, ok bool) {
	if c.Heard == nil {
		return known, false
	}
	heard, now := c.Heard.sum(reads), c.Now()
	known, ok = c.unread.Get(user)
	if ok && known.heard == heard && now.Sub(known.at) < unreadLife && slices.Equal(known.reads, reads) {
		return known, true
	}
	return knownUnread{reads: reads, heard: heard, at: now}, false
}
