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

// resubscribeWait is the pause between two attempts to subscribe.
const resubscribeWait = 100 * time.Millisecond

// redisTimes are the timeouts of a Redis.
type redisTimes struct {
	// publish bounds Publish: a user waits for the answer to a change.
	publish time.Duration

	// idle is the time without an event after which the bus pings Redis.
	idle time.Duration

	// pong is the time without an answer to a ping after which the subscription
	// counts as lost. The operating system may report a dead connection only after a
	// quarter of an hour.
	pong time.Duration
}

var usualTimes = redisTimes{publish: 2 * time.Second, idle: 3 * time.Second, pong: 3 * time.Second}

// Redis is the Bus of several replicas. A replica delivers even its own events
// only when they come back through Redis, so that all replicas see one order.
type Redis struct {
	client redis.UniversalClient
	hub    *Hub
	log    *slog.Logger
	times  redisTimes
	onGap  atomic.Pointer[func()]

	stop context.CancelFunc
	done chan struct{} // closed when run has returned

	subscribedBefore bool // only used by run
	up               atomic.Bool

	published, failed, received, skipped, gaps, own atomic.Int64
	delay                                           atomic.Int64 // nanoseconds
}

// NewRedis returns a Redis that delivers to hub and logs to log (nil:
// slog.Default()). It subscribes in the background, and again whenever the
// subscription breaks, until Close; Redis need not be reachable yet. The caller
// closes the client after Close.
func NewRedis(client redis.UniversalClient, hub *Hub, log *slog.Logger) *Redis {
	return newRedis(client, hub, log, usualTimes)
}

func newRedis(client redis.UniversalClient, hub *Hub, log *slog.Logger, times redisTimes) *Redis {
	if log == nil {
		log = slog.Default()
	}
	b := &Redis{client: client, hub: hub, log: log, times: times, done: make(chan struct{})}
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	go b.run(ctx)
	return b
}

// Publish implements Bus. Cancelling ctx does not stop it: the change is
// committed, and viewers should see it. Publish returns by the deadline of ctx,
// and within 2 s. After an error ev may still have been published.
func (b *Redis) Publish(ctx context.Context, ev Event) error {
	deadline := time.Now().Add(b.times.publish)
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

// OnGap sets a function that is called, beside Hub.Gap, when events may have been
// missed. The function is called before the next event is delivered and must not
// block: it should wake a goroutine that looks for missed changes.
func (b *Redis) OnGap(f func()) { b.onGap.Store(&f) }

// Up reports whether the subscription stands, as far as is known.
func (b *Redis) Up() bool { return b.up.Load() }

// Server returns the version of Redis, and how many replicas listen; "" and 0 if Redis does not
// answer.
func (b *Redis) Server(ctx context.Context) (version string, replicas int64) {
	info, err := b.client.InfoMap(ctx, "server").Result()
	if err != nil {
		return "", 0
	}
	listen, err := b.client.PubSubNumSub(ctx, Channel).Result()
	if err != nil {
		return "", 0
	}
	return info["Server"]["redis_version"], listen[Channel]
}

// Close implements Bus. It ends the subscription and returns when no event is
// delivered any more, within the ReadTimeout of the client. It does not close
// the client.
func (b *Redis) Close() error {
	b.stop()
	<-b.done
	return nil
}

// RedisStats are counts since the start.
type RedisStats struct {
	Published int64         // calls of Publish that succeeded
	Failed    int64         // calls of Publish that failed
	Received  int64         // events delivered
	Skipped   int64         // payloads that were no event
	Gaps      int64         // subscriptions lost and made again
	Own       int64         // events delivered that this process had encoded
	Delay     time.Duration // from encoding to delivery, summed over Own
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

// run keeps a subscription until ctx ends. The first of several failures in a
// row is logged and sent to the clients (Hub.Lost).
func (b *Redis) run(ctx context.Context) {
	defer close(b.done)
	for failures := 0; ; failures++ {
		err := b.receive(ctx)
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

// receive subscribes and delivers events until the subscription breaks. It reads
// the connection directly: PubSub.Channel of go-redis drops messages when the
// reader is slow, and does not notice a dead connection.
func (b *Redis) receive(ctx context.Context) error {
	sub := b.client.Subscribe(ctx) // to no channel yet: Subscribe of a client hides the error
	defer sub.Close()
	stop := context.AfterFunc(ctx, func() { _ = sub.Close() }) // ends a Receive that waits
	defer stop()
	if err := sub.Subscribe(ctx, Channel); err != nil {
		return err
	}
	for pinged := false; ; {
		wait := b.times.idle
		if pinged {
			wait = b.times.pong
		}
		got, err := sub.ReceiveTimeout(ctx, wait)
		switch {
		case err == nil:
			pinged = false
			b.handle(got)
		case pinged || !errors.Is(err, os.ErrDeadlineExceeded):
			return err
		default:
			pinged = true
			if err := sub.Ping(ctx); err != nil {
				return err
			}
		}
	}
}

// handle handles a reply of the subscription. Pongs need no handling.
func (b *Redis) handle(got any) {
	switch got := got.(type) {
	case *redis.Subscription:
		b.subscribed()
	case *redis.Message:
		b.deliver(got.Payload)
	}
}

// subscribed is called when no event is missed from now on. Earlier events may
// have been missed, even the first time: clients may be older than the
// subscription.
func (b *Redis) subscribed() {
	if b.subscribedBefore {
		b.gaps.Add(1)
	}
	b.subscribedBefore = true
	b.log.Info("live bus stands")
	b.hub.Gap()
	if f := b.onGap.Load(); f != nil {
		(*f)()
	}
	b.up.Store(true)
}

// deliver delivers one event. A payload that is no event is logged without its
// text, which may hold a private message.
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
