package server

import (
	"context"
	"slices"

	"xxsns/app/seed"
	"xxsns/app/store"
)

// addFollows lets people follow each other, in the order of time: what is shown
// first is the latest.
func (s *seeder) addFollows(ctx context.Context) error {
	for batch := range slices.Chunk(s.planFollows(), followsABatch) {
		if err := s.store.InsertFollows(ctx, slices.Values(batch)); err != nil {
			return err
		}
		s.tell(SeedResult{Follows: len(batch)})
	}
	return nil
}

// planFollows makes up who follows whom from when on. Each time that people look
// around they follow a few others, one person after the other: rows that stand
// together in the index are inserted together, which is many times faster.
func (s *seeder) planFollows() []store.NewFollow {
	const rounds = 10
	rng, looks := s.source(forFollows), [rounds][]store.NewFollow{}
	for follower, followee := range seed.Follows(rng, len(s.users), s.mentors, s.size.Follows) {
		i := rng.IntN(rounds)
		looks[i] = append(looks[i], store.NewFollow{Follower: s.users[follower], Followee: s.users[followee]})
	}
	all := slices.Concat(looks[:]...)
	for i := range all {
		all[i].CreatedAt = s.clock.At(rng, i, len(all))
	}
	return all
}
