package apptest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"xxsns/app/config"
	"xxsns/app/push"
	"xxsns/app/server"
	"xxsns/app/sns"
)

// Password is the password of every account of the tests.
const Password = "열려라참깨123"

// An App is the real program, serving in this process on a port of its own
// from folders of its own.
type App struct {
	URL    string
	Config config.Config
	tb     testing.TB
	stop   func()
	lines  logLines
	pushes *PushService // that the program sends pushes to; nil: to those of the internet
}

// Start starts the program on the embedded default, without rate limits unless
// change turns them on, and stops it when the test ends.
func Start(tb testing.TB, change ...func(*config.Config)) *App {
	tb.Helper()
	dir := tb.TempDir()
	cfg := config.Config{
		Addr: "127.0.0.1:0", DatabaseURL: "sqlite:" + filepath.Join(dir, "db", "xxsns.db"), UploadsDir: filepath.Join(dir, "uploads"),
		RoomMaxLimit: 15, ProveEvery: 1,
		LogFormat: "text", LogLevel: slog.LevelWarn, Zone: Seoul,
	}
	for _, c := range change {
		c(&cfg)
	}
	migrateNew(tb, cfg.DatabaseURL)
	a := &App{Config: cfg, tb: tb}
	a.run()
	tb.Cleanup(func() { a.Stop() })
	return a
}

// Seoul is the zone of the times in tests.
var Seoul = time.FixedZone("KST", 9*60*60)

// run starts the program and waits until it listens.
func (a *App) run() {
	a.tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s, err := server.New(ctx, a.Config, a.Log(), false)
	if err != nil {
		cancel()
		a.tb.Fatalf("start: %v", err)
	}
	if a.pushes != nil {
		s.ConnectPushes(push.ClientOf(a.pushes.Transport()))
	}
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		err := s.Serve(ctx, func(addr net.Addr) { ready <- addr })
		s.Close()
		done <- err
	}()
	select {
	case addr := <-ready:
		a.URL, a.Config.Addr = "http://"+addr.String(), addr.String()
	case err := <-done:
		cancel()
		a.tb.Fatalf("serve: %v", err)
	}
	a.stop = func() {
		cancel()
		if err := <-done; err != nil {
			a.tb.Errorf("stop: %v", err)
		}
	}
}

// Stop stops the program as SIGTERM does; a test may call Stop twice.
func (a *App) Stop() {
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

// Restart stops the program, unless Stop has done so, and starts the program
// again on the same data at the same address.
func (a *App) Restart() {
	a.tb.Helper()
	a.Stop()
	a.run()
}

// PushBy starts the program again with a push service in the place of those of the internet.
func (a *App) PushBy(service *PushService) {
	a.tb.Helper()
	a.pushes = service
	a.Restart()
}

// AddUser makes an account by the command that operators use.
func (a *App) AddUser(name string, role sns.Role) {
	a.tb.Helper()
	if err := server.AddUser(context.Background(), a.Config, a.Log(), name, "", Password, role); err != nil {
		a.tb.Fatalf("user %s: %v", name, err)
	}
}

// SetRole gives a user a role by the command that operators use.
func (a *App) SetRole(name string, role sns.Role) {
	a.tb.Helper()
	if err := server.SetRole(context.Background(), a.Config, a.Log(), name, role); err != nil {
		a.tb.Fatalf("role of %s: %v", name, err)
	}
}

// SetPassword changes the password of a user by the command that operators use.
func (a *App) SetPassword(name, password string) {
	a.tb.Helper()
	if err := server.SetPassword(context.Background(), a.Config, a.Log(), name, password); err != nil {
		a.tb.Fatalf("password of %s: %v", name, err)
	}
}

// Log returns the logger of the program and its commands, as text from the configured
// level on.
func (a *App) Log() *slog.Logger {
	return slog.New(slog.NewTextHandler(logWriter{a}, &slog.HandlerOptions{Level: a.Config.LogLevel}))
}

// Logged returns the lines that the program and its commands have logged so far.
func (a *App) Logged() []string {
	a.lines.mu.Lock()
	defer a.lines.mu.Unlock()
	return slices.Clone(a.lines.all)
}

// logLines are the lines of a log.
type logLines struct {
	mu  sync.Mutex
	all []string
}

// logWriter passes the program's log to the test that runs it, and keeps the lines for
// Logged. The test fails if an answer from a cache was wrong, whether or not the test has
// looked at that answer.
type logWriter struct{ app *App }

var _ io.Writer = logWriter{}

func (w logWriter) Write(line []byte) (int, error) {
	w.app.tb.Logf("%s", line)
	if bytes.Contains(line, []byte(server.CacheDiffers)) {
		w.app.tb.Errorf("%s", line)
	}
	w.app.lines.mu.Lock()
	defer w.app.lines.mu.Unlock()
	w.app.lines.all = append(w.app.lines.all, string(line))
	return len(line), nil
}
