package db_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"

	"xxsns/app/apptest"
	"xxsns/db"
)

func TestMain(m *testing.M) { apptest.Main(m) }

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := fs.ReadDir(db.Migrations, folder)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]string, len(entries))
	for i, entry := range entries {
		all[i] = entry.Name()
	}
	return all
}

func TestBothDialectsHaveTheSameMigrations(t *testing.T) {
	mysql, sqlite := names(t, "mysql"), names(t, "sqlite")
	if !slices.Equal(mysql, sqlite) {
		t.Errorf("mysql has %v, sqlite has %v", mysql, sqlite)
	}
	for i, name := range mysql {
		if want := fmt.Sprintf("%05d_", i+1); !strings.HasPrefix(name, want) {
			t.Errorf("%s is the %d. file; it should begin with %s", name, i+1, want)
		}
	}
}

// MySQL commits after each change of a table: if the second statement of a file
// failed, the migration would be half done.
func TestEachMySQLMigrationIsOneStatement(t *testing.T) {
	for _, name := range names(t, "mysql") {
		text, err := fs.ReadFile(db.Migrations, "mysql/"+name)
		if err != nil {
			t.Fatal(err)
		}
		sections := regexp.MustCompile(`(?m)^-- \+goose (?:Up|Down)$`).Split(string(text), -1)
		if len(sections) != 3 || strings.TrimSpace(sections[0]) != "" {
			t.Errorf("%s has not one section Up and then one section Down", name)
			continue
		}
		for _, section := range sections[1:] {
			if n := strings.Count(section, ";"); n != 1 {
				t.Errorf("%s: %d statements in %q", name, n, section)
			}
		}
	}
}

const (
	sqliteTables = `SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' ORDER BY name`
	mysqlTables  = `SELECT table_name FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_name NOT LIKE 'goose%' ORDER BY table_name`
)

func TestSQLiteGoesUpAndDownAndUpAgain(t *testing.T) {
	conn, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "xxsns.db"))
	if err != nil {
		t.Fatal(err)
	}
	upAndDown(t, conn, goose.DialectSQLite3, "sqlite", sqliteTables)
}

func TestMariaDBGoesUpAndDownAndUpAgain(t *testing.T) {
	u, err := url.Parse(apptest.MariaDB(t))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := sql.Open("mysql", fmt.Sprintf("%s@tcp(%s)%s", u.User, u.Host, u.Path))
	if err != nil {
		t.Fatal(err)
	}
	upAndDown(t, conn, goose.DialectMySQL, "mysql", mysqlTables)
}

// upAndDown checks that each migration down undoes the migration up.
func upAndDown(t *testing.T, conn *sql.DB, dialect goose.Dialect, folder, tables string) {
	t.Helper()
	defer func() { _ = conn.Close() }()
	files, err := fs.Sub(db.Migrations, folder)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(dialect, conn, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	made := list(t, conn, tables)
	if !slices.Contains(made, "posts") || !slices.Contains(made, "likes") {
		t.Errorf("up made %v", made)
	}
	if _, err := provider.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if left := list(t, conn, tables); len(left) != 0 {
		t.Errorf("down left %v", left)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := list(t, conn, tables); !slices.Equal(again, made) {
		t.Errorf("up again made %v, want %v", again, made)
	}
}

func list(t *testing.T, conn *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
