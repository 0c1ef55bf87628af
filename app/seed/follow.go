package seed

import (
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"xxsns/app/sns"
)

// Follows returns who follows whom among n people, as pairs of their numbers
// from 0: the follower, and whom they follow. There are total pairs, or as many
// as there can be, which is MostFollows. mentors and the first people, the busiest, are followed by
// many; most people follow somewhat fewer than the average, some many more. The
// pairs are in the order of their numbers.
func Follows(rng *rand.Rand, n int, mentors []int, total int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if n < 2 {
			return
		}
		fame, eager := fames(rng, n, mentors), make([]float64, n)
		for i := range eager {
			eager[i] = math.Exp(0.6 * rng.NormFloat64())
		}
		for follower, count := range Shares(total, eager, mostFollowed(n)) {
			for _, followee := range fame.draw(rng, follower, count) {
				if !yield(follower, followee) {
					return
				}
			}
		}
	}
}

// MostFollows is how many pairs there can be among n people.
func MostFollows(n int) int { return n * mostFollowed(n) }

// mostFollowed is how many of n people one of them may follow.
func mostFollowed(n int) int { return max(0, min(n-1, sns.FollowMost)) }

// fame is how likely people are followed: sums of weights up to each of them.
type fame []float64

func fames(rng *rand.Rand, n int, mentors []int) fame {
	const ofMentors = 5
	f, sum := make(fame, n), 0.0
	for i := range f {
		busy := 1 - 0.8*float64(i)/float64(n)
		f[i] = busy * (0.3 + Popularity(rng))
	}
	for _, i := range mentors {
		f[i] = ofMentors + f[i]
	}
	for i, weight := range f {
		sum += weight
		f[i] = sum
	}
	return f
}

// draw chooses count people but for one, in the order of their numbers.
func (f fame) draw(rng *rand.Rand, but, count int) []int {
	taken, chosen := map[int]bool{but: true}, make([]int, 0, count)
	take := func(i int) {
		if !taken[i] {
			taken[i] = true
			chosen = append(chosen, i)
		}
	}
	for tries := 4 * count; len(chosen) < count && tries > 0; tries-- {
		take(min(sort.SearchFloat64s(f, rng.Float64()*f[len(f)-1]), len(f)-1))
	}
	for i := rng.IntN(len(f)); len(chosen) < count; i++ { // most are taken
		take(i % len(f))
	}
	slices.Sort(chosen)
	return chosen
}
