package chat

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// seated is what Say knows of an open room for store.RecentFor, so that most messages ask
// the database nothing. It serves no longer than the mark of the room's seats stays: Leave
// and Remove raise the mark in the buffer before they answer, and Append compares it in
// the step that stores the message. So nobody speaks after leaving, also if no event
// reaches the replica.
type seated struct {
	room   sns.Room
	inside []int64 // users
	mark   string  // "": ask the database
}

// newSeated returns what is known of rooms. Rooms in which somebody talks are asked for
// together, before they are needed.
func newSeated(c *Chat) *store.Recent[int64, seated] {
	known := store.NewRecent[int64, seated](c.Now)
	known.RenewBy(func(ctx context.Context, rooms []int64) (map[int64]seated, error) { return loadSeated(ctx, c, rooms) })
	return known
}

// loadSeated loads seated of rooms: the marks first, so that a user who leaves meanwhile
// is either missing, or raises the mark afterwards. Rooms that do not exist are missing
// from the map.
func loadSeated(ctx context.Context, c *Chat, ids []int64) (map[int64]seated, error) {
	rooms, err := c.Store.RoomsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	marks, err := seatMarks(ctx, c, rooms)
	if err != nil {
		return nil, err
	}
	inside, err := c.Store.Inside(ctx, slices.Collect(maps.Keys(marks)))
	all := make(map[int64]seated, len(rooms))
	for id, room := range rooms {
		all[id] = seated{room: room, inside: inside[id], mark: marks[id]}
	}
	return all, err
}

// seatMarks returns the marks of the seats of open rooms whose buffers have marks.
func seatMarks(ctx context.Context, c *Chat, rooms map[int64]sns.Room) (map[int64]string, error) {
	marks := make(map[int64]string, len(rooms))
	for name, buffer := range c.Buffers {
		var open []int64
		for id, room := range rooms {
			if room.Buffer == name && !room.Ended() {
				open = append(open, id)
			}
		}
		if len(open) == 0 {
			continue
		}
		found, err := buffer.SeatMarks(ctx, open)
		if err != nil {
			return nil, err
		}
		maps.Copy(marks, found)
	}
	return marks, nil
}

// A standing is what Say must know of a user in a room.
type standing struct {
	room   sns.Room
	inside bool
	said   int64  // seq of the message if it was said before, and spilled; or 0
	mark   string // AppendRule.Mark
}

// standingOf returns what Say must know of a user who says a message. Only that a user is
// inside is known from before: for anything else, such as a user who has just entered at
// another replica, the database is asked. sns.ErrNotFound.
func standingOf(ctx context.Context, c *Chat, room, user int64, clientID string) (s standing, err error) {
	var known seated
	if c.Redis != nil {
		// Without Redis nothing can be said, but a user outside is to hear that, and not to
		// try again: the database is asked.
		c.seated.Expect(room)
		known, _ = c.seated.Get(ctx, room, func(ctx context.Context) (seated, error) {
			all, err := loadSeated(ctx, c, []int64{room})
			return all[room], err
		})
	}
	if known.mark == "" || !slices.Contains(known.inside, user) {
		var m sns.Membership
		s.room, m, s.said, err = c.Spills.roomToSay(ctx, room, user, clientID)
		s.inside = m.Inside
		return s, err
	}
	s = standing{room: known.room, inside: true, mark: known.mark}
	if s.room.Spilled > 0 {
		s.said, err = c.Store.SpilledSeq(ctx, room, user, clientID)
	}
	if errors.Is(err, sns.ErrNotFound) {
		err = nil
	}
	return s, err
}

// vacateWithin bounds Vacate: a user waits for the answer to leaving.
const vacateWithin = 2 * time.Second

// vacate makes sure, before a user is told to be outside, that no replica takes the user
// for one inside: by another mark of the seats or, if the buffer cannot be reached, by
// waiting until no replica knows what was before.
func vacate(ctx context.Context, c *Chat, r sns.Room) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), vacateWithin)
	defer cancel()
	b, err := c.buffer(r)
	if err == nil {
		err = b.Vacate(ctx, r.ID)
	}
	if err != nil {
		c.Log.WarnContext(ctx, "seats not marked", "room", r.ID, "error", err)
		time.Sleep(store.RecentFor)
	}
}
