package request

import (
	"context"
	"sync"
	"time"
)

// Strangers, who come from no known device or network, may try to sign in to a name
// TurnBurst times at once, all together, and then once in TurnEvery. Who is too early gets
// a turn: after the announced time, at most TurnMost, the network of the stranger may try
// once, whatever other strangers do meanwhile. A turn is kept for TurnMost. At most
// MostTurns networks wait for a name; what comes beyond waits without a turn.
const (
	TurnBurst = 100
	TurnEvery = 5 * time.Second
	TurnMost  = 10 * time.Minute
	MostTurns = 10_000
)

// A SharedTurn takes a turn for all replicas, as Turns.Take. After an error each replica
// relies on its own turns.
type SharedTurn func(ctx context.Context, name, network string) (wait time.Duration, err error)

// Turns let strangers try to sign in to a name one after another: a token bucket alone
// would let the fastest guesser take every token, and never the owner on a new device.
// Turns are safe for concurrent use.
type Turns struct {
	on     bool
	now    func() time.Time
	shared SharedTurn // nil with a single replica

	mu    sync.Mutex // guards the fields below
	names map[string]*nameTurns
	swept time.Time
}

// nameTurns are the turns of one name.
type nameTurns struct {
	end time.Time            // when the bucket of TurnBurst tries is full again
	due map[string]time.Time // when the turns of the waiting networks come
}

// NewTurns returns Turns, which let everybody try at once if on is false. With a single
// replica shared is nil.
func NewTurns(on bool, now func() time.Time, shared SharedTurn) *Turns {
	return &Turns{on: on, now: now, shared: shared, names: make(map[string]*nameTurns), swept: now()}
}

// Take counts a try of a network to sign in to a name, or returns a SlowDownError: the
// network then has a turn after that time. Names that no account has are the same.
func (t *Turns) Take(ctx context.Context, name, network string) error {
	if !t.on {
		return nil
	}
	wait, err := time.Duration(0), error(nil)
	if t.shared != nil {
		wait, err = t.shared(ctx, name, network)
	}
	if t.shared == nil || err != nil {
		wait = t.takeHere(name, network)
	}
	if wait > 0 {
		return SlowDownError{Wait: wait}
	}
	return nil
}

// takeHere is Take in this process alone. app/server/turn.lua does the same in Redis.
func (t *Turns) takeHere(name, network string) time.Duration {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweepLocked(now)
	n := t.names[name]
	if n == nil {
		n = &nameTurns{due: make(map[string]time.Time)}
		t.names[name] = n
	}
	if due, waits := n.due[network]; waits {
		if due.After(now) {
			return due.Sub(now)
		}
		delete(n.due, network)
		if now.Before(due.Add(TurnMost)) {
			return 0
		}
	}
	return n.queue(now, network)
}

// queue takes the next place of the name for a network without a turn.
func (n *nameTurns) queue(now time.Time, network string) time.Duration {
	end := now
	if n.end.After(now) {
		end = n.end
	}
	end = end.Add(TurnEvery)
	wait := max(0, end.Sub(now)-TurnBurst*TurnEvery)
	if wait <= TurnMost {
		n.end = end
	} else {
		wait = TurnMost
	}
	if wait > 0 && len(n.due) < MostTurns {
		n.due[network] = now.Add(wait)
	}
	return wait
}

// sweepLocked forgets turns that nobody took, and names without any. The caller must
// hold mu.
func (t *Turns) sweepLocked(now time.Time) {
	if now.Sub(t.swept) < sweepEvery {
		return
	}
	t.swept = now
	for name, n := range t.names {
		for network, due := range n.due {
			if !now.Before(due.Add(TurnMost)) {
				delete(n.due, network)
			}
		}
		if len(n.due) == 0 && !n.end.After(now) {
			delete(t.names, name)
		}
	}
}
