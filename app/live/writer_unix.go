//go:build unix

package live

import (
	"net"
	"sync"
	"syscall"
)

// A writer writes to sockets without blocking. It is kept and used again, so
// that a write allocates nothing.
type writer struct {
	buf   []byte // for merging
	piece []byte
	n     int
	err   error
	call  func(fd uintptr) bool
}

var writers = sync.Pool{New: func() any {
	w := new(writer)
	w.call = w.write
	return w
}}

// try writes what the socket takes at once and returns how much that was.
func (w *writer) try(conn syscall.RawConn, piece []byte) (int, error) {
	w.piece, w.n, w.err = piece, 0, nil
	err := conn.Write(w.call)
	w.piece = nil
	if err == nil {
		err = w.err
	}
	return w.n, err
}

// write always reports true: false would wait until the socket takes more.
func (w *writer) write(fd uintptr) bool {
	n, err := syscall.Write(int(fd), w.piece)
	w.n = max(n, 0)
	if err != syscall.EAGAIN && err != syscall.EINTR {
		w.err = err
	}
	return true
}

// rawConn returns the way to write to conn without blocking. Only for bare
// sockets: what wraps one (TLS, a counter) must see the bytes.
func rawConn(conn net.Conn) syscall.RawConn {
	var raw syscall.RawConn
	switch conn := conn.(type) {
	case *net.TCPConn:
		raw, _ = conn.SyscallConn()
	case *net.UnixConn:
		raw, _ = conn.SyscallConn()
	}
	return raw
}
