package chat

import (
	"context"
	"crypto/rand"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// marksWithin bounds how long Redis may take to take the marks in, or to say
	// who is marked.
	marksWithin = time.Second

	// restoreWithin bounds how long the database may take to say who is inside.
	restoreWithin = 5 * time.Second
)

// redisMarks are those of several replicas: a hash for each room, in the slot of
// its other keys. Marking and telling are one script, so that what people are
// told is what stands there, and is told once, whoever dies. Marks run out
// unless they are renewed; whoever renews those of a room takes away what ran
// out there.
//
// One goroutine talks to Redis. What it cannot tell is not kept: renewing finds
// what is missing, and what is too much runs out.
type redisMarks struct {
	chat    *Chat
	replica string
	shared  atomic.Bool // Redis answered last time
	due     atomic.Bool // renew when woken
	wake    chan struct{}
	stop    context.CancelFunc
	done    chan struct{}
	renewed time.Time // when the marks were, last; belongs to run

	mu      sync.Mutex // guards what follows
	changes []change   // not told yet, in order
	closed  bool
}

func newRedisMarks(c *Chat) *redisMarks {
	m := &redisMarks{chat: c, replica: rand.Text()[:10], wake: make(chan struct{}, 1), done: make(chan struct{})}
	m.shared.Store(true)
	ctx, stop := context.WithCancel(context.Background())
	m.stop = stop
	go m.run(ctx)
	return m
}

// note implements marks.
func (m *redisMarks) note(ch change) (tell func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.changes = append(m.changes, ch)
	}
	return m.awake
}

// refresh implements marks.
func (m *redisMarks) refresh() {
	m.due.Store(true)
	m.awake()
}

func (m *redisMarks) awake() {
	select {
	case m.wake <- struct{}{}:
	default: // one look is enough
	}
}

// run passes changes on as they come, and renews the marks in between: soon
// again after anything has failed.
func (m *redisMarks) run(ctx context.Context) {
	defer close(m.done)
	every, again := m.chat.MarkLease/3, m.chat.MarkLease/30
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-m.wake:
			err = m.flush(ctx, m.chat.MarkLease)
			if m.due.Swap(false) && err == nil {
				err = m.renew(ctx)
			}
		case <-timer.C:
			err = m.renew(ctx)
			timer.Reset(every)
		}
		if m.answered(ctx, err); err != nil {
			timer.Reset(again)
		}
	}
}

// answered notes whether Redis is there. Of failures in a row the first is
// logged.
func (m *redisMarks) answered(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	if before := m.shared.Swap(err == nil); before && err != nil {
		m.chat.Log.Warn("who is online is not shared", "error", err)
	} else if !before && err == nil {
		m.chat.Log.Info("who is online is shared again")
	}
}

// flush passes the changes on.
func (m *redisMarks) flush(ctx context.Context, lease time.Duration) error {
	m.mu.Lock()
	changes := m.changes
	m.changes = nil
	m.mu.Unlock()
	acts := make(map[int64][]any)
	for _, ch := range changes {
		acts[ch.room] = append(acts[ch.room], ch.arguments()...)
	}
	_, err := m.send(ctx, lease, false, acts)
	return err
}

// renew lets the marks of everybody here last on, and sets those that are gone.
// Only who has renewed a moment ago takes away what ran out: Redis may have been
// away for the other replicas, too, which need the time to renew theirs.
func (m *redisMarks) renew(ctx context.Context) error {
	begun := time.Now()
	unmarked, err := m.send(ctx, m.chat.MarkLease, begun.Sub(m.renewed) < m.chat.MarkLease/2, m.stays())
	if err != nil {
		return err
	}
	m.renewed = begun
	if len(unmarked) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, restoreWithin)
	defer cancel()
	return m.chat.presence.restore(ctx, unmarked)
}

// stays says of everybody here that they are still here.
func (m *redisMarks) stays() map[int64][]any {
	acts := make(map[int64][]any)
	for room, users := range m.chat.presence.here() {
		for _, user := range users {
			acts[room] = append(acts[room], "stays", user)
		}
	}
	return acts
}

// online implements marks. While Redis is away nobody waits for it.
func (m *redisMarks) online(room int64) []int64 {
	if !m.shared.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), marksWithin)
	defer cancel()
	fields, err := m.chat.Redis.HKeys(ctx, hereKey(room)).Result()
	if err != nil {
		m.refresh() // finds out whether Redis is away
		return nil
	}
	users := make([]int64, 0, len(fields))
	for _, field := range fields {
		if user, err := strconv.ParseInt(field, 10, 64); err == nil { // or it is the version
			users = append(users, user)
		}
	}
	return users
}

// close implements marks. The marks of everybody here run out after the time
// that they have to come back, which they do elsewhere.
func (m *redisMarks) close() {
	m.stop()
	<-m.done
	m.mu.Lock()
	closed := m.closed
	m.closed = true
	m.mu.Unlock()
	if closed {
		return
	}
	err := m.flush(context.Background(), m.chat.Grace)
	if err == nil {
		_, err = m.send(context.Background(), m.chat.Grace, false, m.stays())
	}
	if err != nil {
		m.chat.Log.Warn("who is online not handed over", "error", err)
	}
}
