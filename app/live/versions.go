package live

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	// versionAge is how long a version is remembered. A delayed event is overtaken
	// by a newer event by seconds at most.
	versionAge = time.Minute

	// versionLimit bounds the number of keys remembered, and so the memory.
	versionLimit = 1 << 16
)

// versions remembers the newest version delivered of each key for versionAge,
// and of versionLimit keys at most. All methods are safe for concurrent use.
type versions struct {
	stale atomic.Int64 // events that advance reported as not newer

	mu     sync.Mutex
	newest *simplelru.LRU[versionKey, delivered]
}

// A delivered is the version of an event and the time of its delivery.
type delivered struct {
	version int64
	at      time.Time
}

func newVersions() *versions {
	newest, _ := simplelru.NewLRU[versionKey, delivered](versionLimit, nil) // fails for a limit below 1 alone
	return &versions{newest: newest}
}

// advance reports whether ev is newer than the last event of its key, and
// remembers its version if so. An event without a Key is always new.
func (v *versions) advance(ev Event) bool {
	if ev.Key == "" {
		return true
	}
	key, now := ev.versionKey(), time.Now()
	v.mu.Lock()
	defer v.mu.Unlock()
	last, known := v.newest.Peek(key)
	if known && ev.Version <= last.version && now.Sub(last.at) <= versionAge {
		v.stale.Add(1)
		return false
	}
	v.newest.Add(key, delivered{ev.Version, now})
	for range 2 { // one more than was added, so that the memory shrinks after a burst
		if _, oldest, ok := v.newest.GetOldest(); ok && now.Sub(oldest.at) > versionAge {
			v.newest.RemoveOldest()
		}
	}
	return true
}
