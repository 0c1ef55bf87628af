package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/apptest"
	"xxsns/app/apptest/await"
	"xxsns/app/live"
)

// patience, eventually and returns are those of all tests.
const patience = await.Patience

var eventually, returns = await.Until, await.Return

// never is a timeout that no test waits for.
const never = time.Hour

// A replica is a hub behind a real server, with a bus.
type replica struct {
	live.Bus
	hub    *live.Hub
	server *httptest.Server
	log    *logbook
}

// newReplica starts a replica that renders an event as "KIND KEY VERSION DATA".
func newReplica(t *testing.T, connect func(*live.Hub, *slog.Logger) live.Bus) *replica {
	t.Helper()
	r := &replica{log: new(logbook)}
	log := slog.New(slog.NewTextHandler(r.log, nil))
	r.hub = live.NewHub(func(ev live.Event, _ string) (live.Message, error) {
		return live.Message{HTML: fmt.Appendf(nil, "%s %s %d %s", ev.Kind, ev.Key, ev.Version, ev.Data)}, nil
	}, live.Options{Log: log, MaxMessages: 1000, WriteTimeout: never, DrainTimeout: patience})
	r.Bus = connect(r.hub, log)
	r.server = httptest.NewServer(http.HandlerFunc(r.handle))
	t.Cleanup(r.server.Close)
	t.Cleanup(r.hub.Close)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *replica) handle(w http.ResponseWriter, req *http.Request) {
	q := req.URL.Query()
	if err := r.hub.ServeSSE(w, req, live.Viewer{Session: q.Get("session"), Topics: q["topic"]}); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// A logbook keeps the log of a replica.
type logbook struct {
	mu  sync.Mutex // guards buf
	buf strings.Builder
}

func (l *logbook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(line)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// count returns how often a text was logged.
func (l *logbook) count(text string) int {
	return strings.Count(l.String(), text)
}

// A visitor is a browser with an open stream.
type visitor struct {
	t  *testing.T
	in *bufio.Reader
}

// visit opens a stream and returns after the opening comment.
func (r *replica) visit(t *testing.T, query string) *visitor {
	t.Helper()
	ctx, leave := context.WithTimeout(t.Context(), 2*patience)
	t.Cleanup(leave)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.server.URL+"/live?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	v := &visitor{t: t, in: bufio.NewReader(res.Body)}
	if hello, err := v.in.ReadString('\n'); err != nil || hello != ": ok\n" {
		t.Fatalf("stream begins with %q, %v", hello, err)
	}
	return v
}

// next returns the next message: its text, or "EVENT: " and its name.
func (v *visitor) next() (string, error) {
	var data []string
	name := ""
	for {
		line, err := v.in.ReadString('\n')
		if err != nil {
			return "", err
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case field == "event":
			name = value
		case field == "data" || field == "data:": // the latter for empty data
			data = append(data, value)
		case line == "\n" && name != "":
			return "EVENT: " + name, nil
		case line == "\n" && data != nil:
			return strings.Join(data, "\n"), nil
		}
	}
}

// sees checks the next messages.
func (v *visitor) sees(want ...string) {
	v.t.Helper()
	for _, w := range want {
		if got, err := v.next(); got != w {
			v.t.Fatalf("got %q, %v, want %q", got, err, w)
		}
	}
}

const (
	cutOff = "EVENT: lost"
	gap    = "EVENT: gap"
)

// isTold skips messages until want arrives, and returns the number of gaps
// skipped.
func (v *visitor) isTold(want string) (gaps int) {
	v.t.Helper()
	for {
		got, err := v.next()
		switch {
		case err != nil:
			v.t.Fatalf("waiting for %q: %v", want, err)
		case got == want:
			return gaps
		case got == gap:
			gaps++
		}
	}
}

func (v *visitor) isClosed() {
	v.t.Helper()
	if got, err := v.next(); err != io.EOF {
		v.t.Fatalf("stream goes on: %q, %v", got, err)
	}
}

// tell publishes events and checks that Publish succeeds.
func (r *replica) tell(t *testing.T, events ...live.Event) {
	t.Helper()
	for _, ev := range events {
		if err := r.Publish(t.Context(), ev); err != nil {
			t.Error(err)
		}
	}
}

func line(n int) live.Event {
	return live.Event{Topic: "room:3", Kind: "line", Version: int64(n), Data: json.RawMessage(strconv.Itoa(n))}
}

// shown is line(n) as rendered.
func shown(n int) string { return fmt.Sprintf("line  %d %[1]d", n) }

// onEach runs a test with each implementation of Bus.
func onEach(t *testing.T, test func(*testing.T, *replica)) {
	t.Helper()
	t.Run("local", func(t *testing.T) {
		test(t, newReplica(t, func(hub *live.Hub, _ *slog.Logger) live.Bus { return live.Local{Hub: hub} }))
	})
	t.Run("redis", func(t *testing.T) {
		r, _ := onRedis(t, apptest.Redis(t))
		test(t, r)
	})
}

// connecting makes a bus, as live.NewRedis does.
type connecting func(redis.UniversalClient, *live.Hub, *slog.Logger) *live.Redis

// patiently makes a bus that no pause of the machine makes give up.
func patiently(client redis.UniversalClient, hub *live.Hub, log *slog.Logger) *live.Redis {
	return live.NewRedisWith(client, hub, log, never, never, never)
}

// onRedis starts a replica with a patient bus on a Redis, and returns when it is
// subscribed.
func onRedis(t *testing.T, url string) (*replica, *live.Redis) {
	t.Helper()
	r, bus := onSilentRedis(t, url, patiently)
	eventually(t, "the bus stands", bus.Up)
	return r, bus
}

// onSilentRedis starts a replica on a Redis that may be unreachable.
func onSilentRedis(t *testing.T, url string, by connecting) (r *replica, bus *live.Redis) {
	t.Helper()
	client := connect(t, url)
	r = newReplica(t, func(hub *live.Hub, log *slog.Logger) live.Bus {
		bus = by(client, hub, log)
		return bus
	})
	return r, bus
}

// connect returns a client that waits for Redis without end, so that what gives up is
// the bus. A command that cannot connect fails, as in the program.
func connect(t testing.TB, url string) *redis.Client {
	t.Helper()
	return connectWithin(t, url, never)
}

func connectWithin(t testing.TB, url string, timeout time.Duration) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	options.ContextTimeoutEnabled = true
	options.Protocol, options.DialerRetries, options.MaxRetries = 2, 1, 2 // as the program does
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout, options.PoolTimeout = timeout, timeout, timeout, timeout
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}
