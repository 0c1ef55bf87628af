package seed

import (
	"math"
	"math/rand/v2"
	"sort"
	"time"
)

const day = 24 * time.Hour

// hourly is how much is written in each hour of the day: hardly anything at
// night, most after dinner.
var hourly = [24]float64{3, 1, 0.4, 0.2, 0.2, 0.6, 2, 5, 6, 5, 5, 5, 8, 7, 5, 5, 5, 6, 7, 8, 9, 10, 9, 6}

// passed[h] is the share of a day's writing that is done when hour h begins.
var passed = func() (sums [25]float64) {
	for h, n := range hourly {
		sums[h+1] = sums[h] + n
	}
	for h := range sums {
		sums[h] /= sums[24]
	}
	return sums
}()

// A Clock spreads posts over a span of time as people write them: by day, and
// more as the community grows.
type Clock struct {
	midnight time.Time // with which the first day begins
	days     float64   // of writing, up to the end
	end      time.Time
}

// NewClock makes a clock of the days up to end, as the days go in end's zone.
func NewClock(end time.Time, days int) Clock {
	y, m, d := end.AddDate(0, 0, -days).Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, end.Location())
	whole, rest := math.Modf(float64(end.Sub(midnight)) / float64(day))
	hour, part := math.Modf(rest * 24)
	h := int(hour)
	written := passed[h] + part*(passed[h+1]-passed[h])
	return Clock{midnight: midnight, days: whole + written, end: end}
}

// Begin is when the first day begins.
func (c Clock) Begin() time.Time { return c.midnight }

// End is when the last post is written.
func (c Clock) End() time.Time { return c.end }

// growth is below 1: the later, the more is written.
const growth = 0.8

// At returns when the i-th of n posts is written, by chance between its
// neighbours; the last is written at the end.
func (c Clock) At(rng *rand.Rand, i, n int) time.Time {
	chance := rng.Float64() // always drawn, so that the source stays in step
	if i >= n-1 {
		return c.end
	}
	share := math.Pow((float64(i)+0.9*chance)/float64(n-1), growth)
	whole, rest := math.Modf(share * c.days)
	h := sort.Search(23, func(h int) bool { return passed[h+1] > rest })
	hours := float64(h) + (rest-passed[h])/(passed[h+1]-passed[h])
	return c.midnight.Add(time.Duration((whole*24 + hours) * float64(time.Hour))).Truncate(time.Microsecond)
}
