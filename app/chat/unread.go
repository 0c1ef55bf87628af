package chat

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

const (
	// unreadWithin bounds how long a page waits for what is unread, and unreadPause is how
	// long nobody asks a buffer that did not answer.
	unreadWithin = time.Second
	unreadPause  = 3 * time.Second

	unreadFirst = 20  // lines that are read at first
	unreadNext  = 200 // lines that are read then
)

// unreadBreak says until when buffers are not asked what is unread.
type unreadBreak struct{ until atomic.Int64 }

// Unread returns what a user has not read in the open rooms in which the user has a seat,
// the newest room first: none for most users, of whom no buffer is asked. A buffer is asked
// once for all rooms, and not again before this process has heard of a line (see Heard): what
// was said at another replica a moment ago may be missing. sns.ErrUnavailable comes with the rooms as if nothing was unread.
func (c *Chat) Unread(ctx context.Context, user int64) ([]sns.Unread, error) {
	reads, err := c.Store.RoomReads(ctx, user)
	if err != nil || len(reads) == 0 {
		return nil, err
	}
	if c.Now().UnixMicro() < c.unreadBreak.until.Load() {
		return uncounted(user, reads), sns.ErrUnavailable
	}
	known, ok := c.knownUnread(user, reads)
	if ok {
		return slices.Clone(known.all), nil // NameSpeakers changes what it gets
	}
	brief, cancel := context.WithTimeout(ctx, unreadWithin)
	defer cancel()
	all, err := c.tallyAll(brief, user, reads)
	if err == nil {
		known.all = slices.Clone(all)
		c.unread.Add(user, known)
		return all, nil
	}
	if ctx.Err() == nil {
		c.unreadBreak.until.Store(c.Now().Add(unreadPause).UnixMicro())
	}
	return uncounted(user, reads), err
}

// uncounted returns rooms as if nothing was unread.
func uncounted(user int64, reads []sns.RoomRead) []sns.Unread {
	all := make([]sns.Unread, len(reads))
	for i, read := range reads {
		all[i] = sns.NewUnreadTally(user, read).Unread
	}
	return all
}

// tallyAll is Unread of rooms.
func (c *Chat) tallyAll(ctx context.Context, user int64, reads []sns.RoomRead) ([]sns.Unread, error) {
	tallies := make([]*sns.UnreadTally, len(reads))
	seams := make(map[int64]int64, len(reads))
	for i, read := range reads {
		tallies[i] = sns.NewUnreadTally(user, read)
	}
	for name, b := range c.Buffers {
		var mine []*sns.UnreadTally
		for i, read := range reads {
			if read.Buffer == name {
				mine = append(mine, tallies[i])
			}
		}
		if len(mine) == 0 {
			continue
		}
		if err := b.Unread(ctx, mine, seams); err != nil {
			return nil, err
		}
	}
	all := make([]sns.Unread, len(tallies))
	for i, t := range tallies {
		// The buffer was asked first: see acrossSeam.
		if seam := seams[t.Room]; seam > 0 && !t.Done() {
			if err := tallyBelow(t, seam+1, savedLines(ctx, c.Store, t.Room)); err != nil {
				return nil, err
			}
		}
		all[i] = t.Unread
	}
	return all, nil
}

// linesBelow returns the last lines of a room before a seq, oldest first.
type linesBelow func(before int64, limit int) ([]sns.Message, error)

func savedLines(ctx context.Context, db *store.Store, room int64) linesBelow {
	return func(before int64, limit int) ([]sns.Message, error) {
		return db.Messages(ctx, room, sns.MessagePage{Before: before, Limit: limit})
	}
}

// tallyBelow adds the lines before a seq to a tally, until the tally is done.
func tallyBelow(t *sns.UnreadTally, before int64, read linesBelow) error {
	for limit := unreadFirst; !t.Done(); limit = unreadNext {
		lines, err := read(before, limit)
		for _, m := range slices.Backward(lines) {
			t.Add(m)
		}
		if err != nil || len(lines) < limit {
			return err
		}
		before = lines[0].Seq
	}
	return nil
}

// NameSpeakers completes the authors of the last messages.
func (c *Chat) NameSpeakers(ctx context.Context, all []sns.Unread) error {
	last := make([]sns.Message, len(all))
	for i, u := range all {
		last[i] = u.Last
	}
	if err := c.fillAuthors(ctx, last); err != nil {
		return err
	}
	for i := range all {
		all[i].Last = last[i]
	}
	return nil
}

// Read records that a user has read a room up to a seq, at most up to the last line, and
// reads the notices of it. sns.ErrForbidden unless the user is inside the open room; sns.ErrUnavailable.
func (c *Chat) Read(ctx context.Context, r sns.Room, user, seq int64) error {
	b, err := c.buffer(r)
	if err != nil {
		return err
	}
	sizes, err := b.Sizes(ctx, []int64{r.ID})
	if err != nil {
		return err
	}
	seq = min(seq, max(sizes[r.ID].Last, r.Spilled))
	if err := c.Store.RaiseRead(ctx, user, r.ID, seq); err != nil {
		return err
	}
	c.dots.read(user)
	return c.Store.ReadRoom(ctx, user, r.ID, seq)
}

// Unread implements Buffer.
func (b *Table) Unread(ctx context.Context, tallies []*sns.UnreadTally, seams map[int64]int64) error {
	for _, t := range tallies {
		err := tallyBelow(t, sns.LastMessages(0).Before, func(before int64, limit int) ([]sns.Message, error) {
			return b.store.Buffered(ctx, t.Room, sns.MessagePage{Before: before, Limit: limit})
		})
		if err == nil && !t.Done() {
			seams[t.Room], err = b.store.BufferSeam(ctx, t.Room)
		}
		if err = b.bufferError(err); err != nil && !errors.Is(err, ErrLost) {
			return err
		}
	}
	return nil
}
