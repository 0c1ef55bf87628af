// Package load plays many people of the site at once, as seen from outside: they
// ask for pages, hold streams and talk in rooms. It measures what they wait for,
// and what the programs that a test has started use.
package load

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// A bucket of a Histogram is at most 1/steps as wide as what it counts; longest
// is the last that is counted as it is.
const (
	stepBits = 6
	steps    = 1 << stepBits
	longest  = 1<<40 - 1 // ns, 18 minutes
	buckets  = (40 - stepBits + 1) * steps
)

// A Histogram counts durations, exact to 1/64, in a fixed size. Its methods may
// be called from any goroutine; the zero value is empty.
type Histogram struct {
	counts [buckets]atomic.Int64
	most   atomic.Int64
}

// Record counts a duration. A negative one counts as 0.
func (h *Histogram) Record(d time.Duration) {
	h.counts[bucket(d)].Add(1)
	for most := h.most.Load(); int64(d) > most && !h.most.CompareAndSwap(most, int64(d)); {
		most = h.most.Load()
	}
}

// Reset forgets everything.
func (h *Histogram) Reset() {
	for i := range h.counts {
		h.counts[i].Store(0)
	}
	h.most.Store(0)
}

// Count is how many durations were recorded.
func (h *Histogram) Count() (n int64) {
	for i := range h.counts {
		n += h.counts[i].Load()
	}
	return n
}

// Max is the longest duration.
func (h *Histogram) Max() time.Duration { return time.Duration(h.most.Load()) }

// Quantile returns a duration that a share q of all, from 0 to 1, do not exceed:
// Quantile(0.99) is the 99th percentile, rounded up to the end of its bucket. It
// is 0 while nothing is recorded.
func (h *Histogram) Quantile(q float64) time.Duration {
	all := h.Count()
	need := max(int64(q*float64(all)+0.999999), 1)
	for i := range h.counts {
		if need -= h.counts[i].Load(); need <= 0 && all > 0 {
			return min(end(i), h.Max())
		}
	}
	return h.Max()
}

// bucket is where a duration is counted: below 2×steps ns one for each, and then
// steps for each power of two.
func bucket(d time.Duration) int {
	ns := uint64(min(max(d, 0), longest))
	shift := max(bits.Len64(ns)-stepBits-1, 0)
	return shift*steps + int(ns>>shift)
}

// end is the longest duration of a bucket.
func end(i int) time.Duration {
	shift := max(i/steps-1, 0)
	return time.Duration((i-shift*steps+1)<<shift - 1)
}
