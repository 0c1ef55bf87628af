package store

import (
	"cmp"
	"context"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
)

// cacheAge is how long a cache answers from memory, unless it has an age of its own: a moment,
// since administrators hardly ever change what is in one.
const cacheAge = time.Second

// A cache answers a query that nearly every page asks from memory. A cache is safe for
// concurrent use.
type cache[V any] struct {
	load func(context.Context) (V, error)
	now  func() time.Time
	age  time.Duration // 0: cacheAge

	known   atomic.Pointer[cached[V]] // nil: never loaded, or forgotten
	loading sync.Mutex                // serializes loads
}

type cached[V any] struct {
	value V // never changed, only replaced
	at    time.Time
}

// fresh reports whether a value is recent enough to answer with.
func (c *cache[V]) fresh(known *cached[V]) bool {
	if known == nil {
		return false
	}
	age := c.now().Sub(known.at)
	return age >= 0 && age < cmp.Or(c.age, cacheAge)
}

// get returns the value, which callers must not change. While another call loads the value, or
// the database does not answer, get returns the value of the last load.
func (c *cache[V]) get(ctx context.Context) (V, error) {
	known := c.known.Load()
	if c.fresh(known) {
		return known.value, nil
	}
	if known == nil {
		c.loading.Lock()
	} else if !c.loading.TryLock() {
		return known.value, nil
	}
	defer c.loading.Unlock()
	if known = c.known.Load(); c.fresh(known) { // another call has just loaded it
		return known.value, nil
	}
	value, err := c.load(ctx)
	switch {
	case err == nil:
		if known != nil && reflect.DeepEqual(value, known.value) {
			value = known.value // pages that are kept beside a slice compare the same slice fast
		}
		c.known.Store(&cached[V]{value, c.now()})
	case known != nil:
		return known.value, nil
	}
	return value, err
}

// Forget makes the next call load the value: an administrator sees a change at once.
func (c *cache[V]) Forget() { c.known.Store(nil) }
