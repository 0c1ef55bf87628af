package doctor_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/backup"
	"xxsns/app/config"
	"xxsns/app/doctor"
	"xxsns/app/seed"
	"xxsns/app/server"
	"xxsns/app/sns"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// A site is an installation of a test, in a folder of its own.
type site struct {
	t      *testing.T
	folder string
	cfg    config.Config
	exam   server.Examination
}

// complete sets what the tests of other packages leave out.
func complete(cfg *config.Config) {
	cfg.RoomBufferLines, cfg.RoomBufferMB, cfg.RedisFull, cfg.DatabasePool, cfg.RedisPool, cfg.Version = 20_000, 4, 80, 32, 8, "test"
}

// lives fills an installation whose server has stopped, and makes a backup.
func lives(t *testing.T, s *site) {
	t.Helper()
	size := seed.Size{Users: 12, Follows: 30, Posts: 40, Comments: 60, Likes: 90, Rooms: 5, Messages: 200, Images: true, Password: apptest.Password, Force: true}
	if _, err := server.Seed(t.Context(), s.cfg, size, func(int) {}); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(s.folder, "backups")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s.exam.Backups = []string{folder}
	file, err := os.Create(filepath.Join(folder, backup.DatedName(time.Now())))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Backup(t.Context(), s.cfg, "test", file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	s.exam.Fix = true // the seed leaves texts to the worker of searches
	s.finds("")
	s.exam.Fix = false
}

// embedded returns an installation of the embedded database, with a secret.
func embedded(t *testing.T) *site {
	t.Helper()
	app := apptest.Start(t, complete)
	app.AddUser("서준", sns.RoleAdmin)
	app.SignIn("서준")
	app.Stop()
	s := &site{t: t, folder: filepath.Dir(app.Config.UploadsDir), cfg: app.Config}
	lives(t, s)
	return s
}

// copied returns a copy of an embedded installation.
func (s *site) copied(t *testing.T) *site {
	t.Helper()
	c := &site{t: t, folder: t.TempDir(), cfg: s.cfg, exam: s.exam}
	if err := os.CopyFS(c.folder, os.DirFS(s.folder)); err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{c.path("db/xxsns.db"), c.path("db/session.secret")} {
		if err := os.Chmod(private, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.cfg.DatabaseURL, c.cfg.UploadsDir = "sqlite:"+c.path("db/xxsns.db"), c.path("uploads")
	c.exam.Backups = []string{c.path("backups")}
	return c
}

func (s *site) path(name string) string { return filepath.Join(s.folder, filepath.FromSlash(name)) }

// change changes the database behind the back of the program.
func (s *site) change(statements ...string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", s.path("db/xxsns.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		result, err := db.ExecContext(s.t.Context(), statement)
		if err != nil {
			s.t.Fatalf("%s: %v", statement, err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			s.t.Fatalf("%s: %d rows, %v", statement, n, err)
		}
	}
}

// text returns the first column of the first row of a query.
func (s *site) text(query string) (text string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", s.path("db/xxsns.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(s.t.Context(), query).Scan(&text); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return text
}

// write writes a file of the installation.
func (s *site) write(name, content string, mode os.FileMode) {
	s.t.Helper()
	if err := os.WriteFile(s.path(name), []byte(content), mode); err != nil {
		s.t.Fatal(err)
	}
	s.must(os.Chmod(s.path(name), mode))
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// examine returns the report of the doctor.
func (s *site) examine() doctor.Report {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Minute)
	defer cancel()
	r, err := server.Examine(ctx, s.cfg, s.exam)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// finds fails the test unless the doctor complains of one check alone, or of none if name is
// empty, and returns the report.
func (s *site) finds(name string) doctor.Report {
	s.t.Helper()
	r := s.examine()
	var found, said []string
	for _, result := range r.Results {
		for _, f := range result.Findings {
			found = append(found, result.Check)
			said = append(said, fmt.Sprintf("%s %s: %s (%s; %s)", f.Severity, result.Check, f.What, f.Why, f.Do))
			if f.What == "" || f.Why == "" || f.Do == "" {
				s.t.Errorf("%s says too little: %+v", result.Check, f)
			}
		}
	}
	want := []string{name}
	if name == "" {
		want = nil
	}
	if found = slices.Compact(found); !slices.Equal(found, want) {
		s.t.Errorf("the doctor complains of %q, want %q:\n%s", found, want, strings.Join(said, "\n"))
	}
	if wanted := name != ""; (r.Status() > 0) != wanted {
		s.t.Errorf("the status is %d, and something was found: %v", r.Status(), wanted)
	}
	return r
}

// mended returns the names of the checks whose findings were mended.
func mended(r doctor.Report) (names []string) {
	for _, result := range r.Results {
		if len(result.Mended) > 0 {
			names = append(names, result.Check)
		}
	}
	return names
}
