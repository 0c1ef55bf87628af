package apptest

import (
	"errors"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
)

// The ports of tests lie below those that the system gives to outgoing connections: a
// connection might otherwise take the port of a server that is killed and comes back.
const (
	firstPort = 20_000
	portCount = 10_000
)

// ports are those that this process has taken.
var ports struct {
	mu     sync.Mutex
	looked int              // at how many ports
	twins  []net.PacketConn // keep other test processes from the TCP ports of the same number
}

// FreePort returns a TCP port of 127.0.0.1, in decimal, that no other test takes.
func FreePort(tb testing.TB) string {
	tb.Helper()
	port, err := freePort()
	if err != nil {
		tb.Fatal(err)
	}
	return strconv.Itoa(port)
}

// FreeAddress returns an address with a port as FreePort.
func FreeAddress(tb testing.TB) string {
	tb.Helper()
	return net.JoinHostPort("127.0.0.1", FreePort(tb))
}

// freePort returns a TCP port of 127.0.0.1 without a listener. No test takes the port
// again, in this process or another, until this process ends: otherwise the server of one test would not
// start, and the test would use the server of another test instead.
func freePort() (int, error) {
	ports.mu.Lock()
	defer ports.mu.Unlock()
	for range portCount {
		port := firstPort + (97*os.Getpid()+ports.looked)%portCount
		ports.looked++
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		twin, err := net.ListenPacket("udp", address)
		if err != nil {
			continue // of another process
		}
		listener, err := net.Listen("tcp", address)
		if err != nil {
			_ = twin.Close()
			continue
		}
		ports.twins = append(ports.twins, twin)
		return port, listener.Close()
	}
	return 0, errors.New("no port is free")
}
