package seed

import (
	"math/rand/v2"
	"time"
)

// How people talk in rooms: in sittings of some messages, a few a day.
const (
	sittingMessages = 24
	sittingsADay    = 4
	roomDays        = 45 // the longest life of a room
)

// A Room is a group chat to be filled: what it is called, and from when until
// when people talk in it.
type Room struct {
	Name, Notice   string // Notice is empty in some
	Opened, Closed time.Time

	topic    string
	messages int
	sittings int
	clock    Clock // of the sittings
}

// EndedRoom makes up a room of so many messages that is opened after begin and
// closed before end.
func EndedRoom(rng *rand.Rand, begin, end time.Time, messages int) Room {
	days := lifetime(messages)
	free := max(0, int(end.Sub(begin)/day)-days-1)
	last := NewClock(end.Add(-longestSitting), free).At(rng, rng.IntN(64), 65)
	return newRoom(rng, begin, last, last.Add(between(rng, longestSitting/4, longestSitting)), messages)
}

// OpenRoom makes up a room of so many messages in which people still talk at
// end. It is opened after begin.
func OpenRoom(rng *rand.Rand, begin, end time.Time, messages int) Room {
	return newRoom(rng, begin, end.Add(-between(rng, longestSitting/8, longestSitting/2)), end, messages)
}

// longestSitting bounds the last sitting, and so how long a room stays open
// after it began.
const longestSitting = time.Hour

// newRoom makes up a room whose last sitting begins at a time.
func newRoom(rng *rand.Rand, begin, last, closed time.Time, messages int) Room {
	topic := roomTopics()[rng.IntN(len(roomTopics()))]
	r := Room{Closed: closed, topic: topic, messages: messages, sittings: 1 + messages/sittingMessages}
	r.clock = NewClock(last, min(lifetime(messages), max(0, int(last.Sub(begin)/day))))
	r.Opened = r.clock.At(rng, 0, r.sittings)
	r.Name = texts().text(rng, titleRules+topic, nil)
	if rng.IntN(2) == 0 {
		r.Notice = texts().text(rng, "pinned."+topic, nil)
	}
	return r
}

// lifetime is how many days it takes to say so many messages.
func lifetime(messages int) int {
	return min(roomDays, 1+messages/sittingMessages/sittingsADay)
}

// between returns a random time of a range.
func between(rng *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(rng.Float64()*float64(high-low))
}
