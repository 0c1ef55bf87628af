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
)

const (
	viewersOfTopic = 1000

	// inFlight is how far publishing may be ahead of the slowest viewer: half
	// of what a queue holds, so that "full speed" cuts nobody.
	inFlight = 128
)

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

func ours() contender {
	hub := NewHub(renderPage, Options{})
	var users atomic.Int64
	return contender{
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id := users.Add(1)
			who := Who{UserID: id, Session: strconv.FormatInt(id, 36), Lang: "ko", Topics: []string{"timeline"}}
			_ = hub.ServeSSE(w, r, who)
		}),
		publish: func() { hub.Deliver(Event{Topic: "timeline", Kind: "counts"}) },
		close:   hub.Close,
	}
}

func plainHub() contender {
	p := &plain{clients: make(map[chan []byte]struct{})}
	return contender{handler: p, publish: func() { p.publish(page) }, close: func() {}}
}

var contenders = map[string]func() contender{"plain": plainHub, "ours": ours}

// A contest is a contender with its viewers.
type contest struct {
	contender
	*viewers
	sent int
}

func start(b *testing.B, c contender) *contest {
	b.Helper()
	server := httptest.NewServer(c.handler)
	b.Cleanup(server.Close)
	b.Cleanup(c.close)
	return &contest{contender: c, viewers: startViewers(b, server.Listener.Addr().String(), viewersOfTopic)}
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

// BenchmarkFanout is one event to a topic of 1,000 viewers: at full speed, and
// one at a time, where nothing can be merged.
func BenchmarkFanout(b *testing.B) {
	for _, ahead := range []int{inFlight, 1} {
		for name, contender := range contenders {
			b.Run(fmt.Sprintf("%s/ahead=%d", name, ahead), func(b *testing.B) {
				t := start(b, contender())
				t.run(ahead, ahead)
				b.ReportAllocs()
				b.ResetTimer()
				spent, deliveries := cpu(), float64(b.N*viewersOfTopic)
				took := t.run(b.N, ahead)
				b.ReportMetric(deliveries/took.Seconds(), "deliveries/s")
				b.ReportMetric(float64(cpu()-spent)/deliveries, "cpu-ns/delivery")
			})
		}
	}
}

// BenchmarkFanoutRatio runs both in turns, so that what else the machine does
// falls on both: x-plain is how many times as fast as the plain hub ours is.
func BenchmarkFanoutRatio(b *testing.B) {
	for _, ahead := range []int{inFlight, 1} {
		b.Run(fmt.Sprintf("ahead=%d", ahead), func(b *testing.B) {
			theirs, our := start(b, plainHub()), start(b, ours())
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
	for range viewersOfTopic {
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
