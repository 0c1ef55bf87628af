package live

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// GatherWindow is how long a Gatherer waits for newer versions: long enough to
	// turn a burst of likes into four events a second, short enough to seem
	// immediate.
	GatherWindow = 250 * time.Millisecond

	// flushTimeout bounds one flush when the bus does not answer.
	flushTimeout = 5 * time.Second
)

// A Gatherer holds events back for GatherWindow and then publishes only the
// newest version for each topic, kind and key. No goroutine runs while no event
// waits. All methods are safe for concurrent use.
type Gatherer struct {
	bus Bus
	log *slog.Logger

	flushMu sync.Mutex // one flush at a time, so that flushes keep their order

	mu      sync.Mutex
	waiting []Event            // in the order in which their keys were added first
	index   map[versionKey]int // in waiting, of events with a Key
	timer   *time.Timer        // nil while no event waits
	closed  bool
}

// NewGatherer returns a Gatherer that publishes through bus and logs failures to
// log (nil: slog.Default()). The caller must Close it before the bus.
func NewGatherer(bus Bus, log *slog.Logger) *Gatherer {
	if log == nil {
		log = slog.Default()
	}
	return &Gatherer{bus: bus, log: log, index: make(map[versionKey]int)}
}

// Add gathers ev without waiting for the bus. After Close, Add publishes ev
// before it returns, so that no event is lost during a shutdown.
func (g *Gatherer) Add(ev Event) {
	g.mu.Lock()
	g.mergeLocked(ev)
	closed := g.closed
	if !closed && g.timer == nil {
		g.timer = time.AfterFunc(GatherWindow, g.flush)
	}
	g.mu.Unlock()
	if closed {
		g.flush()
	}
}

// mergeLocked replaces an older version of ev, or appends ev. The caller must
// hold g.mu.
func (g *Gatherer) mergeLocked(ev Event) {
	i, known := g.index[ev.versionKey()]
	switch {
	case ev.Key == "" || !known:
		if ev.Key != "" {
			g.index[ev.versionKey()] = len(g.waiting)
		}
		g.waiting = append(g.waiting, ev)
	case ev.Version > g.waiting[i].Version:
		g.waiting[i] = ev
	}
}

// Close publishes the waiting events before it returns. The bus may be closed
// afterwards.
func (g *Gatherer) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.flush()
}

// flush publishes the waiting events. After a failure the next event is still
// tried.
func (g *Gatherer) flush() {
	g.flushMu.Lock()
	defer g.flushMu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	failed, last := 0, error(nil)
	for _, ev := range g.takeAll() {
		if err := g.bus.Publish(ctx, ev); err != nil {
			failed, last = failed+1, err
		}
	}
	if failed > 0 {
		g.log.Error("live events not published", "events", failed, "error", last)
	}
}

// takeAll removes and returns the waiting events.
func (g *Gatherer) takeAll() []Event {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
	events := g.waiting
	g.waiting = nil
	clear(g.index)
	return events
}
