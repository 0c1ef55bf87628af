package chat

import (
	"context"
	"time"

	"xxsns/app/live"
)

// marks say who has which room open, in all replicas, and tell when that
// changes. Nothing of it waits for another process, but for online and close.
type marks interface {
	// note takes a change in. The changes of a person are noted in their order;
	// what it returns is called afterwards, without a lock, and tells it.
	note(change) (tell func())

	// refresh sees to it soon that nothing is missing.
	refresh()

	// online returns who is marked in a room, as far as is known.
	online(room int64) []int64

	// close ends what runs in the background. What is noted later has no effect
	// on others.
	close()
}

// newMarks are shared where there is a Redis.
func newMarks(c *Chat) marks {
	if c.Redis == nil {
		return &localMarks{chat: c}
	}
	return newRedisMarks(c)
}

// A change is what became of somebody in a room, or of the room.
type change struct {
	what what
	place
	who *here // who came or went
}

type what string

// redis_here.lua knows them by these names.
const (
	came  what = "came"
	went  what = "went"  // and did not come back in time
	left  what = "left"  // their seat
	ended what = "ended" // of a room, whoever is there
)

// presence is what is told of somebody who came or went.
func (ch change) presence(online bool) Presence {
	return Presence{Room: ch.room, User: ch.who.user, Online: online, Leads: ch.who.leads}
}

// localMarks are those of the only replica: whoever is here is marked.
type localMarks struct {
	chat *Chat
	told int64 // version of what was told last; guarded by presence.mu
}

// note implements marks; it needs presence.mu. The version rises, so that what
// is overtaken by newer news is not shown.
func (m *localMarks) note(ch change) (tell func()) {
	if ch.what != came && ch.what != went {
		return untold // leaving and ending are told as such
	}
	m.told = max(m.told+1, time.Now().UnixMicro())
	news := live.Event{
		Topic: Topic(ch.room), Kind: KindPresence, Key: SeatTopic(ch.room, ch.user), Version: m.told,
		Data: encode(ch.presence(ch.what == came)),
	}
	return func() { m.chat.publish(context.Background(), news) }
}

func (m *localMarks) refresh()             {}
func (m *localMarks) online(int64) []int64 { return nil }
func (m *localMarks) close()               {}
