package seed

import (
	"math"
	"math/rand/v2"
	"sort"
	"time"
)

// popularity returns the weight of a post among others: most weights are small,
// few are large.
func popularity(rng *rand.Rand) float64 {
	return math.Min(20, math.Pow(1-rng.Float64(), -0.6)-0.8)
}

// portion returns how many of total belong to the items from … to-1 of n items.
// The portions of adjoining ranges add up to total.
func portion(total, from, to, n int) int {
	return int(int64(total)*int64(to)/int64(n) - int64(total)*int64(from)/int64(n))
}

// shares splits total by weights into shares of at most `most`. The shares add
// up to total unless all of them are `most`.
func shares(total int, weights []float64, most int) []int {
	sum, split := 0.0, make([]int, len(weights))
	for _, w := range weights {
		sum += w
	}
	running, given, left := 0.0, 0, total
	for i, w := range weights {
		running += w
		due := int(math.Round(float64(total) * running / sum))
		split[i] = min(due-given, most)
		given, left = due, left-split[i]
	}
	for room := true; room && left > 0; { // give the rest evenly to shares below most
		room = false
		each := max(1, left/len(split))
		for i, n := range split {
			more := min(each, left, most-n)
			split[i] += more
			left -= more
			room = room || split[i] < most
		}
	}
	return split
}

// delay returns the time between a post and a comment or like: mostly minutes,
// sometimes days, and never more than the age of the post.
func delay(rng *rand.Rand, age time.Duration) time.Duration {
	const soonest, latest = 20 * time.Second, 4 * day
	limit := min(age, latest)
	if limit <= soonest {
		return time.Duration(rng.Float64() * float64(limit))
	}
	span := math.Log(float64(limit) / float64(soonest))
	return time.Duration(float64(soonest) * math.Exp(rng.Float64()*span))
}

// member returns the number of a person among n; the first people are the
// busiest and so the most frequent.
func member(rng *rand.Rand, n int) int {
	u := rng.Float64()
	return int(u * math.Sqrt(u) * float64(n))
}

// between returns a random duration of a range.
func between(rng *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(rng.Float64()*float64(high-low))
}

const day = 24 * time.Hour

// hourly is how much people write in each hour of the day: hardly anything at
// night, most after dinner.
var hourly = [24]float64{3, 1, 0.4, 0.2, 0.2, 0.6, 2, 5, 6, 5, 5, 5, 8, 7, 5, 5, 5, 6, 7, 8, 9, 10, 9, 6}

// written[h] is the share of a day's writing before hour h.
var written = func() (sums [25]float64) {
	for h, n := range hourly {
		sums[h+1] = sums[h] + n
	}
	for h := range sums {
		sums[h] /= sums[24]
	}
	return sums
}()

// A clock spreads posts over a time span like real posts: mostly by day, and
// more as the community grows.
type clock struct {
	midnight time.Time // the beginning of the first day
	days     float64   // of writing until end, weighted by hourly
	end      time.Time // of the last post
}

// newClock returns a clock for the days before end, in the time zone of end.
func newClock(end time.Time, days int) clock {
	y, m, d := end.AddDate(0, 0, -days).Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, end.Location())
	whole, rest := math.Modf(float64(end.Sub(midnight)) / float64(day))
	hour, part := math.Modf(rest * 24)
	h := int(hour)
	share := written[h] + part*(written[h+1]-written[h])
	return clock{midnight: midnight, days: whole + share, end: end}
}

// growth is the exponent of the share of posts; below 1 the posts become more
// frequent towards the end.
const growth = 0.8

// at returns the time of the i-th of n posts: a random time between the posts
// before and after, and end for the last post.
func (c clock) at(rng *rand.Rand, i, n int) time.Time {
	chance := rng.Float64() // before the return, so that each call takes one number of rng
	if i >= n-1 {
		return c.end
	}
	share := math.Pow((float64(i)+0.9*chance)/float64(n-1), growth)
	whole, rest := math.Modf(share * c.days)
	h := sort.Search(23, func(h int) bool { return written[h+1] > rest })
	hours := float64(h) + (rest-written[h])/(written[h+1]-written[h])
	return c.midnight.Add(time.Duration((whole*24 + hours) * float64(time.Hour))).Truncate(time.Microsecond)
}
