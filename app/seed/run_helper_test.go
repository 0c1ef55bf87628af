package seed_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/seed"
	"xxsns/app/server"
)

// A seeding is a database and a folder to fill, and a connection to read the rows.
type seeding struct {
	cfg config.Config
	raw *sql.DB
}

// onEach runs a test on an empty database of each kind.
func onEach(t *testing.T, test func(*testing.T, *seeding)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, onSQLite(t)) })
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		databaseURL := apptest.MariaDB(t)
		u, err := url.Parse(databaseURL)
		if err != nil {
			t.Fatal(err)
		}
		test(t, newSeeding(t, databaseURL, "mysql", fmt.Sprintf("%s@tcp(%s)%s", u.User, u.Host, u.Path)))
	})
}

func onSQLite(t *testing.T) *seeding {
	path := filepath.Join(t.TempDir(), "xxsns.db")
	return newSeeding(t, "sqlite:"+path, "sqlite", path)
}

func newSeeding(t *testing.T, databaseURL, driver, dsn string) *seeding {
	raw, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	zone := time.FixedZone("KST", 9*60*60)
	return &seeding{cfg: config.Config{DatabaseURL: databaseURL, UploadsDir: filepath.Join(t.TempDir(), "uploads"), RoomMaxLimit: 15, Zone: zone}, raw: raw}
}

// seed calls server.Seed and checks the progress.
func (s *seeding) seed(t *testing.T, size seed.Size) seed.Result {
	t.Helper()
	told := 0
	made, err := server.Seed(t.Context(), s.cfg, size, func(n int) {
		if n <= 0 {
			t.Errorf("progress by %d", n)
		}
		told += n
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := size.Users + size.Follows + size.Posts + size.Comments + size.Likes + size.Rooms + size.Messages; told != want {
		t.Errorf("progress adds up to %d, want %d", told, want)
	}
	return made
}

// number returns the number that a query selects.
func (s *seeding) number(t *testing.T, query string, args ...any) (n int64) {
	t.Helper()
	if err := s.raw.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// none fails if rows match, such as "likes WHERE user_id = 0".
func (s *seeding) none(t *testing.T, what, from string, args ...any) {
	t.Helper()
	if n := s.number(t, "SELECT COUNT(*) FROM "+from, args...); n > 0 {
		t.Errorf("%d %s", n, what)
	}
}

// texts returns the column that a query selects.
func (s *seeding) texts(t *testing.T, query string) (all []string) {
	t.Helper()
	rows, err := s.raw.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// countsFit fails if a post or bucket shows other counts than there are rows, or
// a row belongs to no post or no user.
func (s *seeding) countsFit(t *testing.T) {
	t.Helper()
	s.none(t, "posts show wrong counts", `posts p WHERE like_count <> (SELECT COUNT(*) FROM likes l WHERE l.post_id = p.id)
		OR comment_count <> (SELECT COUNT(*) FROM comments c WHERE c.post_id = p.id) OR version <> like_count + comment_count`)
	for _, table := range []string{"likes", "comments", "post_images"} {
		s.none(t, "rows of "+table+" without a post", table+" WHERE post_id NOT IN (SELECT id FROM posts)")
	}
	for _, table := range []string{"likes", "comments", "posts"} {
		s.none(t, "rows of "+table+" by nobody", table+" WHERE user_id NOT IN (SELECT id FROM users)")
	}
	s.none(t, "buckets show wrong counts", "buckets k WHERE post_count <> (SELECT COUNT(*) FROM posts p WHERE p.bucket_id = k.id)")
}

// fits fails if example data is inconsistent.
func (s *seeding) fits(t *testing.T) {
	t.Helper()
	s.countsFit(t)
	s.boardsFit(t)
	s.followsFit(t)
	s.roomsFit(t)
	names := s.texts(t, "SELECT name FROM post_images UNION ALL SELECT image FROM users WHERE image <> ''")
	stem := func(name string) string { return name[:strings.IndexAny(name, "-.")] }
	shown := map[string]bool{}
	for _, name := range names {
		shown[stem(name)] = true
	}
	files, err := os.ReadDir(s.cfg.UploadsDir)
	if err != nil && len(names) > 0 {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, file := range files {
		if there[file.Name()] = true; !shown[stem(file.Name())] {
			t.Errorf("nothing shows the file %s", file.Name())
		}
	}
	for _, name := range names {
		if !there[name] {
			t.Errorf("the image %s is not there", name)
		}
	}
}
