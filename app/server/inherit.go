package server

import (
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// arrival is how long a connection may take to bring its request while the server stops.
	// Browsers open some connections that bring none.
	arrival = time.Second

	// handover is longer than http.Server needs from the end of a header to the handler.
	handover = 100 * time.Millisecond
)

// An inheritedListener listens on a socket that systemd has opened and keeps open: while one
// process stops and the next one starts, connections wait in the socket, and none is refused.
type inheritedListener struct {
	*net.TCPListener
	stopped atomic.Bool

	mu  sync.Mutex
	new map[net.Conn]struct{} // guarded by mu: accepted, and no byte of a request was read
}

// Accept implements net.Listener. After stop the error is net.ErrClosed.
func (l *inheritedListener) Accept() (net.Conn, error) {
	conn, err := l.TCPListener.Accept()
	if err != nil && l.stopped.Load() {
		return nil, net.ErrClosed
	}
	return conn, err
}

// connState notes which connections are new; http.Server calls connState.
func (l *inheritedListener) connState(conn net.Conn, state http.ConnState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if state == http.StateNew {
		l.new[conn] = struct{}{}
	} else {
		delete(l.new, conn)
	}
}

// stop ends Accept, and waits until served receives the result of http.Server.Serve and the
// requests of all accepted connections are with their handlers: http.Server.Shutdown hangs up
// on a connection whose first request it has not read yet, and does not know one that Accept
// is just returning.
func (l *inheritedListener) stop(served <-chan error) {
	l.stopped.Store(true)
	_ = l.SetDeadline(time.Unix(1, 0)) // fails only if the listener is closed
	<-served                           //nolint:errcheck // the deadline of Accept has ended Serve
	for deadline := time.Now().Add(arrival); l.hasNew() && time.Now().Before(deadline); {
		time.Sleep(handover / 10)
	}
	time.Sleep(handover)
}

func (l *inheritedListener) hasNew() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.new) > 0
}
