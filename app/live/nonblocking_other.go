//go:build !unix

package live

import (
	"net"
	"sync"
	"syscall"
)

// A nonblockingWriter only holds the buffer for merging: this system has no
// writes that do not block. rawConn returns nil, so that flushBlocking writes to
// every client.
type nonblockingWriter struct{ buf []byte }

var writerPool = sync.Pool{New: func() any { return new(nonblockingWriter) }}

func (*nonblockingWriter) tryWrite(syscall.RawConn, []byte) (int, error) { return 0, nil }

func rawConn(net.Conn) syscall.RawConn { return nil }
