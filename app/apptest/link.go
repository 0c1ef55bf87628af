package apptest

import (
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
)

// A Link is a line to a server that a test can cut: a port of 127.0.0.1 whose
// connections are passed on. Its methods may be called from any goroutine.
type Link struct {
	tb   testing.TB
	to   string
	dial *net.Dialer
	port int

	mu       sync.Mutex // guards the fields below
	state    linkState
	listener net.Listener // nil while connections are refused
	ends     map[*net.TCPConn]bool
}

type linkState int

const (
	linkOpen linkState = iota
	linkCut
	linkRefused
)

// StartLink opens a line to an address, such as 127.0.0.1:6379. The line ends
// with the test.
func StartLink(tb testing.TB, to string) *Link {
	tb.Helper()
	return startLink(tb, to, "")
}

// startLink is StartLink for connections that arrive at the server from an
// address of this machine.
func startLink(tb testing.TB, to, from string) *Link {
	tb.Helper()
	port, err := freePort()
	if err != nil {
		tb.Fatal(err)
	}
	l := &Link{tb: tb, to: to, dial: dialerFrom(from), port: port, state: linkRefused, ends: map[*net.TCPConn]bool{}}
	l.Restore()
	tb.Cleanup(l.Refuse)
	return l
}

// Address returns the address at which the line begins; the address never
// changes.
func (l *Link) Address() string { return fmt.Sprintf("127.0.0.1:%d", l.port) }

// URL returns Address for browsers.
func (l *Link) URL() string { return "http://" + l.Address() }

// Cut parts the two ends as a network does that loses every packet: neither end
// gets an error, sent bytes are lost, and new connections get no answer. A
// connection that has lost bytes cannot go on, so that Restore resets the
// connection.
func (l *Link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state == linkOpen {
		l.state = linkCut
	}
}

// Refuse does as a machine whose server is gone: connections are reset, and new
// connections refused.
func (l *Link) Refuse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = linkRefused
	if l.listener != nil {
		_ = l.listener.Close() // the listener is gone either way
		l.listener = nil
	}
	l.reset()
}

// Restore mends the line for new connections.
func (l *Link) Restore() {
	l.tb.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state == linkCut {
		l.reset()
	}
	l.state = linkOpen
	if l.listener != nil {
		return
	}
	listener, err := net.Listen("tcp", l.Address())
	if err != nil {
		l.tb.Errorf("link: %v", err)
		return
	}
	l.listener = listener
	go l.accept(listener)
}

// reset breaks off all connections. The caller must hold mu.
func (l *Link) reset() {
	for conn := range l.ends {
		_ = conn.SetLinger(0) // so that the other side gets a reset
		_ = conn.Close()
	}
	clear(l.ends)
}

func (l *Link) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return // refused
		}
		go l.join(conn.(*net.TCPConn))
	}
}

// join passes a new connection on. While the line is cut the connection leads
// nowhere.
func (l *Link) join(near *net.TCPConn) {
	if !l.keep(near) {
		return
	}
	defer l.drop(near)
	if l.is(linkCut) {
		_, _ = io.Copy(io.Discard, near) // until the connection is reset
		return
	}
	conn, err := l.dial.Dial("tcp", l.to)
	if err != nil {
		return
	}
	far := conn.(*net.TCPConn)
	if !l.keep(far) {
		return
	}
	defer l.drop(far)
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.pass(near, far)
	}()
	l.pass(far, near)
	<-done
}

// keep remembers an end, for reset.
func (l *Link) keep(conn *net.TCPConn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state == linkRefused {
		_ = conn.SetLinger(0)
		_ = conn.Close()
		return false
	}
	l.ends[conn] = true
	return true
}

func (l *Link) drop(conn *net.TCPConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.ends, conn)
	_ = conn.Close()
}

func (l *Link) is(state linkState) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state == state
}

// pass moves bytes one way until that side ends, and then ends the other side
// in the same way. Bytes that come while the line is cut are lost, an end
// included.
func (l *Link) pass(to, from *net.TCPConn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if l.is(linkCut) {
			_, _ = io.Copy(io.Discard, from) // until the connection is reset
			return
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			_ = to.CloseWrite() // reset or not: no more bytes will come
			return
		}
	}
}
