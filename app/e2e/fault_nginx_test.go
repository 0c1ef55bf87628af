package e2e

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
)

// TestFaultNginxKilled: nginx is killed and comes back while people chat: all
// their sockets break at once.
func TestFaultNginxKilled(t *testing.T) {
	t.Parallel()
	c := assembles(t, apptest.StartReplicas(t, apptest.ReplicasOptions{}))
	for _, p := range c.people {
		p.burst = 3 // some messages on their way
	}
	c.opens()
	c.begin()
	for range inChaos(2, 30) {
		c.awaits(20)
		aWhile(50 * time.Millisecond)
		c.r.Nginx.Kill9()
		aWhile(inChaos(300*time.Millisecond, 5*time.Second))
		c.r.Nginx.Start()
	}
	c.awaits(20)
	c.fallsSilent()
	c.ends()
	c.settledOnce(c.verify(100))
}

// TestFaultNeverReads: a client opens a socket and a stream through nginx and
// never reads. Both are cut when too many bytes wait for the client, and no
// other client waits meanwhile.
func TestFaultNeverReads(t *testing.T) {
	t.Parallel()
	r := apptest.StartReplicas(t, apptest.ReplicasOptions{})
	yujin, minji, bora := r.One.Mentor("유진"), r.Two.Member("민지"), r.One.Member("보라")
	yujin.Post("/rooms", "name", "듣지 않는 사람", "user_limit", "5").Want(http.StatusSeeOther)
	yujin.Post("/posts", "content", commentedPost).Want(http.StatusSeeOther)
	for _, c := range []*apptest.Client{minji, bora} {
		c.Post("/rooms/1/enter").Want(http.StatusSeeOther)
	}
	socket := neverReads(t, r, bora, "GET /rooms/1/socket HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
	stream := neverReads(t, r, bora, "GET /live?topic=post:1 HTTP/1.1\r\nConnection: close\r\n")
	talks, listener := []*apptest.Talk{yujin.Talk("/rooms/1/socket"), minji.Talk("/rooms/1/socket")}, minji.Listen("post:1")

	var slowest time.Duration
	for n := range floodMessages {
		id := fmt.Sprintf("flood-%d", n)
		begun := time.Now()
		talks[0].Say(id+longText(sayMost), id)
		for _, talk := range talks {
			talk.Until("the message", func(f apptest.Frame) bool { return f.Find(`[data-client-id="`+id+`"]`).Length() > 0 })
		}
		slowest = max(slowest, time.Since(begun))
	}
	t.Logf("the slowest of %d messages arrived everywhere after %v", floodMessages, slowest.Round(time.Millisecond))
	var commenting sync.WaitGroup
	for range 4 {
		commenting.Go(func() {
			w := writes("민지", minji)
			for range floodComments / 4 {
				w.insist("/posts/1/comments", "content", longText(commentMost))
			}
		})
	}
	for range floodComments {
		begun := time.Now()
		listener.Until("a comment", func(f apptest.Frame) bool { return f.Find(".comment-text").Length() > 0 })
		slowest = max(slowest, time.Since(begun))
	}
	commenting.Wait()
	t.Logf("the slowest of all events arrived after %v", slowest.Round(time.Millisecond))
	wasCut(t, "socket", socket, floodMessages*int64(len(longText(sayMost))))
	wasCut(t, "stream", stream, floodComments*int64(len(longText(commentMost))))
}

// How much is said and written: more than all buffers on the way hold.
const (
	sayMost, commentMost         = 900, 480 // characters
	floodMessages, floodComments = 1600, 3000
)

// longText has so many characters, each of as many bytes as a text may have.
func longText(characters int) string {
	return strings.Repeat("👍🏽", characters)
}

// neverReads sends a request from the browser of a client and never reads the
// answer.
func neverReads(t *testing.T, r *apptest.Replicas, c *apptest.Client, request string) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(c.Address())}}
	host := strings.TrimPrefix(r.URL, "http://")
	conn, err := dialer.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	req := c.Request(http.MethodGet, "/", nil)
	var cookies []string
	for _, cookie := range c.HTTP().Jar.Cookies(req.URL) {
		cookies = append(cookies, cookie.String())
	}
	_, err = fmt.Fprintf(conn, "%sHost: %s\r\nCookie: %s\r\n\r\n", request, host, strings.Join(cookies, "; "))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// wasCut reads the rest of the answer, which must end, and be incomplete:
// otherwise the server would still write.
func wasCut(t *testing.T, what string, conn net.Conn, flood int64) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	n, err := io.Copy(io.Discard, conn)
	t.Logf("the %s that nobody read had %d of %d KiB on the way; it ends with %v", what, n>>10, flood>>10, err)
	if errors.Is(err, os.ErrDeadlineExceeded) || n >= flood {
		t.Errorf("the %s that nobody reads was not cut", what)
	}
}
