package store

import (
	"context"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"xxsns/app/sns"
)

// boardsAge is how long a BoardCache answers from memory: a moment, since every
// page names boards and administrators hardly ever change them. A new post is
// checked against the database.
const boardsAge = time.Second

// A BoardCache answers Boards from memory. A BoardCache is safe for concurrent
// use.
type BoardCache struct {
	store *Store
	now   func() time.Time

	known   atomic.Pointer[knownBoards] // nil: never loaded, or forgotten
	loading sync.Mutex                  // serializes loads
}

type knownBoards struct {
	boards []sns.Board // never changed, only replaced
	at     time.Time
}

// NewBoardCache returns an empty cache of the boards in s.
func NewBoardCache(s *Store, now func() time.Time) *BoardCache {
	return &BoardCache{store: s, now: now}
}

// fresh reports whether the boards are recent enough to answer with.
func (c *BoardCache) fresh(known *knownBoards) bool {
	if known == nil {
		return false
	}
	age := c.now().Sub(known.at)
	return age >= 0 && age < boardsAge
}

// All returns all boards, closed ones included, in their order; callers must not
// change the slice. While another call loads them, or the database does not
// answer, All returns the boards of the last load.
func (c *BoardCache) All(ctx context.Context) ([]sns.Board, error) {
	known := c.known.Load()
	if c.fresh(known) {
		return known.boards, nil
	}
	if known == nil {
		c.loading.Lock()
	} else if !c.loading.TryLock() {
		return known.boards, nil
	}
	defer c.loading.Unlock()
	if known = c.known.Load(); c.fresh(known) { // another call has just loaded them
		return known.boards, nil
	}
	boards, err := c.store.Boards(ctx)
	switch {
	case err == nil:
		if known != nil && reflect.DeepEqual(boards, known.boards) {
			boards = known.boards // pages that are kept beside the boards compare the same slice fast
		}
		c.known.Store(&knownBoards{boards, c.now()})
	case known != nil:
		return known.boards, nil
	}
	return boards, err
}

// Forget makes the next All load the boards: an administrator sees a change at
// once.
func (c *BoardCache) Forget() { c.known.Store(nil) }
