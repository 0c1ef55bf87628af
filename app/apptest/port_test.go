package apptest

import (
	"net"
	"sync"
	"testing"
)

// A port is taken once, by one process: what keeps other processes from the port is there.
func TestNoPortIsTakenTwice(t *testing.T) {
	taken := make([]string, 200)
	var all sync.WaitGroup
	for i := range taken {
		all.Go(func() { taken[i] = FreePort(t) })
	}
	all.Wait()
	seen := map[string]bool{}
	for _, port := range taken {
		if seen[port] {
			t.Errorf("%s is taken twice", port)
		}
		seen[port] = true
		address := net.JoinHostPort("127.0.0.1", port)
		if twin, err := net.ListenPacket("udp", address); err == nil {
			t.Errorf("%s is left to other processes", port)
			_ = twin.Close()
		}
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_ = listener.Close()
	}
}
