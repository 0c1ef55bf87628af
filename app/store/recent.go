package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// RecentFor is how long a Recent answers from memory.
	RecentFor = time.Second

	// recentMost bounds the values that a Recent keeps of RecentFor. The database
	// answers for what is above.
	recentMost = 5000

	// loadWithin bounds a query that several callers may wait for.
	loadWithin = 10 * time.Second
)

// A Recent keeps what the database has answered in the last RecentFor. A value is
// never older, counted from before its query, also for callers that wait for the
// query of another caller. A Recent is safe for concurrent use.
type Recent[K comparable, V any] struct {
	now     func() time.Time
	loading singleflight.Group
	renewal *renewal[K, V] // nil without RenewBy

	mu        sync.Mutex
	forgotten uint64          // calls of Forget and ForgetUnless
	young     map[K]recent[V] // of the time since turned
	old       map[K]recent[V] // of RecentFor before
	turned    time.Time
}

type recent[V any] struct {
	value V
	at    time.Time // before the query
}

// NewRecent returns an empty Recent. now is a steady clock.
func NewRecent[K comparable, V any](now func() time.Time) *Recent[K, V] {
	return &Recent[K, V]{now: now, young: make(map[K]recent[V])}
}

// Get returns the value of a key, from memory or by load. Callers that ask for the
// same key at the same time share one load, whose context does not end with theirs.
// Get keeps no value of a load that returned an error, or during which a value was
// forgotten.
func (r *Recent[K, V]) Get(ctx context.Context, key K, load func(context.Context) (V, error)) (V, error) {
	value, known, forgotten, now := r.find(key)
	if known {
		return value, nil
	}
	if err := ctx.Err(); err != nil {
		return value, err // a load may be over before its caller looks whether to wait
	}
	// The flight ends for new callers when anything is forgotten, and after RecentFor:
	// its query may have begun before the change that a new caller must see.
	flight := fmt.Sprint(key, " ", forgotten, " ", now.UnixNano()/int64(RecentFor))
	done := r.loading.DoChan(flight, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadWithin)
		defer cancel()
		at := r.now()
		value, err := load(ctx)
		if err == nil {
			r.keep(key, recent[V]{value, at}, forgotten)
		}
		return value, err
	})
	select {
	case result := <-done:
		return result.Val.(V), result.Err
	case <-ctx.Done():
		return value, ctx.Err()
	}
}

// find looks for a value in memory. find also returns the number of calls that forgot
// values, and the present time.
func (r *Recent[K, V]) find(key K) (value V, known bool, forgotten uint64, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now = r.now()
	entry, ok := r.young[key]
	if !ok {
		entry, ok = r.old[key]
	}
	if ok && isRecent(entry.at, now) {
		return entry.value, true, r.forgotten, now
	}
	return value, false, r.forgotten, now
}

// isRecent reports whether less than RecentFor has passed since at. If the clock was set
// back, nobody knows: isRecent returns false.
func isRecent(at, now time.Time) bool {
	age := now.Sub(at)
	return age >= 0 && age < RecentFor
}

// keep keeps a value, unless any value was forgotten since the load began, or there are
// too many values.
func (r *Recent[K, V]) keep(key K, entry recent[V], forgotten uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forgotten == forgotten {
		r.keepLocked(key, entry)
	}
}

// keepLocked keeps a value unless there are too many. The caller must hold mu.
func (r *Recent[K, V]) keepLocked(key K, entry recent[V]) {
	now := r.now()
	if !isRecent(entry.at, now) {
		return
	}
	if !isRecent(r.turned, now) {
		r.old, r.young, r.turned = r.young, make(map[K]recent[V], len(r.young)), now
	}
	if known, again := r.young[key]; again && !known.at.After(entry.at) || !again && len(r.young) < recentMost {
		r.young[key] = entry
	}
}

// Forget makes the next Get of a key load the value. The change must be committed.
func (r *Recent[K, V]) Forget(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgetLocked(func(k K, _ V) bool { return k == key })
	r.deleteLocked(key)
}

// ForgetUnless is Forget for all keys whose values are not to be kept.
func (r *Recent[K, V]) ForgetUnless(kept func(V) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgetLocked(func(_ K, value V) bool { return !kept(value) })
	for _, entries := range []map[K]recent[V]{r.young, r.old} {
		for key, entry := range entries {
			if !kept(entry.value) {
				delete(entries, key)
			}
		}
	}
}

// forgetLocked keeps loads that are under way from keeping what is forgotten. The caller
// must hold mu.
func (r *Recent[K, V]) forgetLocked(forgot func(K, V) bool) {
	r.forgotten++
	if r.renewal != nil && len(r.renewal.expected) > 0 {
		r.renewal.forgotten = append(r.renewal.forgotten, forgot)
	}
}

func (r *Recent[K, V]) deleteLocked(key K) {
	delete(r.young, key)
	delete(r.old, key)
}
