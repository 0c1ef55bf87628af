package live

import (
	"sync"
	"time"
)

// A late event overtakes a newer one by seconds at most, so that versions need
// not be remembered for long; the limit bounds the memory in a burst.
const (
	versionAge   = time.Minute
	versionLimit = 1 << 15
)

// versions remembers the newest version of each subject that was sent, in two
// generations: when the younger is old or full it becomes the elder, and the
// elder is forgotten. So it holds at most 2 × versionLimit subjects, each for
// at least versionAge unless there are very many, without a sweep.
type versions struct {
	mu    sync.Mutex
	young map[versionKey]int64
	elder map[versionKey]int64
	born  time.Time // of young
}

// advance reports whether ev is newer than what was sent, and remembers it.
func (v *versions) advance(ev Event) bool {
	if ev.Key == "" {
		return true
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.turn()
	s := ev.versionKey()
	last, known := v.young[s]
	if !known {
		last, known = v.elder[s]
	}
	if known && ev.Version <= last {
		return false
	}
	v.young[s] = ev.Version
	return true
}

// turn starts a new generation when the younger one is old or full.
func (v *versions) turn() {
	now := time.Now()
	if v.young != nil && now.Sub(v.born) < versionAge && len(v.young) < versionLimit {
		return
	}
	v.elder, v.young, v.born = v.young, make(map[versionKey]int64), now
}
