package apptest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"xxsns/app/store"
)

// newest is an SQLite file of the newest schema, with no rows but those of the
// migrations.
var newest = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "xxsns-schema-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "xxsns.db")
	if _, err := store.Migrate(context.Background(), "sqlite:"+path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Migrate brings the empty database of a URL to the newest schema. The database becomes a
// copy of one that was migrated before: a migration for each test would take a good part of
// the time of the whole suite.
func Migrate(tb testing.TB, url string) {
	tb.Helper()
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		if err := schemas.migrate(context.Background(), url); err != nil {
			tb.Fatal(err)
		}
		return
	}
	file, err := newest()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o750)
	}
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// migrateNew is Migrate for an SQLite database that does not exist yet.
func migrateNew(tb testing.TB, url string) {
	tb.Helper()
	path, ok := strings.CutPrefix(url, "sqlite:")
	if _, err := os.Stat(path); ok && os.IsNotExist(err) {
		Migrate(tb, url)
	}
}
