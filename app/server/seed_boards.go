package server

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"xxsns/app/seed"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// A venue is a board that posts go to.
type venue struct {
	board  int64
	facets []map[string]int64 // in the order of the seed: options by their names
}

// openVenues makes the boards that are not there yet, and finds out which ones
// posts can go to. What would go to another one goes to the default board.
func (s *seeder) openVenues(ctx context.Context) error {
	free, err := s.store.BoardBySlug(ctx, sns.DefaultBoard)
	if err != nil {
		return fmt.Errorf("the board %q: %w", sns.DefaultBoard, err)
	}
	s.venues = map[string]venue{sns.DefaultBoard: {board: free.ID}}
	wanted := append(seed.Boards(), seed.Board{Slug: sns.LocalBoard})
	for _, b := range wanted {
		board, err := s.store.BoardBySlug(ctx, b.Slug)
		if errors.Is(err, sns.ErrNotFound) && b.Slug != sns.LocalBoard {
			board, err = s.makeBoard(ctx, b)
		}
		if errors.As(err, new(sns.Invalid)) || errors.Is(err, sns.ErrNotFound) {
			continue // there are too many boards, or somebody removed this one
		}
		if err != nil {
			return fmt.Errorf("the board %q: %w", b.Slug, err)
		}
		if v, ok := venueOn(board, b); ok {
			s.venues[b.Slug] = v
		}
	}
	return nil
}

func (s *seeder) makeBoard(ctx context.Context, b seed.Board) (sns.Board, error) {
	id, err := s.store.CreateBoard(ctx, store.NewBoard{Slug: b.Slug, Name: b.Name})
	if err != nil {
		return sns.Board{}, err
	}
	for _, f := range b.Facets {
		if _, err := s.store.CreateFacet(ctx, id, f.Name, false, f.Options); err != nil {
			return sns.Board{}, err
		}
	}
	if err := s.store.MoveBoard(ctx, id, true); err != nil { // 우리 동네 closes the row
		return sns.Board{}, err
	}
	return s.store.Board(ctx, id)
}

// venueOn finds the facets and options of what is to be posted on a board. ok is
// false when people could not post that: the board is closed or for other
// people, or asks for something else.
func venueOn(board sns.Board, b seed.Board) (v venue, ok bool) {
	v.board = board.ID
	var some []int64
	for _, f := range b.Facets {
		options := optionsOf(board, f)
		if options == nil {
			return v, false
		}
		v.facets = append(v.facets, options)
		some = append(some, options[f.Options[0]])
	}
	_, p := board.Choose(some)
	return v, p == nil && board.Local == (b.Slug == sns.LocalBoard)
}

// optionsOf returns the options of a facet by their names; nil when the board
// has not all of them.
func optionsOf(board sns.Board, f seed.Facet) map[string]int64 {
	ids := map[string]int64{}
	for _, facet := range board.Open() {
		for _, option := range facet.Open() {
			if facet.Name == f.Name {
				ids[option.Name] = option.ID
			}
		}
	}
	for _, name := range f.Options {
		if ids[name] == 0 {
			return nil
		}
	}
	return ids
}

// choose returns the options of a post, one for each facet, as they are stored.
func (v venue) choose(names []string) []int64 {
	var ids []int64
	for i, name := range names {
		ids = append(ids, v.facets[i][name])
	}
	slices.Sort(ids)
	return ids
}
