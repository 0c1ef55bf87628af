package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

const (
	// settlementBatch is how many messages are saved at once, in pages of
	// settlementPage from the buffer; fewer when their texts are longer than
	// settlementBytes together, so that a room of long ones fits into memory.
	settlementBatch = 2000
	settlementPage  = 500
	settlementBytes = 4 << 20

	// longestPause bounds the time between two attempts.
	longestPause = time.Minute

	// patientAttempts is how often it is tried again to find all messages,
	// before what is missing counts as lost.
	patientAttempts = 3
)

// Settle saves the messages of an ended room and tells how far it is. Anybody
// may call it at any time, again too: who holds the lease works, and every write
// is refused to who lost it. It reports whether it was done by this call.
func (c *Chat) Settle(ctx context.Context, room int64) (bool, error) {
	r, _, err := c.Store.Room(ctx, room, 0)
	if err != nil {
		return false, err
	}
	token := rand.Text()
	s, ok, err := c.Store.ClaimSettlement(ctx, room, token, c.Lease)
	if err != nil || !ok {
		return false, err
	}
	err = c.settle(ctx, r, s, token)
	if errors.Is(err, store.ErrLeaseLost) {
		return false, nil // another one goes on
	}
	if err != nil {
		err = errors.Join(err, c.giveBack(ctx, s, token, err))
	}
	c.tellSettlement(ctx, r)
	return err == nil, err
}

// giveBack lets the settlement be tried again after a pause that grows with the
// attempts. One that only had to stop did not fail.
func (c *Chat) giveBack(ctx context.Context, s sns.Settlement, token string, failure error) error {
	reason, pause := failure.Error(), min(time.Second<<min(s.Attempts, 10), longestPause)
	if ctx.Err() != nil {
		reason, pause = "", 0
	}
	brief, cancel := afterAll(ctx)
	defer cancel()
	err := c.Store.FailSettlement(brief, s.Room, token, reason, pause)
	if errors.Is(err, store.ErrLeaseLost) {
		return nil // another one goes on
	}
	return err
}

// settle does what is to be done while the lease lasts. It may stop at any
// point and be done again from the start.
func (c *Chat) settle(ctx context.Context, r sns.Room, s sns.Settlement, token string) error {
	ctx, stop := c.keepLease(ctx, r.ID, token)
	defer stop()
	held, err := c.close(ctx, r)
	if errors.Is(err, ErrLost) {
		return cause(ctx, c.settleLost(ctx, r, s, token))
	}
	if err != nil {
		return cause(ctx, err)
	}
	// A buffer that came back older than it was holds less than was noted.
	total := max(s.Total, held)
	if err := c.Store.SetTotal(ctx, r.ID, token, total); err != nil {
		return cause(ctx, err)
	}
	if err := c.save(ctx, r, token); err != nil {
		return cause(ctx, err)
	}
	saved, err := c.Store.CountMessages(ctx, r.ID)
	if err != nil {
		return cause(ctx, err)
	}
	lost, reason := max(total-saved, 0), fmt.Sprintf("%d of %d messages are saved", saved, total)
	if lost > 0 && s.Attempts < patientAttempts {
		return errors.New(reason)
	}
	return cause(ctx, c.finish(ctx, r, token, lost, reason))
}

// save copies the lines from the buffer to the database: the next ones are read
// while these are saved.
func (c *Chat) save(ctx context.Context, r sns.Room, token string) error {
	b, err := c.buffer(r)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	read := make(chan []sns.Message, 2)
	group.Go(func() error {
		defer close(read)
		return readAll(ctx, b, r.ID, read)
	})
	group.Go(func() error {
		told := c.Now()
		for lines := range read {
			if err := c.Store.SaveMessages(ctx, r.ID, token, lines); err != nil {
				return err
			}
			if now := c.Now(); now.Sub(told) > live.GatherWindow {
				told = now
				c.tellSettlement(ctx, r)
			}
		}
		return nil
	})
	return group.Wait()
}

// readAll passes on all lines of a room, as many at a time as are saved at once.
func readAll(ctx context.Context, b Buffer, room int64, to chan<- []sns.Message) error {
	for after := int64(0); ; {
		batch, err := readBatch(ctx, b, room, after)
		if err != nil || len(batch) == 0 {
			return err
		}
		after = batch[len(batch)-1].Seq
		select {
		case to <- batch:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// readBatch reads the next lines of a room; none when there are no more. A page
// that is not full may be the last one, and what there is need not wait for the
// next look.
func readBatch(ctx context.Context, b Buffer, room, after int64) (batch []sns.Message, err error) {
	for size := 0; len(batch) < settlementBatch && size < settlementBytes; {
		page, err := b.Messages(ctx, room, sns.MessagePage{After: after, Limit: settlementPage})
		if err != nil {
			return nil, err
		}
		batch = append(batch, page...)
		if len(page) < settlementPage {
			break
		}
		for _, m := range page {
			size += len(m.Content)
		}
		after = page[len(page)-1].Seq
	}
	return batch, nil
}

// settleLost finishes a room whose buffer is gone with what was saved before.
func (c *Chat) settleLost(ctx context.Context, r sns.Room, s sns.Settlement, token string) error {
	lost := s.Total - s.Saved
	switch {
	case r.Epoch == 0:
		lost = 0 // it never held any
	case s.Total == 0:
		lost = -1 // nobody knows
	}
	return c.finish(ctx, r, token, lost, "the buffer has lost the room")
}

// finish notes that all there was is saved, but for those that were lost, and
// drops the lines. reason is why some were.
func (c *Chat) finish(ctx context.Context, r sns.Room, token string, lost int64, reason string) error {
	if lost == 0 {
		reason = ""
	} else {
		c.Log.ErrorContext(ctx, "messages of an ended room were lost with the buffer", "room", r.ID, "lost", lost, "reason", reason)
	}
	if err := c.Store.FinishSettlement(ctx, r.ID, token, lost, reason, c.Now()); err != nil {
		return err
	}
	brief, cancel := afterAll(ctx) // there is no lease any more, whose end would end ctx
	defer cancel()
	c.drop(brief, r)
	return nil
}

// drop forgets the lines that are saved. What fails here is done by a later
// Sweep: the buffer is closed, and nobody reads it.
func (c *Chat) drop(ctx context.Context, r sns.Room) {
	b, err := c.buffer(r)
	if err == nil {
		err = b.Drop(ctx, r.ID)
	}
	if err == nil {
		err = c.Store.SetDropped(ctx, r.ID)
	}
	if err != nil {
		c.Log.WarnContext(ctx, "saved messages not dropped from the buffer", "room", r.ID, "error", err)
	}
}

// dropRest drops what those have left who died between saving and dropping.
func (c *Chat) dropRest(ctx context.Context) error {
	rooms, err := c.Store.UndroppedRooms(ctx, sweepMost)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		r, _, err := c.Store.Room(ctx, room, 0)
		if err != nil {
			return err
		}
		c.drop(ctx, r)
	}
	return nil
}

// keepLease prolongs the lease until stop is called. The context ends when the
// lease is lost or cannot be prolonged.
func (c *Chat) keepLease(ctx context.Context, room int64, token string) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(c.Lease / 3)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if err := c.Store.RenewSettlement(ctx, room, token, c.Lease); err != nil {
					cancel(err)
					return
				}
			}
		}
	}()
	return ctx, func() { cancel(nil); <-done }
}

// cause is why ctx has ended, where that is why something failed.
func cause(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// tellSettlement tells the mentor how far the saving is.
func (c *Chat) tellSettlement(ctx context.Context, r sns.Room) {
	ctx, cancel := afterAll(ctx)
	defer cancel()
	s, err := c.Store.Settlement(ctx, r.ID)
	if err != nil {
		c.Log.WarnContext(ctx, "settlement not told", "room", r.ID, "error", err)
		return
	}
	c.Counts.Add(live.Event{
		Topic: TopicSettlement(r.Mentor.ID), Kind: KindSettlement, Key: Topic(r.ID), Version: progress(s), Data: encode(s),
	})
}

// progress rises with every step of a settlement, whichever replica does it:
// attempts, then what is saved, then how the attempt ended.
func progress(s sns.Settlement) int64 {
	outcome := int64(0)
	switch {
	case s.Done():
		outcome = 2
	case s.LastError != "":
		outcome = 1
	}
	return int64(s.Attempts)<<40 + s.Saved<<2 + outcome
}
