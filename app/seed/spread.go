package seed

import (
	"math"
	"math/rand/v2"
	"time"
)

// Popularity returns how much notice a post gets, beside others: most get a
// little, few get a lot.
func Popularity(rng *rand.Rand) float64 {
	return math.Min(20, math.Pow(1-rng.Float64(), -0.6)-0.8)
}

// Part returns how many of total belong to the items from up to to of n, so
// that the parts of adjoining ranges add up to total.
func Part(total, from, to, n int) int {
	return int(int64(total)*int64(to)/int64(n) - int64(total)*int64(from)/int64(n))
}

// Shares splits total by weights, giving none more than most. When all have
// that, the rest is given to nobody.
func Shares(total int, weights []float64, most int) []int {
	sum, shares := 0.0, make([]int, len(weights))
	for _, w := range weights {
		sum += w
	}
	running, given := 0.0, 0
	for i, w := range weights {
		running += w
		due := int(math.Round(float64(total) * running / sum))
		shares[i] = min(due-given, most)
		given = due
	}
	left := total
	for _, n := range shares {
		left -= n
	}
	return fill(shares, left, most)
}

// fill gives what is left to those who have less than most, evenly.
func fill(shares []int, left, most int) []int {
	for room := true; room && left > 0; {
		room = false
		each := max(1, left/len(shares))
		for i, n := range shares {
			more := min(each, left, most-n)
			shares[i] += more
			left -= more
			room = room || shares[i] < most
		}
	}
	return shares
}

// Delay returns how long after a post somebody answers: mostly soon, at times
// days later, and never later than the post is old.
func Delay(rng *rand.Rand, age time.Duration) time.Duration {
	const soonest, latest = 20 * time.Second, 4 * 24 * time.Hour
	limit := min(age, latest)
	if limit <= soonest {
		return time.Duration(rng.Float64() * float64(limit))
	}
	span := math.Log(float64(limit) / float64(soonest))
	return time.Duration(float64(soonest) * math.Exp(rng.Float64()*span))
}

// Member returns which of n members does something: the first of them are the
// busiest.
func Member(rng *rand.Rand, n int) int {
	u := rng.Float64()
	return int(u * math.Sqrt(u) * float64(n))
}
