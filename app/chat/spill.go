package chat

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"xxsns/app/sns"
)

// SpillBounds bound what a buffer holds of an open room. A room beyond Lines or Bytes
// is spilled, until the newest lines are left: at most keptLines, half of Lines, and
// half of Bytes. If a buffer is fuller than Full (from 0 to 1), the greatest rooms are
// spilled first, until a few lines of each are left. Zero means the default.
type SpillBounds struct {
	Lines, Bytes int64
	Full         float64
}

// The defaults of SpillBounds, and what is left of a spilled room. A page of a room shows
// 40 lines at first, so that most people read the buffer alone.
const (
	spillLines = 20_000
	spillBytes = 4 << 20
	spillFull  = 0.8

	keptLines    = 1000
	relievedLine = 100      // lines that relieve leaves of a room
	relievedByte = 64 << 10 // and their bytes
)

func (s SpillBounds) orDefault() SpillBounds {
	return SpillBounds{cmp.Or(s.Lines, spillLines), cmp.Or(s.Bytes, spillBytes), cmp.Or(s.Full, spillFull)}
}

// kept returns what is left of a room that was spilled for its size.
func (s SpillBounds) kept() kept { return kept{min(keptLines, s.Lines/2), s.Bytes / 2} }

// relieved returns what is left of a room that was spilled because the buffer is full.
func (s SpillBounds) relieved() kept {
	k := s.kept()
	return kept{min(relievedLine, k.lines), min(relievedByte, k.bytes)}
}

// A kept bounds the newest lines that stay in the buffer.
type kept struct{ lines, bytes int64 }

// target returns the seq up to which a room is to be spilled. Lines are taken to be as
// long as the average: after a step the rest is measured again.
func (k kept) target(e Extent) int64 {
	lines := min(e.Lines, k.lines)
	if e.Bytes > k.bytes && e.Lines > 0 {
		lines = min(lines, k.bytes*e.Lines/e.Bytes)
	}
	return e.Last - max(lines, 1) // a line stays: the next one may continue its bubble
}

// Spills saves the older messages of large rooms while these are open. All methods are
// safe for concurrent use, also by several replicas.
type Spills struct {
	chat *Chat

	mu      sync.Mutex
	pending map[int64]bool     // rooms of soon; guarded by mu
	relief  singleflight.Group // of relieve
	known   sync.Map           // ids of rooms that have spilled messages

	lines, rooms atomic.Int64
}

// SpillStats are figures of this process.
type SpillStats struct {
	Lines int64 // lines that were spilled
	Rooms int64 // rooms that are being spilled now
}

// Stats returns the figures of spilling, for metrics.
func (s *Spills) Stats() SpillStats { return SpillStats{s.lines.Load(), s.rooms.Load()} }

// exceeds reports whether a room is to be spilled after a line was appended.
func (s SpillBounds) exceeds(a Appended) bool { return a.Lines > s.Lines || a.Bytes > s.Bytes }

// spillPause follows a spill that failed, or that another replica is doing: otherwise
// each message of the room would try again.
const spillPause = time.Second

// roomToSay is Store.RoomToSay. Most rooms have never spilled a message: for these the
// shorter query is enough.
func (s *Spills) roomToSay(ctx context.Context, room, user int64, clientID string) (r sns.Room, m sns.Membership, said int64, err error) {
	if _, ok := s.known.Load(room); !ok {
		r, m, err = s.chat.Store.Room(ctx, room, user)
		if err != nil || r.Spilled == 0 {
			return r, m, 0, err
		}
		s.known.Store(room, true)
	}
	return s.chat.Store.RoomToSay(ctx, room, user, clientID)
}

// soon spills a room in the background, once at a time.
func (s *Spills) soon(room int64) {
	c := s.chat
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending[room] || c.background.Err() != nil {
		return
	}
	if s.pending == nil {
		s.pending = make(map[int64]bool)
	}
	s.pending[room] = true
	c.settling.Go(func() {
		n, err := s.spill(c.background, room, c.Spill.kept())
		if err != nil && c.background.Err() == nil {
			c.Log.Error("room not spilled yet", "room", room, "error", err)
		}
		if n == 0 {
			select {
			case <-c.background.Done():
			case <-time.After(spillPause):
			}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.pending, room)
	})
}

// Great spills the open rooms beyond the bounds, such as those whose replica died while
// spilling. Any replica may call Great at any time.
func (s *Spills) Great(ctx context.Context) error {
	rooms, err := s.openRooms(ctx)
	if err != nil {
		return err
	}
	for _, e := range s.greatest(ctx, rooms) {
		if s.chat.Spill.exceeds(Appended{Lines: e.Lines, Bytes: e.Bytes}) {
			_, errSpill := s.spill(ctx, e.room, s.chat.Spill.kept())
			err = errors.Join(err, errSpill)
		}
	}
	return err
}

// Full spills the greatest rooms of buffers that are nearly full, and reports whether no
// buffer is any more. Any replica may call Full at any time.
func (s *Spills) Full(ctx context.Context) (roomy bool, err error) {
	roomy = true
	for name, b := range s.chat.Buffers {
		full, errFull := b.Fullness(ctx)
		if errFull == nil && full >= s.chat.Spill.Full {
			full, errFull = s.drain(ctx, name, b, full)
		}
		roomy, err = roomy && full < s.chat.Spill.Full, errors.Join(err, errFull)
	}
	return roomy, err
}

// drain spills rooms of a buffer, the greatest first, until the buffer is less full
// than the bound, and returns how full the buffer is.
func (s *Spills) drain(ctx context.Context, name string, b Buffer, full float64) (float64, error) {
	rooms, err := s.openRooms(ctx)
	if err != nil {
		return full, err
	}
	rooms = slices.DeleteFunc(rooms, func(r sns.Room) bool { return r.Buffer != name })
	left := s.chat.Spill.relieved()
	for _, e := range s.greatest(ctx, rooms) {
		if left.target(e.Extent) <= e.Seam {
			continue
		}
		if _, err := s.spill(ctx, e.room, left); err != nil {
			return full, err
		}
		if full, err = b.Fullness(ctx); err != nil || full < s.chat.Spill.Full {
			break
		}
	}
	return full, err
}

// relieve is Full for a message that a full buffer has refused, and reports whether
// the message may be tried again. Messages that wait at the same time share one Full.
func (s *Spills) relieve(ctx context.Context) (roomy bool) {
	done := s.relief.DoChan("", func() (any, error) { return s.Full(s.chat.background) })
	select {
	case result := <-done:
		return result.Err == nil && result.Val.(bool)
	case <-ctx.Done():
		return false
	}
}

func (s *Spills) openRooms(ctx context.Context) ([]sns.Room, error) {
	rooms, err := s.chat.Store.UnsavedRooms(ctx)
	return slices.DeleteFunc(rooms, sns.Room.Ended), err
}

type roomExtent struct {
	room int64
	Extent
}

// greatest returns what the buffers hold of rooms, the greatest first.
func (s *Spills) greatest(ctx context.Context, rooms []sns.Room) []roomExtent {
	var all []roomExtent
	for room, e := range s.chat.Sizes(ctx, rooms) {
		all = append(all, roomExtent{room, e})
	}
	slices.SortFunc(all, func(a, b roomExtent) int { return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.room, b.room)) })
	return all
}

// CountLines returns the number of lines of each open room, in the buffer and spilled.
// The rooms of a buffer that cannot be reached are left out.
func (s *Spills) CountLines(ctx context.Context, rooms []sns.Room) (map[int64]int64, error) {
	counts := make(map[int64]int64, len(rooms))
	for room, e := range s.chat.Sizes(ctx, rooms) {
		counts[room] = e.Lines
		if e.Seam == 0 {
			continue
		}
		spilled, err := s.chat.Store.CountMessagesBetween(ctx, room, 1, e.Seam)
		if err != nil {
			return nil, err
		}
		counts[room] += spilled
	}
	return counts, nil
}
