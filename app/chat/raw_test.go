package chat_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// raw opens the database of a world without the store.
func (w *world) raw(t testing.TB) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite", strings.TrimPrefix(w.url, "sqlite:")+"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=synchronous(full)"
	if strings.HasPrefix(w.url, "mysql:") {
		u, err := url.Parse(w.url)
		if err != nil {
			t.Fatal(err)
		}
		driver, dsn = "mysql", fmt.Sprintf("%s@tcp(%s)%s?interpolateParams=true&collation=utf8mb4_bin", u.User, u.Host, u.Path)
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// exec changes the database without the store.
func (w *world) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := w.raw(t).ExecContext(context.Background(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// endLease ends the lease of a settlement.
func (w *world) endLease(t testing.TB, room int64) {
	t.Helper()
	w.exec(t, "UPDATE end_rooms SET lease_until = 0 WHERE room_id = ?", room)
}
