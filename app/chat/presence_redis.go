package chat

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// presenceTimeout bounds one exchange with Redis.
	presenceTimeout = time.Second

	// restoreTimeout bounds the query for the seats of missing entries.
	restoreTimeout = 5 * time.Second
)

// redisPresence is the presenceBackend of several replicas. A hash for each room,
// in the slot of the room's other keys, holds an entry for each online user: the
// replicas with sockets of the user, each with the end of its lease. A script
// changes the entry and publishes in one step, so that viewers see the state that is
// stored, once, whichever replica dies.
//
// A replica renews its leases. A replica that renews a room also removes expired
// leases of other replicas there. One goroutine talks to Redis. A change that
// cannot be sent is dropped: renewing finds missing entries, and surplus ones
// expire. But the ends of rooms and seats are sent again: other replicas would go on
// renewing the entries.
type redisPresence struct {
	chat     *Chat
	replica  string
	reached  atomic.Bool // the last exchange with Redis succeeded
	renewNow atomic.Bool // renew when woken
	wake     chan struct{}
	stop     context.CancelFunc
	done     chan struct{}
	renewed  time.Time // last success of renew; only used by run

	mu      sync.Mutex
	changes []presenceChange // not sent yet, in order
	closed  bool
}

func newRedisPresence(c *Chat) *redisPresence {
	p := &redisPresence{chat: c, replica: rand.Text()[:10], wake: make(chan struct{}, 1), done: make(chan struct{})}
	p.reached.Store(true)
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	go p.run(ctx)
	return p
}

// apply implements presenceBackend.
func (p *redisPresence) apply(ch presenceChange) (publish func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.changes = append(p.changes, ch)
	}
	return p.wakeUp
}

// refresh implements presenceBackend.
func (p *redisPresence) refresh() {
	p.renewNow.Store(true)
	p.wakeUp()
}

func (p *redisPresence) wakeUp() {
	select {
	case p.wake <- struct{}{}:
	default: // a wake-up is pending already
	}
}

// run sends changes when woken, and renews the leases three times per lease, or
// sooner after a failure.
func (p *redisPresence) run(ctx context.Context) {
	defer close(p.done)
	every, again := p.chat.PresenceLease/3, p.chat.PresenceLease/30
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
			err = p.sendChanges(ctx, p.chat.PresenceLease)
			if p.renewNow.Swap(false) && err == nil {
				err = p.renew(ctx)
			}
		case <-timer.C:
			if err = p.sendChanges(ctx, p.chat.PresenceLease); err == nil {
				err = p.renew(ctx)
			}
			timer.Reset(every)
		}
		if p.setReached(ctx, err); err != nil {
			timer.Reset(again)
		}
	}
}

// setReached records whether Redis was reached. The first of several failures in a
// row is logged.
func (p *redisPresence) setReached(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	if before := p.reached.Swap(err == nil); before && err != nil {
		p.chat.Log.Warn("who is online is not shared", "error", err)
	} else if !before && err == nil {
		p.chat.Log.Info("who is online is shared again")
	}
}

// sendChanges sends the recorded changes.
func (p *redisPresence) sendChanges(ctx context.Context, lease time.Duration) error {
	p.mu.Lock()
	changes := p.changes
	p.changes = nil
	p.mu.Unlock()
	acts := make(map[int64][]any)
	for _, ch := range changes {
		acts[ch.seat.Room] = append(acts[ch.seat.Room], ch.act()...)
	}
	_, err := p.runScript(ctx, lease, false, acts)
	if err != nil {
		p.sendAgain(changes)
	}
	return err
}

// mostUnsent bounds the ends of seats that wait for Redis.
const mostUnsent = 10_000

// sendAgain lets those changes wait that end rooms and seats, before newer ones.
func (p *redisPresence) sendAgain(changes []presenceChange) {
	ends := slices.DeleteFunc(changes, func(ch presenceChange) bool { return ch.kind != roomEnded && ch.kind != lostSeat })
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes = append(ends[:min(len(ends), mostUnsent)], p.changes...)
}

// renew renews the leases of this replica and restores missing entries. Expired
// leases of other replicas are removed only if the last renewal is recent: after
// an outage of Redis, the other replicas need the time to renew their leases.
func (p *redisPresence) renew(ctx context.Context) error {
	begun := p.chat.Now()
	missing, err := p.runScript(ctx, p.chat.PresenceLease, begun.Sub(p.renewed) < p.chat.PresenceLease/2, p.renewals())
	if err != nil {
		return err
	}
	p.renewed = begun
	if len(missing) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, restoreTimeout)
	defer cancel()
	return p.chat.presence.restore(ctx, missing)
}

// renewals returns the acts that renew all leases of this replica, by room.
func (p *redisPresence) renewals() map[int64][]any {
	acts := make(map[int64][]any)
	for room, users := range p.chat.presence.onlineHere() {
		for _, user := range users {
			acts[room] = append(acts[room], "renew", user)
		}
	}
	return acts
}

// online implements presenceBackend. It does not wait for Redis during an outage.
func (p *redisPresence) online(room int64) []int64 {
	if !p.reached.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), presenceTimeout)
	defer cancel()
	fields, err := p.chat.Redis.HKeys(ctx, p.key(room)).Result()
	if err != nil {
		p.refresh() // finds out whether Redis is down
		return nil
	}
	users := make([]int64, 0, len(fields))
	for _, field := range fields {
		if user, err := strconv.ParseInt(field, 10, 64); err == nil { // skips the version
			users = append(users, user)
		}
	}
	return users
}

// close implements presenceBackend. The leases of this replica end after
// Options.Grace, in which the users may reconnect to another replica.
func (p *redisPresence) close() {
	p.stop()
	<-p.done
	p.mu.Lock()
	closed := p.closed
	p.closed = true
	p.mu.Unlock()
	if closed {
		return
	}
	err := p.sendChanges(context.Background(), p.chat.Grace)
	if err == nil {
		_, err = p.runScript(context.Background(), p.chat.Grace, false, p.renewals())
	}
	if err != nil {
		p.chat.Log.Warn("who is online not handed over", "error", err)
	}
}
