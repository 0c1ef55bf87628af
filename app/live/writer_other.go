//go:build !unix

package live

import (
	"net"
	"sync"
	"syscall"
)

// A writer stands for writes that do not block, which this system lacks: every
// client is written to by a goroutine of its own while something waits for it.
type writer struct{ buf []byte }

var writers = sync.Pool{New: func() any { return new(writer) }}

func (*writer) try(syscall.RawConn, []byte) (int, error) { return 0, nil }

func rawConn(net.Conn) syscall.RawConn { return nil }
