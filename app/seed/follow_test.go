package seed

import (
	"math"
	"slices"
	"testing"
)

// network counts follows and followers, and fails for impossible pairs.
func network(t *testing.T, n int, mentors []int, total int) (following, followers []int) {
	t.Helper()
	following, followers = make([]int, n), make([]int, n)
	before := [2]int{-1, -1}
	eachFollow(source(1), n, mentors, total, func(follower, followee int) {
		pair := [2]int{follower, followee}
		if follower == followee || slices.Compare(pair[:], before[:]) <= 0 {
			t.Fatalf("%v after %v", pair, before)
		}
		before = pair
		following[follower]++
		followers[followee]++
	})
	return following, followers
}

func TestFollowsAreAsManyAsCanBe(t *testing.T) {
	for _, c := range []struct{ n, total, want int }{
		{0, 10, 0}, {1, 10, 0}, {2, 10, 2}, {5, 0, 0}, {5, 7, 7}, {5, 20, 20}, {50, 600, 600}, {50, 2400, 2450 - 50},
		{50, 2450, 2450}, {50, math.MaxInt32, 2450}, {3000, 40_000, 40_000}, {2100, math.MaxInt32, 2100 * 2000},
	} {
		following, _ := network(t, c.n, nil, c.total)
		if most := mostFollows(c.n); total(following) != c.want || c.want > most {
			t.Errorf("%d people, %d asked for: %d, want %d; at most %d", c.n, c.total, total(following), c.want, most)
		}
	}
}

func TestMentorsAndTheBusiestHaveManyFollowers(t *testing.T) {
	mentors := []int{3, 15, 27, 39}
	for _, c := range []struct{ n, total int }{{50, 600}, {500, 6000}} {
		following, followers := network(t, c.n, mentors, c.total)
		mean, ofMentors := c.total/c.n, 0
		for _, i := range mentors {
			ofMentors += followers[i]
		}
		if ofMentors < 2*mean*len(mentors) {
			t.Errorf("%d mentors have %d followers together, others %d each", len(mentors), ofMentors, mean)
		}
		if first, last := total(followers[:c.n/5]), total(followers[c.n-c.n/5:]); first < last*5/4 {
			t.Errorf("the first fifth has %d followers, the last one %d", first, last)
		}
		usual := 0
		for _, count := range following {
			if count >= 3 && count <= 30 {
				usual++
			}
		}
		slices.Sort(followers)
		if usual < c.n*9/10 || followers[c.n/10] > mean*2/3 || followers[c.n-1] < 2*mean {
			t.Errorf("%d of %d follow 3 to 30; the tenth from below has %d followers, the first %d", usual, c.n, followers[c.n/10], followers[c.n-1])
		}
	}
}
