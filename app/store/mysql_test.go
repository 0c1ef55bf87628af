package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
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
		"mysql://a/x?tls=maybe":        "takes no option after the question mark but tls=true, tls=skip-verify, tls=preferred",
		"mysql://a/x?tls":              "takes no option",
		"mysql://a/x?tls=true&tls=":    "takes no option",
		"mysql://a/x?tls=true&x=1":     "takes no option",
		"mysql://a/x?parseTime=true":   "takes no option",
		"mysql://a/x?%zz":              "takes no option",
	} {
		if _, err := store.Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "p%zz") {
			t.Errorf("%q: %v, want %q", url, err, words)
		}
	}
}

// The context has ended, so no connection is made.
func TestAddressOfMySQL(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for url, address := range map[string]string{
		"mysql://minji:secret@127.0.0.1/x":      "127.0.0.1:3306",
		"mysql://minji:secret@127.0.0.1:3307/x": "127.0.0.1:3307",
		"mysql://minji:secret@[::1]/x":          "[::1]:3306",
		"mysql://minji:secret@[::1]:3307/x":     "[::1]:3307",
		"mysql://minji:secret@[::1]/x?tls=true": "[::1]:3306",
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

// The store works again when the server is back.
func TestMariaDBComesBack(t *testing.T) {
	t.Parallel()
	server := apptest.StartMariaDB(t, apptest.MariaDBOptions{Durable: true})
	d := migrated(t, server.Database(t))
	minji := d.user(t, "민지")
	server.Kill9()
	if err := d.Ping(t.Context()); err == nil {
		t.Error("a killed server answers")
	}
	if _, err := d.CreateUser(t.Context(), newUser("서준")); !errors.Is(err, sns.ErrUnavailable) {
		t.Errorf("a killed server takes an account: %v", err)
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

// Every connection has the same settings, whatever the defaults of the server
// are.
func TestSettingsOfConnections(t *testing.T) {
	t.Parallel()
	d := migrated(t, apptest.MariaDB(t))
	isolation := "@@transaction_isolation"
	if d.rows(t, "(SELECT VERSION() AS v) server WHERE v LIKE '%MariaDB%'") == 1 {
		isolation = "@@tx_isolation"
	}
	for expression, want := range map[string]string{
		"@@character_set_client":                  "utf8mb4",
		"@@character_set_connection":              "utf8mb4",
		"@@character_set_results":                 "utf8mb4",
		"@@collation_connection":                  "utf8mb4_bin",
		"@@time_zone":                             "+00:00",
		"@@innodb_lock_wait_timeout":              "5",
		"@@lock_wait_timeout":                     "5",
		"@@autocommit":                            "1",
		isolation:                                 "REPEATABLE-READ",
		"@@sql_mode LIKE '%STRICT_ALL_TABLES%'":   "1",
		"@@sql_mode LIKE '%ONLY_FULL_GROUP_BY%'":  "1",
		"@@sql_mode LIKE '%ANSI_QUOTES%'":         "0",
		"@@sql_mode LIKE '%PAD_CHAR_TO_FULL_LE%'": "0",
		"_utf8mb4'a' = 'A'":                       "0",
		"'e\u0301' = '\u00e9'":                    "0",
		"'😀' = '😁'":                               "0",
	} {
		var got string
		if err := d.Pool().QueryRowContext(t.Context(), "SELECT "+expression).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", expression, got, err, want)
		}
	}
}

// Texts are equal only if their letters are, on every database.
func TestEqualityOfTexts(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		names := []string{"민지", "민지1", "a", "á", "b", "ß", "ss1", "ⓐ", "ａ1", "가", "각", "ㄱ"}
		ids := map[int64]string{}
		for _, name := range names {
			ids[d.user(t, name)] = name
		}
		for _, name := range names {
			if u, err := d.UserByName(t.Context(), name+" "); err != nil || ids[u.ID] != name {
				t.Errorf("%q is %q, %v", name, ids[u.ID], err)
			}
		}
	})
}

func TestSizeOfThePool(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		before, _ := d.Stats()
		d.SetPool(7)
		want := 7
		if d.Dialect() == "sqlite" {
			want = before.MaxOpenConnections
		}
		if after, _ := d.Stats(); after.MaxOpenConnections != want {
			t.Errorf("%d connections at most, want %d", after.MaxOpenConnections, want)
		}
		together(20, func(int) {
			if _, _, err := d.UsernameTaken(t.Context(), "민지", 0, noon); err != nil {
				t.Error(err)
			}
		})
	})
}
