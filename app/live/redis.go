package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Channel is the one channel of Redis on which all events travel. A script may
// publish what Encode returns on it.
const Channel = "xxsns:live"

const (
	// publishTimeout bounds how long Redis may hold up who has changed something.
	publishTimeout = 2 * time.Second

	// silence is after how long without an event Redis is asked whether it is
	// still there, and after how long without an answer it counts as lost. A
	// connection may be dead for a quarter of an hour before the system says so.
	silence = 3 * time.Second

	// resubscribeWait is between two attempts to subscribe.
	resubscribeWait = 100 * time.Millisecond
)

// Redis is the Bus of several replicas. Nothing is delivered early: a replica's
// own events come back through Redis, so that all replicas see one order.
type Redis struct {
	client redis.UniversalClient
	hub    *Hub
	log    *slog.Logger
	onGap  atomic.Pointer[func()]

	stop context.CancelFunc
	done chan struct{} // closed when the subscription has ended for good

	stood bool // once; belongs to run
	up    atomic.Bool

	published, failed, received, skipped, gaps, own atomic.Int64
	delay                                           atomic.Int64 // nanoseconds
}

// NewRedis returns a Redis that delivers to hub and logs to log (nil:
// slog.Default()). It subscribes without being waited for, and again whenever
// the subscription breaks, until Close; client may be without a connection.
func NewRedis(client redis.UniversalClient, hub *Hub, log *slog.Logger) *Redis {
	if log == nil {
		log = slog.Default()
	}
	b := &Redis{client: client, hub: hub, log: log, done: make(chan struct{})}
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	go b.run(ctx)
	return b
}

// Publish tells ev to all replicas. That ctx is cancelled does not keep it: the
// change is made, and people should see it. It takes until ctx's deadline, but
// not longer than 2 s. After an error some may have heard ev all the same.
func (b *Redis) Publish(ctx context.Context, ev Event) error {
	deadline := time.Now().Add(publishTimeout)
	if earlier, ok := ctx.Deadline(); ok && earlier.Before(deadline) {
		deadline = earlier
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	if err := b.client.Publish(ctx, Channel, ev.Encode()).Err(); err != nil {
		b.failed.Add(1)
		return fmt.Errorf("live: %q not published to Redis: %w", ev.Kind, err)
	}
	b.published.Add(1)
	return nil
}

// OnGap sets what is called, beside telling all clients, when events may have
// been missed. It is called before anything is delivered again and so must not
// block: it wakes who then looks for what an event would have told.
func (b *Redis) OnGap(f func()) { b.onGap.Store(&f) }

// Up reports whether events arrive, as far as is known.
func (b *Redis) Up() bool { return b.up.Load() }

// Close ends the subscription and returns when nothing is delivered any more,
// which takes the client's ReadTimeout at most. The client belongs to whoever
// made it.
func (b *Redis) Close() error {
	b.stop()
	<-b.done
	return nil
}

// RedisStats are counts since the start.
type RedisStats struct {
	Published int64         // events that Publish told
	Failed    int64         // events that it could not tell
	Received  int64         // events delivered
	Skipped   int64         // payloads that were no event
	Gaps      int64         // times the subscription was lost and stood again
	Own       int64         // events delivered that this process had encoded
	Delay     time.Duration // from encoding to delivery, of these Own together
}

// Stats returns the present counts.
func (b *Redis) Stats() RedisStats {
	return RedisStats{
		Published: b.published.Load(),
		Failed:    b.failed.Load(),
		Received:  b.received.Load(),
		Skipped:   b.skipped.Load(),
		Gaps:      b.gaps.Load(),
		Own:       b.own.Load(),
		Delay:     time.Duration(b.delay.Load()),
	}
}

// run keeps a subscription until ctx ends. Of the failures in a row the first
// is logged and told.
func (b *Redis) run(ctx context.Context) {
	defer close(b.done)
	for failures := 0; ; failures++ {
		err := b.listen(ctx)
		if b.up.Swap(false) {
			failures = 0
		}
		if ctx.Err() != nil {
			return
		}
		if failures == 0 {
			b.log.Warn("live bus lost", "error", err)
			b.hub.Lost()
		}
		select {
		case <-ctx.Done():
		case <-time.After(resubscribeWait):
		}
	}
}

// listen subscribes and delivers what arrives until the subscription breaks. It
// reads the connection itself: the channels of go-redis drop what they cannot
// hand on in time, and do not notice a connection that went silently.
func (b *Redis) listen(ctx context.Context) error {
	sub := b.client.Subscribe(ctx) // to nothing yet: it would hide the error
	defer sub.Close()
	stop := context.AfterFunc(ctx, func() { _ = sub.Close() }) // ends a read that waits
	defer stop()
	if err := sub.Subscribe(ctx, Channel); err != nil {
		return err
	}
	for asked := false; ; {
		got, err := sub.ReceiveTimeout(ctx, silence)
		switch {
		case err == nil:
			asked = false
			b.take(got)
		case asked || !errors.Is(err, os.ErrDeadlineExceeded):
			return err
		default:
			asked = true
			if err := sub.Ping(ctx); err != nil {
				return err
			}
		}
	}
}

// take is given what arrives on the subscription.
func (b *Redis) take(got any) {
	switch got := got.(type) {
	case *redis.Subscription:
		b.stands()
	case *redis.Message:
		b.deliver(got.Payload)
	}
}

// stands notes that from now on nothing is missed. What came before may have
// been, even the first time: people may have come before the subscription.
func (b *Redis) stands() {
	if b.stood {
		b.gaps.Add(1)
	}
	b.stood = true
	b.log.Info("live bus stands")
	b.hub.Gap()
	if f := b.onGap.Load(); f != nil {
		(*f)()
	}
	b.up.Store(true)
}

// deliver hands on one event. A payload that is none is logged without its
// text, which may be somebody's words.
func (b *Redis) deliver(payload string) {
	ev, sent, err := decode(payload)
	if err != nil {
		b.skipped.Add(1)
		b.log.Error("live event not understood", "bytes", len(payload), "error", err)
		return
	}
	b.hub.Deliver(ev)
	b.received.Add(1)
	if !sent.IsZero() {
		b.own.Add(1)
		b.delay.Add(int64(max(time.Since(sent), 0)))
	}
}
