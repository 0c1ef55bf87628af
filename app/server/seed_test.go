package server_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/media"
	"xxsns/app/server"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// A seeding is an empty database and folder to fill, and a way to look at them.
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
	return &seeding{cfg: config.Config{DatabaseURL: databaseURL, UploadsDir: filepath.Join(t.TempDir(), "uploads"), Zone: zone}, raw: raw}
}

// seed seeds and checks what was told meanwhile.
func (s *seeding) seed(t *testing.T, size server.SeedSize) server.SeedResult {
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
	if want := size.Users + size.Posts + size.Comments + size.Likes; told != want {
		t.Errorf("progress adds up to %d, want %d", told, want)
	}
	return made
}

// number reads one number.
func (s *seeding) number(t *testing.T, query string, args ...any) (n int64) {
	t.Helper()
	if err := s.raw.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// none fails when rows match, such as "likes WHERE user_id = 0".
func (s *seeding) none(t *testing.T, what, from string, args ...any) {
	t.Helper()
	if n := s.number(t, "SELECT COUNT(*) FROM "+from, args...); n > 0 {
		t.Errorf("%d %s", n, what)
	}
}

// texts reads a column of texts.
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

// fits fails when something shown does not fit what is there.
func (s *seeding) fits(t *testing.T) {
	t.Helper()
	s.none(t, "posts show wrong counts", `posts p WHERE like_count <> (SELECT COUNT(*) FROM likes l WHERE l.post_id = p.id)
		OR comment_count <> (SELECT COUNT(*) FROM comments c WHERE c.post_id = p.id) OR version <> like_count + comment_count`)
	for _, table := range []string{"likes", "comments", "post_images"} {
		s.none(t, "rows of "+table+" without a post", table+" WHERE post_id NOT IN (SELECT id FROM posts)")
	}
	for _, table := range []string{"likes", "comments", "posts"} {
		s.none(t, "rows of "+table+" by nobody", table+" WHERE user_id NOT IN (SELECT id FROM users)")
	}
	names := s.texts(t, "SELECT name FROM post_images UNION ALL SELECT image FROM users WHERE image <> ''")
	shown := map[string]bool{}
	for _, name := range names {
		shown[name], shown[media.Thumb(name)] = true, true
	}
	files, err := os.ReadDir(s.cfg.UploadsDir)
	if err != nil && len(names) > 0 {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, file := range files {
		if there[file.Name()] = true; !shown[file.Name()] {
			t.Errorf("nothing shows the file %s", file.Name())
		}
	}
	for _, name := range names {
		if !there[name] {
			t.Errorf("the image %s is not there", name)
		}
	}
}

const password = "password"

func TestSeedMakesWhatIsAskedFor(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		start := time.Now()
		made := s.seed(t, server.SeedSize{Users: 40, Posts: 1200, Comments: 3000, Likes: 9000, Password: password})
		if want := (server.SeedResult{Users: 40, Posts: 1200, Comments: 3000, Likes: 9000, Somebody: made.Somebody}); made != want {
			t.Errorf("made %+v, want %+v", made, want)
		}
		for table, want := range map[string]int64{"users": 40, "posts": 1200, "comments": 3000, "likes": 9000, "post_images": 0} {
			if n := s.number(t, "SELECT COUNT(*) FROM "+table); n != want {
				t.Errorf("%d %s, want %d", n, table, want)
			}
		}
		s.fits(t)
		s.inOrder(t, start)
		if most, all := s.number(t, "SELECT MAX(like_count) FROM posts"), s.number(t, "SELECT COUNT(*) FROM posts WHERE like_count > 8"); most < 25 || all > 500 {
			t.Errorf("the most popular post has %d likes, and %d have more than 8", most, all)
		}
	})
}

// inOrder checks what happened when.
func (s *seeding) inOrder(t *testing.T, start time.Time) {
	t.Helper()
	now := time.Now()
	oldest, newest := s.number(t, "SELECT MIN(created_at) FROM posts"), s.number(t, "SELECT MAX(created_at) FROM posts")
	if age := start.Sub(time.UnixMicro(oldest)); age < 80*24*time.Hour || age > 91*24*time.Hour {
		t.Errorf("the oldest post is %v old", age)
	}
	if age := now.Sub(time.UnixMicro(newest)); age < time.Minute || age > 10*time.Minute {
		t.Errorf("the newest post is %v old", age)
	}
	for _, table := range []string{"posts", "users"} {
		s.none(t, table+" are older than the one before", table+" a JOIN "+table+" b ON b.id = a.id + 1 WHERE b.created_at < a.created_at")
	}
	s.none(t, "posts are older than their authors", "posts p JOIN users u ON u.id = p.user_id WHERE p.created_at < u.created_at")
	for _, table := range []string{"comments", "likes"} {
		s.none(t, table+" are older than their posts", table+" c JOIN posts p ON p.id = c.post_id WHERE c.created_at < p.created_at")
		s.none(t, table+" are of the future", table+" WHERE created_at > ?", now.UnixMicro())
	}
	s.none(t, "comments under a post are older than the one before",
		"comments a JOIN comments b ON b.post_id = a.post_id AND b.id > a.id WHERE b.created_at < a.created_at")
}

func TestSeededPeopleMaySignInAndAreNoAdministrators(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		made := s.seed(t, server.SeedSize{Users: 300, Password: "비밀번호는여덟자"})
		db, err := store.Open(t.Context(), s.cfg.DatabaseURL)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		_, hash, err := db.Credentials(t.Context(), made.Somebody)
		if err == nil {
			err = sns.CheckPassword(t.Context(), "비밀번호는여덟자", hash)
		}
		if err != nil {
			t.Errorf("signing in as %q: %v", made.Somebody, err)
		}
		for _, name := range s.texts(t, "SELECT username FROM users") {
			if clean, p := sns.Username(name); p != nil || clean != name {
				t.Errorf("username %q: %v", name, p)
			}
		}
		roles := map[string]int{}
		for _, role := range s.texts(t, "SELECT role FROM users") {
			roles[role]++
		}
		if roles["MENTOR"] == 0 || roles["MENTOR"] > 30 || roles["MENTOR"]+roles["USER"] != 300 {
			t.Errorf("roles %v", roles)
		}
		if silent := s.number(t, "SELECT COUNT(*) FROM users WHERE status_message = ''"); silent == 0 || silent > 150 {
			t.Errorf("%d of 300 have no status message", silent)
		}
	})
}

// contents are the rows of all tables up to given ids.
func (s *seeding) contents(t *testing.T, user, post, comment int64) string {
	t.Helper()
	var all []string
	for _, query := range []string{
		fmt.Sprintf("SELECT CONCAT(id, ' ', username, ' ', password_hash, ' ', role, ' ', image, ' ', status_message) FROM users WHERE id <= %d ORDER BY id", user),
		fmt.Sprintf("SELECT CONCAT(id, ' ', content, ' ', like_count, ' ', comment_count, ' ', version) FROM posts WHERE id <= %d ORDER BY id", post),
		fmt.Sprintf("SELECT CONCAT(id, ' ', post_id, ' ', content) FROM comments WHERE id <= %d ORDER BY id", comment),
		fmt.Sprintf("SELECT CONCAT(post_id, ' ', user_id) FROM likes WHERE post_id <= %d ORDER BY post_id, user_id", post),
	} {
		all = append(all, s.texts(t, query)...)
	}
	return strings.Join(all, "\n")
}

func TestSeedingAgainAddsAndTouchesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		size := server.SeedSize{Users: 120, Posts: 60, Comments: 100, Likes: 200, Password: password}
		first := s.seed(t, size)
		user, post, comment := s.number(t, "SELECT MAX(id) FROM users"), s.number(t, "SELECT MAX(id) FROM posts"), s.number(t, "SELECT MAX(id) FROM comments")
		before := s.contents(t, user, post, comment)
		second := s.seed(t, size)
		if after := s.contents(t, user, post, comment); after != before {
			t.Error("what was there has changed")
		}
		if first.Somebody == second.Somebody {
			t.Errorf("%s was made twice", first.Somebody)
		}
		for table, want := range map[string]int64{"users": 240, "posts": 120, "comments": 200, "likes": 400} {
			if n := s.number(t, "SELECT COUNT(*) FROM "+table); n != want {
				t.Errorf("%d %s, want %d", n, table, want)
			}
		}
		s.none(t, "likes of new people on old posts", fmt.Sprintf("likes WHERE (user_id > %d) <> (post_id > %d)", user, post))
		s.none(t, "posts are said to be edited", "posts WHERE edited_at IS NOT NULL")
		s.fits(t)
	})
}

func TestSeedDrawsPicturesThatAreDescribed(t *testing.T) {
	s := onSQLite(t)
	s.seed(t, server.SeedSize{Users: 6, Posts: 14, Comments: 10, Likes: 20, Images: true, Password: password})
	s.fits(t)
	if n := s.number(t, "SELECT COUNT(DISTINCT post_id) FROM post_images"); n != 3 {
		t.Errorf("%d posts have pictures, want 3", n)
	}
	if n := s.number(t, "SELECT COUNT(*) FROM users WHERE image <> ''"); n != 2 {
		t.Errorf("%d people have a profile image, want 2", n)
	}
	s.none(t, "pictures of a wrong size or position", "post_images WHERE width < 600 OR height < 600 OR position NOT BETWEEN 0 AND 3")
	for _, alt := range s.texts(t, "SELECT alt FROM post_images") {
		if clean, p := sns.Alt(alt); p != nil || clean != alt || len(alt) < 20 {
			t.Errorf("alt text %q: %v", alt, p)
		}
	}
}

func TestSeedGivenUpLeavesWhatFits(t *testing.T) {
	onEach(t, func(t *testing.T, s *seeding) {
		for round := range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			calls := 0
			var at time.Time
			made, err := server.Seed(ctx, s.cfg, server.SeedSize{Users: 10, Posts: 4000, Comments: 20_000, Likes: 20_000, Password: password}, func(int) {
				if calls++; calls == 2+round {
					at = time.Now()
					time.AfterFunc(time.Duration(round)*15*time.Millisecond, cancel)
				}
			})
			took := time.Since(at)
			cancel()
			if !errors.Is(err, context.Canceled) || made.Posts == 0 || made.Posts == 4000 {
				t.Errorf("round %d: %+v, %v", round, made, err)
			}
			if took > 3*time.Second {
				t.Errorf("round %d: it took %v to stop", round, took)
			}
			s.fits(t)
		}
	})
}

func TestSeedGivenUpWhileDrawingLeavesNoFiles(t *testing.T) {
	s := onSQLite(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls := 0
	_, err := server.Seed(ctx, s.cfg, server.SeedSize{Users: 3, Posts: 40, Images: true, Password: password}, func(int) {
		if calls++; calls == 2 {
			time.AfterFunc(150*time.Millisecond, cancel)
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	s.fits(t)
}

func TestSeedThatCannotWriteDeletesItsFiles(t *testing.T) {
	s := onSQLite(t)
	size := server.SeedSize{Users: 1, Posts: 2, Likes: 1, Password: password}
	s.seed(t, size)
	if _, err := s.raw.ExecContext(t.Context(), "ALTER TABLE likes RENAME TO hidden"); err != nil {
		t.Fatal(err)
	}
	size.Images = true
	if made, err := server.Seed(t.Context(), s.cfg, size, func(int) {}); err == nil || made.Users != 1 || made.Posts != 0 {
		t.Errorf("%+v, %v", made, err)
	}
	if n := s.number(t, "SELECT COUNT(*) FROM posts"); n != 2 {
		t.Errorf("%d posts, want the 2 before", n)
	}
	if files, err := os.ReadDir(s.cfg.UploadsDir); err != nil || len(files) != 1 { // the profile image
		t.Errorf("files %v, %v", files, err)
	}
}

func TestSeedMakesWhatIsPossible(t *testing.T) {
	s := onSQLite(t)
	for _, c := range []struct {
		size server.SeedSize
		want server.SeedResult
	}{
		{server.SeedSize{Users: 3, Comments: 5, Likes: 5}, server.SeedResult{Users: 3}},
		{server.SeedSize{Users: 3, Posts: 4, Likes: 100}, server.SeedResult{Users: 3, Posts: 4, Likes: 12}},
		{server.SeedSize{Users: 1, Posts: 1, Comments: 1200, Likes: 1}, server.SeedResult{Users: 1, Posts: 1, Comments: 1200, Likes: 1}},
	} {
		c.size.Password = password
		made := s.seed(t, c.size)
		if c.want.Somebody = made.Somebody; made != c.want {
			t.Errorf("of %+v, %+v was made, want %+v", c.size, made, c.want)
		}
		s.fits(t)
	}
}

func TestSeedRefusesWhatMakesNoSense(t *testing.T) {
	s := onSQLite(t)
	for _, size := range []server.SeedSize{
		{Posts: 1, Password: password},
		{Users: 1, Posts: -1, Password: password},
		{Users: 1, Password: "short"},
	} {
		if made, err := server.Seed(t.Context(), s.cfg, size, func(int) {}); err == nil || made != (server.SeedResult{}) {
			t.Errorf("%+v: %+v, %v", size, made, err)
		}
	}
	if _, err := os.Stat(strings.TrimPrefix(s.cfg.DatabaseURL, "sqlite:")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the database was made for nothing: %v", err)
	}
}
