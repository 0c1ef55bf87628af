package web_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
)

// behindProxy has a proxy on this machine, and small bounds: of one address are 8 requests
// answered at a time, 4 of them with a body on its way.
func behindProxy(c *config.Config) {
	c.RateLimits, c.TrustedProxies = true, []string{"127.0.0.1"}
	c.AddressConnections, c.AddressStreams = 16, 16
}

// of asks for a path as the proxy does for an address.
func (v *siteWithMembers) of(address string, c *apptest.Client, path string) *apptest.Page {
	v.t.Helper()
	req := c.Request(http.MethodGet, path, nil)
	req.Header.Set("X-Forwarded-For", address)
	return c.Do(req)
}

// Behind a proxy, slow forms of one address fill its places. The next page of the address is
// refused with a readable answer, those of others are not; when the forms prove to be slow,
// one is cut for the page.
func TestSlowFormsOfAnAddressAreNoticedByThatAddressAlone(t *testing.T) {
	clock := newHeldClock()
	v := open(t, behindProxy, clock.limits, func(c *config.Config) { c.FormTime = time.Hour }) // ends no form
	const address, neighbour = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9"
	var senders []*slowSender
	for range 8 {
		s := v.sends("POST", "/sign-in", "X-Forwarded-For: "+address, "Expect: 100-continue")
		s.inside() // a page asked for now could take the place of a form
		fmt.Fprint(s, strings.Repeat("a", 32<<10))
		go s.drips()
		senders = append(senders, s)
	}
	page := v.of(neighbour, v.Guest(), "/sign-in").Want(429).Has("nav, main")
	says(t, page, "error.crowd_help", "Seconds", 5)
	if page.Header.Get("Retry-After") != "5" || page.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("the refusal has %v", page.Header)
	}
	v.of("2001:db8:1:3::1", v.Guest(), "/sign-in").Want(200)
	v.of("192.0.2.7", v.Guest(), "/sign-in").Want(200)

	clock.passes(time.Minute) // half a kilobyte a second is slow
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if v.of(neighbour, v.Guest(), "/sign-in").Status == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the slow forms keep the places")
		}
	}
	answers := make(chan int, len(senders))
	for _, s := range senders {
		go func() {
			res, err := http.ReadResponse(s.answers, nil)
			if err == nil {
				answers <- res.StatusCode
			}
		}()
	}
	if status := <-answers; status != http.StatusRequestTimeout {
		t.Errorf("a slow form is answered with %d", status)
	}
}

// The connections of a proxy are everybody's, and the words of anybody else about an address
// are not believed.
func TestTheConnectionsOfAProxyAreNotCounted(t *testing.T) {
	v := open(t, behindProxy)
	crowd := func(from string, want int) (open int) {
		var all []net.Conn
		for i := range 40 {
			dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
			conn, err := dialer.Dial("tcp", v.address().Host)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.%d\r\n\r\n", i)
			if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
				t.Fatal(err)
			}
			all = append(all, conn)
		}
		for end := time.Now().Add(patience); open != want && time.Now().Before(end); { // a connection may be closed later
			open = 0
			for _, conn := range all {
				_ = conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
				if _, err := conn.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
					open++
				}
			}
		}
		return open
	}
	if n := crowd("127.0.0.1", 40); n != 40 {
		t.Errorf("the proxy has %d connections", n)
	}
	if n := crowd("127.0.7.1", 16); n != 16 {
		t.Errorf("an address has %d connections, want 16", n)
	}
}

// Streams and sockets have a bound of an address apart from that of a person.
func TestStreamsArePerAddress(t *testing.T) {
	v := open(t, behindProxy)
	listen := func(c *apptest.Client, address string) (*http.Response, int) {
		req := c.Request(http.MethodGet, "/live?topic=timeline", nil)
		req.Header.Set("X-Forwarded-For", address)
		res, err := c.HTTP().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res, res.StatusCode
	}
	var streams []*http.Response
	for i := range 16 {
		res, status := listen([]*apptest.Client{v.minji, v.seojun}[i%2], "192.0.2.7")
		if status != 200 {
			t.Fatalf("stream %d: %d", i, status)
		}
		streams = append(streams, res)
	}
	refused := v.of("::ffff:192.0.2.7", v.haneul, "/live?topic=timeline").Want(429)
	says(t, refused, "error.crowd_help", "Seconds", 5)
	if _, status := listen(v.haneul, "192.0.2.8"); status != 200 {
		t.Errorf("at another address: %d", status)
	}
	v.of("192.0.2.7", v.haneul, "/").Want(200) // pages are counted apart
	_ = streams[3].Body.Close()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if _, status := listen(v.haneul, "192.0.2.7"); status == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a stream that ended keeps its place")
		}
	}
}
