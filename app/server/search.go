package server

import (
	"context"
	"time"
)

// Bounds of indexSearch: how often texts that wait are looked for, and how many one
// transaction indexes, for which other changes of SQLite wait.
const (
	indexEvery  = time.Second
	indexAtOnce = 100
)

// updateTime is how long an update of all replicas may take.
const updateTime = time.Hour

// indexNewestAgain adds to the index of searches what a replica of a version without searches
// has written while an update ran.
func (s *Server) indexNewestAgain(ctx context.Context) {
	s.warn(ctx, "the newest texts are not looked at again for searches", s.store.IndexNewestAgain(ctx, time.Now().Add(-updateTime)))
}

// indexSearch adds texts that wait to the index of searches, then old texts. After each batch
// indexSearch rests as long as the batch took, so that people are served meanwhile. What is left
// at a stop is done after the next start, or by another replica.
func (s *Server) indexSearch(ctx context.Context) {
	for ctx.Err() == nil {
		start := time.Now()
		n, err := s.store.IndexSearch(ctx, indexAtOnce)
		if err != nil && ctx.Err() == nil {
			s.log.Warn("texts not indexed for searches yet", "error", err)
		}
		if err != nil || n == 0 {
			return
		}
		s.indexed.Add(int64(n))
		sleep(ctx, time.Since(start))
	}
}
