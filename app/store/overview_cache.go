package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// overviewAge is how long an overview is kept: counting takes a while, and administrators look
// again and again.
const overviewAge = time.Minute

// An OverviewCache keeps the overview of administrators for a minute. An OverviewCache is safe
// for concurrent use.
type OverviewCache struct{ cache[sns.Overview] }

// NewOverviewCache returns an empty cache of what count returns.
func NewOverviewCache(count func(context.Context) (sns.Overview, error), now func() time.Time) *OverviewCache {
	return &OverviewCache{cache[sns.Overview]{load: count, now: now, age: overviewAge}}
}

// Present returns the overview, which callers must not change. While another call counts, or the
// database does not answer, Present returns the last one.
func (c *OverviewCache) Present(ctx context.Context) (sns.Overview, error) { return c.get(ctx) }
