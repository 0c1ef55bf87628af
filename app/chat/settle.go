package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

const (
	// longestPause bounds the pause between two attempts.
	longestPause = time.Minute

	// patientAttempts is the number of attempts to find all messages before the
	// missing messages count as lost.
	patientAttempts = 3
)

// A settler is one attempt to settle a room. The token names the attempt: the database
// refuses the writes of an attempt that no longer holds the lease.
type settler struct {
	*Chat
	token string
}

// Settle saves the messages of an ended room, publishes the progress, and reports
// whether this call finished the settlement. Any replica may call it at any time:
// only the holder of the lease works, and the database refuses the writes of a
// holder that lost the lease.
func (c *Chat) Settle(ctx context.Context, room int64) (bool, error) {
	r, _, err := c.Store.Room(ctx, room, 0)
	if err != nil {
		return false, err
	}
	w := settler{c, rand.Text()}
	s, ok, err := c.Store.ClaimSettlement(ctx, room, w.token, c.Lease)
	if err != nil || !ok {
		return false, err
	}
	err = w.settle(ctx, r, s)
	if errors.Is(err, store.ErrLeaseLost) {
		return false, nil // another replica goes on
	}
	if err != nil {
		err = errors.Join(err, w.releaseLease(ctx, s, err))
	}
	c.publishProgress(ctx, r)
	return err == nil, err
}

// releaseLease records a failed attempt and allows the next one after a pause that
// grows with the attempts. If ctx has ended, the attempt was only interrupted: the
// next one may follow at once.
func (w settler) releaseLease(ctx context.Context, s sns.Settlement, failure error) error {
	reason, pause := failure.Error(), min(time.Second<<min(s.Attempts, 10), longestPause)
	if ctx.Err() != nil {
		reason, pause = "", 0
	}
	brief, cancel := afterCommit(ctx)
	defer cancel()
	err := w.Store.FailSettlement(brief, s.Room, w.token, reason, pause)
	if errors.Is(err, store.ErrLeaseLost) {
		return nil // another replica goes on
	}
	return err
}

// settle does the steps of a settlement under the lease. It may stop at any point;
// the next attempt repeats it from the start.
func (w settler) settle(ctx context.Context, r sns.Room, s sns.Settlement) error {
	ctx, stop := w.keepLease(ctx, r.ID)
	defer stop()
	held, err := w.close(ctx, r)
	if errors.Is(err, ErrLost) {
		return cause(ctx, w.settleLost(ctx, r, s))
	}
	if err != nil {
		return cause(ctx, err)
	}
	earlier, err := w.Store.CountMessagesBetween(ctx, r.ID, 1, (r.Epoch-1)*sns.SeqEpoch) // spilled before a loss
	if err != nil {
		return cause(ctx, err)
	}
	// A Redis that was restored from an older state holds less than s.Total.
	total := max(s.Total, earlier+held)
	if err := w.Store.SetTotal(ctx, r.ID, w.token, total); err != nil {
		return cause(ctx, err)
	}
	if err := w.save(ctx, r); err != nil {
		return cause(ctx, err)
	}
	saved, err := w.Store.CountMessages(ctx, r.ID)
	if err != nil {
		return cause(ctx, err)
	}
	lost, reason := max(total-saved, 0), fmt.Sprintf("%d of %d messages are saved", saved, total)
	if lost > 0 && s.Attempts < patientAttempts {
		return errors.New(reason)
	}
	return cause(ctx, w.finish(ctx, r, lost, reason))
}

// settleLost finishes the settlement of a room that its buffer has lost, with the
// messages that earlier attempts saved.
func (w settler) settleLost(ctx context.Context, r sns.Room, s sns.Settlement) error {
	lost := s.Total - s.Saved
	switch {
	case r.Epoch == 0:
		lost = 0 // the buffer was never opened
	case s.Total == 0:
		lost = -1 // unknown
	}
	return w.finish(ctx, r, lost, "the buffer has lost the room")
}

// finish marks the settlement as executed, with the number of lost messages (-1:
// unknown) and the reason of the loss, and drops the lines from the buffer.
func (w settler) finish(ctx context.Context, r sns.Room, lost int64, reason string) error {
	if lost == 0 {
		reason = ""
	} else {
		w.Log.ErrorContext(ctx, "messages of an ended room were lost with the buffer", "room", r.ID, "lost", lost, "reason", reason)
	}
	if err := w.Store.FinishSettlement(ctx, r.ID, w.token, lost, reason, w.Now()); err != nil {
		return err
	}
	brief, cancel := afterCommit(ctx) // ctx ends with the lease, which is over now
	defer cancel()
	w.drop(brief, r)
	return nil
}

// publishProgress gathers the state of the settlement for the mentor.
func (c *Chat) publishProgress(ctx context.Context, r sns.Room) {
	ctx, cancel := afterCommit(ctx)
	defer cancel()
	s, err := c.Store.Settlement(ctx, r.ID)
	if err != nil {
		c.Log.WarnContext(ctx, "settlement not told", "room", r.ID, "error", err)
		return
	}
	c.Gatherer.Add(live.Event{
		Topic: TopicSettlement(r.Mentor.ID), Kind: KindSettlement, Key: Topic(r.ID), Version: progress(s), Data: encode(s),
	})
}

// progress returns a version that rises with every step of a settlement on any
// replica: first by attempts, then by saved messages, then by the outcome.
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
