package apptest

import (
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
)

// open connects to a DATABASE_URL.
func open(t testing.TB, databaseURL string) *sql.DB {
	t.Helper()
	db, err := openMySQL(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func mustExec(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func count(t testing.TB, db *sql.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestMariaDBIsFreshForEachCaller(t *testing.T) {
	minji, seojun := open(t, MariaDB(t)), open(t, MariaDB(t))
	mustExec(t, minji, "CREATE TABLE words (word VARCHAR(10))")
	const tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"
	if n := count(t, minji, tables); n != 1 {
		t.Errorf("%d tables where one was made", n)
	}
	if n := count(t, seojun, tables); n != 0 {
		t.Errorf("%d tables in a fresh database", n)
	}
}

func TestMariaDBIsStrictAndKeepsEmoji(t *testing.T) {
	db := open(t, MariaDB(t))
	mustExec(t, db, "CREATE TABLE words (word VARCHAR(10))")
	mustExec(t, db, "INSERT INTO words VALUES (?)", "안녕 👋🏽")
	if n := count(t, db, "SELECT COUNT(*) FROM words WHERE word = ?", "안녕 👋🏽"); n != 1 {
		t.Errorf("found the word %d times", n)
	}
	_, err := db.ExecContext(t.Context(), "INSERT INTO words VALUES (?)", strings.Repeat("가", 11))
	var problem *mysql.MySQLError
	if !errors.As(err, &problem) || problem.Number != 1406 {
		t.Errorf("a word that is too long gives %v, want error 1406", err)
	}
}

func TestMariaDBDropsWithTheTest(t *testing.T) {
	var name string
	t.Run("its test", func(t *testing.T) {
		u, err := url.Parse(MariaDB(t))
		if err != nil {
			t.Fatal(err)
		}
		name = strings.TrimPrefix(u.Path, "/")
	})
	db := open(t, MariaDB(t))
	if n := count(t, db, "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = ?", name); n != 0 {
		t.Errorf("%s is still there", name)
	}
}

func TestMariaDBSurvivesKill9(t *testing.T) {
	server := StartMariaDB(t, MariaDBOptions{Durable: true})
	db := open(t, server.Database(t))
	mustExec(t, db, "CREATE TABLE words (word VARCHAR(10))")
	mustExec(t, db, "INSERT INTO words VALUES ('하늘')")

	server.Kill9()
	if err := db.PingContext(t.Context()); err == nil {
		t.Error("a killed server answers")
	}
	start := time.Now()
	server.Restart(t)
	t.Logf("restarted in %v", time.Since(start))
	if n := count(t, db, "SELECT COUNT(*) FROM words"); n != 1 {
		t.Errorf("%d rows after the crash, want 1", n)
	}
}
