package server_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/apptest/await"
	"xxsns/app/config"
	"xxsns/app/media/mediatest"
	"xxsns/app/server"
	"xxsns/app/sns"
)

// patience, eventually and returns are those of all tests.
const patience = await.Patience

var eventually, returns = await.Until, await.Return

// A life is a server in this process, from start to end.
type life struct {
	url   string
	log   *logbook
	stop  context.CancelFunc
	ended <-chan error // receives the result of Serve after Close
}

// launch starts a server, which stops at the end of the test.
func launch(t *testing.T, cfg config.Config) *life {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &life{log: &logbook{}, stop: cancel}
	s, err := server.New(ctx, cfg, slog.New(slog.NewTextHandler(l.log, nil)), false)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	ready, served, ended := make(chan net.Addr, 1), make(chan struct{}), make(chan error, 1)
	go func() {
		err := s.Serve(ctx, func(addr net.Addr) { ready <- addr })
		s.Close()
		ended <- err
		close(served)
	}()
	t.Cleanup(func() { cancel(); <-served })
	l.ended = ended
	select {
	case addr := <-ready:
		l.url = "http://" + addr.String()
	case <-served: // Serve failed before it was ready; the error waits in ended
	}
	return l
}

// end waits for the end of the server, which may follow stop.
func (l *life) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-l.ended:
		return err
	case <-time.After(patience):
		t.Fatalf("the server still runs\n%s", l.log)
		return nil
	}
}

// A logbook keeps the log of a server.
type logbook struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
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

// fetch sends a GET without a session.
func fetch(t *testing.T, url string) (status int, body string) {
	t.Helper()
	client := http.Client{Timeout: patience}
	res, err := client.Get(url) //nolint:noctx // the client has a time limit
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// wantStatus fails unless an address answers with the status.
func wantStatus(t *testing.T, url string, want int) {
	t.Helper()
	if status, body := fetch(t, url); status != want {
		t.Errorf("%s: %d, want %d\n%.300s", url, status, want, body)
	}
}

// taken returns an address that is in use until the test ends.
func taken(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}

// embedded returns the default configuration in a temporary folder.
func embedded(t *testing.T) config.Config {
	folder := t.TempDir()
	return config.Config{
		Addr: "127.0.0.1:0", DatabaseURL: "sqlite:" + filepath.Join(folder, "xxsns.db"), UploadsDir: filepath.Join(folder, "uploads"),
		RoomMaxLimit: 15, ProveEvery: 1, Zone: time.FixedZone("KST", 9*60*60),
	}
}

// A second server on the same file would miss the events of the first server.
// Commands may run beside a server.
func TestOneServerToAFile(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	for range 2 { // a refused server must not release the lock of the first one
		second, err := server.New(t.Context(), app.Config, slog.New(slog.DiscardHandler), false)
		if err == nil {
			second.Close()
			t.Fatal("a second server serves the same file")
		}
		if !strings.HasPrefix(err.Error(), "DATABASE_URL: ") || !strings.Contains(err.Error(), "in use by another running server") {
			t.Errorf("refused by %q", err)
		}
	}
	minji := app.Member("민지")
	if err := server.SetRole(t.Context(), app.Config, slog.New(slog.DiscardHandler), "민지", sns.RoleMentor); err != nil {
		t.Error(err)
	}
	minji.Get("/users/민지").Want(http.StatusOK).Has(".profile .badge")
	if n, _, err := server.Migrate(t.Context(), app.Config); n != 0 || err != nil {
		t.Errorf("beside a server, %d migrations are applied: %v", n, err)
	}
	app.Restart() // the lock ends with the server
	minji.Get("/").Want(http.StatusOK)
}

func TestATakenOpsAddressIsAWarning(t *testing.T) {
	t.Parallel()
	cfg := embedded(t)
	cfg.OpsAddr = taken(t)
	l := launch(t, cfg)
	wantStatus(t, l.url+"/healthz", http.StatusOK)
	wantStatus(t, l.url+"/sign-in", http.StatusOK)
	l.stop()
	if err := l.end(t); err != nil {
		t.Error(err)
	}
	if log := l.log.String(); !strings.Contains(log, "level=WARN") || !strings.Contains(log, "OPS_ADDR") {
		t.Errorf("no warning names the variable:\n%s", log)
	}
}

// The workers must not keep Serve from returning.
func TestATakenAddressEndsServe(t *testing.T) {
	t.Parallel()
	cfg := embedded(t)
	cfg.Addr = taken(t)
	if err := launch(t, cfg).end(t); err == nil || !strings.HasPrefix(err.Error(), "ADDR: ") {
		t.Errorf("Serve returned %v", err)
	}
}

func TestTheSessionSecretIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	path := filepath.Join(filepath.Dir(strings.TrimPrefix(app.Config.DatabaseURL, "sqlite:")), "session.secret")
	minji := app.Member("민지")
	made, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if secret, err := hex.DecodeString(string(made)); err != nil || len(secret) < 32 {
		t.Errorf("the secret has %d bytes: %v", len(secret), err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the secret: %v", info.Mode())
	}
	app.Restart()
	minji.Get("/").Want(http.StatusOK)
	if kept, err := os.ReadFile(path); err != nil || string(kept) != string(made) {
		t.Errorf("the secret was %q and is %q: %v", made, kept, err)
	}
}

func TestAConfiguredSecretIsUsed(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t, func(c *config.Config) { c.SessionSecret = strings.Repeat("가", 16) })
	minji := app.Member("민지")
	app.Restart()
	minji.Get("/").Want(http.StatusOK)
	beside, err := filepath.Glob(filepath.Join(filepath.Dir(strings.TrimPrefix(app.Config.DatabaseURL, "sqlite:")), "*.secret"))
	if err != nil || len(beside) > 0 {
		t.Errorf("besides the configured secret there is %v: %v", beside, err)
	}
	app.Stop()
	app.Config.SessionSecret = strings.Repeat("나", 16)
	app.Restart()
	minji.Get("/").Want(http.StatusSeeOther)
}

// A process without a database is alive, and is ready again when the database is
// back.
func TestReadyWhileTheDatabaseAnswers(t *testing.T) {
	t.Parallel()
	database := apptest.StartMariaDB(t, apptest.MariaDBOptions{})
	cfg := embedded(t)
	cfg.DatabaseURL, cfg.SessionSecret = database.Database(t), strings.Repeat("s", 32)
	l := launch(t, cfg)
	ready := func() bool { status, _ := fetch(t, l.url+"/readyz"); return status == http.StatusOK }
	eventually(t, "the server is ready", ready)
	database.Kill9()
	wantStatus(t, l.url+"/readyz", http.StatusServiceUnavailable)
	wantStatus(t, l.url+"/healthz", http.StatusOK)
	database.Restart(t)
	eventually(t, "the server is ready again", ready)
}

// The sweep deletes exactly the old files that are not in use, and deletes nothing
// in the folder of another database.
func TestSweepKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	uploads := app.Config.UploadsDir
	minji := app.Member("민지")
	minji.Upload("/posts", []apptest.File{
		{Field: "images", Name: "1.jpg", Content: mediatest.PhoneJPEG(800, 1000, 6)},
		{Field: "images", Name: "2.png", Content: mediatest.PNG(300, 200)},
		{Field: "images", Name: "3.gif", Content: mediatest.AnimatedGIF(2)},
	}, "content", "세 장").Want(http.StatusSeeOther)
	minji.Upload("/settings/profile", []apptest.File{{Field: "image", Name: "나.png", Content: mediatest.PNG(200, 200)}}).Want(http.StatusSeeOther)
	app.Stop()
	used := uploaded(t, uploads)
	if len(used) != 10 {
		t.Fatalf("three pictures with thumbnails, three sizes and a face are %d files: %v", len(used), used)
	}
	orphan, young, foreign := strings.Repeat("a", 32)+".jpg", strings.Repeat("b", 32)+".jpg", "읽어보세요.txt"
	for _, name := range []string{orphan, young, foreign} {
		if err := os.WriteFile(filepath.Join(uploads, name), mediatest.PNG(1, 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	makeOld(t, uploads, append(used, orphan, foreign)...)

	stranger := embedded(t)
	stranger.UploadsDir, stranger.Begin = uploads, true
	l := launch(t, stranger)
	eventually(t, "another database's uploads are left alone", func() bool { return strings.Contains(l.log.String(), "uploads not swept") })
	l.stop()
	if err := l.end(t); err != nil {
		t.Error(err)
	}
	wantFiles(t, uploads, append(used, orphan, young, foreign)...)

	own := launch(t, app.Config)
	eventually(t, "orphans are deleted", func() bool { return strings.Contains(own.log.String(), "orphaned uploads deleted") })
	wantFiles(t, uploads, append(used, young, foreign)...)
}

// uploaded returns the names of the images in a folder.
func uploaded(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") })
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := uploaded(t, dir); !slices.Equal(got, want) {
		t.Errorf("there are %v, want %v", got, want)
	}
}

// makeOld makes files older than orphanAge.
func makeOld(t *testing.T, dir string, names ...string) {
	t.Helper()
	old := time.Now().Add(-30 * 24 * time.Hour)
	for _, name := range names {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExpiredSessionsAreDeletedAtStart(t *testing.T) {
	t.Parallel()
	app := apptest.Start(t)
	minji, seojun := app.Member("민지"), app.Member("서준")
	app.Stop()
	raw, err := sql.Open("sqlite", strings.TrimPrefix(app.Config.DatabaseURL, "sqlite:")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	expired := time.Now().Add(-sns.SessionLife - time.Minute).UnixMicro()
	if _, err := raw.ExecContext(t.Context(), `UPDATE sessions SET seen_at = ? WHERE user_id = (SELECT id FROM users WHERE username = '민지')`, expired); err != nil {
		t.Fatal(err)
	}
	app.Restart()
	eventually(t, "one session is left", func() bool {
		n := 0
		err := raw.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM sessions").Scan(&n)
		return err == nil && n == 1
	})
	minji.Get("/").Want(http.StatusSeeOther)
	seojun.Get("/").Want(http.StatusOK)
}
