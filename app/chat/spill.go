package chat

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"xxsns/app/sns"
	"xxsns/app/store"
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

// spills is the spilling of one process.
type spills struct {
	mu     sync.Mutex
	soon   map[int64]bool // rooms of spillSoon
	relief singleflight.Group

	lines, rooms atomic.Int64
}

// SpillStats are figures of this process.
type SpillStats struct {
	Lines int64 // lines that were spilled
	Rooms int64 // rooms that are being spilled now
}

// SpillStats returns the figures of spilling, for metrics.
func (c *Chat) SpillStats() SpillStats {
	return SpillStats{c.spills.lines.Load(), c.spills.rooms.Load()}
}

// exceeds reports whether a room is to be spilled after a line was appended.
func (c *Chat) exceeds(a Appended) bool { return a.Lines > c.Spill.Lines || a.Bytes > c.Spill.Bytes }

// spillPause follows a spill that failed, or that another replica is doing: otherwise
// each message of the room would try again.
const spillPause = time.Second

// spillSoon spills a room in the background, once at a time.
func (c *Chat) spillSoon(room int64) {
	c.spills.mu.Lock()
	defer c.spills.mu.Unlock()
	if c.spills.soon[room] || c.background.Err() != nil {
		return
	}
	if c.spills.soon == nil {
		c.spills.soon = make(map[int64]bool)
	}
	c.spills.soon[room] = true
	c.settling.Go(func() {
		n, err := c.spill(c.background, room, c.Spill.kept())
		if err != nil && c.background.Err() == nil {
			c.Log.Error("room not spilled yet", "room", room, "error", err)
		}
		if n == 0 {
			select {
			case <-c.background.Done():
			case <-time.After(spillPause):
			}
		}
		c.spills.mu.Lock()
		defer c.spills.mu.Unlock()
		delete(c.spills.soon, room)
	})
}

// SpillGreat spills the open rooms beyond the bounds, such as those whose replica died
// while spilling. Any replica may call SpillGreat at any time.
func (c *Chat) SpillGreat(ctx context.Context) error {
	rooms, err := c.openRooms(ctx)
	if err != nil {
		return err
	}
	for _, e := range c.greatest(ctx, rooms) {
		if c.exceeds(Appended{Lines: e.Lines, Bytes: e.Bytes}) {
			_, errSpill := c.spill(ctx, e.room, c.Spill.kept())
			err = errors.Join(err, errSpill)
		}
	}
	return err
}

// SpillFull spills the greatest rooms of buffers that are nearly full, and reports
// whether no buffer is any more. Any replica may call SpillFull at any time.
func (c *Chat) SpillFull(ctx context.Context) (roomy bool, err error) {
	roomy = true
	for name, b := range c.Buffers {
		full, errFull := b.Fullness(ctx)
		if errFull == nil && full >= c.Spill.Full {
			full, errFull = c.drain(ctx, name, b, full)
		}
		roomy, err = roomy && full < c.Spill.Full, errors.Join(err, errFull)
	}
	return roomy, err
}

// drain spills rooms of a buffer, the greatest first, until the buffer is less full
// than the bound, and returns how full the buffer is.
func (c *Chat) drain(ctx context.Context, name string, b Buffer, full float64) (float64, error) {
	rooms, err := c.openRooms(ctx)
	if err != nil {
		return full, err
	}
	rooms = slices.DeleteFunc(rooms, func(r sns.Room) bool { return r.Buffer != name })
	left := c.Spill.relieved()
	for _, e := range c.greatest(ctx, rooms) {
		if left.target(e.Extent) <= e.Seam {
			continue
		}
		if _, err := c.spill(ctx, e.room, left); err != nil {
			return full, err
		}
		if full, err = b.Fullness(ctx); err != nil || full < c.Spill.Full {
			break
		}
	}
	return full, err
}

// relieve is SpillFull for a message that a full buffer has refused, and reports whether
// the message may be tried again. Messages that wait at the same time share one
// SpillFull.
func (c *Chat) relieve(ctx context.Context) (roomy bool) {
	done := c.spills.relief.DoChan("", func() (any, error) { return c.SpillFull(c.background) })
	select {
	case result := <-done:
		return result.Err == nil && result.Val.(bool)
	case <-ctx.Done():
		return false
	}
}

func (c *Chat) openRooms(ctx context.Context) ([]sns.Room, error) {
	rooms, err := c.Store.UnsavedRooms(ctx)
	return slices.DeleteFunc(rooms, sns.Room.Ended), err
}

type roomExtent struct {
	room int64
	Extent
}

// greatest returns what the buffers hold of rooms, the greatest first.
func (c *Chat) greatest(ctx context.Context, rooms []sns.Room) []roomExtent {
	var all []roomExtent
	for room, e := range c.Sizes(ctx, rooms) {
		all = append(all, roomExtent{room, e})
	}
	slices.SortFunc(all, func(a, b roomExtent) int { return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.room, b.room)) })
	return all
}

// A spiller saves the older lines of one open room. The token names the attempt: the
// database refuses the writes of an attempt that no longer holds the lease, or whose
// room has ended.
type spiller struct {
	*Chat
	buffer Buffer
	room   int64
	token  string
	kept   kept
}

// spill saves lines of an open room and trims them from the buffer, until only kept is
// left, and returns the number of trimmed lines. Nothing happens if another attempt
// holds the lease, or the room has ended. A spill may stop at any point, and the next
// one goes on.
func (c *Chat) spill(ctx context.Context, room int64, k kept) (lines int, err error) {
	r, _, err := c.Store.Room(ctx, room, 0)
	if err != nil {
		return 0, err
	}
	b, err := c.buffer(r)
	if err != nil {
		return 0, err
	}
	s := spiller{c, b, room, rand.Text(), k}
	claimed, err := c.Store.ClaimSpill(ctx, room, s.token, c.Lease)
	if err != nil || !claimed {
		return 0, err
	}
	c.spills.rooms.Add(1)
	defer c.spills.rooms.Add(-1)
	lines, err = s.steps(ctx)
	brief, cancel := afterCommit(ctx)
	defer cancel()
	return lines, errors.Join(err, c.Store.ReleaseSpill(brief, room, s.token))
}

// stepTries is how often a step is repeated because lines were erased meanwhile.
const stepTries = 20

// steps repeats step until nothing is left to spill.
func (s spiller) steps(ctx context.Context) (lines int, err error) {
	for try := 1; ; {
		n, err := s.step(ctx)
		switch {
		case errors.Is(err, ErrChanged) && try < stepTries:
			try++
			continue
		case errors.Is(err, ErrClosed), errors.Is(err, store.ErrLeaseLost):
			return lines, nil // the settlement, or another replica, goes on
		case err != nil || n == 0:
			return lines, err
		}
		lines, try = lines+n, 1
		s.spills.lines.Add(int64(n))
	}
}

// step spills the next lines, at most settlementPage. The lines leave the buffer only
// after the database has them all, and only as the database has them: if one was erased
// since it was read, Trim refuses and the step is repeated.
func (s spiller) step(ctx context.Context) (int, error) {
	sizes, err := s.buffer.Sizes(ctx, []int64{s.room})
	if err != nil {
		return 0, err
	}
	e := sizes[s.room]
	last := s.kept.target(e)
	if last <= e.Seam {
		return 0, nil
	}
	lines, err := s.read(ctx, e, last)
	if err != nil {
		return 0, err
	}
	if err := s.Store.Spill(ctx, s.room, s.token, lines, s.Lease); err != nil {
		return 0, err
	}
	saved, err := s.Store.CountMessagesBetween(ctx, s.room, lines[0].Seq, lines[len(lines)-1].Seq)
	if err == nil && saved != int64(len(lines)) {
		err = fmt.Errorf("%d of %d messages from %d on are saved", saved, len(lines), lines[0].Seq)
	}
	if err != nil {
		return 0, err
	}
	return len(lines), s.buffer.Trim(ctx, s.room, lines, e.Erasures)
}

// read returns the first lines after the seam, up to last. ErrChanged if they were
// trimmed meanwhile.
func (s spiller) read(ctx context.Context, e Extent, last int64) ([]sns.Message, error) {
	limit := int(min(last-e.Seam, settlementPage))
	lines, seam, err := s.buffer.Messages(ctx, s.room, sns.MessagePage{After: e.Seam, Limit: limit})
	if err != nil {
		return nil, err
	}
	if seam > e.Seam {
		return nil, ErrChanged
	}
	for i, m := range lines {
		if m.Seq != e.Seam+1+int64(i) {
			return nil, fmt.Errorf("the buffer of room %d lacks line %d", s.room, e.Seam+1+int64(i))
		}
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("the buffer of room %d has no lines after %d", s.room, e.Seam)
	}
	return lines, nil
}
