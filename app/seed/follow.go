package seed

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A follow is a row of the table follows.
type follow struct {
	follower, followee int64
	at                 time.Time
}

// addFollows inserts who follows whom in the order of time: pages list the
// latest follow first.
func (s *seeder) addFollows(ctx context.Context) error {
	for batch := range slices.Chunk(s.planFollows(), followsABatch) {
		if err := insertFollows(ctx, s.Store, batch); err != nil {
			return err
		}
		s.tell(&s.made.Follows, len(batch))
	}
	return nil
}

// planFollows decides who follows whom, and when. People follow others in
// several rounds, and each round has the order of the users: rows that are
// neighbours in the index are many times faster to insert.
func (s *seeder) planFollows() []follow {
	const rounds = 10
	rng, byRound := s.source(forFollows, 0), [rounds][]follow{}
	eachFollow(rng, len(s.users), s.mentors, s.size.Follows, func(follower, followee int) {
		i := rng.IntN(rounds)
		byRound[i] = append(byRound[i], follow{follower: s.users[follower], followee: s.users[followee]})
	})
	all := slices.Concat(byRound[:]...)
	for i := range all {
		all[i].at = s.clock.at(rng, i, len(all))
	}
	return all
}

// insertFollows inserts either all follows with the counts of both users, or
// nothing. sns.ErrConflict: a follow exists.
func insertFollows(ctx context.Context, db *store.Store, follows []follow) error {
	following, followers := map[int64]int{}, map[int64]int{}
	for _, f := range follows {
		following[f.follower]++
		followers[f.followee]++
	}
	return db.Bulk(ctx, func(b *store.Bulk) {
		b.Insert(`INSERT INTO follows (follower_id, followee_id, created_at)`,
			rows(follows, func(_ int, f follow) []any { return []any{f.follower, f.followee, f.at} }))
		b.Count(`UPDATE users SET following_count = following_count + ? WHERE id IN (?)`, following)
		b.Count(`UPDATE users SET follower_count = follower_count + ? WHERE id IN (?)`, followers)
	})
}

// eachFollow calls add for total pairs of n people, or for mostFollows(n) pairs
// if that is less. People are numbers from 0; the order is that of the followers,
// then of the followees. Mentors and the first people, who are the busiest, have
// many followers. Most people follow fewer people than the average, and some
// people follow many more.
func eachFollow(rng *rand.Rand, n int, mentors []int, total int, add func(follower, followee int)) {
	if n < 2 {
		return
	}
	fame, eagerness := fameOf(rng, n, mentors), make([]float64, n)
	for i := range eagerness {
		eagerness[i] = math.Exp(0.6 * rng.NormFloat64())
	}
	for follower, count := range shares(total, eagerness, mostFollowed(n)) {
		for _, followee := range fame.draw(rng, follower, count) {
			add(follower, followee)
		}
	}
}

// mostFollows returns the number of possible pairs among n people.
func mostFollows(n int) int { return n * mostFollowed(n) }

// mostFollowed returns how many of n people a person can follow.
func mostFollowed(n int) int { return max(0, min(n-1, sns.FollowMost)) }

// fame is a distribution of followees: the sum of the weights up to each person.
type fame []float64

func fameOf(rng *rand.Rand, n int, mentors []int) fame {
	const ofMentors = 5
	f, sum := make(fame, n), 0.0
	for i := range f {
		busy := 1 - 0.8*float64(i)/float64(n)
		f[i] = busy * (0.3 + popularity(rng))
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

// draw returns the numbers of count different people, without the person but, in
// ascending order.
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
	for i := rng.IntN(len(f)); len(chosen) < count; i++ { // nearly all people are taken
		take(i % len(f))
	}
	slices.Sort(chosen)
	return chosen
}
