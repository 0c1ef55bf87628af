package server

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"xxsns/app/config"
	"xxsns/app/media"
	"xxsns/app/seed"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// A SeedSize says how much example data to make.
type SeedSize struct {
	Users, Follows, Posts, Comments, Likes int
	Rooms, Messages                        int    // Messages are what is said in all rooms
	Images                                 bool   // draw pictures for some posts and profiles
	Password                               string // of all these people
}

// A SeedResult says what was made. That is less than asked for where there is
// no place for it: a comment needs a post, nobody likes a post or follows somebody
// twice, and nobody talks alone.
type SeedResult struct {
	Users, Follows, Posts, Comments, Likes int
	Rooms, Messages                        int
	Somebody, Mentor                       string // usernames that one may sign in as; Mentor leads rooms
}

// How much is committed together, and how long a community the data pretends.
const (
	usersABatch   = 2000
	rowsABatch    = 5000
	postsABatch   = 500
	followsABatch = 20_000 // each batch changes rows of nearly all users
	seedDays      = 90
	joiningDays   = 60              // before the first post
	newestAge     = 3 * time.Minute // of the newest post
)

// Seed migrates the database and adds people, and follows, posts, comments,
// likes, rooms and messages of theirs, and boards that are not there yet; what is
// there already stays as it is. progress is told how much more is done; in the
// end that adds up to the seven numbers of size.
// When Seed fails or ctx ends, what is made by then remains and fits together.
func Seed(ctx context.Context, cfg config.Config, size SeedSize, progress func(n int)) (SeedResult, error) {
	if err := size.check(); err != nil {
		return SeedResult{}, explain(cfg, err)
	}
	s := seeder{
		size: size.possible(), seats: cfg.RoomMaxLimit, progress: progress,
		clock: seed.NewClock(time.Now().In(cfg.Zone).Add(-newestAge), seedDays),
	}
	if size.Images {
		var err error
		if s.images, err = media.Open(cfg.UploadsDir); err != nil {
			return SeedResult{}, fmt.Errorf("UPLOADS_DIR: %w", err)
		}
	}
	err := withStore(ctx, cfg, func(db *store.Store) error {
		s.store = db
		if s.size.openRooms() > 0 {
			var err error
			if s.stage, err = s.openStage(ctx, cfg); err != nil {
				return err
			}
			defer s.stage.close()
		}
		return s.run(ctx)
	})
	if rest := size.total() - s.made.total(); err == nil && rest > 0 {
		progress(rest)
	}
	return s.made, err
}

func (z SeedSize) check() error {
	if min(z.Users, z.Follows, z.Posts, z.Comments, z.Likes, z.Rooms, z.Messages) < 0 {
		return errors.New("there cannot be less than none of anything")
	}
	if z.Users == 0 {
		return errors.New("at least one person is needed: all posts are by new people")
	}
	if _, p := sns.Password("password", z.Password); p != nil {
		return sns.Invalid{*p}
	}
	return nil
}

// possible is the size without what there is no place for.
func (z SeedSize) possible() SeedSize {
	z.Follows = min(z.Follows, seed.MostFollows(z.Users))
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

func (z SeedSize) total() int {
	return z.Users + z.Follows + z.Posts + z.Comments + z.Likes + z.Rooms + z.Messages
}

func (r SeedResult) total() int {
	return r.Users + r.Follows + r.Posts + r.Comments + r.Likes + r.Rooms + r.Messages
}

// A seeder is one run of Seed.
type seeder struct {
	store    *store.Store
	images   *media.Folder // nil: no pictures
	stage    *stage        // nil: no open rooms
	size     SeedSize
	seats    int // the most that a room may have
	progress func(n int)
	clock    seed.Clock
	chance   uint64 // different when there is other data already
	made     SeedResult
	users    []int64          // those made, in the order of their ids; the first are the busiest
	homes    []sns.Location   // where they live
	crowd    []int64          // the users, in any order
	mentors  []int            // the numbers from 0 of those who lead rooms
	venues   map[string]venue // by the slugs of the boards
	pictures map[int]int      // how many a post has, by its number from 0
}

func (s *seeder) run(ctx context.Context) error {
	if err := s.look(ctx); err != nil {
		return err
	}
	if err := s.openVenues(ctx); err != nil {
		return err
	}
	if err := s.addUsers(ctx); err != nil {
		return err
	}
	if err := s.addFollows(ctx); err != nil {
		return err
	}
	s.crowd = slices.Clone(s.users)
	s.planPictures()
	for s.made.Posts < s.size.Posts {
		if err := s.addPosts(ctx, s.made.Posts, s.made.Posts+s.batchSize(s.made.Posts)); err != nil {
			return err
		}
	}
	return s.addRooms(ctx)
}

// look looks at what there is.
func (s *seeder) look(ctx context.Context) error {
	users, _, err := s.store.CountUsers(ctx)
	if err != nil {
		return err
	}
	newest, err := s.store.NewestPost(ctx)
	s.chance = uint64(users)<<32 + uint64(newest)
	return err
}

// source is a random source of a purpose: the same on the same database.
func (s *seeder) source(purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(s.chance, purpose)) }

// tell adds to what is made and tells of it.
func (s *seeder) tell(more SeedResult) {
	s.made.Users += more.Users
	s.made.Follows += more.Follows
	s.made.Posts += more.Posts
	s.made.Comments += more.Comments
	s.made.Likes += more.Likes
	s.made.Rooms += more.Rooms
	s.made.Messages += more.Messages
	s.progress(more.total())
}
