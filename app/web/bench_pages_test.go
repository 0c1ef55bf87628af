package web_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// pageConns is how many connections ask for pages at once in BenchmarkPages.
const pageConns = 16

// fromMemory returns a gin handler that answers with a page, and does nothing else.
func fromMemory(path string, page []byte) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	path, _, _ = strings.Cut(path, "?")
	e.GET(path, func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", page) })
	return e
}

// A pageConn is a connection that asks for one page after the other, with as little work
// as possible: the work of the asker takes time from the server.
type pageConn struct {
	net.Conn
	answer *bufio.Reader
	cookie string
}

// listen serves a handler, and returns connections to the server with the cookie of the
// member.
func (s *benchSite) listen(b *testing.B, h http.Handler) []*pageConn {
	b.Helper()
	web := httptest.NewServer(h)
	b.Cleanup(web.Close)
	conns := make([]*pageConn, pageConns)
	for i := range conns {
		conn, err := net.Dial("tcp", web.Listener.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		conns[i] = &pageConn{conn, bufio.NewReaderSize(conn, 64<<10), s.cookie.Value}
	}
	return conns
}

// askAll asks for a page n times over all connections, adds how long each answer took,
// and returns how long all took together.
func askAll(b *testing.B, conns []*pageConn, path string, n int, taken *[]time.Duration) time.Duration {
	b.Helper()
	times, failed := make([][]time.Duration, len(conns)), make([]error, len(conns))
	var asking sync.WaitGroup
	start := time.Now()
	for i, conn := range conns {
		asking.Go(func() {
			for range (n + i) / len(conns) {
				begun := time.Now()
				if failed[i] = conn.ask(path, io.Discard); failed[i] != nil {
					return
				}
				times[i] = append(times[i], time.Since(begun))
			}
		})
	}
	asking.Wait()
	elapsed := time.Since(start)
	if err := errors.Join(failed...); err != nil {
		b.Fatal(err)
	}
	*taken = append(*taken, slices.Concat(times...)...)
	return elapsed
}

// page returns the body of a page.
func (c *pageConn) page(b *testing.B, path string) []byte {
	b.Helper()
	var body bytes.Buffer
	if err := c.ask(path, &body); err != nil {
		b.Fatal(err)
	}
	if !strings.Contains(body.String(), `<article class="`) {
		b.Fatalf("%s shows neither a post nor a room", path)
	}
	return body.Bytes()
}

// ask asks for a page and writes the body to w. Any answer but 200 is an error.
func (c *pageConn) ask(path string, w io.Writer) error {
	if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nCookie: session="+c.cookie+"\r\n\r\n"); err != nil {
		return err
	}
	length, err := c.head()
	for err == nil && length < 0 { // chunks
		var size []byte
		if size, err = c.answer.ReadSlice('\n'); err != nil {
			return err
		}
		n, errSize := strconv.ParseInt(string(bytes.TrimSpace(size)), 16, 64)
		if errSize != nil {
			return errSize
		}
		if _, err = io.CopyN(w, c.answer, n); err == nil {
			_, err = c.answer.Discard(len("\r\n"))
		}
		if n == 0 {
			return err
		}
	}
	if err == nil {
		_, err = io.CopyN(w, c.answer, length)
	}
	return err
}

// head reads the head of an answer, and returns the length of the body, or -1 if the body
// comes in chunks.
func (c *pageConn) head() (length int64, err error) {
	status, err := c.answer.ReadString('\n')
	if err == nil && !strings.Contains(status, " 200 ") {
		err = fmt.Errorf("answered with %s", status)
	}
	length = -1
	for err == nil {
		var line []byte
		if line, err = c.answer.ReadSlice('\n'); len(bytes.TrimSpace(line)) == 0 {
			return length, err
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok && err == nil {
			length, err = strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64)
		}
	}
	return length, err
}
