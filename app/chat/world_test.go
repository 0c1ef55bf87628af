package chat_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"go.uber.org/goleak"

	"xxsns/app/apptest"
	"xxsns/app/apptest/await"
	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestMain(m *testing.M) {
	logging.Disable() // the errors are returned as well
	goleak.VerifyTestMain(apptest.Stopping(m))
}

// patience, eventually and returns are those of all tests.
const patience = await.Patience

var eventually, returns = await.Until, await.Return

// A world is a database and, unless the buffer is a table, a Redis. It outlives the
// replicas.
type world struct {
	store  *store.Store
	url    string                // of the database
	redis  string                // REDIS_URL; "": the buffer is a table
	client redis.UniversalClient // shared by the tests and replicas that are not mortal; nil without Redis

	mu     sync.Mutex
	people int
}

// worlds are the combinations of services that the program runs with.
var worlds = []struct {
	name string
	make func(testing.TB) *world
}{
	{"sqlite and table", embedded},
	{"mariadb and redis", replicated},
}

func embedded(t testing.TB) *world {
	return newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "xxsns.db"), "")
}

func replicated(t testing.TB) *world { return newWorld(t, apptest.MariaDB(t), apptest.Redis(t)) }

// inEach runs a test in a fresh world of each combination.
func inEach(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			test(t, w.make(t))
		})
	}
}

func newWorld(t testing.TB, url, redisURL string) *world {
	t.Helper()
	w := &world{store: migrated(t, url), url: url, redis: redisURL}
	if redisURL != "" {
		w.client = dial(t, redisURL)
	}
	return w
}

// migrated migrates the empty database of a URL and opens it.
func migrated(t testing.TB, url string) *store.Store {
	t.Helper()
	apptest.Migrate(t, url)
	return opened(t, url)
}

// opened opens a database until the test ends.
func opened(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if _, test := t.(*testing.T); test { // a benchmark measures without
		s.Prove(1, func(key string) { t.Errorf("%s from memory differs from the database", key) })
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// dial connects to Redis as the program does.
func dial(t testing.TB, url string) redis.UniversalClient {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	options.Protocol = 2
	options.DisableIdentity = true
	options.ContextTimeoutEnabled = true
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = patience, patience, patience // contexts end sooner
	options.DialerRetries = 1
	options.MaxRetries = 2
	options.MinRetryBackoff, options.MaxRetryBackoff = 10*time.Millisecond, 100*time.Millisecond
	options.PoolSize = 32
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// A setup changes the parts of a replica.
type setup struct {
	wrap         func(chat.Buffer) chat.Buffer
	bus          func(live.Bus) live.Bus
	lease, grace time.Duration
	marks        time.Duration // Options.PresenceLease
	spill        chat.SpillBounds
	rate         int64
	hears        bool             // has a chat.Heard
	now          func() time.Time // nil: time.Now
	still        bool             // the clock stands still, but for replica.clock
	mortal       bool             // has a database pool and a Redis client of its own, which kill closes
}

// A replica is the rooms of one process. The events of its pages are in told.
type replica struct {
	*chat.Chat
	world  *world
	buffer chat.Buffer           // as the Chat has it
	redis  redis.UniversalClient // of the Chat; nil without Redis
	line   *severed              // to Redis, of a mortal replica
	gaps   func() int64          // of the bus
	clock  atomic.Int64          // nanoseconds that have passed, of a replica whose clock stands still
	hub    *live.Hub
	told   told
	log    journal
	server *httptest.Server
	life   context.Context // of a mortal replica; ended by kill
	kill   func()
}

// replica starts a replica, which ends with the test.
func (w *world) replica(t testing.TB, s setup) *replica {
	t.Helper()
	r := &replica{world: w}
	log := slog.New(slog.NewTextHandler(&r.log, nil))
	var heard *chat.Heard
	listening := live.Options{Log: log}
	if s.hears {
		heard = &chat.Heard{}
		listening.Before = heard.Hear
	}
	r.hub = live.NewHub(r.told.render, listening)
	t.Cleanup(r.hub.Close)
	r.server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.server.Close)
	bus := w.bus(t, r.hub, log)
	if shared, ok := bus.(patientBus); ok {
		r.gaps = func() int64 { return shared.Stats().Gaps }
	}
	database, client := w.store, w.client
	if s.mortal {
		database, client, bus = r.livesAlone(t, bus)
	}
	name, buffer := newBuffer(database, client, bus)
	if s.wrap != nil {
		buffer = s.wrap(buffer)
	}
	if s.bus != nil {
		bus = s.bus(bus)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if begun := time.Now(); s.still {
		s.now = func() time.Time { return begun.Add(time.Duration(r.clock.Load())) }
	}
	s.lease = cmp.Or(s.lease, time.Hour) // until endLease
	counts := live.NewGatherer(bus, log)
	r.buffer, r.redis = buffer, client
	if s.mortal && client != nil {
		r.line = &severed{}
		client.AddHook(r.line)
	}
	r.Chat = chat.New(chat.Options{
		Store: database, Hub: r.hub, Bus: bus, Gatherer: counts, Log: log, Now: s.now,
		Buffers: map[string]chat.Buffer{name: buffer}, Buffer: name,
		Redis: client, Spill: s.spill, Rate: s.rate, Heard: heard, Lease: s.lease, Grace: s.grace, PresenceLease: s.marks,
	})
	t.Cleanup(counts.Close)
	t.Cleanup(r.Close)
	return r
}

// bus connects a hub to the bus of the world and waits for the subscription.
func (w *world) bus(t testing.TB, hub *live.Hub, log *slog.Logger) live.Bus {
	t.Helper()
	if w.redis == "" {
		return live.Local{Hub: hub}
	}
	client := dial(t, w.redis)
	bus := live.NewRedis(client, hub, log)
	t.Cleanup(func() { _ = bus.Close() })
	eventually(t, "the bus stands", bus.Up)
	return patientBus{bus, client}
}

// A patientBus publishes however slow Redis is, so that no attempt to settle a room fails.
type patientBus struct {
	*live.Redis
	client redis.UniversalClient
}

// Publish implements live.Bus.
func (b patientBus) Publish(ctx context.Context, ev live.Event) error {
	return b.client.Publish(context.WithoutCancel(ctx), live.Channel, ev.Encode()).Err()
}

// newBuffer returns a Redis buffer if client is not nil, or a table buffer.
func newBuffer(database *store.Store, client redis.UniversalClient, bus live.Bus) (name string, b chat.Buffer) {
	if client == nil {
		return chat.BufferTable, chat.NewTable(database, bus)
	}
	return chat.BufferRedis, chat.NewRedis(client)
}

func (r *replica) serve(w http.ResponseWriter, req *http.Request) {
	if err := r.hub.ServeSSE(w, req, live.Viewer{Topics: req.URL.Query()["topic"]}); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// person creates an account.
func (w *world) person(t testing.TB, role sns.Role) sns.User {
	t.Helper()
	w.mu.Lock()
	w.people++
	name := fmt.Sprintf("사람%d", w.people)
	w.mu.Unlock()
	id, err := w.store.CreateUser(t.Context(), store.NewUser{
		Username: name, Email: "someone@example.com", PasswordHash: "hash", Role: role, CreatedAt: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return sns.User{ID: id, Username: name, Role: role}
}

// persons creates n accounts of ordinary users.
func (w *world) persons(t testing.TB, n int) []sns.User {
	t.Helper()
	all := make([]sns.User, n)
	for i := range all {
		all[i] = w.person(t, sns.RoleUser)
	}
	return all
}

// room returns the present state of a room.
func (w *world) room(t testing.TB, id int64) sns.Room {
	t.Helper()
	r, _, err := w.store.Room(context.Background(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// settlement returns the present settlement of a room.
func (w *world) settlement(t testing.TB, id int64) sns.Settlement {
	t.Helper()
	s, err := w.store.Settlement(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// settled waits until the messages of a room are saved, and returns the settlement.
func (w *world) settled(t testing.TB, room int64) sns.Settlement {
	t.Helper()
	eventually(t, "the room is settled", func() bool { return w.settlement(t, room).Done() })
	return w.settlement(t, room)
}

// together calls do in n goroutines at once and returns when all have returned.
func together(n int, do func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	wg.Wait()
}
