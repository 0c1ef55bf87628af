package server_test

import (
	"net/url"
	"os"
	"strconv"
	"syscall"
	"testing"
)

// Serve must return the error, so that a supervisor restarts the program. The
// workers, which run forever, must not keep Serve from returning.
func TestAFailingListenerEndsServe(t *testing.T) {
	t.Parallel()
	l := launch(t, embedded(t))
	breakListener(t, l.url)
	if err := l.end(t); err == nil {
		t.Error("Serve returned no error")
	}
}

// breakListener makes the listening socket of this process fail.
func breakListener(t *testing.T, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(u.Port())
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		listens, _ := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN)
		name, _ := syscall.Getsockname(fd)
		if v4, ok := name.(*syscall.SockaddrInet4); ok && listens == 1 && v4.Port == port {
			if err := syscall.Shutdown(fd, syscall.SHUT_RDWR); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("nobody listens on %s", address)
}
