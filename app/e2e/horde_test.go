package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// hordeSize is more connections than a small machine has file descriptors.
const hordeSize = 260

// headerTime is how long the program and nginx wait for a header.
const headerTime = 10 * time.Second

// A horde is slow connections from one address. Each comes back a second after it is cut.
type horde struct {
	host   string
	dialer net.Dialer
	cut    atomic.Int64 // connections so far that the other side closed
	first  sync.WaitGroup
}

// attacks begins the attack of a horde, a third of which sends a header, and a third a body,
// at one byte a second; the rest has had an answer and sends nothing more. The attack goes
// on until the test ends. attacks returns when every connection was made once.
func attacks(t *testing.T, target, from string) *horde {
	t.Helper()
	h := &horde{host: strings.TrimPrefix(target, "http://"), dialer: net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	t.Cleanup(all.Wait)
	t.Cleanup(cancel)
	h.first.Add(hordeSize)
	for i := range hordeSize {
		all.Go(func() {
			begun := sync.OnceFunc(h.first.Done)
			defer begun()
			for ctx.Err() == nil {
				h.attack(ctx, []func(context.Context, net.Conn){h.dripHeader, h.dripBody, h.idle}[i%3], begun)
			}
		})
	}
	h.first.Wait()
	return h
}

// attack makes one connection, and returns when the connection has ended.
func (h *horde) attack(ctx context.Context, act func(context.Context, net.Conn), begun func()) {
	conn, err := h.dialer.DialContext(ctx, "tcp", h.host)
	if err != nil {
		wait(ctx, 100*time.Millisecond)
		return
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	begun()
	act(ctx, conn)
	if ctx.Err() == nil {
		h.cut.Add(1)
		wait(ctx, time.Second)
	}
}

// wait returns after d, or when ctx ends.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// drip sends a byte a second until the connection is cut.
func drip(ctx context.Context, conn net.Conn, b string) {
	for ctx.Err() == nil {
		if _, err := io.WriteString(conn, b); err != nil {
			return
		}
		wait(ctx, time.Second)
	}
}

func (h *horde) dripHeader(ctx context.Context, conn net.Conn) {
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nX-A: ", h.host)
	drip(ctx, conn, "a")
}

func (h *horde) dripBody(ctx context.Context, conn net.Conn) {
	fmt.Fprintf(conn, "POST /sign-in HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500000\r\n\r\n", h.host)
	drip(ctx, conn, "a")
}

func (h *horde) idle(_ context.Context, conn net.Conn) {
	fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n", h.host)
	answers := bufio.NewReader(conn)
	if res, err := http.ReadResponse(answers, nil); err == nil {
		_, _ = io.Copy(io.Discard, res.Body)
		_, _ = answers.ReadByte() // waits for the end
	}
}

// getsIn asks over a new connection, and again after a refusal or a cut, until the answer has
// the status. The test fails if that takes longer than within.
func getsIn(t *testing.T, c *apptest.Client, within time.Duration, request func() *http.Request, status int) {
	t.Helper()
	var last string
	for begun := time.Now(); time.Since(begun) < within; time.Sleep(100 * time.Millisecond) {
		req := request()
		req.Close = true
		res, err := c.HTTP().Do(req)
		if err != nil {
			last = err.Error()
			continue
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if err == nil && res.StatusCode == status {
			return
		}
		last = fmt.Sprint(res.Status, " ", err)
	}
	t.Fatalf("no way in for %s: %s", within, last)
}
