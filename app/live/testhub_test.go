package live

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xxsns/app/apptest/await"
)

// patience and eventually are those of all tests.
const patience = await.Patience

var eventually = await.Until

// never is a timeout that no test waits for.
const never = time.Hour

// testHub is a hub behind a real server.
type testHub struct {
	*Hub
	server  *httptest.Server
	log     *journal
	handler SocketHandler // of all sockets; set before the first socket opens
	open    atomic.Int64  // calls of Opened without one of Closed
}

// newTestHub starts a hub that renders an event as "LANG KIND KEY VERSION DATA". A
// timeout that the test does not set evicts no client, however slow the machine is.
func newTestHub(t *testing.T, opts Options) *testHub {
	t.Helper()
	return newTestHubWith(t, show, opts)
}

func newTestHubWith(t *testing.T, render Render, opts Options) *testHub {
	t.Helper()
	p := &testHub{log: new(journal), handler: SocketHandler{Receive: func(*Socket, []byte, bool) {}, Closed: func() {}}}
	opts.Log = slog.New(slog.NewTextHandler(p.log, nil))
	opts.HeartbeatInterval, opts.WriteTimeout = cmp.Or(opts.HeartbeatInterval, never), cmp.Or(opts.WriteTimeout, never)
	opts.DrainTimeout = cmp.Or(opts.DrainTimeout, patience)
	p.Hub = NewHub(render, opts)
	p.server = httptest.NewServer(http.HandlerFunc(p.handle))
	t.Cleanup(func() { p.server.Close() })
	t.Cleanup(p.Close)
	return p
}

func (p *testHub) handle(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	user, _ := strconv.ParseInt(q.Get("user"), 10, 64)
	w.Header().Set("X-Middleware", "was here")
	w.Header().Set("Content-Encoding", "gzip")
	who := Viewer{
		UserID: user, Session: q.Get("session"), Lang: q.Get("lang"), Topics: q["topic"], Role: q.Get("role"),
		Opened: func() { p.open.Add(1) }, Closed: func() { p.open.Add(-1) },
	}
	serve := func() error { return p.ServeSSE(w, r, who) }
	if r.URL.Path == "/socket" {
		serve = func() error { return p.ServeWebSocket(w, r, who, p.handler) }
	}
	if errors.Is(serve(), ErrClosed) {
		http.Error(w, "draining", http.StatusServiceUnavailable)
	}
}

func show(ev Event, lang string) (Message, error) {
	words := []string{lang, ev.Kind, ev.Key, strconv.FormatInt(ev.Version, 10), string(ev.Data)}
	return Message{HTML: []byte(strings.Join(words, " "))}, nil
}

// journal is a log for several goroutines.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) lines() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Count(j.buf.Bytes(), []byte("\n"))
}

// streamClient is a browser with an open SSE stream.
type streamClient struct {
	t      *testing.T
	conn   net.Conn
	in     *bufio.Reader
	status int
	header http.Header
}

// openStream opens a stream and returns after the opening comment.
func (p *testHub) openStream(t *testing.T, query string) *streamClient {
	t.Helper()
	who := p.requestStream(t, query)
	if who.status != http.StatusOK {
		t.Fatalf("stream answered %d", who.status)
	}
	if first, second := who.line(), who.line(); first+second != ": ok" {
		t.Fatalf("stream begins with %q, %q", first, second)
	}
	return who
}

// requestStream asks for a stream and returns after the response header.
func (p *testHub) requestStream(t *testing.T, query string) *streamClient {
	t.Helper()
	conn := p.dial(t)
	send(t, conn, query)
	who := &streamClient{t: t, conn: conn, in: bufio.NewReader(conn)}
	resp, err := http.ReadResponse(who.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	who.status, who.header = resp.StatusCode, resp.Header
	if resp.ContentLength >= 0 {
		_, _ = io.Copy(io.Discard, resp.Body)
	}
	return who
}

func (p *testHub) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", p.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(2 * patience))
	return conn
}

func send(t *testing.T, conn net.Conn, query string) {
	t.Helper()
	if _, err := io.WriteString(conn, "GET /live?"+query+" HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
}

// leaves closes the connection.
func (w *streamClient) leaves() { _ = w.conn.Close() }

func (w *streamClient) line() string {
	w.t.Helper()
	line, err := w.in.ReadString('\n')
	if err != nil {
		w.t.Fatal("stream: ", err)
	}
	return strings.TrimSuffix(line, "\n")
}

// gets returns the next message. Comments are skipped.
func (w *streamClient) gets() Message {
	w.t.Helper()
	m, err := readMessage(w.in)
	if err != nil {
		w.t.Fatal("stream: ", err)
	}
	return m
}

// sees checks the HTML of the next messages.
func (w *streamClient) sees(want ...string) {
	w.t.Helper()
	for _, html := range want {
		if m := w.gets(); string(m.HTML) != html || m.Name != "" {
			w.t.Fatalf("got %q (%s), want %q", m.HTML, m.Name, html)
		}
	}
}

// isClosed checks that the stream ends without a further message.
func (w *streamClient) isClosed() {
	w.t.Helper()
	if m, err := readMessage(w.in); err != io.EOF {
		w.t.Fatalf("stream goes on: %q %q, %v", m.Name, m.HTML, err)
	}
}

// readMessage reads a server-sent event as the HTML standard describes.
func readMessage(in *bufio.Reader) (m Message, err error) {
	data, seen := []string(nil), false
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return m, err
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "\n" && seen:
			m.HTML = []byte(strings.Join(data, "\n"))
			return m, nil
		case field == "data":
			data, seen = append(data, value), true
		case field == "event":
			m.Name = value
		}
	}
}

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return q.Encode()
}

var timeline = query("topic", "timeline", "lang", "ko")

func said(version int64) Event {
	return Event{Topic: "timeline", Kind: "counts", Key: "post-17", Version: version}
}
