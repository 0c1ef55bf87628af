package live

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestStreamKeepsTheHeadersOfMiddlewares(t *testing.T) {
	p := newTestHub(t, Options{})
	minji := p.openStream(t, timeline)
	for name, want := range map[string]string{
		"X-Middleware":      "was here",
		"Content-Type":      "text/event-stream",
		"Cache-Control":     "no-store",
		"X-Accel-Buffering": "no",
		"Content-Encoding":  "",
	} {
		if got := minji.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := http.ParseTime(minji.header.Get("Date")); err != nil {
		t.Error(err)
	}
}

func TestClientThatSendsIsCut(t *testing.T) {
	p := newTestHub(t, Options{})
	later := p.openStream(t, timeline)
	if _, err := io.WriteString(later.conn, "hello"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first is cut", func() bool { return p.Stats().Evicted == 1 })
	send(t, p.dial(t), timeline+" HTTP/1.1\r\nHost: test\r\n\r\nGET /?")
	eventually(t, "the second is cut", func() bool { return p.Stats().Evicted == 2 && p.Stats().Clients == 0 })
}

// restartWith replaces the server by a new one that start starts.
func (p *testHub) restartWith(start func(*httptest.Server)) {
	p.server.Close()
	p.server = httptest.NewUnstartedServer(http.HandlerFunc(p.handle))
	start(p.server)
}

// inTLS serves HTTP/1.1 in TLS: its connections can be hijacked, but have no raw
// connection.
func inTLS(s *httptest.Server) { s.StartTLS() }

// inHTTP2 serves HTTP/2: its connections cannot be hijacked.
func inHTTP2(s *httptest.Server) {
	s.EnableHTTP2 = true
	s.StartTLS()
}

// outlasts starts servers with longer and longer timeouts, until open succeeds: the
// handshake and the first answer have the timeout, too. outlasts returns when the
// timeout has passed.
func (p *testHub) outlasts(t *testing.T, start func(*httptest.Server), timeouts func(*http.Server, time.Duration), open func() error) {
	t.Helper()
	timeout := 300 * time.Millisecond
	for ; ; timeout *= 2 {
		p.restartWith(func(s *httptest.Server) {
			timeouts(s.Config, timeout)
			start(s)
		})
		err := open()
		if err == nil {
			break
		}
		if timeout > patience {
			t.Fatal(err)
		}
	}
	time.Sleep(3 * timeout)
}

// The WriteTimeout of a server is for pages; streams outlive it.
func TestStreamOutlivesTheWriteTimeout(t *testing.T) {
	for name, start := range map[string]func(*httptest.Server){
		"HTTP/1.1": (*httptest.Server).Start, "TLS": inTLS, "HTTP/2": inHTTP2,
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestHub(t, Options{})
			var in *bufio.Reader
			p.outlasts(t, start, func(s *http.Server, timeout time.Duration) { s.WriteTimeout = timeout }, func() (err error) {
				in, err = p.tryGet(t, context.Background())
				return err
			})
			p.Deliver(said(1))
			if m, err := readMessage(in); err != nil || string(m.HTML) != "ko counts post-17 1 " {
				t.Errorf("got %q, %v", m.HTML, err)
			}
		})
	}
}

// get opens a stream by net/http and returns the body.
func (p *testHub) get(t *testing.T, ctx context.Context) *bufio.Reader {
	t.Helper()
	in, err := p.tryGet(t, ctx)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func (p *testHub) tryGet(t *testing.T, ctx context.Context) (*bufio.Reader, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.server.URL+"/live?"+timeline+"&user=9", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.server.Client().Do(req)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New(resp.Status)
	}
	return bufio.NewReader(resp.Body), nil
}

// Streams in TLS and over HTTP/2 behave like streams over plain HTTP/1.1.
func TestOtherConnections(t *testing.T) {
	for name, start := range map[string]func(*httptest.Server){"TLS": inTLS, "HTTP/2": inHTTP2} {
		t.Run(name, func(t *testing.T) {
			p := newTestHub(t, Options{MaxMessages: 500})
			p.restartWith(start)
			ctx, leave := context.WithCancel(context.Background())
			minji, gone := p.get(t, context.Background()), p.get(t, ctx)
			for version := range int64(300) {
				p.Deliver(said(version))
			}
			for _, in := range []*bufio.Reader{minji, gone} {
				for version := range int64(300) {
					want, _ := show(said(version), "ko")
					if m, err := readMessage(in); err != nil || string(m.HTML) != string(want.HTML) {
						t.Fatalf("got %q, %v, want %q", m.HTML, err, want.HTML)
					}
				}
			}
			leave()
			eventually(t, "one leaves", func() bool { return p.Stats().Clients == 1 })
			p.Deliver(said(300))
			p.Deliver(Event{Topic: UserTopic(9), Kind: KindDisconnect})
			if m, err := readMessage(minji); err != nil || string(m.HTML) != "ko counts post-17 300 " {
				t.Errorf("got %q, %v", m.HTML, err)
			}
			if _, err := readMessage(minji); err != io.EOF {
				t.Errorf("ends with %v", err)
			}
		})
	}
}

// neverHijacked is a writer that always has Hijack, as the writer of gin, which
// panics if the writer inside cannot be hijacked.
type neverHijacked struct{ http.ResponseWriter }

func (w neverHijacked) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w neverHijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.ResponseWriter.(http.Hijacker).Hijack()
}

func TestWriterThatCannotBeHijacked(t *testing.T) {
	p := newTestHub(t, Options{})
	answer := httptest.NewRecorder()
	done := make(chan error)
	go func() {
		r := httptest.NewRequest(http.MethodGet, "/live", nil)
		done <- p.ServeSSE(neverHijacked{answer}, r, Viewer{Lang: "ko", Topics: []string{"timeline"}})
	}()
	eventually(t, "it joins", func() bool { return p.Stats().Clients == 1 })
	p.Deliver(said(1))
	p.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if body := answer.Body.String(); body != sseOpening+"data: ko counts post-17 1 \n\n" {
		t.Errorf("got %q", body)
	}
}
