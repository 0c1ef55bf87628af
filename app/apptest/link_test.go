package apptest

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

// echo returns the address of a server that sends back the bytes of the client.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

func dial(t *testing.T, l *Link) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", l.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// says sends a word and returns the part of the word that comes back within a
// while.
func says(t *testing.T, conn net.Conn, within time.Duration) (string, error) {
	t.Helper()
	if _, err := conn.Write([]byte("안녕")); err != nil {
		return "", err
	}
	_ = conn.SetReadDeadline(time.Now().Add(within))
	answer := make([]byte, len("안녕"))
	n, err := io.ReadFull(conn, answer)
	return string(answer[:n]), err
}

// answers fails the test unless the link leads to the server.
func answers(t *testing.T, conn net.Conn) {
	t.Helper()
	if got, err := says(t, conn, patience); got != "안녕" {
		t.Errorf("the link brings %q, %v", got, err)
	}
}

func TestLinkPassesOn(t *testing.T) {
	l := StartLink(t, echo(t))
	conn := dial(t, l)
	answers(t, conn)
	answers(t, conn)
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the end comes back as %v", err)
	}
}

func TestCutLinkIsSilent(t *testing.T) {
	l := StartLink(t, echo(t))
	before := dial(t, l)
	answers(t, before)
	l.Cut()
	during := dial(t, l)
	for _, conn := range []net.Conn{before, during} {
		if got, err := says(t, conn, 100*time.Millisecond); got != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a cut link brings %q, %v", got, err)
		}
	}
	l.Restore()
	for _, conn := range []net.Conn{before, during} {
		if got, err := says(t, conn, patience); got != "" || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a connection that has lost something goes on: %q, %v", got, err)
		}
	}
	answers(t, dial(t, l))
}

func TestRefusedLinkResets(t *testing.T) {
	l := StartLink(t, echo(t))
	before := dial(t, l)
	answers(t, before)
	address := l.Address()
	l.Refuse()
	_ = before.SetReadDeadline(time.Now().Add(patience))
	if _, err := before.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the connection ends with %v", err)
	}
	if _, err := net.Dial("tcp", address); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a new connection: %v", err)
	}
	l.Restore()
	if l.Address() != address {
		t.Errorf("moved from %s to %s", address, l.Address())
	}
	answers(t, dial(t, l))
}
