package server

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"xxsns/app/district"
	"xxsns/app/seed"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Who gets a profile image: one in three of the first, the busiest.
const (
	portraitUsers = 60
	portraitEvery = 3
)

func (s *seeder) addUsers(ctx context.Context) error {
	// Once for all: the hash is made to take long.
	hash, err := sns.HashPassword(ctx, sns.NormalPassword(s.size.Password))
	if err != nil {
		return err
	}
	rng, next := s.source(0), 0
	for len(s.users) < s.size.Users {
		n := min(usersABatch, s.size.Users-len(s.users))
		if s.images != nil && len(s.users) < portraitUsers {
			n = min(n, portraitUsers/4)
		}
		var names []string
		if names, next, err = s.freshNames(ctx, next, n); err != nil {
			return err
		}
		if err := s.addUserBatch(ctx, rng, names, hash); err != nil {
			return err
		}
	}
	return nil
}

// freshNames returns n names that nobody has, from the next one on, and which
// one is next then.
func (s *seeder) freshNames(ctx context.Context, next, n int) ([]string, int, error) {
	var fresh []string
	for len(fresh) < n {
		candidates := make([]string, n-len(fresh))
		for i := range candidates {
			candidates[i] = seed.Name(next + i)
		}
		next += len(candidates)
		taken, err := s.store.TakenUsernames(ctx, candidates)
		if err != nil {
			return nil, 0, err
		}
		for _, name := range candidates {
			if !taken[name] {
				fresh = append(fresh, name)
			}
		}
	}
	return fresh, next, nil
}

func (s *seeder) addUserBatch(ctx context.Context, rng *rand.Rand, names []string, hash string) error {
	var saved []string
	users := make([]store.BulkUser, len(names))
	for i, name := range names {
		number := len(s.users) + i
		users[i] = s.user(rng, number, name, hash)
		if s.images == nil || number >= portraitUsers || number%portraitEvery != 0 {
			continue
		}
		image, err := s.savePortrait(ctx, rng)
		if err != nil {
			return s.discard(ctx, saved, err)
		}
		users[i].Image, saved = image, append(saved, image)
	}
	ids, err := s.store.InsertUsers(ctx, users)
	if err != nil {
		return s.discard(ctx, saved, err)
	}
	if s.made.Somebody == "" {
		s.made.Somebody = names[0]
	}
	for i, u := range users {
		s.homes = append(s.homes, u.Location)
		if u.Role == sns.RoleMentor {
			s.mentors = append(s.mentors, len(s.users)+i)
			s.made.Mentor = cmp.Or(s.made.Mentor, u.Username)
		}
	}
	s.users = append(s.users, ids...)
	s.tell(SeedResult{Users: len(users)})
	return nil
}

// user makes up the account of a number from 0.
func (s *seeder) user(rng *rand.Rand, number int, name, hash string) store.BulkUser {
	const mentorEvery, firstMentor = 12, 3
	role := sns.RoleUser
	if number%mentorEvery == min(firstMentor, s.size.Users-1) { // there is always one
		role = sns.RoleMentor
	}
	return store.BulkUser{
		NewUser: store.NewUser{
			Username: name, Email: fmt.Sprintf("member%d@example.com", number+1), PasswordHash: hash, Role: role, CreatedAt: s.joined(number),
		},
		StatusMessage: seed.Status(rng), Location: home(rng),
	}
}

// joined is when the user of a number from 0 signed up.
func (s *seeder) joined(number int) time.Time {
	span := joiningDays * 24 * time.Hour
	return s.clock.Begin().Add(-span).Add(time.Duration(float64(span) * float64(number) / float64(s.size.Users)))
}

// home makes up where somebody lives.
func home(rng *rand.Rand) sns.Location {
	region, part, town := seed.Home(rng)
	return sns.Location{Area: district.Place{Region: region, District: part}.Area(), Town: town}
}
