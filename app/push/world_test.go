package push_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/apptest/await"
	"xxsns/app/push"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// patience is that of all tests.
const patience = await.Patience

// A world is a database with people, notices in memory, a push service, and replicas.
type world struct {
	t       *testing.T
	url     string
	store   *store.Store
	service *apptest.PushService
	keys    sns.PushKeys
	log     *logged

	mu       sync.Mutex // guards the fields below
	now      time.Time
	notices  map[int64]sns.Notice // open ones
	settings sns.NoticeSettings
}

// logged keeps what is logged.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// each runs a test in a world on each database.
func each(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":  func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "xxsns.db") },
		"mariadb": apptest.MariaDB,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t, url(t)))
		})
	}
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	apptest.Migrate(t, url)
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	fresh, err := push.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, url: url, store: s, service: apptest.NewPushService(t), log: &logged{}, now: time.Now(), notices: map[int64]sns.Notice{}}
	if w.keys, err = s.PushKeys(t.Context(), fresh, w.now); err != nil {
		t.Fatal(err)
	}
	return w
}

// replica returns the worker of a replica, which waits for the push service without end.
func (w *world) replica() *push.Worker {
	transport := w.service.Transport()
	client := push.ClientOf(transport)
	client.Timeout, transport.TLSHandshakeTimeout, transport.ResponseHeaderTimeout = 0, 0, 0
	return &push.Worker{
		Store:  w.store,
		Sender: &push.Sender{Client: client, Keys: w.keys, Contact: "https://sns.example.org"},
		Notice: func(_ context.Context, _, id int64) (sns.Notice, bool, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			n, open := w.notices[id]
			if !open {
				return n, false, sns.ErrNotFound
			}
			return n, true, nil
		},
		Settings: func(context.Context, int64) (sns.NoticeSettings, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.settings, nil
		},
		Payload: func(_ context.Context, d sns.PushDevice, n sns.Notice) ([]byte, error) {
			return json.Marshal(map[string]any{"title": n.Title, "lang": d.Lang})
		},
		Zone: apptest.Seoul, Log: slog.New(slog.NewTextHandler(w.log, nil)),
		Now: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.now
		},
	}
}

// joins makes an account with a browser that has subscribed.
func (w *world) joins(name string) (int64, *apptest.PushBrowser) {
	w.t.Helper()
	user, err := w.store.CreateUser(w.t.Context(), store.NewUser{Username: name, Email: "a@example.com", PasswordHash: "hash", Role: sns.RoleUser, CreatedAt: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.store.CreateSession(w.t.Context(), sns.Session{ID: name, UserID: user, CreatedAt: w.now, SeenAt: w.now}, "hash")
	if err != nil {
		w.t.Fatal(err)
	}
	return user, w.subscribes(user, name)
}

func (w *world) subscribes(user int64, session string) *apptest.PushBrowser {
	w.t.Helper()
	b := w.service.Subscribe()
	d := b.Device()
	d.User, d.Session = user, session
	if err := w.store.SubscribePush(w.t.Context(), d, false, w.now); err != nil {
		w.t.Fatal(err)
	}
	return b
}

// notice makes a deed that writes or renews a notice.
func (w *world) notice(id, user int64, n sns.Notice) {
	w.t.Helper()
	w.mu.Lock()
	n.ID = id
	w.notices[id] = n
	w.mu.Unlock()
	devices, err := w.store.PushDevices(w.t.Context(), user)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range devices { // as wantPushes does in the transaction of a deed
		w.edits(fmt.Sprintf("INSERT INTO pushes (user_id, subscription_id, notice_id, kind, created_at, due_at) VALUES (%d, %d, %d, %d, %d, %d)",
			user, d.ID, id, n.Kind, w.now.UnixMicro(), w.now.Add(sns.PushDelay).UnixMicro()))
	}
}

// edits changes the database without the store.
func (w *world) edits(statement string) {
	w.t.Helper()
	driver, dsn := "sqlite", strings.TrimPrefix(w.url, "sqlite:")
	if u, err := url.Parse(w.url); err == nil && u.Scheme == "mysql" {
		driver, dsn = "mysql", fmt.Sprintf("%s@tcp(%s)%s", u.User, u.Host, u.Path)
	}
	db, err := sql.Open(driver, dsn)
	if err == nil {
		_, err = db.ExecContext(w.t.Context(), statement)
		_ = db.Close()
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) reads(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.notices, id)
}

// passes lets time pass, for the worker and for the rests of devices, which run by the clock of
// the database.
func (w *world) passes(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) runs(replicas ...*push.Worker) {
	w.t.Helper()
	var all sync.WaitGroup
	for _, replica := range replicas {
		all.Go(func() {
			if err := replica.Run(w.t.Context()); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
}

// waiting returns the number of entries in the queue.
func (w *world) waiting() int64 {
	w.t.Helper()
	n, _, err := w.store.CountPushes(w.t.Context(), w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) device(user int64) sns.PushDevice {
	w.t.Helper()
	all, err := w.store.PushDevices(w.t.Context(), user)
	if err != nil || len(all) != 1 {
		w.t.Fatalf("the devices are %v, %v", all, err)
	}
	return all[0]
}
