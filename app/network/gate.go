package network

import (
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Bounds are how much one network may have open at this program. 0 is no bound.
type Bounds struct {
	// Connections bounds the connections that are neither streams nor sockets. Of pages and
	// forms, half as many may be answered at a time, and a quarter as many bodies of forms
	// may be on their way.
	Connections int
	// Streams bounds the streams and sockets.
	Streams int
}

func (b Bounds) requests() int { return (b.Connections + 1) / 2 }

func (b Bounds) bodies() int { return (b.Connections + 3) / 4 }

// Options configure a Gate. All fields but Trusted are required.
type Options struct {
	Bounds  Bounds
	Trusted []string // addresses and networks of proxies, whose connections are everybody's
	Log     *slog.Logger
	Now     func() time.Time
}

// A Gate counts what each network has open, and refuses or closes what is too much. A Gate
// is safe for concurrent use.
type Gate struct {
	bounds  Bounds
	trusted []netip.Prefix
	log     *slog.Logger
	now     func() time.Time

	mu       sync.Mutex // guards the fields below, and all of visitors
	networks map[netip.Prefix]*visitors
	stats    Stats
	told     time.Time // of the last line in the log
	silent   int64     // refusals since then
}

// New returns a Gate.
func New(o Options) *Gate {
	return &Gate{bounds: o.Bounds, trusted: prefixes(o.Trusted), log: o.Log, now: o.Now, networks: map[netip.Prefix]*visitors{}}
}

// Stats are how often a network had too much open, since the start.
type Stats struct {
	Connections int64 // connections closed, most of which waited
	Bodies      int64 // bodies cut for being slow
	Requests    int64 // requests refused
	Streams     int64 // streams and sockets refused
}

// Stats returns the counts so far.
func (g *Gate) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stats
}

// visitors are what one network has open. Who has nothing open is forgotten.
type visitors struct {
	conns    map[net.Conn]*connection
	bodies   map[*visit]Body // of the visits that have one
	requests int
	streams  int
}

// visitorsLocked returns the visitors of a network. The caller must hold mu.
func (g *Gate) visitorsLocked(from netip.Prefix) *visitors {
	v := g.networks[from]
	if v == nil {
		v = &visitors{conns: map[net.Conn]*connection{}, bodies: map[*visit]Body{}}
		g.networks[from] = v
	}
	return v
}

// forgetLocked deletes visitors who have nothing open. The caller must hold mu.
func (g *Gate) forgetLocked(from netip.Prefix, v *visitors) {
	if len(v.conns) == 0 && v.requests == 0 && v.streams == 0 {
		delete(g.networks, from)
	}
}

// tellEvery is the time between two lines in the log: every refusal would write one.
const tellEvery = time.Minute

// tellLocked counts a refusal and logs the refusals, once in tellEvery. The caller must
// hold mu.
func (g *Gate) tellLocked(from netip.Prefix, what string, count *int64) {
	*count++
	g.silent++
	now := g.now()
	if !g.told.IsZero() && now.Sub(g.told) < tellEvery {
		return
	}
	g.log.Warn("a network has too much open: refused or closed (ADDRESS_CONNECTIONS, ADDRESS_STREAMS; TRUSTED_PROXIES if a proxy is there)",
		"network", from, "what", what, "times", g.silent)
	g.told, g.silent = now, 0
}
