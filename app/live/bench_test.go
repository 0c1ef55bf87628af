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

// inFlight is the number of events that publishing may be ahead of the slowest
// viewer: half the limit of a queue, so that "full speed" evicts no client.
const inFlight = 128

// audiences are the numbers of viewers of the topic: a stream shows the timeline
// to all users, a socket shows a room.
var audiences = [protocols][]int{protocolSSE: {1000}, protocolWebSocket: {15, 100, 1000}}

// page is a live fragment of the usual size with one mark.
var page = []byte(`<hx-partial hx-target="#post-17-likes" hx-swap="innerHTML">1234` + string(mark) + `</hx-partial>` +
	`<hx-partial hx-target="#post-17-comments" hx-swap="innerHTML">56</hx-partial>`)

func renderPage(Event, string) (Message, error) { return Message{HTML: page}, nil }

// A contender is a hub to measure.
type contender struct {
	handler http.Handler
	publish func()
	close   func()
}

// ours is the Hub of this package.
func ours(on protocol) contender {
	hub := NewHub(renderPage, Options{HeartbeatInterval: time.Hour}) // viewers do not answer pings
	var users atomic.Int64
	return contender{
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := users.Add(1)
			who := Viewer{UserID: id, Session: strconv.FormatInt(id, 36), Lang: "ko", Topics: []string{"timeline"}}
			if on == protocolSSE {
				_ = hub.ServeSSE(w, r, who)
				return
			}
			_ = hub.ServeWebSocket(w, r, who, SocketHandler{Receive: func(*Socket, []byte, bool) {}, Closed: func() {}})
		}),
		publish: func() { hub.Deliver(Event{Topic: "timeline", Kind: "counts"}) },
		close:   hub.Close,
	}
}

// plainHub is a straightforward hub: a channel and a goroutine for each client.
func plainHub(on protocol) contender {
	p := load.NewPlain()
	serve := [protocols]http.HandlerFunc{protocolSSE: p.ServeStream, protocolWebSocket: p.ServeSocket}
	return contender{handler: serve[on], publish: func() { p.Publish(page) }, close: func() {}}
}

// An entrant opens a contender for viewers of a protocol.
type entrant struct {
	on   protocol
	open func(on protocol) contender
}

var entrants = map[string]entrant{
	"sse/plain": {protocolSSE, plainHub}, "sse/ours": {protocolSSE, ours},
	"ws/plain": {protocolWebSocket, plainHub}, "ws/ours": {protocolWebSocket, ours},
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

// run publishes events, with at most ahead of them undelivered, and returns the
// time until all viewers had received all events.
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

// BenchmarkFanout delivers events to one topic: at full speed, and one at a time,
// when frames cannot be merged.
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

// BenchmarkFanoutRatio runs both hubs in turns, so that other load of the machine
// slows both: x-plain is the speed of ours divided by the speed of the plain hub.
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

// cpu returns the processor time that the process has used.
func cpu() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // does not fail for SELF
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkDeliver puts an event into the queues of 1,000 clients that have no
// connection.
func BenchmarkDeliver(b *testing.B) {
	hub := NewHub(renderPage, Options{})
	defer hub.Close()
	for range 1000 {
		c := &client{hub: hub, transport: sink{}}
		hub.register(c, []string{"timeline"})
		c.subscriptions[0].topic.subscribe(&c.subscriptions[0], "ko")
		c.scheduled = true // keeps the flusher away; the loop below empties the queues
	}
	b.ReportAllocs()
	for b.Loop() {
		hub.Deliver(Event{Topic: "timeline", Kind: "counts"})
		b.StopTimer()
		hub.forEach(func(c *client) { c.takeQueue().recycle() })
		b.StartTimer()
	}
}

// sink is a transport that takes all bytes at once.
type sink struct{}

func (sink) Write(p []byte) (int, error)      { return len(p), nil }
func (sink) Close() error                     { return nil }
func (sink) SetWriteDeadline(time.Time) error { return nil }
