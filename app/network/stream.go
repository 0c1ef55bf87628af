package network

import (
	"net/netip"
	"sync"
)

// OpenStream counts a stream or socket of a network until closed is called, which a second
// time does nothing. ok is false if the network has as many as it may.
func (g *Gate) OpenStream(from netip.Prefix) (closed func(), ok bool) {
	if g.bounds.Streams == 0 {
		return func() {}, true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.visitorsLocked(from)
	if v.streams >= g.bounds.Streams {
		g.tellLocked(from, "streams", &g.stats.Streams)
		return nil, false
	}
	v.streams++
	return sync.OnceFunc(func() { g.closeStream(from) }), true
}

func (g *Gate) closeStream(from netip.Prefix) {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.networks[from]
	v.streams--
	g.forgetLocked(from, v)
}
