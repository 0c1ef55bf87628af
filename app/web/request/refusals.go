package request

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// refusalEvery is how often a limit that the same subject goes on hitting is logged.
	refusalEvery = time.Minute

	// mostRefusals bounds the subjects that are kept apart. The others share a line.
	mostRefusals = 10_000
)

// Refusals gathers the acts that limits refuse, so that a flood of requests is no flood of
// lines: the first of a limit and subject is logged at once, and the others of a minute in
// one line. Refusals is safe for concurrent use.
type Refusals struct {
	log *slog.Logger
	now func() time.Time

	mu    sync.Mutex // guards the fields below
	known map[refusal]*refused
	swept time.Time
}

// A refusal is a limit, and whose acts it refuses.
type refusal struct {
	limit   string
	user    int64
	network string
}

type refused struct {
	count  int       // since the last line
	logged time.Time // the last line
}

// NewRefusals returns Refusals without any.
func NewRefusals(log *slog.Logger, now func() time.Time) *Refusals {
	return &Refusals{log: log, now: now, known: make(map[refusal]*refused), swept: now()}
}

// Count counts an act that a limit refused. user is 0, and network "", if unknown.
func (s *Refusals) Count(ctx context.Context, limit string, user int64, network string) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweepLocked(ctx, now)
	key := refusal{limit, user, network}
	r := s.known[key]
	if r == nil && len(s.known) >= mostRefusals {
		key = refusal{limit: limit}
		r = s.known[key]
	}
	if r == nil {
		r = new(refused)
		s.known[key] = r
	}
	r.count++
	if now.Sub(r.logged) >= refusalEvery {
		s.writeLocked(ctx, key, r, now)
	}
}

// writeLocked logs how often a limit refused since the last line. The caller must hold mu.
func (s *Refusals) writeLocked(ctx context.Context, key refusal, r *refused, now time.Time) {
	var where []any
	if key.network != "" {
		where = []any{"network", key.network}
	}
	RecordSecurity(ctx, s.log, LimitHit, key.user, append(where, "limit", key.limit, "count", r.count)...)
	r.count, r.logged = 0, now
}

// sweepLocked logs what was gathered, and forgets who has not hit a limit for
// refusalEvery. The caller must hold mu.
func (s *Refusals) sweepLocked(ctx context.Context, now time.Time) {
	if now.Sub(s.swept) < refusalEvery {
		return
	}
	s.swept = now
	for key, r := range s.known {
		switch {
		case now.Sub(r.logged) < refusalEvery:
		case r.count == 0:
			delete(s.known, key)
		default:
			s.writeLocked(ctx, key, r, now)
		}
	}
}

// Sweep logs what was gathered more than a minute ago. The server calls Sweep now and
// then: nobody may hit a limit again.
func (s *Refusals) Sweep(ctx context.Context) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweepLocked(ctx, now)
}
