package chat

import (
	"context"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A dayLine is the moment at which a day begins, in a room.
type dayLine struct{ room, at int64 }

// dayLinesKept bounds the memory of CountDays.
const dayLinesKept = 20_000

// CountDays returns how many messages were said on the days between lines, of which all but the
// last have passed, and how many there are in open rooms. Notices of entering and leaving count,
// as in settlements.
//
// The seqs of a room tell how many messages a stretch of time has: CountDays looks for the seqs
// at which days begin, and reads no messages beside. A room that began and ended on the same day
// costs nothing.
func (c *Chat) CountDays(ctx context.Context, lines []time.Time) (days []int64, open int64, err error) {
	rooms, err := c.Store.RoomsSince(ctx, lines[0])
	if err != nil {
		return nil, 0, err
	}
	var unsaved []sns.Room
	for _, r := range rooms {
		if !r.Room.Ended() {
			unsaved = append(unsaved, r.Room)
		}
	}
	sizes := c.Sizes(ctx, unsaved)
	days = make([]int64, len(lines)-1)
	for _, r := range rooms {
		last := sizes[r.Room.ID].Last
		if !r.Room.Ended() {
			open += sns.MessagesBetween(0, last)
		}
		if err := c.addDays(ctx, days, lines, r, last); err != nil {
			return nil, 0, err
		}
	}
	return days, open, nil
}

// addDays adds the messages of a room to days. last is the seq of the newest message if the room
// is open.
func (c *Chat) addDays(ctx context.Context, days []int64, lines []time.Time, r store.RoomLife, last int64) error {
	first, final := 0, len(days)-1 // the days on which the room was open
	for first < final && !r.Room.CreatedAt.Before(lines[first+1]) {
		first++
	}
	for final > first && r.Room.Ended() && r.Room.EndedAt.Before(lines[final]) {
		final--
	}
	if first == final && r.Room.Ended() && !r.Room.CreatedAt.Before(lines[first]) {
		days[first] += r.Messages
		return nil
	}
	if r.Room.Ended() {
		newest, err := c.lines(ctx, r.Room, sns.LastMessages(1))
		if err != nil || len(newest) == 0 {
			return err
		}
		last = newest[0].Seq
	}
	begins := lines[first : final+1]
	seqs, err := store.LastBefore(begins, last, c.firstFrom(ctx, r.Room), func(i int) (int64, bool) {
		if !r.Room.CreatedAt.Before(begins[i]) {
			return 0, true
		}
		return c.dayLines.Get(dayLine{r.Room.ID, begins[i].UnixMicro()})
	})
	if err != nil {
		return err
	}
	for i, seq := range seqs {
		c.dayLines.Add(dayLine{r.Room.ID, begins[i].UnixMicro()}, seq)
		end := last
		if i+1 < len(seqs) {
			end = seqs[i+1]
		}
		days[first+i] += sns.MessagesBetween(seq, end)
	}
	return nil
}

// firstFrom returns the argument at of store.LastBefore for the messages of a room.
func (c *Chat) firstFrom(ctx context.Context, r sns.Room) func(int64) (int64, time.Time, error) {
	return func(seq int64) (int64, time.Time, error) {
		found, err := c.lines(ctx, r, sns.MessagePage{After: seq - 1, Limit: 1})
		switch {
		case err != nil:
			return 0, time.Time{}, err
		case len(found) == 0:
			return 0, time.Time{}, sns.ErrNotFound
		}
		return found[0].Seq, found[0].At, nil
	}
}
