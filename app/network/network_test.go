package network

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestANetworkIsASubscriber(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7":                 "192.0.2.7/32",
		"::ffff:192.0.2.7":          "192.0.2.7/32",
		"::ffff:c000:207":           "192.0.2.7/32",
		"2001:db8:1:2::1":           "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::":       "2001:db8:1:2::/64",
		"2001:db8:1:3::1":           "2001:db8:1:3::/64",
		"fe80::1%eth0":              "fe80::/64",
		"2001:0db8:0001:0002::0042": "2001:db8:1:2::/64",
	} {
		if got := Of(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
	if Of(netip.Addr{}).IsValid() {
		t.Error("no address has a network")
	}
}

// A wire is a connection that knows only where it comes from and whether it is closed.
type wire struct {
	net.Conn
	from   string
	closed bool
}

func (w *wire) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(w.from)) }

func (w *wire) Close() error {
	w.closed = true
	return nil
}

// A hall is a Gate with a clock that the test moves.
type hall struct {
	*Gate
	now time.Time
	log bytes.Buffer
}

func newHall(b Bounds, trusted ...string) *hall {
	h := &hall{now: time.Unix(1_800_000_000, 0)}
	h.Gate = New(Options{Bounds: b, Trusted: trusted, Log: slog.New(slog.NewTextHandler(&h.log, nil)), Now: func() time.Time { return h.now }})
	return h
}

// arrives makes a connection a second after the one before.
func (h *hall) arrives(from string) *wire {
	h.now = h.now.Add(time.Second)
	w := &wire{from: from}
	h.ConnState(w, http.StateNew)
	return w
}

// turns changes the state of a connection.
func (h *hall) turns(w *wire, states ...http.ConnState) {
	for _, state := range states {
		h.ConnState(w, state)
	}
}

// wantClosed fails the test unless these of all connections are closed, and no others.
func wantClosed(t *testing.T, all []*wire, want ...*wire) {
	t.Helper()
	for i, w := range all {
		closed := false
		for _, other := range want {
			closed = closed || w == other
		}
		if w.closed != closed {
			t.Errorf("connection %d is closed: %t", i, w.closed)
		}
	}
}

func TestTheConnectionThatWaitsLongestMakesRoom(t *testing.T) {
	h := newHall(Bounds{Connections: 3})
	busy, first, idle := h.arrives("192.0.2.7:1"), h.arrives("192.0.2.7:2"), h.arrives("[::ffff:192.0.2.7]:3")
	h.turns(busy, http.StateActive)
	h.now = h.now.Add(time.Second)
	h.turns(idle, http.StateActive, http.StateIdle)
	other := h.arrives("192.0.2.8:1")
	fourth := h.arrives("192.0.2.7:4")
	all := []*wire{busy, first, idle, other, fourth}
	wantClosed(t, all, first)
	fifth := h.arrives("192.0.2.7:5")
	wantClosed(t, append(all, fifth), first, idle)
	if n := h.Stats().Connections; n != 2 {
		t.Errorf("%d connections are counted", n)
	}
}

// A request that has just begun is not broken off: the new connection has to go. A request
// that takes very long is.
func TestARequestIsBrokenOffOnlyIfItTakesLong(t *testing.T) {
	h := newHall(Bounds{Connections: 2})
	one, two := h.arrives("192.0.2.7:1"), h.arrives("192.0.2.7:2")
	h.turns(one, http.StateActive)
	h.now = h.now.Add(time.Second)
	h.turns(two, http.StateActive)
	late := h.arrives("192.0.2.7:3")
	wantClosed(t, []*wire{one, two, late}, late)
	h.now = h.now.Add(longAnswer)
	fourth := h.arrives("192.0.2.7:4")
	wantClosed(t, []*wire{one, two, late, fourth}, late, one)
}

func TestStreamsSocketsAndProxiesAreNoConnections(t *testing.T) {
	h := newHall(Bounds{Connections: 2}, "10.0.0.0/8", "192.0.2.9", "::1")
	var all []*wire
	for range 10 {
		stream := h.arrives("192.0.2.7:1")
		h.turns(stream, http.StateActive, http.StateHijacked)
		all = append(all, stream, h.arrives("10.1.2.3:1"), h.arrives("192.0.2.9:1"), h.arrives("[::ffff:10.1.2.3]:1"), h.arrives("[::1]:1"))
	}
	wantClosed(t, all)
	if len(h.networks) != 0 {
		t.Errorf("kept are %v", h.networks)
	}
}

// A sent is a body on its way, which has arrived if its pace is negative.
type sent struct {
	pace float64
	cut  bool
}

func (s *sent) body() *Body {
	return &Body{Pace: func() (float64, bool) { return s.pace, !s.cut && s.pace >= 0 }, Cut: func() { s.cut = true }}
}

func TestTheSlowestBodyMakesRoom(t *testing.T) {
	h := newHall(Bounds{Connections: 8}) // four requests, two of them bodies
	from := netip.MustParsePrefix("192.0.2.7/32")
	fast, slow, slower := &sent{pace: slowPace}, &sent{pace: 100}, &sent{pace: 1}
	var leaving []func()
	for _, s := range []*sent{fast, slower, slow} {
		leave, ok := h.Enter(from, s.body())
		if !ok {
			t.Fatal("a body is refused")
		}
		leaving = append(leaving, leave)
	}
	if fast.cut || slow.cut || !slower.cut {
		t.Errorf("cut are %t %t %t", fast.cut, slow.cut, slower.cut)
	}
	for range 2 {
		leave, ok := h.Enter(from, nil)
		if !ok {
			t.Fatal("a page is refused before four are open")
		}
		leaving = append(leaving, leave)
	}
	leave, ok := h.Enter(from, nil)
	if !ok || !slow.cut || fast.cut {
		t.Errorf("a page gets in: %t; cut are %t %t", ok, fast.cut, slow.cut)
	}
	leaving = append(leaving, leave)
	if _, ok := h.Enter(from, nil); ok {
		t.Error("a fifth request gets in")
	}
	if leave, ok = h.Enter(netip.MustParsePrefix("192.0.2.8/32"), nil); !ok {
		t.Error("another network is refused")
	}
	for _, leave := range append(leaving, leave) {
		leave()
		leave()
	}
	if len(h.networks) != 0 {
		t.Errorf("kept are %v", h.networks)
	}
	if s := h.Stats(); s.Bodies != 2 || s.Requests != 1 {
		t.Errorf("counted are %+v", s)
	}
}

// The only request of a network is cut, and the network is forgotten, before the next enters.
func TestTheLastOfANetworkMakesRoom(t *testing.T) {
	h := newHall(Bounds{Connections: 1})
	from := netip.MustParsePrefix("2001:db8::/64")
	slow := &sent{pace: 1}
	first, _ := h.Enter(from, slow.body())
	second, ok := h.Enter(from, (&sent{pace: -1}).body())
	if !ok || !slow.cut {
		t.Fatalf("let in %t, cut %t", ok, slow.cut)
	}
	if _, ok := h.Enter(from, nil); ok {
		t.Error("the second request is not counted")
	}
	first()
	if _, ok := h.Enter(from, nil); ok {
		t.Error("the first request is counted off twice")
	}
	second()
	if len(h.networks) != 0 {
		t.Errorf("kept are %v", h.networks)
	}
}

func TestStreamsHaveABoundOfTheirOwn(t *testing.T) {
	h := newHall(Bounds{Connections: 1, Streams: 2})
	from := netip.MustParsePrefix("192.0.2.7/32")
	one, _ := h.OpenStream(from)
	two, _ := h.OpenStream(from)
	if _, ok := h.OpenStream(from); ok {
		t.Error("a third stream opens")
	}
	one()
	one()
	three, ok := h.OpenStream(from)
	if !ok {
		t.Error("a closed stream keeps its place")
	}
	if _, ok := h.OpenStream(from); ok {
		t.Error("a stream is counted off twice")
	}
	two()
	three()
	if len(h.networks) != 0 || h.Stats().Streams != 2 {
		t.Errorf("kept are %v; counted is %+v", h.networks, h.Stats())
	}
}

func TestTheLogHasALineAMinute(t *testing.T) {
	h := newHall(Bounds{Connections: 2})
	for range 60 {
		h.arrives("192.0.2.7:1")
	}
	if got := h.log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "network=192.0.2.7/32") || !strings.Contains(got, "times=1") {
		t.Errorf("after a minute the log is\n%s", got)
	}
	for range 10 {
		h.arrives("192.0.2.7:1")
	}
	if got := h.log.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "times=60") {
		t.Errorf("then the log is\n%s", got)
	}
}

func TestWithoutBoundsNothingIsCounted(t *testing.T) {
	h := newHall(Bounds{})
	var all []*wire
	for range 100 {
		all = append(all, h.arrives("192.0.2.7:1"))
		if _, ok := h.Enter(Of(netip.MustParseAddr("192.0.2.7")), nil); !ok {
			t.Error("a request is refused")
		}
		if _, ok := h.OpenStream(Of(netip.MustParseAddr("192.0.2.7"))); !ok {
			t.Error("a stream is refused")
		}
	}
	wantClosed(t, all)
	if len(h.networks) != 0 {
		t.Errorf("kept are %v", h.networks)
	}
}
