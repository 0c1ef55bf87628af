package server

import (
	"net"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

const (
	// settleConns is more than a proxy nearby takes to finish connecting.
	settleConns = 100 * time.Millisecond

	// quiesceTimeout bounds the wait for connections that nobody accepts.
	quiesceTimeout = 2 * time.Second
)

// onlyKnown passes what belongs to a connection and drops the packets that ask
// for a new one: SYN without ACK, in the flags of TCP.
var onlyKnown = []bpf.Instruction{
	bpf.LoadAbsolute{Off: 13, Size: 1},
	bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0x12},
	bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0x02, SkipTrue: 1},
	bpf.RetConstant{Val: 1 << 20},
	bpf.RetConstant{Val: 0},
}

// quiesce lets nobody new connect, and waits until those are accepted who have.
// To close a listener cuts connections that stand and are not accepted yet: a
// proxy that has sent a form on one can neither repeat it nor answer. Who asks
// meanwhile asks again within a second, is refused then, and goes elsewhere.
func quiesce(listener net.Listener) error {
	tcp, ok := listener.(*net.TCPListener)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	if err := filter(raw.Control); err != nil {
		return err
	}
	time.Sleep(settleConns)
	for deadline := time.Now().Add(quiesceTimeout); waiting(raw.Control) && time.Now().Before(deadline); {
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

// waiting tells whether connections stand that nobody has accepted. The kernel
// tells their number in a field that means something else elsewhere.
func waiting(control control) (some bool) {
	_ = control(func(fd uintptr) { // after an error there is nobody to wait for
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		some = err == nil && info.Unacked > 0
	})
	return some
}
