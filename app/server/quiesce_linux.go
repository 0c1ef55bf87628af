package server

import (
	"errors"
	"net"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

const (
	// settleConns is longer than a nearby proxy needs to finish connecting.
	settleConns = 100 * time.Millisecond

	// quiesceTimeout limits the wait for connections that are never accepted.
	quiesceTimeout = 2 * time.Second
)

// onlyKnown passes packets of existing connections and drops packets that ask for
// a new connection: SYN without ACK in the TCP flags.
var onlyKnown = []bpf.Instruction{
	bpf.LoadAbsolute{Off: 13, Size: 1},
	bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0x12},
	bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0x02, SkipTrue: 1},
	bpf.RetConstant{Val: 1 << 20},
	bpf.RetConstant{Val: 0},
}

// quiesce blocks new connections and waits until the listener has accepted the
// existing ones. Closing a listener cuts connections that are not accepted yet:
// a proxy that sent a form on such a connection can neither repeat the form nor
// answer the browser. The kernel of a blocked client retries within a second, is
// refused by the closed listener then, and the proxy takes another replica.
//
// An inherited socket is left alone: its connections wait for the next process.
//
// Newer kernels let only who has CAP_NET_ADMIN block. Without it, the listener closes as soon
// as nobody waits: a connection of the microseconds in between is cut.
func quiesce(listener net.Listener) error { return quiesceWithin(listener, quiesceTimeout) }

func quiesceWithin(listener net.Listener, timeout time.Duration) error {
	tcp, ok := listener.(*net.TCPListener)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	if err := filter(raw.Control); err != nil && !errors.Is(err, unix.EPERM) {
		return err
	}
	time.Sleep(settleConns)
	for deadline := time.Now().Add(timeout); waiting(raw.Control) && time.Now().Before(deadline); {
		time.Sleep(settleConns / 10)
	}
	return nil
}

// A control calls a function with the descriptor of a socket.
type control func(func(fd uintptr)) error

// filter attaches onlyKnown to a listening socket.
func filter(control control) error {
	instructions, err := bpf.Assemble(onlyKnown)
	if err != nil {
		return err
	}
	program := make([]unix.SockFilter, len(instructions))
	for i, in := range instructions {
		program[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	var failed error
	err = control(func(fd uintptr) {
		failed = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
			&unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
	})
	if err != nil {
		return err
	}
	return failed
}

// waiting reports whether connections wait to be accepted. For a listening socket,
// the kernel puts their number into the field Unacked.
func waiting(control control) (some bool) {
	_ = control(func(fd uintptr) { // after an error there is no socket to wait for
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		some = err == nil && info.Unacked > 0
	})
	return some
}
