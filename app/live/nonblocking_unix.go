//go:build unix

package live

import (
	"net"
	"sync"
	"syscall"
)

// A nonblockingWriter writes to sockets without blocking. Writers are pooled, and
// the method value is kept in call, so that a write allocates nothing.
type nonblockingWriter struct {
	buf     []byte // for queue.merge
	pending []byte // argument of write
	n       int    // results of write
	err     error
	call    func(fd uintptr) bool // write
}

var writerPool = sync.Pool{New: func() any {
	w := new(nonblockingWriter)
	w.call = w.write
	return w
}}

// tryWrite writes as much of p as the socket takes at once and returns the
// number of bytes.
func (w *nonblockingWriter) tryWrite(conn syscall.RawConn, p []byte) (int, error) {
	w.pending, w.n, w.err = p, 0, nil
	err := conn.Write(w.call)
	w.pending = nil
	if err == nil {
		err = w.err
	}
	return w.n, err
}

// write always returns true: false would make RawConn.Write wait until the socket
// takes more.
func (w *nonblockingWriter) write(fd uintptr) bool {
	n, err := syscall.Write(int(fd), w.pending)
	w.n = max(n, 0)
	if err != syscall.EAGAIN && err != syscall.EINTR {
		w.err = err
	}
	return true
}

// rawConn returns the raw connection of a bare socket, or nil: a wrapper such as
// TLS must see the bytes.
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
