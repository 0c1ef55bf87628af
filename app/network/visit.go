package network

import "net/netip"

// A Body is the body of a request on its way.
type Body struct {
	// Pace returns the bytes that arrived in a second, on average. ok is false while the
	// pace is not known yet, and when the body has arrived.
	Pace func() (bytes float64, ok bool)
	// Cut makes reading the body fail, unless the body has arrived. Cut must not block.
	Cut func()
}

// slowPace is the pace in bytes a second below which a body may be cut for others.
const slowPace = 8 << 10

// A visit is a request that is being answered.
type visit struct {
	from netip.Prefix
	left bool
}

// Enter counts a request of a network until leave is called, which a second time does
// nothing. ok is false if the network has as many requests as it may. A slow body makes
// room: when too many bodies or requests come from a network, the slowest body is cut. body
// is nil for a request without one.
func (g *Gate) Enter(from netip.Prefix, body *Body) (leave func(), ok bool) {
	if g.bounds.Connections == 0 {
		return func() {}, true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.visitorsLocked(from)
	if body != nil {
		for v.arriving() >= g.bounds.bodies() && g.cutSlowestLocked(from, v) {
		}
	}
	if v.requests >= g.bounds.requests() && !g.cutSlowestLocked(from, v) {
		g.tellLocked(from, "requests", &g.stats.Requests)
		return nil, false
	}
	entered := &visit{from: from}
	v = g.visitorsLocked(from) // anew: the cut body may have been the last of v
	v.requests++
	if body != nil {
		v.bodies[entered] = *body
	}
	return func() { g.leave(entered) }, true
}

func (g *Gate) leave(entered *visit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leaveLocked(entered)
}

// leaveLocked ends a visit. The caller must hold mu.
func (g *Gate) leaveLocked(entered *visit) {
	if entered.left {
		return
	}
	entered.left = true
	v := g.networks[entered.from]
	v.requests--
	delete(v.bodies, entered)
	g.forgetLocked(entered.from, v)
}

// arriving returns the number of bodies that have not arrived.
func (v *visitors) arriving() (n int) {
	for _, body := range v.bodies {
		if _, ok := body.Pace(); ok {
			n++
		}
	}
	return n
}

// cutSlowestLocked cuts the slowest body of a network and ends its visit. cutSlowestLocked
// returns false if no body is slow. The caller must hold mu: Cut after the end of the
// request would hit the next one on the connection.
func (g *Gate) cutSlowestLocked(from netip.Prefix, v *visitors) bool {
	var slowest *visit
	least := float64(slowPace)
	for entered, body := range v.bodies {
		if pace, ok := body.Pace(); ok && pace < least {
			slowest, least = entered, pace
		}
	}
	if slowest == nil {
		return false
	}
	v.bodies[slowest].Cut()
	g.leaveLocked(slowest)
	g.tellLocked(from, "bodies", &g.stats.Bodies)
	return true
}
