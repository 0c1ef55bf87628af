package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// Hints for the operator when the database file cannot be used.
const (
	saysInUse     = "is in use by another process"
	saysNoWriting = "cannot be written"
	saysDamaged   = "is damaged or is no SQLite database"
)

func wantToRead(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("got %v, want an error that says it %s", err, words)
	}
	if errors.Is(err, sns.ErrNotFound) || errors.Is(err, sns.ErrConflict) {
		t.Errorf("%v passes for an error of a person's", err)
	}
}

// open opens the database of a file and writes to it.
func open(t *testing.T, path string) error {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	_, err = s.CreateUser(t.Context(), newUser("서준"))
	return err
}

func TestFileThatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xxsns.db")
	text := []byte(strings.Repeat("장보기 목록: 우유, 달걀\n", 400))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	wantToRead(t, open(t, path), saysDamaged)
	if _, err := store.Migrate(t.Context(), "sqlite:"+path); err == nil {
		t.Error("it was migrated")
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(text) {
		t.Errorf("the file was changed, %v", err)
	}
}

func TestFileThatCannotBeOpened(t *testing.T) {
	folder := t.TempDir()
	wantToRead(t, open(t, folder), saysNoWriting) // the path is a folder
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wantToRead(t, open(t, filepath.Join(file, "xxsns.db")), "the database folder cannot be made")
}

func TestFileThatMayOnlyBeRead(t *testing.T) {
	path := closedDatabase(t)
	chmod(t, path, 0o444)
	asOrdinaryUser(t, func() { wantToRead(t, open(t, path), saysNoWriting) })
}

func TestFolderThatMayOnlyBeRead(t *testing.T) {
	path := closedDatabase(t)
	chmod(t, path, 0o666)
	chmod(t, filepath.Dir(path), 0o555)
	asOrdinaryUser(t, func() { wantToRead(t, open(t, path), saysNoWriting) })
	asOrdinaryUser(t, func() { wantToRead(t, open(t, filepath.Join(filepath.Dir(path), "new.db")), saysNoWriting) })
	chmod(t, filepath.Dir(path), 0o755) // so that the test can remove the folder
}

// closedDatabase makes a database in a folder that all users may read.
func closedDatabase(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "xxsns.db")
	if _, err := store.Migrate(t.Context(), "sqlite:"+path); err != nil {
		t.Fatal(err)
	}
	chmod(t, filepath.Dir(filepath.Dir(path)), 0o755)
	return path
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// asOrdinaryUser runs do without the privileges of root, who can write to
// read-only files.
func asOrdinaryUser(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked, so that the thread ends without its privileges
		defer close(done)
		if err := becomeNobody(); err != nil {
			done <- err
			return
		}
		do()
	}()
	if err := <-done; err != nil {
		t.Skipf("needs to put off the rights of root: %v", err)
	}
}

// waitsLong skips tests that wait until the store gives up waiting for another process, in
// short mode.
func waitsLong(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("waits for another process, which -short leaves out")
	}
	t.Parallel()
}

// lock locks the database like another process until the test ends.
func lock(t *testing.T, path string) {
	t.Helper()
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	other.SetMaxOpenConns(1)
	if _, err := other.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
}

func TestFileLockedByAnotherProcess(t *testing.T) {
	waitsLong(t)
	d := migrated(t, sqliteFile(t))
	minji := d.user(t, "민지")
	lock(t, strings.TrimPrefix(d.url, "sqlite:"))

	returns(t, "writing", func() {
		_, err := d.CreateUser(t.Context(), newUser("서준"))
		wantToRead(t, err, saysInUse)
	})
	returns(t, "reading", func() {
		if u, err := d.UserByName(t.Context(), "민지"); err != nil || u.ID != minji {
			t.Errorf("reading: %+v, %v", u, err)
		}
	})
}

// The file was made by another program, which holds a lock, and is not in WAL
// mode yet.
func TestNewFileLockedByAnotherProcess(t *testing.T) {
	waitsLong(t)
	path := filepath.Join(t.TempDir(), "xxsns.db")
	lock(t, path)
	returns(t, "opening", func() { wantToRead(t, open(t, path), saysInUse) })
}

func TestWriterWaitsForAnotherProcess(t *testing.T) {
	t.Parallel()
	d := migrated(t, sqliteFile(t))
	tx, err := d.raw.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "DELETE FROM likes"); err != nil {
		t.Fatal(err)
	}
	together(2, func(i int) {
		if i == 0 {
			d.user(t, "민지")
			return
		}
		eventually(t, "somebody writes", func() bool { writer, _ := d.Stats(); return writer.InUse > 0 })
		time.Sleep(100 * time.Millisecond) // so that the writer waits already
		_ = tx.Rollback()
	})
}

func TestReadersNeverWaitForTheWriter(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	minji := d.user(t, "민지")
	post := d.post(t, minji, "글")
	var mode string
	if err := d.raw.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("the journal mode is %q, %v, want wal", mode, err)
	}
	writer, err := d.raw.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writer.Rollback() }()
	if _, err := writer.ExecContext(t.Context(), "UPDATE posts SET content = 'half-way'"); err != nil {
		t.Fatal(err)
	}
	returns(t, "reading", func() {
		together(8, func(int) {
			posts, err := d.Timeline(t.Context(), sns.Timeline{Viewer: minji, Limit: 20})
			if err != nil || len(posts) != 1 || posts[0].ID != post || posts[0].Content != "글" {
				t.Errorf("got %+v, %v", posts, err)
			}
		})
	})
}

// The path becomes a part of the URI for SQLite.
func TestPathsOfEveryKind(t *testing.T) {
	for _, name := range []string{"이름 있는.db", "100%41.db", "a#b?c=d&e.db", "sub/folder/x.db", "a:b.db"} {
		path := filepath.Join(t.TempDir(), name)
		d := migrated(t, "sqlite:"+path)
		d.user(t, "민지")
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if d.Dialect() != "sqlite" {
			t.Errorf("%q: the dialect is %s", name, d.Dialect())
		}
	}
}

func TestRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := store.Migrate(t.Context(), "sqlite:db/local/xxsns.db"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("db/local/xxsns.db"); err != nil {
		t.Error(err)
	}
}
