package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A board is a board for example posts.
type board struct {
	slug, name string
	id         int64 // in the database
	facets     []facet
}

// A facet is a facet of a board; the options are the alternatives of a rule.
type facet struct {
	name, rule string
	options    []string
	ids        []int64 // of the options, in the database
}

// boards returns the boards of an example community beside those of every
// community, without ids.
var boards = sync.OnceValue(func() (all []board) {
	for _, rule := range linked("boards") {
		b := board{slug: strings.TrimPrefix(rule, "board."), name: words(rule)[0]}
		for _, rule := range linked(rule) {
			options := linked(rule)[0]
			b.facets = append(b.facets, facet{name: words(rule)[0], rule: options, options: words(options)})
		}
		all = append(all, b)
	}
	return all
})

// facetsOf returns the facets of a board of boards, or nil for other boards.
func facetsOf(slug string) []facet {
	for _, b := range boards() {
		if b.slug == slug {
			return b.facets
		}
	}
	return nil
}

// openBoards creates the boards that do not exist yet, and finds the boards that
// accept example posts. Posts for other boards go to the default board.
func (s *seeder) openBoards(ctx context.Context) error {
	s.boards, s.buckets = map[string]board{}, map[string]int64{}
	for _, b := range slices.Concat(boards(), []board{{slug: sns.DefaultBoard}, {slug: sns.LocalBoard}}) {
		found, err := s.Store.BoardBySlug(ctx, b.slug)
		if errors.Is(err, sns.ErrNotFound) && b.name != "" {
			found, err = s.createBoard(ctx, b)
		}
		if b.slug != sns.DefaultBoard && (errors.As(err, new(sns.Invalid)) || errors.Is(err, sns.ErrNotFound)) {
			continue // too many boards, or an administrator removed this board
		}
		if err != nil {
			return fmt.Errorf("the board %q: %w", b.slug, err)
		}
		if accepted, ok := b.acceptedBy(found); ok || b.slug == sns.DefaultBoard {
			s.boards[b.slug] = accepted
		}
	}
	return nil
}

func (s *seeder) createBoard(ctx context.Context, b board) (sns.Board, error) {
	id, err := s.Store.CreateBoard(ctx, store.NewBoard{Slug: b.slug, Name: b.name})
	if err != nil {
		return sns.Board{}, err
	}
	for _, f := range b.facets {
		if _, err := s.Store.CreateFacet(ctx, id, f.name, false, f.options); err != nil {
			return sns.Board{}, err
		}
	}
	if err := s.Store.MoveBoard(ctx, id, true); err != nil { // 우리 동네 stays the last board
		return sns.Board{}, err
	}
	return s.Store.Board(ctx, id)
}

// acceptedBy returns the board with the ids in the database. ok is false if
// members could not write example posts there: the board is closed, unexpectedly
// local or not local, or lacks an option, or asks for more.
func (b board) acceptedBy(found sns.Board) (accepted board, ok bool) {
	accepted, ok = board{slug: b.slug, id: found.ID}, true
	choices := map[string]int{}
	for _, f := range b.facets {
		for _, name := range f.options {
			id := optionID(found, f.name, name)
			ok = ok && id != 0
			f.ids = append(f.ids, id)
		}
		accepted.facets = append(accepted.facets, f)
		choices[f.rule] = 0
	}
	_, problem := found.Choose(accepted.choose(topic{choices: choices}))
	return accepted, ok && problem == nil && found.Local == (b.slug == sns.LocalBoard)
}

// optionID returns the id of an open option, or 0 if the board has no such option.
func optionID(board sns.Board, facet, name string) int64 {
	for _, f := range board.Open() {
		for _, option := range f.Open() {
			if f.Name == facet && option.Name == name {
				return option.ID
			}
		}
	}
	return 0
}

// choose returns the ids of the options of a topic in ascending order.
func (b board) choose(t topic) (ids []int64) {
	for _, f := range b.facets {
		ids = append(ids, f.ids[t.choices[f.rule]])
	}
	slices.Sort(ids)
	return ids
}

// bucket returns the id of the bucket of a post.
func (s *seeder) bucket(ctx context.Context, p *post) (id int64, err error) {
	key := fmt.Sprint(p.Board, p.Location.Area, p.Options)
	if s.buckets[key] == 0 {
		s.buckets[key], err = s.Store.BucketFor(ctx, p.Board, p.Location.Area, p.Options)
	}
	return s.buckets[key], err
}

// Shares of the boards in percent. The default board has the rest.
const (
	investShare = 18
	gossipShare = 10
	localShare  = 16 // of people with a location, which is 12 of all people
)

// boardFor returns the slug of the board for a post. located is whether the
// author has a location. Posts with pictures are not on the boards of companies.
func boardFor(rng *rand.Rand, located, pictures bool) string {
	chance := rng.IntN(100)
	switch {
	case located && chance < localShare:
		return sns.LocalBoard
	case pictures || chance >= localShare+investShare+gossipShare || chance < localShare:
		return sns.DefaultBoard
	case chance < localShare+investShare:
		return "invest"
	default:
		return "gossip"
	}
}
