package live

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestCloseEndsStreamsAfterWhatWaits(t *testing.T) {
	p := newTestHub(t, Options{})
	minji, seojun := p.openStream(t, timeline), p.openStream(t, query("topic", "rooms"))
	p.Deliver(said(1))
	p.Close()
	if n := p.Stats().Clients; n != 0 {
		t.Errorf("%d clients after closing", n)
	}
	minji.sees("ko counts post-17 1 ")
	minji.isClosed()
	seojun.isClosed()
	if s := p.Stats(); s.Evicted != 0 {
		t.Errorf("cut %d", s.Evicted)
	}
}

func TestClosedHubRefuses(t *testing.T) {
	p := newTestHub(t, Options{})
	p.Close()
	if minji := p.requestStream(t, timeline); minji.status != http.StatusServiceUnavailable {
		t.Errorf("answered %d", minji.status)
	}
	err := p.ServeSSE(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/live", nil), Viewer{})
	if err != ErrClosed {
		t.Errorf("got %v", err)
	}
	p.Deliver(said(1))
	p.Gap()
	p.Close()
}

// Close evicts a client that never reads, instead of waiting for WriteTimeout.
func TestCloseIsBounded(t *testing.T) {
	p := newTestHubWith(t, large(16<<20), Options{DrainTimeout: 50 * time.Millisecond})
	p.openUnread(t, timeline)
	p.Deliver(Event{Topic: "timeline"})
	p.Close()
	eventually(t, "it is cut", func() bool { s := p.Stats(); return s.Clients == 0 && s.Evicted == 1 })
}

// http.Server.Shutdown does not wait for streams if Hub.Close is registered.
func TestShutdownEndsStreams(t *testing.T) {
	p := newTestHub(t, Options{})
	p.server.Config.RegisterOnShutdown(p.Close)
	minji := p.openStream(t, timeline)
	if err := p.server.Config.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	minji.isClosed()
}
