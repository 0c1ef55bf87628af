// Package load plays many people of the site at once, as seen from outside: the
// people ask for pages, hold streams and talk in rooms. The package measures
// the latency of the answers and messages, and the processor time and memory of
// the programs that a test has started.
package load

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// A bucket of a Histogram is at most 1/steps as wide as the durations in the
// bucket; longest is the longest duration that is counted exactly: longer
// durations count as longest.
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

// Record counts a duration. A negative duration counts as 0.
func (h *Histogram) Record(d time.Duration) {
	h.counts[bucket(d)].Add(1)
	for most := h.most.Load(); int64(d) > most && !h.most.CompareAndSwap(most, int64(d)); {
		most = h.most.Load()
	}
}

// Reset empties the histogram.
func (h *Histogram) Reset() {
	for i := range h.counts {
		h.counts[i].Store(0)
	}
	h.most.Store(0)
}

// Count returns the number of recorded durations.
func (h *Histogram) Count() (n int64) {
	for i := range h.counts {
		n += h.counts[i].Load()
	}
	return n
}

// Max returns the longest duration.
func (h *Histogram) Max() time.Duration { return time.Duration(h.most.Load()) }

// Quantile returns a duration that a share q of all durations, from 0 to 1, do
// not exceed: Quantile(0.99) is the 99th percentile, rounded up to the end of
// its bucket. Quantile returns 0 while the histogram is empty.
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

// bucket returns the index of a duration's bucket: below 2×steps ns one bucket
// for each ns, and then steps buckets for each power of two.
func bucket(d time.Duration) int {
	ns := uint64(min(max(d, 0), longest))
	shift := max(bits.Len64(ns)-stepBits-1, 0)
	return shift*steps + int(ns>>shift)
}

// end returns the longest duration of a bucket.
func end(i int) time.Duration {
	shift := max(i/steps-1, 0)
	return time.Duration((i-shift*steps+1)<<shift - 1)
}
