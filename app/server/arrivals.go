package server

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// arrivals are the connections of an http.Server that were accepted, and whose first request
// has not reached the handler. Shutdown of net/http drops the requests that are read after
// Shutdown has begun: their clients would get no answer.
type arrivals struct {
	mu    sync.Mutex
	conns map[string]struct{} // by the address of the client
}

// followArrivals follows the connections of a server that does not serve yet.
func followArrivals(server *http.Server) *arrivals {
	a := &arrivals{conns: make(map[string]struct{})}
	handler, tell := server.Handler, server.ConnState
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.left(r.RemoteAddr)
		handler.ServeHTTP(w, r)
	})
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			a.came(conn.RemoteAddr().String())
		case http.StateIdle, http.StateHijacked, http.StateClosed:
			a.left(conn.RemoteAddr().String())
		}
		if tell != nil {
			tell(conn, state)
		}
	}
	return a
}

func (a *arrivals) came(from string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conns[from] = struct{}{}
}

func (a *arrivals) left(from string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.conns, from)
}

func (a *arrivals) none() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.conns) == 0
}

// wait waits until the requests of all arrivals have reached the handler, or for timeout:
// browsers open connections on which they ask for nothing. A second look meets the connection
// that Accept was just returning at the first one.
func (a *arrivals) wait(timeout time.Duration) {
	deadline := time.Now().Add(timeout)
	for quiet := 0; quiet < 2 && time.Now().Before(deadline); quiet++ {
		time.Sleep(arrivalPause)
		if !a.none() {
			quiet = -1
		}
	}
}

// arrivalPause is the time between two looks at the arrivals.
const arrivalPause = 10 * time.Millisecond

// arrivalTimeout limits the wait for the requests of arrivals, which Shutdown would drop.
const arrivalTimeout = 2 * time.Second
