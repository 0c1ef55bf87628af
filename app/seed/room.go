package seed

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"xxsns/app/sns"
)

// People talk in rooms in sittings, which are conversations of some minutes.
const (
	sittingMessages = 24
	sittingsADay    = 4
	roomDays        = 45        // the longest life of a room
	longestSitting  = time.Hour // of the last sitting of a room
)

// A room is a room to be made up.
type room struct {
	name, notice   string // the notice is empty in half of the rooms
	opened, closed time.Time
	open           bool // has not ended

	topic    string
	messages int
	sittings int
	clock    clock // of the sittings
}

// newEndedRoom makes up a room that was opened after begin and ended before end.
func newEndedRoom(rng *rand.Rand, begin, end time.Time, messages int) room {
	days := lifetime(messages)
	free := max(0, int(end.Sub(begin)/day)-days-1)
	last := newClock(end.Add(-longestSitting), free).at(rng, rng.IntN(64), 65)
	return newRoom(rng, begin, last, last.Add(between(rng, longestSitting/4, longestSitting)), messages)
}

// newOpenRoom makes up a room that was opened after begin and in which people
// talk until end.
func newOpenRoom(rng *rand.Rand, begin, end time.Time, messages int) room {
	r := newRoom(rng, begin, end.Add(-between(rng, longestSitting/8, longestSitting/2)), end, messages)
	r.open = true
	return r
}

// newRoom makes up a room. last is the beginning of the last sitting.
func newRoom(rng *rand.Rand, begin, last, closed time.Time, messages int) room {
	topic := roomTopics()[rng.IntN(len(roomTopics()))]
	r := room{closed: closed, topic: topic, messages: messages, sittings: 1 + messages/sittingMessages}
	r.clock = newClock(last, min(lifetime(messages), max(0, int(last.Sub(begin)/day))))
	r.opened = r.clock.at(rng, 0, r.sittings)
	r.name = texts().text(rng, titleRules+topic, nil)
	if rng.IntN(2) == 0 {
		r.notice = texts().text(rng, "pinned."+topic, nil)
	}
	return r
}

// lifetime returns the number of days in which people say that many messages.
func lifetime(messages int) int {
	return min(roomDays, 1+messages/sittingMessages/sittingsADay)
}

// Open rooms are made line by line like those of real people, which is slower
// than the insertion of an ended room. So there are few open rooms with few
// messages. roomPeople limits the people of rooms with more seats.
const (
	openRoomsMax    = 40
	openMessagesMax = 80
	roomPeople      = 15
)

// openRooms returns the number of rooms that stay open: two of five. A single
// room is an ended room if it has more messages than an open room can have.
func (z Size) openRooms() int {
	open := min((2*z.Rooms+4)/5, openRoomsMax)
	if open == z.Rooms && z.Messages > open*openMessagesMax {
		open--
	}
	return open
}

// planRooms makes up all rooms in the order of opening.
func (s *seeder) planRooms() (all []room) {
	rng, open, inOpen := s.source(forRooms, 0), s.size.openRooms(), s.size.Messages
	if open < s.size.Rooms {
		inOpen = min(inOpen/6, open*openMessagesMax)
	}
	names := map[string]bool{}
	plan := func(newRoom func(rng *rand.Rand, begin, end time.Time, messages int) room, messages []int) {
		for _, n := range messages {
			r := newRoom(rng, s.clock.midnight, s.clock.end, n)
			for tries := 8; names[r.name] && tries > 0; tries-- {
				r = newRoom(rng, s.clock.midnight, s.clock.end, n)
			}
			names[r.name] = true
			all = append(all, r)
		}
	}
	plan(newOpenRoom, unevenShares(rng, inOpen, open, openMessagesMax))
	plan(newEndedRoom, unevenShares(rng, s.size.Messages-inOpen, s.size.Rooms-open, math.MaxInt))
	slices.SortFunc(all, func(a, b room) int { return a.opened.Compare(b.opened) })
	return all
}

// addRooms makes all rooms with everything that is said in them.
func (s *seeder) addRooms(ctx context.Context) error {
	limits := sns.RoomLimits(s.Seats)
	for i, r := range s.planRooms() {
		rng := s.source(forRooms, i+1)
		limit := limits[rng.IntN(len(limits))]
		people, err := s.people(ctx, rng, s.users[s.mentors[i%len(s.mentors)]], limit)
		if err != nil {
			return err
		}
		names := make([]string, len(people))
		for k, u := range people {
			names[k] = u.Username
		}
		add := s.addEndedRoom
		if r.open {
			add = s.addOpenRoom
		}
		if err := add(ctx, r, limit, people, r.entries(rng, names)); err != nil {
			return err
		}
	}
	return nil
}

// people chooses the people of a room: the mentor first, and others until the
// room is full or nearly full.
func (s *seeder) people(ctx context.Context, rng *rand.Rand, mentor int64, limit int) ([]sns.User, error) {
	ids := []int64{mentor}
	n := min(limit-rng.IntN(1+2*limit/5), roomPeople, len(s.users))
	for len(ids) < n {
		i := member(rng, len(s.users))
		for slices.Contains(ids, s.users[i]) {
			i = (i + 1) % len(s.users)
		}
		ids = append(ids, s.users[i])
	}
	users, err := s.Store.Users(ctx, ids)
	people := make([]sns.User, len(ids))
	for i, id := range ids {
		people[i] = users[id]
	}
	return people, err
}
