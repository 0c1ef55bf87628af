package live_test

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"xxsns/app/apptest"
	"xxsns/app/live"
)

// lost and stands are lines of the log.
const (
	lost   = "live bus lost"
	stands = "live bus stands"
)

// refuses checks that Publish gives up, though its context does not end.
func (r *replica) refuses(t *testing.T) {
	t.Helper()
	r.refusesIn(t, t.Context())
}

func (r *replica) refusesIn(t *testing.T, ctx context.Context) {
	t.Helper()
	err := error(nil)
	returns(t, "Publish", func() { err = r.Publish(ctx, line(0)) })
	if err == nil || !strings.HasPrefix(err.Error(), `live: "line" not published to Redis: `) {
		t.Errorf("the error says %v", err)
	}
}

func TestKilledSubscriptionIsAGap(t *testing.T) {
	t.Parallel()
	url := apptest.Redis(t)
	r, bus := onRedis(t, url)
	var woken atomic.Int64
	begun := time.Now()
	bus.OnGap(func() { woken.Add(1) })
	minji := r.visit(t, "topic=room:3")
	for n := range 2 {
		r.tell(t, line(n))
		minji.sees(shown(n))
		if err := connect(t, url).Do(t.Context(), "CLIENT", "KILL", "TYPE", "pubsub").Err(); err != nil {
			t.Fatal(err)
		}
		minji.sees(cutOff, gap)
	}
	eventually(t, "the bus stands", bus.Up)
	if s := bus.Stats(); s.Gaps != 2 || s.Published != 2 || s.Received != 2 || s.Own != 2 || s.Failed != 0 || s.Delay <= 0 || s.Delay > 2*time.Since(begun) {
		t.Errorf("%+v", s)
	}
	if woken.Load() != 2 || r.log.count(lost) != 2 || r.log.count(stands) != 3 {
		t.Errorf("woken %d times, log says %s", woken.Load(), r.log)
	}
}

func TestRestartedRedisIsAGap(t *testing.T) {
	t.Parallel()
	server := apptest.StartRedis(t, apptest.RedisOptions{})
	r, bus := onRedis(t, server.URL())
	minji := r.visit(t, "topic=room:3")
	server.Kill9()
	eventually(t, "the bus notices", func() bool { return !bus.Up() })
	r.refuses(t)
	r.refuses(t)
	time.Sleep(time.Second) // enough for several attempts to subscribe
	server.Start(t)
	minji.sees(cutOff, gap)
	eventually(t, "Publish works again", func() bool { return r.Publish(t.Context(), line(1)) == nil })
	minji.sees(shown(1))
	if s := bus.Stats(); !bus.Up() || s.Gaps != 1 || s.Failed < 2 || r.log.count(lost) != 1 {
		t.Errorf("%+v, log says %s", s, r.log)
	}
}

// A hanging Redis keeps its connections open: only the missing pong shows the
// fault.
func TestHangingRedisIsAGap(t *testing.T) {
	t.Parallel()
	server := apptest.StartRedis(t, apptest.RedisOptions{})
	r, bus := onSilentRedis(t, server.URL(), live.NewRedis)
	eventually(t, "the bus stands", bus.Up)
	minji := r.visit(t, "topic=room:3")
	server.Pause(t)
	r.refuses(t)
	eventually(t, "the bus notices", func() bool { return !bus.Up() })
	server.Resume(t)
	minji.isTold(gap)
	eventually(t, "Publish works again", func() bool { return r.Publish(t.Context(), line(1)) == nil })
	minji.isTold(shown(1))
	// A pause of the machine is one more loss; each is told once.
	eventually(t, "each loss is one gap", func() bool {
		gaps := int(bus.Stats().Gaps)
		return gaps > 0 && r.log.count(lost) == gaps && r.log.count(stands) == gaps+1
	})
}

// pings are three calls or more in the statistics of Redis.
var pings = regexp.MustCompile(`^calls=([3-9]|\d\d+),`)

// A bus without events asks Redis whether it is there, and every answer counts.
func TestQuietBusStands(t *testing.T) {
	t.Parallel()
	url := apptest.Redis(t)
	r, bus := onSilentRedis(t, url, func(client redis.UniversalClient, hub *live.Hub, log *slog.Logger) *live.Redis {
		return live.NewRedisWith(client, hub, log, never, 100*time.Millisecond, never)
	})
	eventually(t, "the bus stands", bus.Up)
	minji := r.visit(t, "topic=room:3")
	redis := connect(t, url)
	eventually(t, "the bus has asked again and again", func() bool {
		calls, err := redis.InfoMap(t.Context(), "commandstats").Result()
		return err == nil && pings.MatchString(calls["Commandstats"]["cmdstat_ping"])
	})
	r.tell(t, line(1))
	minji.sees(shown(1))
	if !bus.Up() || r.log.count(lost) != 0 {
		t.Errorf("log says %s", r.log)
	}
}

// Clients that opened before the first subscription get a gap.
func TestStartWithoutRedis(t *testing.T) {
	t.Parallel()
	server := apptest.StartRedis(t, apptest.RedisOptions{})
	server.Kill9()
	r, bus := onSilentRedis(t, server.URL(), patiently)
	minji := r.visit(t, "topic=room:3")
	r.refuses(t)
	if bus.Up() {
		t.Error("the bus stands without Redis")
	}
	server.Start(t)
	minji.isTold(gap) // after one or two "lost"
	eventually(t, "Publish works", func() bool { return r.Publish(t.Context(), line(1)) == nil })
	minji.sees(shown(1))
	if n := r.log.count(lost); n != 1 {
		t.Errorf("logged %d times that Redis is away", n)
	}
}

func TestPublishKeepsToADeadline(t *testing.T) {
	t.Parallel()
	server := apptest.StartRedis(t, apptest.RedisOptions{})
	r, _ := onRedis(t, server.URL())
	server.Pause(t)
	defer server.Resume(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	r.refusesIn(t, ctx)
}

func TestPayloadsThatAreNoEvents(t *testing.T) {
	t.Parallel()
	url := apptest.Redis(t)
	r, bus := onRedis(t, url)
	minji := r.visit(t, "topic=room:3")
	raw := connect(t, url)
	payloads := []string{"", "{", "null", "[]", "3", "{}", `{"topic":"room:3"}`, `{"topic":3,"kind":"line"}`, "\xff", `{"topic":"room:3","kind":"line"} 비밀`}
	for _, payload := range payloads {
		if err := raw.Publish(t.Context(), "xxsns:live", payload).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := raw.Publish(t.Context(), "another channel", line(0).Encode()).Err(); err != nil {
		t.Fatal(err)
	}
	r.tell(t, line(1))
	minji.sees(shown(1))
	s := bus.Stats()
	if want := int64(len(payloads)); s.Skipped != want || s.Received != 1 || r.log.count("not understood") != len(payloads) {
		t.Errorf("%+v, want %d skipped", s, want)
	}
	if r.log.count("비밀") > 0 {
		t.Error("the log holds somebody's words")
	}
}

// A script may store and publish in one step, and fill in a value that only
// Redis knows.
func TestScriptTellsWhatItFillsIn(t *testing.T) {
	t.Parallel()
	url := apptest.Redis(t)
	r, bus := onRedis(t, url)
	minji := r.visit(t, "topic=room:3")
	client := connect(t, url)
	script := live.EventScript(`publish_event(ARGV[1], 'line', '', 0, '{"Seq":' .. redis.call('INCR', KEYS[1]) .. '}')`)
	for range 2 {
		err := script.Run(t.Context(), client, []string{live.RedisKey("room:3", "seq")}, live.EventArgs("room:3")...).Err()
		if !errors.Is(err, redis.Nil) {
			t.Fatal(err)
		}
	}
	minji.sees(`line  0 {"Seq":1}`, `line  0 {"Seq":2}`)
	if s := bus.Stats(); s.Own != 2 {
		t.Errorf("%+v, want the delay of both", s)
	}
}

// Close ends the bus whatever the state of Redis, without waiting for an answer. Only
// while connecting to a hanging Redis it waits, for the ReadTimeout of the client.
func TestCloseLeavesNothing(t *testing.T) {
	nothing := func(*testing.T, *apptest.RedisServer) {}
	kill := func(_ *testing.T, s *apptest.RedisServer) { s.Kill9() }
	pause := func(t *testing.T, s *apptest.RedisServer) { s.Pause(t) }
	for name, c := range map[string]struct {
		before, after func(*testing.T, *apptest.RedisServer)
		readTimeout   time.Duration
	}{
		"at peace":             {nothing, nothing, never},
		"killed":               {nothing, kill, never},
		"hanging":              {nothing, pause, never},
		"away from the start":  {kill, nothing, never},
		"hanging at the start": {pause, nothing, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			server := apptest.StartRedis(t, apptest.RedisOptions{})
			hub := live.NewHub(nil, live.Options{})
			defer hub.Close()
			client := connectWithin(t, server.URL(), c.readTimeout)
			c.before(t, server)
			ours := goleak.IgnoreCurrent()
			bus := patiently(client, hub, slog.New(slog.DiscardHandler))
			time.Sleep(200 * time.Millisecond)
			c.after(t, server)
			time.Sleep(200 * time.Millisecond)
			returns(t, "Close", func() {
				if err := bus.Close(); err != nil || bus.Up() {
					t.Errorf("got %v, up %t", err, bus.Up())
				}
			})
			eventually(t, "nothing is left", func() bool { return goleak.Find(ours) == nil })
			goleak.VerifyNone(t, ours)
		})
	}
}

// BenchmarkRedisDelay measures the time of an event through Redis and back.
func BenchmarkRedisDelay(b *testing.B) {
	client := connect(b, apptest.Redis(b))
	hub := live.NewHub(nil, live.Options{})
	defer hub.Close()
	bus := live.NewRedis(client, hub, slog.New(slog.DiscardHandler))
	defer func() { _ = bus.Close() }()
	eventually(b, "the bus stands", bus.Up)
	for b.Loop() {
		if err := bus.Publish(b.Context(), line(1)); err != nil {
			b.Fatal(err)
		}
	}
	eventually(b, "all came back", func() bool { return bus.Stats().Received == int64(b.N) })
	s := bus.Stats()
	b.ReportMetric(float64(s.Delay.Microseconds())/float64(s.Own), "µs/delay")
}
