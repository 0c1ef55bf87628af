package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// A BoardCache answers Boards from memory, for a moment: every page names boards. A new post
// is checked against the database. A BoardCache is safe for concurrent use.
type BoardCache struct{ cache[[]sns.Board] }

// NewBoardCache returns an empty cache of the boards in s.
func NewBoardCache(s *Store, now func() time.Time) *BoardCache {
	return &BoardCache{cache[[]sns.Board]{load: s.Boards, now: now}}
}

// All returns all boards, closed ones included, in their order; callers must not
// change the slice. While another call loads them, or the database does not
// answer, All returns the boards of the last load.
func (c *BoardCache) All(ctx context.Context) ([]sns.Board, error) { return c.get(ctx) }
