package live

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// GatherWindow is how long a Gatherer waits for newer versions: long enough
	// to turn a burst of likes into four events a second, short enough that
	// nobody notices.
	GatherWindow = 250 * time.Millisecond

	// flushTimeout bounds how long a bus that does not answer holds up a flush.
	flushTimeout = 5 * time.Second
)

// A Gatherer holds events back for GatherWindow and then publishes, for each
// topic, kind and key, the newest version alone. Nothing runs while nothing is
// gathered.
type Gatherer struct {
	bus Bus
	log *slog.Logger

	sending sync.Mutex // one flush at a time, so that flushes keep their order

	mu      sync.Mutex // guards what follows
	waiting []Event    // in the order in which their subjects came first
	places  map[subject]int
	timer   *time.Timer // nil while nothing waits
	closed  bool
}

// NewGatherer returns a Gatherer that publishes through bus and logs to log
// (nil: slog.Default()) what the bus refuses.
func NewGatherer(bus Bus, log *slog.Logger) *Gatherer {
	if log == nil {
		log = slog.Default()
	}
	return &Gatherer{bus: bus, log: log, places: make(map[subject]int)}
}

// Add gathers ev. It never blocks on the bus, except after Close, when ev is
// published at once so that nothing is lost while stopping.
func (g *Gatherer) Add(ev Event) {
	g.mu.Lock()
	g.keep(ev)
	closed := g.closed
	if !closed && g.timer == nil {
		g.timer = time.AfterFunc(GatherWindow, g.flush)
	}
	g.mu.Unlock()
	if closed {
		g.flush()
	}
}

// keep puts ev in the place of an older version, or at the end.
func (g *Gatherer) keep(ev Event) {
	place, known := g.places[ev.subject()]
	switch {
	case ev.Key == "" || !known:
		if ev.Key != "" {
			g.places[ev.subject()] = len(g.waiting)
		}
		g.waiting = append(g.waiting, ev)
	case ev.Version > g.waiting[place].Version:
		g.waiting[place] = ev
	}
}

// Close publishes what waits and returns when that is done; the bus may be
// closed afterwards.
func (g *Gatherer) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.flush()
}

// flush publishes what waits, each event on its own: one that fails does not
// keep the others.
func (g *Gatherer) flush() {
	g.sending.Lock()
	defer g.sending.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	failed, last := 0, error(nil)
	for _, ev := range g.take() {
		if err := g.bus.Publish(ctx, ev); err != nil {
			failed, last = failed+1, err
		}
	}
	if failed > 0 {
		g.log.Error("live events not published", "events", failed, "error", last)
	}
}

// take empties the Gatherer.
func (g *Gatherer) take() []Event {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
	events := g.waiting
	g.waiting = nil
	clear(g.places)
	return events
}
