package seed

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"xxsns/app/district"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// Every third of the first 60 users, who are the busiest, has a profile image.
// Every twelfth user is a mentor.
const (
	profileUsers = 60
	profileEvery = 3
	mentorEvery  = 12
	firstMentor  = 3
)

// emails is the format of the addresses of example people, who are known by them: nobody
// else has an address of that domain.
const emails = "member%s@example.com"

// A user is an account to be inserted.
type user struct {
	store.NewUser
	status, image string
	home          sns.Location
}

func (s *seeder) addUsers(ctx context.Context) error {
	// The hash is slow on purpose, so all users share one.
	hash, err := sns.HashPassword(ctx, sns.NormalPassword(s.size.Password))
	if err != nil {
		return err
	}
	rng := s.source(forUsers, 0)
	for len(s.users) < s.size.Users {
		n := min(usersABatch, s.size.Users-len(s.users))
		if s.Images != nil && len(s.users) < profileUsers {
			n = min(n, profileUsers/4)
		}
		names, err := s.freeNames(ctx, n)
		if err != nil {
			return err
		}
		if err := s.addUserBatch(ctx, rng, names, hash); err != nil {
			return err
		}
	}
	s.shuffled = append(s.shuffled, s.users...)
	return nil
}

// freeNames returns the next n usernames that are not taken.
func (s *seeder) freeNames(ctx context.Context, n int) (free []string, err error) {
	for len(free) < n {
		candidates := make([]string, n-len(free))
		for i := range candidates {
			candidates[i] = username(s.names)
			s.names++
		}
		taken, err := s.Store.TakenUsernames(ctx, candidates)
		if err != nil {
			return nil, err
		}
		free = append(free, slices.DeleteFunc(candidates, func(name string) bool { return taken[name] })...)
	}
	return free, nil
}

func (s *seeder) addUserBatch(ctx context.Context, rng *rand.Rand, names []string, hash string) error {
	var saved []string
	users := make([]user, len(names))
	for i, name := range names {
		number := len(s.users) + i
		users[i] = s.newUser(rng, number, name, hash)
		if s.Images == nil || number >= profileUsers || number%profileEvery != 0 {
			continue
		}
		image, err := upload(ctx, s.Images.SaveAvatar, profileImage(number/profileEvery))
		if err != nil {
			return s.discard(ctx, saved, err)
		}
		users[i].image, saved = image.Name, append(saved, image.Name)
	}
	ids, err := insertUsers(ctx, s.Store, users)
	if err != nil {
		return s.discard(ctx, saved, err)
	}
	s.made.Somebody = cmp.Or(s.made.Somebody, names[0])
	for i, u := range users {
		s.homes = append(s.homes, u.home)
		if u.Role == sns.RoleMentor {
			s.mentors = append(s.mentors, len(s.users)+i)
			s.made.Mentor = cmp.Or(s.made.Mentor, u.Username)
		}
	}
	s.users = append(s.users, ids...)
	s.tell(&s.made.Users, len(users))
	return nil
}

// newUser makes up the account of a number from 0. There is always a mentor.
func (s *seeder) newUser(rng *rand.Rand, number int, name, hash string) user {
	role := sns.RoleUser
	if number%mentorEvery == min(firstMentor, s.size.Users-1) {
		role = sns.RoleMentor
	}
	const span = joiningDays * day
	joined := s.clock.midnight.Add(-span).Add(time.Duration(float64(span) * float64(number) / float64(s.size.Users)))
	return user{
		NewUser: store.NewUser{Username: name, Email: fmt.Sprintf(emails, strconv.Itoa(number+1)), PasswordHash: hash, Role: role, CreatedAt: joined},
		status:  statusText(rng), home: home(rng),
	}
}

// insertUsers inserts either all users or none, and returns the ids.
// sns.ErrConflict: a name is taken.
func insertUsers(ctx context.Context, db *store.Store, users []user) (ids []int64, err error) {
	folded := make([]string, len(users))
	for i, u := range users {
		folded[i] = sns.FoldUsername(u.Username)
	}
	err = db.Bulk(ctx, func(b *store.Bulk) {
		ids = b.InsertNamed("users", "folded", folded,
			`INSERT INTO users (username, folded, skeleton, email, password_hash, role, status_message, image, area, town, created_at)`,
			rows(users, func(i int, u user) []any {
				return []any{u.Username, folded[i], sns.Skeleton(u.Username), u.Email, u.PasswordHash, u.Role, u.status, u.image, u.home.Area, u.home.Town, u.CreatedAt}
			}))
	})
	return ids, err
}

var (
	given  = sync.OnceValue(func() []string { return words("given") })
	suffix = sync.OnceValue(func() []string { return words("suffix") })
)

// scatter is a prime that spreads successive names over given names and
// suffixes; it must not divide the number of either.
const scatter = 7919

// username returns the i-th username, from 0: given names first, then given
// names with a suffix (민지.산책), then with a number (하늘_02). Usernames are valid
// and differ in folded form for all i up to the largest int32.
func username(i int) string {
	names, pairs := len(given()), len(given())*len(suffix())
	switch {
	case i < names:
		return given()[i]
	case i < names+pairs:
		i = (i - names) * scatter % pairs
		return given()[i%names] + []string{".", "_"}[i%2] + suffix()[i/names]
	}
	i -= names + pairs
	return fmt.Sprintf("%s_%02d", given()[i%names], i/names+2)
}

// home makes up the location of a person. Most people live in few districts; a
// quarter has no location.
func home(rng *rand.Rand) sns.Location {
	if rng.IntN(4) == 0 {
		return sns.Location{}
	}
	names := strings.Split(texts().text(rng, "home", nil), " / ") // region, district, town
	return sns.Location{Area: district.Place{Region: names[0], District: names[1]}.Area(), Town: names[2]}
}

// section is the number at the end of some names of towns, such as 성수동1가.
var section = regexp.MustCompile(`\d+가$`)

// spokenTown returns the name of a town as people say it.
func spokenTown(town string) string {
	if town == "" {
		return "우리 동네"
	}
	return section.ReplaceAllString(town, "")
}
