package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

func TestURLsOfNoDatabase(t *testing.T) {
	for url, words := range map[string]string{
		"":                             "must start with sqlite: or mysql://",
		"postgres://localhost/x":       "must start with sqlite: or mysql://",
		"mysql://localhost":            "names no host or no database",
		"mysql:///name":                "names no host or no database",
		"mysql://minji:p%zz@localhost": "is not of the form mysql://user:password@host:port/name",
		"mysql://a b/x":                "is not of the form mysql://user:password@host:port/name",
	} {
		if _, err := store.Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "p%zz") {
			t.Errorf("%q: %v, want %q", url, err, words)
		}
	}
}

// The context has ended, so that nobody is called.
func TestAddressOfMySQL(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for url, address := range map[string]string{
		"mysql://minji:secret@127.0.0.1/x":      "127.0.0.1:3306",
		"mysql://minji:secret@127.0.0.1:3307/x": "127.0.0.1:3307",
		"mysql://minji:secret@[::1]/x":          "[::1]:3306",
		"mysql://minji:secret@[::1]:3307/x":     "[::1]:3307",
	} {
		_, err := store.Open(ctx, url)
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "the database at "+address+" does not answer") {
			t.Errorf("%q: %v, want %s", url, err, address)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the password stands in %v", url, err)
		}
	}
}

func TestMySQLThatIsAwayOrRefuses(t *testing.T) {
	if _, err := store.Open(t.Context(), "mysql://minji:secret@127.0.0.1:1/x"); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("nobody there: %v", err)
	}
	wrong := strings.Replace(apptest.MariaDB(t), ":secret@", ":wrong-word@", 1)
	if _, err := store.Open(t.Context(), wrong); err == nil || strings.Contains(err.Error(), "wrong-word") {
		t.Errorf("the wrong password: %v", err)
	}
}

// After the server came back, so does the store.
func TestMariaDBComesBack(t *testing.T) {
	t.Parallel()
	server := apptest.StartMariaDB(t, apptest.MariaDBOptions{Durable: true})
	d := migrated(t, server.Database(t))
	minji := d.user(t, "민지")
	server.Kill9()
	if err := d.Ping(t.Context()); err == nil {
		t.Error("a killed server answers")
	}
	if _, err := d.CreateUser(t.Context(), newUser("서준")); err == nil {
		t.Error("a killed server takes an account")
	}
	server.Restart(t)
	if err := d.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if u, err := d.UserByName(t.Context(), "민지"); err != nil || u.ID != minji {
		t.Errorf("what was answered is %+v, %v", u, err)
	}
	d.user(t, "서준")
}
