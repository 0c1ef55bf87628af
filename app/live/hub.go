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

// ErrClosed is returned for requests that arrive after Hub.Close.
var ErrClosed = errors.New("live: hub is closed")

// heartbeatSlots is the number of slots that the clients are spread over: in
// each Options.HeartbeatInterval, the slots get their heartbeats one after another, so that
// thousands of clients are not written to at the same instant.
const heartbeatSlots = 15

// A Hub delivers events to the clients that subscribed to their topic. All
// methods are safe for concurrent use.
//
// Lock order: Hub.mu and topic.mu are never held together; client.mu is taken
// after either of them, and flusher.mu last.
type Hub struct {
	render   Render
	opts     Options
	flusher  flusher
	versions *versions
	stop     chan struct{}  // closed by Close
	conns    sync.WaitGroup // admitted connections, and the heartbeat goroutine

	deliveries, renders, evicted atomic.Int64

	mu       sync.RWMutex
	closed   bool
	busDown  bool // between Lost and Gap
	added    int  // clients since the start
	topics   map[string]*topic
	reserved map[int64]int // places that Reserve has given, by user
	clients  [heartbeatSlots]map[*client]struct{}
}

// NewHub returns a Hub that renders events by render. The caller must Close it.
func NewHub(render Render, opts Options) *Hub {
	h := &Hub{
		render:   render,
		opts:     opts.withDefaults(),
		flusher:  flusher{limit: max(runtime.GOMAXPROCS(0)/2, 1)},
		versions: newVersions(),
		stop:     make(chan struct{}),
		topics:   make(map[string]*topic),
		reserved: make(map[int64]int),
	}
	for slot := range h.clients {
		h.clients[slot] = make(map[*client]struct{})
	}
	h.conns.Go(h.runHeartbeat)
	return h
}

// Stats are counts since the start, except Clients.
type Stats struct {
	Clients    int   // open now
	Deliveries int64 // messages put into the queue of a client
	Renders    int64 // calls of the render function
	Evicted    int64 // clients evicted: too slow, or bytes received on an SSE stream
	Stale      int64 // events dropped because a newer version was sent
}

// Stats returns the present counts.
func (h *Hub) Stats() Stats {
	s := Stats{
		Deliveries: h.deliveries.Load(),
		Renders:    h.renders.Load(),
		Evicted:    h.evicted.Load(),
		Stale:      h.versions.stale.Load(),
	}
	h.forEach(func(*client) { s.Clients++ })
	return s
}

// Sessions returns the sessions of all open clients, sorted and without
// duplicates, so that a single query can find the ended ones. The caller closes
// the clients of an ended session by a KindDisconnect on its SessionTopic.
func (h *Hub) Sessions() []string {
	set := make(map[string]struct{})
	h.forEach(func(c *client) {
		if c.session != "" {
			set[c.session] = struct{}{}
		}
	})
	return slices.Sorted(maps.Keys(set))
}

// Lost sends every client, and each new client until Gap, a message named "lost":
// no events arrive for now.
func (h *Hub) Lost() { h.setBusDown(true); h.broadcast(lostMessage) }

// Gap sends every client a message named "gap": events arrive again but some may
// be missing, so that the page should fetch the present state.
func (h *Hub) Gap() { h.setBusDown(false); h.broadcast(Message{Name: "gap"}) }

var lostMessage = Message{Name: "lost"}

func (h *Hub) setBusDown(down bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.busDown = down
}

// broadcast sends m to every client.
func (h *Hub) broadcast(m Message) {
	var frames [protocols][]byte
	for protocol, encode := range encodeMessage {
		frames[protocol] = encode(m)
	}
	var ready clientList
	h.forEach(func(c *client) {
		if c.enqueue(frames[c.protocol], &ready) {
			h.deliveries.Add(1)
		}
	})
	h.flusher.schedule(ready)
}

// runHeartbeat sends heartbeats to one slot after another until Close. They keep
// proxies from closing idle connections, and find clients that vanished.
func (h *Hub) runHeartbeat() {
	ticker := time.NewTicker(max(h.opts.HeartbeatInterval/heartbeatSlots, time.Millisecond))
	defer ticker.Stop()
	for slot := 0; ; slot = (slot + 1) % heartbeatSlots {
		select {
		case <-h.stop:
			return
		case <-ticker.C:
			h.heartbeatSlot(slot)
		}
	}
}

func (h *Hub) heartbeatSlot(slot int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var ready clientList
	for c := range h.clients[slot] {
		c.enqueueHeartbeat(&ready)
	}
	h.flusher.schedule(ready)
}

// forEach calls do for every client. do must not add or remove clients.
func (h *Hub) forEach(do func(*client)) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, clients := range h.clients {
		for c := range clients {
			do(c)
		}
	}
}

// Close refuses new clients and closes all streams and sockets gracefully; the
// WebSocket code 1012 asks pages to reconnect. Close returns when all clients
// are closed, or were evicted after Options.DrainTimeout. Register Close by
// http.Server.RegisterOnShutdown: Shutdown does not know hijacked connections.
func (h *Hub) Close() {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.stop)
	}
	h.mu.Unlock()
	var ready clientList
	h.forEach(func(c *client) { c.closeGracefully(encodeClose[c.protocol](websocket.CloseServiceRestart), &ready) })
	h.flusher.schedule(ready)
	done := make(chan struct{})
	go func() { h.conns.Wait(); close(done) }()
	if !waitFor(done, h.opts.DrainTimeout) {
		h.forEach((*client).evict)
		if !waitFor(done, time.Second) {
			h.opts.Log.Warn("live clients still open", "clients", h.Stats().Clients)
		}
	}
}

// waitFor reports whether done was closed within d.
func waitFor(done <-chan struct{}, d time.Duration) bool {
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}
