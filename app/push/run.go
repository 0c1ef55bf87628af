package push

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"golang.org/x/time/rate"

	"xxsns/app/outbox"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Run sends everything that is due, and returns when nothing is. An error means that the
// database failed; what is left is sent by a later Run. Only one Run of a worker may go on at a
// time.
func (w *Worker) Run(ctx context.Context) error {
	w.start.Do(func() { w.pace = rate.NewLimiter(perSecond, perSecond) })
	r := run{Worker: w, slots: make(chan struct{}, atOnce), busy: map[int64]bool{}, seen: map[int64]bool{}, freed: make(chan struct{}, 1)}
	defer r.sending.Wait()
	for {
		due, err := w.Store.DuePushes(ctx, r.busyUsers(), batch, w.Now())
		if err != nil {
			return err
		}
		started := 0
		for _, p := range due {
			if ok, err := r.begin(ctx, p); err != nil {
				return err
			} else if ok {
				started++
			}
		}
		if started > 0 {
			continue
		}
		if !r.wait(ctx) { // nothing is being sent whose end would let more be sent
			return ctx.Err()
		}
	}
}

// A run is one Run of a Worker.
type run struct {
	*Worker
	sending sync.WaitGroup
	slots   chan struct{}
	freed   chan struct{} // receives after a push was sent

	mu   sync.Mutex     // guards the fields below
	busy map[int64]bool // users to whose devices something is being sent
	seen map[int64]bool // entries that this run has begun, and that failed to be claimed
}

func (r *run) busyUsers() (users []int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for user := range r.busy {
		users = append(users, user)
	}
	return users
}

// begin sends an entry of the queue in the background, unless something is being sent to the
// same user. begin waits for a place among those that are being sent.
func (r *run) begin(ctx context.Context, p store.DuePush) (bool, error) {
	r.mu.Lock()
	skip := r.busy[p.User] || r.seen[p.ID]
	r.mu.Unlock()
	if skip {
		return false, nil
	}
	select {
	case r.slots <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if err := r.pace.Wait(ctx); err != nil {
		<-r.slots
		return false, ctx.Err()
	}
	r.mu.Lock()
	r.busy[p.User], r.seen[p.ID] = true, true
	r.mu.Unlock()
	r.sending.Go(func() {
		r.work(ctx, p)
		r.mu.Lock()
		delete(r.busy, p.User)
		r.mu.Unlock()
		<-r.slots
		select {
		case r.freed <- struct{}{}:
		default:
		}
	})
	return true, nil
}

// wait waits until a push was sent, and returns false if none is being sent or ctx has ended.
func (r *run) wait(ctx context.Context) bool {
	r.mu.Lock()
	idle := len(r.busy) == 0
	r.mu.Unlock()
	if idle {
		select {
		case <-r.freed: // the last one ended after the queue was looked at
			return true
		default:
			return false
		}
	}
	select {
	case <-r.freed:
		return true
	case <-ctx.Done():
		return false
	}
}

// work claims and sends an entry of the queue. An entry that another replica holds is left to
// that replica.
func (r *run) work(ctx context.Context, p store.DuePush) {
	ctx, stop := outbox.Linger(ctx)
	defer stop()
	token := rand.Text()
	claimed, err := r.Store.ClaimPush(ctx, p.ID, token, lease, r.Now())
	if err == nil {
		err = r.attempt(ctx, claimed, token)
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, sns.ErrNotFound) {
		r.Log.WarnContext(ctx, "push not sent yet", "push", p.ID, "user", p.User, "error", err)
	}
}
