package doctor_test

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xxsns/app/backup"
	"xxsns/app/doctor"
	"xxsns/app/store"
)

// A fault is something that is broken in an installation.
type fault struct {
	what   string
	check  string // that finds it
	says   string // a part of what the doctor says
	mends  bool   // whether --fix mends it
	damage func(*site)
}

// of returns a function that changes the database.
func of(statements ...string) func(*site) {
	return func(s *site) { s.change(statements...) }
}

const (
	goodPush = `INSERT INTO push_keys (one, public_key, private_key, created_at) VALUES (1,
		'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 1)`
	device = `INSERT INTO push_subscriptions (user_id, session_id, endpoint_hash, endpoint, public_key, secret, agent, lang, created_at, seen_at) VALUES (1, 'x', 'x', 'https://x', 'x', 'x', '', 'ko', 1, 1)`
)

var faults = []fault{
	{"a value that is not understood", "configuration", "ADDR: ", false, func(s *site) { s.exam.Misread = errors.New("ADDR: is no address") }},
	{"a value that is hardly meant", "configuration", "is meant", false, func(s *site) {
		s.exam.Warnings = []string{"DATABASE_ULR: is no variable of this program; DATABASE_URL is meant"}
	}},
	{"the secret is gone", "secret", "is missing", false, func(s *site) { s.must(os.Remove(s.path("db/session.secret"))) }},
	{"the secret is cut", "secret", "has 3 bytes", false, func(s *site) { s.write("db/session.secret", "abc", 0o600) }},
	{"others read the secret", "secret", "other users", false, func(s *site) { s.must(os.Chmod(s.path("db/session.secret"), 0o644)) }},
	{"another folder", "database", "there is no database", false, func(s *site) { s.cfg.DatabaseURL = "sqlite:" + s.path("none/x.db") }},
	{"no database", "database", "damaged or is no", false, func(s *site) { s.write("db/xxsns.db", strings.Repeat("something else ", 1000), 0o600) }},
	{"others read the database", "database", "other users", false, func(s *site) { s.must(os.Chmod(s.path("db/xxsns.db"), 0o640)) }},
	{"an empty file", "schema", "is empty", false, func(s *site) { s.write("db/xxsns.db", "", 0o600) }},
	{"half a restore", "schema", "not finished", false, func(s *site) { s.restores() }},
	{"an old schema", "schema", "needs", false, of(`DELETE FROM goose_db_version WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version)`)},
	{"a new schema", "schema", "knows schemas up to", false, of(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)},
	{"a page of zeros", "database-file", "is damaged", false, (*site).damages},
	{"a clock that was wrong", "clock", "is to come", false, of(`UPDATE comments SET created_at = 4000000000000000 WHERE id = (SELECT MAX(id) FROM comments)`)},
	{"Redis is down", "redis", "does not answer", false, func(s *site) { s.cfg.RedisURL = "redis://127.0.0.1:1" }},
	{"no uploads", "uploads", "no folder", false, func(s *site) { s.cfg.UploadsDir = s.path("none") }},
	{"a file in the place of the uploads", "uploads", "cannot be", false, func(s *site) { s.write("file", "", 0o600); s.cfg.UploadsDir = s.path("file") }},
	{"uploads of others", "uploads", "another community", false, func(s *site) { s.write("uploads/.owner", "somebody else\n", 0o600) }},
	{"likes", "likes", "2 posts", true, of(`UPDATE posts SET like_count = like_count + 1 WHERE id < 3`)},
	{"comments", "comments", "1 post shows", true, of(`UPDATE posts SET comment_count = comment_count + 1 WHERE id = 3`)},
	{"followers", "followers", "1 member", true, of(`UPDATE users SET follower_count = follower_count + 7 WHERE id = 2`)},
	{"following", "following", "1 member", true, of(`UPDATE users SET following_count = 99 WHERE id = 2`)},
	{"seats", "seats", "open room", true, of(`UPDATE rooms SET head_count = head_count + 1 WHERE ended_at IS NULL`)},
	{"buckets", "boards", "1 filter", true, of(`INSERT INTO buckets (board_id, area, options, post_count) VALUES (1, '', '999', 3)`)},
	{"a text is not in the index", "search", "1 text", true, of(`DELETE FROM search_posts WHERE rowid = (SELECT MAX(id) FROM posts)`)},
	{"a text of the index is gone", "search", "1 text", true, of(`INSERT INTO search_comments (rowid, grams) VALUES (999999, '1a 2b')`)},
	{"a name is not searched", "search", "1 text", true, of(`UPDATE users SET search = '' WHERE id = 2`)},
	{"texts wait", "search-rest", "150 texts wait", true, of(`INSERT INTO search_waits (kind, doc, old_text)
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) SELECT 1, 1, '' FROM n`)},
	{"badges", "notices", "1 inbox", true, of(`INSERT OR REPLACE INTO inboxes (user_id, unread, news, version) VALUES (1, 3, 0, 9)`)},
	{"marks", "read-marks", "1 mark", true, of(`INSERT OR REPLACE INTO room_reads (user_id, room_id, seq) SELECT 1, MIN(room_id), 999999 FROM end_rooms WHERE executed_at > 0`)},
	{"a room is not saved", "rooms", "the disk was full", false, of(`UPDATE end_rooms SET executed_at = NULL, last_error = 'the disk was full', ended_at = 1 WHERE room_id = (SELECT MIN(room_id) FROM end_rooms)`)},
	{"rooms in Redis", "room-buffers", "REDIS_URL is not set", false, of(`UPDATE rooms SET buffer = 'redis' WHERE ended_at IS NULL`)},
	{"a full buffer", "room-buffers", "ROOM_BUFFER_LINES", false, of(`UPDATE buffers SET line_count = 50000 WHERE room_id = (SELECT MIN(id) FROM rooms WHERE ended_at IS NULL)`)},
	{"people are not told", "deeds", "1 deed", false, of(`INSERT INTO untold_deeds (kind, thing_id, deed_id, told_to, created_at) VALUES ('follow', 1, 1, 0, 1)`)},
	{"something is left", "erasures", "1 deleted account", false, of(`INSERT INTO erasures (user_id, asked_at, due_at) VALUES (2, 1, 1)`)},
	{"nobody decides", "administrators", "no administrator", false, of(`UPDATE users SET role = 'USER' WHERE role = 'ADMIN'`)},
	{"a picture of nobody", "orphans", "1 file", true, (*site).orphans},
	{"a picture is missing", "pictures", "1 picture is", false, func(s *site) {
		s.must(os.Remove(s.path("uploads/" + s.text(`SELECT name FROM post_images ORDER BY name`))))
	}},
	{"no backup", "backup", "no backup", false, func(s *site) { s.must(os.RemoveAll(s.path("backups"))) }},
	{"an old backup", "backup", "30 days old", false, func(s *site) { s.backs(time.Now().AddDate(0, 0, -30), s.text(`SELECT id FROM site`)) }},
	{"an old backup elsewhere", "backup", "made elsewhere, is 30 days old", false, func(s *site) {
		s.must(os.RemoveAll(s.path("backups")))
		s.write("uploads/.backup", time.Now().AddDate(0, 0, -30).Format(time.RFC3339), 0o600)
	}},
	{"a backup of others", "backup", "no backup", false, func(s *site) { s.backs(time.Now(), "somebody else") }},
	{"a damaged backup", "backup", "damaged", false, (*site).flips},
	{"half a backup", "backup", "not finished", false, func(s *site) {
		s.write("backups/x.tar"+backup.Unfinished, "half", 0o600)
		s.ages("backups/x.tar" + backup.Unfinished)
	}},
	{"no mail server", "mail", "does not take us", false, func(s *site) { s.cfg.SMTPURL, s.cfg.MailFrom = "smtp://127.0.0.1:1", "sns@example.org" }},
	{"mails wait", "mail-queue", "1 mail waits", false, of(`INSERT INTO mails (user_id, kind, recipient, created_at, due_at) VALUES (1, 'forgot', 'x@example.com', 1, 1)`)},
	{"broken keys", "push", "unreadable", false, of(`INSERT INTO push_keys (one, public_key, private_key, created_at) VALUES (1, 'x', 'y', 1)`)},
	{"keys are gone", "push", "are gone", false, of(device)},
	{"no address of the community", "push", "no https", false, of(goodPush, device)},
	{"another program", "server", "not ready", false, (*site).occupies},
}

// TestEachFaultIsFound breaks a sound installation in one way after another. The doctor names
// what is broken, complains of nothing else, and mends what can be mended.
func TestEachFaultIsFound(t *testing.T) {
	t.Parallel()
	sound := embedded(t)
	sound.finds("")
	for _, f := range faults {
		t.Run(strings.ReplaceAll(f.what, " ", "-"), func(t *testing.T) {
			s := sound.copied(t)
			f.damage(s)
			s.says(s.finds(f.check), f.says)
			s.exam.Fix = true
			if !f.mends {
				s.finds(f.check)
				return
			}
			if names := mended(s.finds("")); !slices.Equal(names, []string{f.check}) {
				t.Errorf("%q were mended, want %s alone", names, f.check)
			}
			s.exam.Fix = false
			s.finds("")
		})
	}
}

// says fails the test unless a report has a part.
func (s *site) says(r doctor.Report, part string) {
	s.t.Helper()
	var b strings.Builder
	if err := r.Text(&b); err != nil || !strings.Contains(b.String(), part) {
		s.t.Errorf("the report does not say %q, %v:\n%s", part, err, b.String())
	}
}

// restores leaves a database as a restore that was killed.
func (s *site) restores() {
	s.t.Helper()
	r, err := store.BeginRestore(s.t.Context(), s.cfg.DatabaseURL, store.NewestSchema(), true, func(bool) error { return nil })
	s.must(err)
	r.Close()
}

// damages overwrites the first page of an index.
func (s *site) damages() {
	s.t.Helper()
	page, err := strconv.ParseInt(s.text(`SELECT rootpage FROM sqlite_master WHERE name = 'likes_user'`), 10, 64)
	s.must(err)
	file, err := os.OpenFile(s.path("db/xxsns.db"), os.O_WRONLY, 0)
	s.must(err)
	const size = 4096
	_, err = file.WriteAt(make([]byte, size), (page-1)*size)
	s.must(errors.Join(err, file.Close()))
}

// orphans leaves an old picture that nobody shows, and a new one, which may still be wanted.
func (s *site) orphans() {
	s.t.Helper()
	name := s.text(`SELECT name FROM post_images ORDER BY name`)
	content, err := os.ReadFile(s.path("uploads/" + name))
	s.must(err)
	for i, other := range []string{"uploads/" + strings.Repeat("a", 32) + filepath.Ext(name), "uploads/" + strings.Repeat("b", 32) + filepath.Ext(name)} {
		s.write(other, string(content), 0o644)
		if i == 0 {
			s.ages(other)
		}
	}
	s.t.Cleanup(func() {
		if _, err := os.Stat(s.path("uploads/" + strings.Repeat("b", 32) + filepath.Ext(name))); err != nil {
			s.t.Error("a new picture was deleted: ", err)
		}
	})
}

// ages makes a file as old as one that nobody waits for.
func (s *site) ages(name string) {
	s.t.Helper()
	old := time.Now().Add(-25 * time.Hour)
	s.must(os.Chtimes(s.path(name), old, old))
}

// backs replaces the backups by an empty one.
func (s *site) backs(at time.Time, community string) {
	s.t.Helper()
	s.must(os.RemoveAll(s.path("backups")))
	s.must(os.Mkdir(s.path("backups"), 0o700))
	file, err := os.Create(s.path("backups/x.tar"))
	s.must(err)
	w, err := backup.NewWriter(file, backup.Header{Program: "test", Schema: store.NewestSchema(), MadeAt: at, Site: community})
	s.must(err)
	w.Manifest()
	s.must(errors.Join(w.Close(), file.Close()))
}

// flips changes a byte of the backup.
func (s *site) flips() {
	s.t.Helper()
	s.must(filepath.WalkDir(s.path("backups"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		content[len(content)/2]++
		return os.WriteFile(path, content, 0o600)
	}))
}

// occupies lets another program have the port of the server.
func (s *site) occupies() {
	other := httptest.NewServer(http.NotFoundHandler())
	s.t.Cleanup(other.Close)
	s.cfg.Addr = other.Listener.Addr().String()
}
