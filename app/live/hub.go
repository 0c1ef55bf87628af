package live

import (
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// ErrClosed says that the hub drains and takes no more clients.
var ErrClosed = errors.New("live: hub is closed")

// slots is over how many instants of an interval the heartbeats are spread, so
// that thousands of clients are not written to in the same one.
const slots = 15

// A Hub hands events to the clients that look on their topic. Its own lock and
// a topic's are never held together; a client's and the pump's come last.
type Hub struct {
	render   Render
	opts     Options
	pump     pump
	versions versions
	stop     chan struct{}  // closed by Close
	open     sync.WaitGroup // clients, and the heartbeat

	deliveries, renders, cut, old atomic.Int64

	mu      sync.RWMutex // guards what follows
	closed  bool
	lost    bool // events do not arrive
	joined  int  // clients ever
	topics  map[string]*topic
	clients [slots]map[*client]struct{} // by heartbeat
}

// NewHub returns a Hub that renders with render. Close stops it.
func NewHub(render Render, opts Options) *Hub {
	h := &Hub{
		render: render,
		opts:   opts.withDefaults(),
		pump:   pump{limit: max(runtime.GOMAXPROCS(0)/2, 1)},
		stop:   make(chan struct{}),
		topics: make(map[string]*topic),
	}
	for slot := range h.clients {
		h.clients[slot] = make(map[*client]struct{})
	}
	h.open.Go(h.beat)
	return h
}

// Stats are counts since the start, but for Clients.
type Stats struct {
	Clients    int   // open now
	Deliveries int64 // messages put into a client's queue
	Renders    int64 // calls of the render function
	Cut        int64 // clients closed for being slow, or for sending bytes on a stream
	Old        int64 // events dropped because a newer version was sent
}

// Stats returns the present counts.
func (h *Hub) Stats() Stats {
	s := Stats{
		Deliveries: h.deliveries.Load(),
		Renders:    h.renders.Load(),
		Cut:        h.cut.Load(),
		Old:        h.old.Load(),
	}
	h.each(func(*client) { s.Clients++ })
	return s
}

// Sessions returns the sessions of all open clients, once each and sorted, so
// that one query can tell which have ended; those are sent a KindDisconnect on
// their SessionTopic.
func (h *Hub) Sessions() []string {
	set := make(map[string]struct{})
	h.each(func(c *client) {
		if c.session != "" {
			set[c.session] = struct{}{}
		}
	})
	return slices.Sorted(maps.Keys(set))
}

// Lost tells every client, and those that come until Gap, by a message named
// "lost" that events do not arrive for now.
func (h *Hub) Lost() { h.setLost(true); h.toAll(lost) }

// Gap tells every client, by a message named "gap", that events arrive but some
// may be missing, and that the page should fetch the present state.
func (h *Hub) Gap() { h.setLost(false); h.toAll(Message{Name: "gap"}) }

var lost = Message{Name: "lost"}

func (h *Hub) setLost(is bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lost = is
}

// toAll sends m to every client.
func (h *Hub) toAll(m Message) {
	var all [wires][]byte
	for wire, frame := range frames {
		all[wire] = frame(m)
	}
	var woken chain
	h.each(func(c *client) {
		if c.push(all[c.wire], &woken) {
			h.deliveries.Add(1)
		}
	})
	h.pump.add(woken)
}

// beat shows clients that their stream is alive, slot after slot. The same
// bytes keep proxies from closing it and find clients that went silently.
func (h *Hub) beat() {
	ticker := time.NewTicker(max(h.opts.Beat/slots, time.Millisecond))
	defer ticker.Stop()
	for slot := 0; ; slot = (slot + 1) % slots {
		select {
		case <-h.stop:
			return
		case <-ticker.C:
			h.beatSlot(slot)
		}
	}
}

func (h *Hub) beatSlot(slot int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var woken chain
	for c := range h.clients[slot] {
		c.beat(&woken)
	}
	h.pump.add(woken)
}

// each calls do for every client; do must not touch the hub's clients.
func (h *Hub) each(do func(*client)) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, clients := range h.clients {
		for c := range clients {
			do(c)
		}
	}
}

// Close refuses new clients, ends all streams and sockets (with the code 1012,
// so that their pages come back) after what waits for them, and returns when
// they are done, or cut after the drain timeout. Register it with
// http.Server.RegisterOnShutdown, which does not know of hijacked connections.
func (h *Hub) Close() {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.stop)
	}
	h.mu.Unlock()
	var woken chain
	h.each(func(c *client) { c.end(lasts[c.wire](websocket.CloseServiceRestart), &woken) })
	h.pump.add(woken)
	done := make(chan struct{})
	go func() { h.open.Wait(); close(done) }()
	if !within(h.opts.DrainTimeout, done) {
		h.each((*client).kick)
		if !within(time.Second, done) {
			h.opts.Log.Warn("live clients still open", "clients", h.Stats().Clients)
		}
	}
}

// within waits for done, but not longer than d.
func within(d time.Duration, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}
