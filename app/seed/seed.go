// Package seed fills a database with an example community: people, follows,
// boards, posts with pictures, comments, likes, and rooms in which people talk.
//
// Texts are made by the grammar of ko.txt; pictures are chosen from the folder
// pictures. All random choices depend on the database alone, so the same
// database always gets the same people and texts.
package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"xxsns/app/chat"
	"xxsns/app/media"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// A Size is how much example data to make.
type Size struct {
	Users, Follows, Posts, Comments, Likes int
	Rooms, Messages                        int    // Messages is the sum over all rooms
	Images                                 bool   // add pictures to some posts and profiles
	Password                               string // of all example people
	Force                                  bool   // also into a community of people whom Run did not make
}

// A Result is how much example data was made. That is less than the Size where
// data is impossible: a comment needs a post, a person likes a post and follows
// a person only once, and a mentor alone in a room has no listeners.
type Result struct {
	Users, Follows, Posts, Comments, Likes int
	Rooms, Messages                        int
	Somebody, Mentor                       string // usernames for signing in; Mentor leads rooms
}

// A Community is the place for example data.
type Community struct {
	Store  *store.Store
	Images *media.Folder // nil if no pictures are wanted
	Rooms  *chat.Chat    // nil if Size.OpensRooms is false; Run replaces the Now of Rooms
	Seats  int           // the highest user limit of a room
	Now    time.Time     // in the time zone of the community
}

// How much data one transaction inserts, and the time span of the data.
const (
	usersABatch   = 2000
	rowsABatch    = 5000
	postsABatch   = 500
	followsABatch = 20_000 // large, because each batch updates nearly all users
	postDays      = 90
	joiningDays   = 60              // before the first post
	newestAge     = 3 * time.Minute // of the newest post
)

// Check returns an error for a Size that is impossible from the start:
// sns.Invalid for the password.
func (z Size) Check() error {
	if min(z.Users, z.Follows, z.Posts, z.Comments, z.Likes, z.Rooms, z.Messages) < 0 {
		return errors.New("there cannot be less than none of anything")
	}
	if z.Users == 0 {
		return errors.New("at least one person is needed: all posts are by new people")
	}
	if _, p := sns.Password("password", z.Password, ""); p != nil {
		return sns.Invalid{*p}
	}
	return nil
}

// OpensRooms reports whether Run needs Community.Rooms. The Size must have
// passed Check.
func (z Size) OpensRooms() bool { return z.possible().openRooms() > 0 }

// possible returns the Size without data that is impossible.
func (z Size) possible() Size {
	z.Follows = min(z.Follows, mostFollows(z.Users))
	if z.Posts == 0 {
		z.Comments, z.Likes = 0, 0
	}
	if z.Likes/z.Users >= z.Posts {
		z.Likes = z.Users * z.Posts
	}
	if z.Rooms == 0 || z.Users == 1 {
		z.Messages = 0
	}
	return z
}

// Run adds example data to a community, and boards that do not exist yet.
// Existing rows stay as they are. The size must have passed Check. Without Size.Force,
// Run returns an error if there are people whom Run did not make: example data is not
// easily told from theirs, and cannot be taken away again.
//
// Run calls progress with the number of rows added since the last call. In the end,
// the calls add up to the seven numbers of size, including impossible data. After
// an error or the end of ctx, the data made so far remains and is consistent.
func Run(ctx context.Context, c Community, size Size, progress func(n int)) (Result, error) {
	s := seeder{
		Community: c, size: size.possible(), progress: progress,
		clock: newClock(c.Now.Add(-newestAge), postDays),
	}
	err := s.run(ctx)
	if err == nil {
		wanted := size.Users + size.Follows + size.Posts + size.Comments + size.Likes + size.Rooms + size.Messages
		s.tell(new(int), wanted-s.told)
	}
	return s.made, err
}

// A seeder is one run of Run.
type seeder struct {
	Community
	size     Size
	progress func(n int)
	clock    clock
	seed     uint64 // of all random sources; depends on the existing users and posts
	made     Result
	told     int               // the sum of the progress
	names    int               // the number of usernames tried
	users    []int64           // the ids of the new users in ascending order; the first ones are the busiest
	homes    []sns.Location    // of the new users
	shuffled []int64           // the new users in random order
	mentors  []int             // indexes of users
	boards   map[string]board  // that accept example posts, by the slugs
	buckets  map[string]int64  // ids of buckets, by board, area and options
	pictures map[int][]picture // of a post, by the number of the post from 0
}

func (s *seeder) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		s.checkPeople, s.setSeed, s.openBoards, s.addUsers, s.addFollows, s.addPosts, s.addRooms, s.Store.ReindexSearch,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) checkPeople(ctx context.Context) error {
	if s.size.Force {
		return nil
	}
	n, err := s.Store.CountUsersBeside(ctx, fmt.Sprintf(emails, "%"))
	if err == nil && n > 0 {
		err = fmt.Errorf("people are here already (%d) whom seed did not make; --force adds example people beside them", n)
	}
	return err
}

// setSeed derives the seed from the existing data, so that a second run on the
// same database makes different data.
func (s *seeder) setSeed(ctx context.Context) error {
	users, _, err := s.Store.CountUsers(ctx)
	if err != nil {
		return err
	}
	newest, err := s.Store.NewestPost(ctx)
	s.seed = uint64(users)<<32 + uint64(newest)
	return err
}

// Purposes of random sources.
const (
	forUsers = iota
	forPosts
	forComments
	forLikes
	forPictures
	forRooms
	forFollows
)

// source returns a random source for a purpose and a batch.
func (s *seeder) source(purpose, batch int) *rand.Rand {
	return rand.New(rand.NewPCG(s.seed, uint64(batch)<<8+uint64(purpose)))
}

// tell adds n to a number of the result and to the progress.
func (s *seeder) tell(made *int, n int) {
	if n > 0 {
		*made += n
		s.told += n
		s.progress(n)
	}
}
