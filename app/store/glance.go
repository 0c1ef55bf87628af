package store

import (
	"context"
	"sync/atomic"
	"time"
)

// Glance returns a context for the queries of one page. Whether somebody has committed is
// asked for the first of them, and not again for a moment: what the page shows is as of its
// request. A commit with the context ends the glance, so that the page shows what its own
// request has changed.
func Glance(ctx context.Context) context.Context { return &glance{Context: ctx} }

// glanceLife is how long after the first query a glance lasts.
const glanceLife = 50 * time.Millisecond

type glance struct {
	context.Context //nolint:containedctx // a glance is a context
	seen            atomic.Pointer[sighting]
}

// A sighting is a revision that was present at a time.
type sighting struct {
	revision revision
	at       time.Time
}

type glanceKey struct{}

// Value implements context.Context.
func (g *glance) Value(key any) any {
	if key == (glanceKey{}) {
		return g
	}
	return g.Context.Value(key)
}

// glanceOf returns the glance of a context, or nil.
func glanceOf(ctx context.Context) *glance {
	g, _ := ctx.Value(glanceKey{}).(*glance)
	return g
}

// revision returns the revision that was seen, while the glance lasts. g may be nil.
func (g *glance) revision() (revision, bool) {
	if g == nil {
		return revision{}, false
	}
	s := g.seen.Load()
	if s == nil || time.Since(s.at) > glanceLife {
		return revision{}, false
	}
	return s.revision, true
}

// see keeps a revision that was asked for at a time. g may be nil.
func (g *glance) see(r revision, at time.Time) {
	if g != nil && r != (revision{}) {
		g.seen.Store(&sighting{r, at})
	}
}

// end ends the glance. g may be nil.
func (g *glance) end() {
	if g != nil {
		g.seen.Store(nil)
	}
}
