package chat

import (
	"context"

	"golang.org/x/sync/errgroup"

	"xxsns/app/live"
	"xxsns/app/sns"
)

// settlementBatch is the number of messages that one transaction saves. Those that have to
// be read from the buffer first come in pages of settlementPage, and a batch of them ends
// early once its texts exceed settlementBytes, so that a room of long messages fits into
// memory.
const (
	settlementBatch = 2000
	settlementPage  = 500
	settlementBytes = 4 << 20
)

// A saver is a Buffer in the database, which saves lines by itself.
type saver interface {
	// Save saves the next lines of a closed room after a seq, at most limit, and adds
	// their number to the settlement that the token holds. Save returns the seq of the
	// last of them, or 0 if there are no more. store.ErrLeaseLost.
	Save(ctx context.Context, room int64, token string, after int64, limit int) (last int64, err error)
}

// save copies the lines from the buffer to the database.
func (w settler) save(ctx context.Context, r sns.Room) error {
	b, err := w.buffer(r)
	if err != nil {
		return err
	}
	told := w.teller(r)
	if s, ok := b.(saver); ok {
		return w.saveInside(ctx, s, r, told)
	}
	return w.saveAcross(ctx, b, r, told)
}

// saveInside saves lines that the database holds already.
func (w settler) saveInside(ctx context.Context, s saver, r sns.Room, told func(context.Context)) error {
	for after := int64(0); ; {
		last, err := s.Save(ctx, r.ID, w.token, after, settlementBatch)
		if err != nil || last == 0 {
			return err
		}
		after = last
		told(ctx)
	}
}

// saveAcross reads lines from the buffer and sends them to the database. The next batch
// is read while a batch is being saved.
func (w settler) saveAcross(ctx context.Context, b Buffer, r sns.Room, told func(context.Context)) error {
	group, ctx := errgroup.WithContext(ctx)
	read := make(chan []sns.Message, 2)
	group.Go(func() error {
		defer close(read)
		return readAll(ctx, b, r.ID, read)
	})
	group.Go(func() error {
		for lines := range read {
			if err := w.Store.SaveMessages(ctx, r.ID, w.token, lines); err != nil {
				return err
			}
			told(ctx)
		}
		return nil
	})
	return group.Wait()
}

// teller returns a function that tells the mentor how many lines are saved, at most once
// in live.GatherWindow.
func (w settler) teller(r sns.Room) func(context.Context) {
	published := w.Now()
	return func(ctx context.Context) {
		if now := w.Now(); now.Sub(published) > live.GatherWindow {
			published = now
			w.publishProgress(ctx, r)
		}
	}
}

// readAll sends all lines of a room to to, in batches.
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

// readBatch reads the next batch of lines; an empty batch means that there are no
// more. A page that is not full ends the batch: it may be the last page.
func readBatch(ctx context.Context, b Buffer, room, after int64) (batch []sns.Message, err error) {
	for size := 0; len(batch) < settlementBatch && size < settlementBytes; {
		page, _, err := b.Messages(ctx, room, sns.MessagePage{After: after, Limit: settlementPage})
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

// drop deletes the saved lines of a settled room from the buffer, and the client ids of
// those that were spilled: nobody can repeat a message any more. After an error,
// which is logged, a later Sweep repeats drop.
func (c *Chat) drop(ctx context.Context, r sns.Room) {
	b, err := c.buffer(r)
	if err == nil {
		err = b.Drop(ctx, r.ID)
	}
	if err == nil {
		err = c.Store.ForgetSpilled(ctx, r.ID)
	}
	if err == nil {
		err = c.Store.SetDropped(ctx, r.ID)
	}
	if err != nil {
		c.Log.WarnContext(ctx, "saved messages not dropped from the buffer", "room", r.ID, "error", err)
	}
}

// dropSaved drops the lines of settled rooms whose replica died between finish and
// drop.
func (c *Chat) dropSaved(ctx context.Context) error {
	rooms, err := c.Store.UndroppedRooms(ctx, sweepLimit)
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
