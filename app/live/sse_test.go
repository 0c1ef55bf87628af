package live

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestStreamKeepsTheHeadersOfMiddlewares(t *testing.T) {
	p := newPlace(t, Options{})
	minji := p.visit(t, timeline)
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
	p := newPlace(t, Options{})
	later := p.visit(t, timeline)
	if _, err := io.WriteString(later.conn, "hello"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first is cut", func() bool { return p.Stats().Cut == 1 })
	send(t, p.dial(t), timeline+" HTTP/1.1\r\nHost: test\r\n\r\nGET /?")
	eventually(t, "the second is cut", func() bool { return p.Stats().Cut == 2 && p.Stats().Clients == 0 })
}

// restart serves in another way: start starts the server.
func (p *place) restart(start func(*httptest.Server)) {
	p.server.Close()
	p.server = httptest.NewUnstartedServer(http.HandlerFunc(p.handle))
	start(p.server)
}

// inTLS serves HTTP/1.1 in TLS, whose connections can be taken, but not written
// to without blocking.
func inTLS(s *httptest.Server) { s.StartTLS() }

// inHTTP2 serves HTTP/2, whose connections cannot be taken.
func inHTTP2(s *httptest.Server) {
	s.EnableHTTP2 = true
	s.StartTLS()
}

// A server's WriteTimeout is for pages; a stream outlives it.
func TestStreamOutlivesTheWriteTimeout(t *testing.T) {
	const timeout = 50 * time.Millisecond
	for name, start := range map[string]func(*httptest.Server){
		"HTTP/1.1": (*httptest.Server).Start, "TLS": inTLS, "HTTP/2": inHTTP2,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, Options{})
			p.restart(func(s *httptest.Server) {
				s.Config.WriteTimeout = timeout
				start(s)
			})
			in := p.get(t, context.Background())
			time.Sleep(3 * timeout)
			p.Deliver(said(1))
			if m, err := readMessage(in); err != nil || string(m.HTML) != "ko counts post-17 1 " {
				t.Errorf("got %q, %v", m.HTML, err)
			}
		})
	}
}

// get opens a stream through the client of net/http and returns its body.
func (p *place) get(t *testing.T, ctx context.Context) *bufio.Reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.server.URL+"/live?"+timeline+"&user=9", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
	return bufio.NewReader(resp.Body)
}

// What holds over HTTP/1.1 holds where the connection is in TLS, or belongs to
// several requests.
func TestOtherConnections(t *testing.T) {
	for name, start := range map[string]func(*httptest.Server){"TLS": inTLS, "HTTP/2": inHTTP2} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, Options{MaxMessages: 500})
			p.restart(start)
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

// neverHijacked is a writer that claims it can be hijacked, as gin's does
// whatever it wraps.
type neverHijacked struct{ http.ResponseWriter }

func (w neverHijacked) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w neverHijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.ResponseWriter.(http.Hijacker).Hijack()
}

func TestWriterThatCannotBeHijacked(t *testing.T) {
	p := newPlace(t, Options{})
	answer := httptest.NewRecorder()
	done := make(chan error)
	go func() {
		r := httptest.NewRequest(http.MethodGet, "/live", nil)
		done <- p.ServeSSE(neverHijacked{answer}, r, Who{Lang: "ko", Topics: []string{"timeline"}})
	}()
	eventually(t, "it joins", func() bool { return p.Stats().Clients == 1 })
	p.Deliver(said(1))
	p.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if body := answer.Body.String(); body != hello+"data: ko counts post-17 1 \n\n" {
		t.Errorf("got %q", body)
	}
}
