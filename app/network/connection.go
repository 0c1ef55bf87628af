package network

import (
	"net"
	"net/http"
	"net/netip"
	"time"
)

// longAnswer is how long a connection with a request is left alone, when its network has
// as many connections as it may: the answer may be large, and the line slow.
const longAnswer = 30 * time.Second

// A connection is what is known of an open connection.
type connection struct {
	since  time.Time // of the state
	active bool      // has a request; otherwise the connection waits for a header
}

// ConnState is the ConnState of an http.Server. If a network has more connections than its
// bound, ConnState closes the one that has waited for a header the longest, also between
// two requests: who sends at once gets in. While all have requests, ConnState closes the
// one whose request is the oldest, if that is older than longAnswer, or else the new
// connection. Connections of proxies, streams and sockets do not count.
func (g *Gate) ConnState(conn net.Conn, state http.ConnState) {
	if g.bounds.Connections == 0 {
		return
	}
	from, counted := g.ofConn(conn)
	if !counted {
		return
	}
	if excess := g.follow(from, conn, state); excess != nil {
		_ = excess.Close() // the goroutine that reads from the connection ends
	}
}

// follow notes the state of a connection, and returns the connection to be closed, or nil.
func (g *Gate) follow(from netip.Prefix, conn net.Conn, state http.ConnState) (excess net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.visitorsLocked(from)
	switch state {
	case http.StateNew:
		v.conns[conn] = &connection{since: g.now()}
		if len(v.conns) > g.bounds.Connections {
			excess = v.excess(conn, g.now())
			delete(v.conns, excess)
			g.tellLocked(from, "connections", &g.stats.Connections)
		}
	case http.StateActive, http.StateIdle:
		if c := v.conns[conn]; c != nil { // otherwise the connection is closed already
			c.since, c.active = g.now(), state == http.StateActive
		}
	case http.StateHijacked, http.StateClosed:
		delete(v.conns, conn)
	}
	g.forgetLocked(from, v)
	return excess
}

// excess returns the connection that is closed for the sake of a new one.
func (v *visitors) excess(arrived net.Conn, now time.Time) net.Conn {
	waiting, answering := oldest{}, oldest{}
	for conn, c := range v.conns {
		switch {
		case conn == arrived:
		case c.active:
			answering.consider(conn, c.since)
		default:
			waiting.consider(conn, c.since)
		}
	}
	switch {
	case waiting.conn != nil:
		return waiting.conn
	case answering.conn != nil && now.Sub(answering.since) > longAnswer:
		return answering.conn
	}
	return arrived
}

// An oldest is the connection whose state is the oldest of those considered.
type oldest struct {
	conn  net.Conn // nil: none
	since time.Time
}

func (o *oldest) consider(conn net.Conn, since time.Time) {
	if o.conn == nil || since.Before(o.since) {
		o.conn, o.since = conn, since
	}
}
