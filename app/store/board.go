package store

import (
	"context"

	"xxsns/app/sns"
)

// BoardBySlug returns a board that one may post on, or ErrNotFound.
func (s *Store) BoardBySlug(ctx context.Context, slug string) (sns.Board, error) {
	var row struct {
		ID   int64  `db:"id"`
		Slug string `db:"slug"`
		Name string `db:"name"`
	}
	err := s.get(ctx, &row, `SELECT id, slug, name FROM boards WHERE slug = ?`, slug)
	return sns.Board(row), err
}
