//go:build unix

package live

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"xxsns/app/apptest/load"
)

// inFlight is how far publishing may be ahead of the slowest viewer: half of
// what a queue holds, so that "full speed" cuts nobody.
const inFlight = 128

// audiences are how many look on one topic: a stream's is everybody's, a
// socket's is a room's.
var audiences = [wires][]int{sse: {1000}, socket: {15, 100, 1000}}

// page is a live fragment of the usual size, with the mark.
var page = []byte(`<hx-partial hx-target="#post-17-likes" hx-swap="innerHTML">1234` + string(mark) + `</hx-partial>` +
	`<hx-partial hx-target="#post-17-comments" hx-swap="innerHTML">56</hx-partial>`)

func renderPage(Event, string) (Message, error) { return Message{HTML: page}, nil }

// A contender is a hub to measure.
type contender struct {
	handler http.Handler
	publish func()
	close   func()
}

// ours is our hub on a wire.
func ours(on wire) contender {
	hub := NewHub(renderPage, Options{Beat: time.Hour}) // viewers do not answer pings
	var users atomic.Int64
	return contender{
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := users.Add(1)
			who := Who{UserID: id, Session: strconv.FormatInt(id, 36), Lang: "ko", Topics: []string{"timeline"}}
			if on == sse {
				_ = hub.ServeSSE(w, r, who)
				return
			}
			_ = hub.ServeWebSocket(w, r, who, SocketHandler{Receive: func(*Socket, []byte, bool) {}, Closed: func() {}})
		}),
		publish: func() { hub.Deliver(Event{Topic: "timeline", Kind: "counts"}) },
		close:   hub.Close,
	}
}

// plainHub is the hub one usually writes.
func plainHub(on wire) contender {
	p := load.NewPlain()
	serve := [wires]http.HandlerFunc{sse: p.ServeStream, socket: p.ServeSocket}
	return contender{handler: serve[on], publish: func() { p.Publish(page) }, close: func() {}}
}

// An entrant opens a contender for those who look on over a wire.
type entrant struct {
	on   wire
	open func(on wire) contender
}

var entrants = map[string]entrant{
	"sse/plain": {sse, plainHub}, "sse/ours": {sse, ours},
	"ws/plain": {socket, plainHub}, "ws/ours": {socket, ours},
}

// A contest is a contender with its viewers.
type contest struct {
	contender
	*viewers
	sent int
}

func (e entrant) start(b *testing.B, count int) *contest {
	b.Helper()
	c := e.open(e.on)
	server := httptest.NewServer(c.handler)
	b.Cleanup(server.Close)
	b.Cleanup(c.close)
	return &contest{contender: c, viewers: startViewers(b, server.Listener.Addr().String(), count, e.on)}
}

// run publishes events, at most ahead of them on their way, and returns how
// long it took until everybody had everything.
func (c *contest) run(events, ahead int) time.Duration {
	begin := time.Now()
	step := max(ahead/4, 1)
	for i := range events {
		c.publish()
		c.sent++
		if i%step == step-1 {
			c.wait(max(c.sent-ahead+step, 0))
		}
	}
	c.wait(c.sent)
	return time.Since(begin)
}

// BenchmarkFanout is one event to a topic: at full speed, and one at a time,
// where nothing can be merged.
func BenchmarkFanout(b *testing.B) {
	for _, ahead := range []int{inFlight, 1} {
		for name, e := range entrants {
			for _, count := range audiences[e.on] {
				b.Run(fmt.Sprintf("%s/viewers=%d/ahead=%d", name, count, ahead), func(b *testing.B) {
					t := e.start(b, count)
					t.run(ahead, ahead)
					b.ReportAllocs()
					b.ResetTimer()
					spent, deliveries := cpu(), float64(b.N*count)
					took := t.run(b.N, ahead)
					b.ReportMetric(deliveries/took.Seconds(), "deliveries/s")
					b.ReportMetric(float64(cpu()-spent)/deliveries, "cpu-ns/delivery")
				})
			}
		}
	}
}

// BenchmarkFanoutRatio runs both in turns, so that what else the machine does
// falls on both: x-plain is how many times as fast as the plain hub ours is.
func BenchmarkFanoutRatio(b *testing.B) {
	for _, ahead := range []int{inFlight, 1} {
		for _, name := range []string{"sse", "ws"} {
			plain, our := entrants[name+"/plain"], entrants[name+"/ours"]
			for _, count := range audiences[our.on] {
				b.Run(fmt.Sprintf("%s/viewers=%d/ahead=%d", name, count, ahead), func(b *testing.B) {
					theirs, our := plain.start(b, count), our.start(b, count)
					const events = 2 * inFlight
					var theirTime, ourTime time.Duration
					for b.Loop() {
						theirTime += theirs.run(events, ahead)
						ourTime += our.run(events, ahead)
					}
					b.ReportMetric(theirTime.Seconds()/ourTime.Seconds(), "x-plain")
				})
			}
		}
	}
}

// cpu returns the processor time the process has used.
func cpu() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // does not fail for SELF
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkDeliver is an event on its way into the queues of 1,000 clients,
// which take it without a socket.
func BenchmarkDeliver(b *testing.B) {
	hub := NewHub(renderPage, Options{})
	defer hub.Close()
	for range 1000 {
		c := &client{hub: hub, stream: sink{}}
		hub.hold(c, []string{"timeline"})
		c.seats[0].topic.join(&c.seats[0], "ko")
		c.busy = true // nobody writes; what waits is taken below
	}
	b.ReportAllocs()
	for b.Loop() {
		hub.Deliver(Event{Topic: "timeline", Kind: "counts"})
		b.StopTimer()
		hub.each(func(c *client) { c.take().release() })
		b.StartTimer()
	}
}

// sink takes everything at once.
type sink struct{}

func (sink) Write(p []byte) (int, error)      { return len(p), nil }
func (sink) Close() error                     { return nil }
func (sink) SetWriteDeadline(time.Time) error { return nil }
