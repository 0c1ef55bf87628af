package store

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

const (
	// renewEvery is the time between two loads of all expected values: short enough that
	// a value is replaced before RecentFor has passed since the load began.
	renewEvery = 600 * time.Millisecond

	// expectedFor is how long a value is loaded again after the last Expect. Loading one
	// more value with others costs a tenth of loading the value alone.
	expectedFor = 5 * time.Second
)

// A renewal loads the expected values of a Recent again and again, all at once, so that
// Get answers from memory. Values grow no older than without renewal: the age of a value
// counts from before its load, and if a load fails, Get loads as ever.
type renewal[K comparable, V any] struct {
	load       func(context.Context, []K) (map[K]V, error)
	end        context.CancelFunc
	ctx        context.Context // until end
	background sync.WaitGroup  // the goroutine that loads, while there are expected keys

	// Guarded by Recent.mu.
	running   bool // the goroutine
	ended     bool
	expected  map[K]time.Time   // when Expect was called last
	forgotten []func(K, V) bool // what was forgotten since the present load began
}

// RenewBy lets r load the values of expected keys by load, which leaves out keys without
// a value. RenewBy is called before all other methods; the caller must call EndRenewal.
func (r *Recent[K, V]) RenewBy(load func(context.Context, []K) (map[K]V, error)) {
	r.renewal = &renewal[K, V]{load: load, expected: make(map[K]time.Time)}
	r.renewal.ctx, r.renewal.end = context.WithCancel(context.Background())
}

// EndRenewal returns when no load of expected values is running, nor will be.
func (r *Recent[K, V]) EndRenewal() {
	r.mu.Lock()
	r.renewal.ended = true
	r.mu.Unlock()
	r.renewal.end()
	r.renewal.background.Wait()
}

// Expect says that Get will soon be called for a key, again and again.
func (r *Recent[K, V]) Expect(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.renewal
	if _, again := n.expected[key]; n.ended || !again && len(n.expected) >= recentMost {
		return
	}
	n.expected[key] = r.now()
	if !n.running {
		n.running = true
		n.background.Go(r.renew)
	}
}

// renew loads the expected values until none is expected, or the renewal ends.
func (r *Recent[K, V]) renew() {
	for {
		select {
		case <-r.renewal.ctx.Done():
		case <-time.After(renewEvery):
		}
		keys := r.expectedKeys()
		if len(keys) == 0 {
			return
		}
		r.load(keys)
	}
}

// expectedKeys forgets the keys that are expected no longer, and returns the others.
func (r *Recent[K, V]) expectedKeys() []K {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, now := r.renewal, r.now()
	maps.DeleteFunc(n.expected, func(_ K, at time.Time) bool { return n.ended || now.Sub(at) > expectedFor })
	n.forgotten, n.running = nil, len(n.expected) > 0
	return slices.Collect(maps.Keys(n.expected))
}

// load loads and keeps values, but for those forgotten meanwhile. A key without a value
// is neither known nor expected any more.
func (r *Recent[K, V]) load(keys []K) {
	ctx, cancel := context.WithTimeout(r.renewal.ctx, RecentFor)
	defer cancel()
	at := r.now()
	values, err := r.renewal.load(ctx, keys)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range keys {
		value, ok := values[key]
		if !ok {
			r.deleteLocked(key)
			delete(r.renewal.expected, key)
		} else if !r.renewal.forgotLocked(key, value) {
			r.keepLocked(key, recent[V]{value, at})
		}
	}
}

func (n *renewal[K, V]) forgotLocked(key K, value V) bool {
	return slices.ContainsFunc(n.forgotten, func(forgot func(K, V) bool) bool { return forgot(key, value) })
}
