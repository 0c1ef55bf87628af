package store_test

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
	"xxsns/app/apptest/await"
	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestMain(m *testing.M) {
	store.BePatient()
	if url := os.Getenv(toMigrate); url != "" {
		migrateAsAProcess(url)
	}
	apptest.Main(m)
}

// dialects are the databases on which each test of the suite runs, with a
// function that returns the URL of an empty database.
var dialects = []struct {
	name  string
	empty func(testing.TB) string
}{
	{"sqlite", sqliteFile},
	{"mariadb", apptest.MariaDB},
}

func sqliteFile(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "xxsns.db") }

// each runs a test on an empty, migrated database of each dialect.
func each(t *testing.T, test func(*testing.T, *database)) {
	t.Helper()
	for _, dialect := range dialects {
		t.Run(dialect.name, func(t *testing.T) {
			t.Parallel()
			test(t, migrated(t, dialect.empty(t)))
		})
	}
}

// patience, eventually and returns are those of all tests.
const patience = await.Patience

var eventually, returns = await.Until, await.Return

// noon is the time of most changes in these tests. It has microseconds.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 123456000, time.UTC)

// A database is a store with helpers for tests.
type database struct {
	*store.Store
	url string
	raw *sql.DB
}

// migrated migrates the empty database of a URL and opens it.
func migrated(t testing.TB, url string) *database {
	t.Helper()
	apptest.Migrate(t, url)
	return &database{Store: opened(t, url), url: url, raw: rawDatabase(t, url)}
}

// copied returns a copy of an SQLite database, which is faster than a
// migration.
func (d *database) copied(t testing.TB) *database {
	t.Helper()
	url := sqliteFile(t)
	d.run(t, "VACUUM INTO '"+strings.TrimPrefix(url, "sqlite:")+"'")
	return &database{Store: opened(t, url), url: url, raw: rawDatabase(t, url)}
}

// opened opens a database until the test ends.
func opened(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := stampOf.Load(url); ok {
		s.ShareStamp(m.(*stamp))
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

// rawDatabase opens the database of a URL without the store.
func rawDatabase(t testing.TB, raw string) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite", strings.TrimPrefix(raw, "sqlite:")
	if strings.HasPrefix(raw, "mysql:") {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		driver, dsn = "mysql", fmt.Sprintf("%s@tcp(%s)%s", u.User, u.Host, u.Path)
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// user makes an account and returns its id.
func (d *database) user(t testing.TB, name string) int64 {
	t.Helper()
	id, err := d.CreateUser(t.Context(), newUser(name))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func newUser(name string) store.NewUser {
	return store.NewUser{Username: name, Email: "someone@example.com", PasswordHash: "hash", Role: sns.RoleUser, CreatedAt: noon}
}

// users makes that many accounts and returns their ids.
func (d *database) users(t testing.TB, n int) []int64 {
	t.Helper()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = d.user(t, fmt.Sprintf("사람%d", i))
	}
	return ids
}

// newPost returns a post on the default board.
func (d *database) newPost(t testing.TB, author int64, content string) store.NewPost {
	t.Helper()
	board, err := d.BoardBySlug(t.Context(), sns.DefaultBoard)
	if err != nil {
		t.Fatal(err)
	}
	return store.NewPost{Author: author, Board: board.ID, Content: content, CreatedAt: noon}
}

// post makes a post and returns its id.
func (d *database) post(t testing.TB, author int64, content string) int64 {
	t.Helper()
	id, err := d.CreatePost(t.Context(), d.newPost(t, author, content))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// posts makes n posts by the authors in turn, and returns their ids, oldest
// first.
func (d *database) posts(t testing.TB, n int, authors ...int64) []int64 {
	t.Helper()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = d.post(t, authors[i%len(authors)], fmt.Sprintf("글 %d", i))
	}
	return ids
}

// comment makes a comment and returns its id.
func (d *database) comment(t testing.TB, post, author int64, content string) int64 {
	t.Helper()
	id, _, err := d.AddComment(t.Context(), store.NewComment{Post: post, Author: author, Content: content, CreatedAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// like makes a user like a post.
func (d *database) like(t testing.TB, post, user int64) {
	t.Helper()
	if _, _, err := d.SetLike(t.Context(), post, user, true, noon); err != nil {
		t.Fatal(err)
	}
}

// rows counts the rows that match, such as "likes WHERE post_id = ?".
func (d *database) rows(t testing.TB, from string, args ...any) (n int) {
	t.Helper()
	if err := d.raw.QueryRowContext(context.Background(), "SELECT COUNT(*) FROM "+from, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// counts returns the counts of a post.
func (d *database) counts(t testing.TB, post int64) sns.Counts {
	t.Helper()
	counts, err := d.Counts(t.Context(), 0, []int64{post})
	if err != nil || len(counts) != 1 {
		t.Fatalf("counts of post %d: %v, %v", post, counts, err)
	}
	return counts[0]
}

// room makes a room, in which the mentor has a seat, and returns the room's id.
func (d *database) room(t testing.TB, mentor int64, limit int) int64 {
	t.Helper()
	id, _, err := d.CreateRoom(t.Context(), store.NewRoom{Mentor: mentor, Name: "함께 읽기", UserLimit: limit, Buffer: "table", CreatedAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// endedRoom makes a room, ends it at noon, and returns the room's id.
func (d *database) endedRoom(t testing.TB, mentor int64) int64 {
	t.Helper()
	room := d.room(t, mentor, 5)
	if _, err := d.EndRoom(t.Context(), room, noon); err != nil {
		t.Fatal(err)
	}
	return room
}

// claim claims the settlement of a room for a minute.
func (d *database) claim(t testing.TB, room int64, token string) {
	t.Helper()
	if _, ok, err := d.ClaimSettlement(t.Context(), room, token, time.Minute); err != nil || !ok {
		t.Fatalf("claimed = %t, %v", ok, err)
	}
}

// enter gives a user a seat.
func (d *database) enter(t testing.TB, room, user int64) {
	t.Helper()
	if _, err := d.EnterRoom(t.Context(), room, user, noon); err != nil {
		t.Fatal(err)
	}
}

// found returns a room and the viewer's membership.
func (d *database) found(t testing.TB, room, viewer int64) (sns.Room, sns.Membership) {
	t.Helper()
	r, membership, err := d.Room(t.Context(), room, viewer)
	if err != nil {
		t.Fatal(err)
	}
	return r, membership
}

// seatsFit fails if the head count of a room differs from the number of active
// participants or exceeds the limit. It may be called during changes. It
// returns the head count.
func (d *database) seatsFit(t testing.TB, room int64) int {
	t.Helper()
	var counted, inside, limit int
	const query = `SELECT head_count, (SELECT COUNT(*) FROM participants p WHERE p.room_id = r.id AND p.active = 1), user_limit FROM rooms r WHERE r.id = ?`
	if err := d.raw.QueryRowContext(context.Background(), query, room).Scan(&counted, &inside, &limit); err != nil {
		t.Fatal(err)
	}
	if counted != inside || inside > limit {
		t.Errorf("%d of %d seats are counted, %d are inside", counted, limit, inside)
	}
	return inside
}

// end ends a room at noon.
func (d *database) end(t testing.TB, room int64) {
	t.Helper()
	if _, err := d.EndRoom(t.Context(), room, noon); err != nil {
		t.Fatal(err)
	}
}
