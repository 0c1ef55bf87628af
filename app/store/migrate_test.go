package store_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/store"
)

// toMigrate is the variable that makes the test program migrate the database of
// the given URL, print the number of migrations, and exit.
const toMigrate = "STORE_TEST_MIGRATE"

func migrateAsAProcess(url string) {
	n, err := store.Migrate(context.Background(), url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(n)
	os.Exit(0)
}

// together starts n functions at the same moment and waits for all.
func together(n int, do func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	wg.Wait()
}

// A process may die, or lose its connection, after it has made the table of versions and
// before the first row stands there.
func TestMigratingGoesOnFromAnEmptyTableOfVersions(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect.name, func(t *testing.T) {
			t.Parallel()
			url := dialect.empty(t)
			raw := rawDatabase(t, url)
			key := map[string]string{"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "mariadb": "SERIAL PRIMARY KEY"}[dialect.name]
			_, err := raw.ExecContext(t.Context(), `CREATE TABLE goose_db_version (id `+key+`, version_id BIGINT NOT NULL,
				is_applied BOOLEAN NOT NULL, tstamp TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP)`)
			if err != nil {
				t.Fatal(err)
			}
			if n, err := store.Migrate(t.Context(), url); err != nil || n < 30 {
				t.Errorf("%d migrations: %v", n, err)
			}
		})
	}
}

func TestMigratingAgainDoesNothing(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect.name, func(t *testing.T) {
			t.Parallel()
			url := dialect.empty(t)
			first, err := store.Migrate(t.Context(), url)
			if err != nil || first < 8 {
				t.Fatalf("%d migrations, %v", first, err)
			}
			d := &database{Store: opened(t, url), url: url}
			id := d.user(t, "민지")
			again, err := store.Migrate(t.Context(), url)
			if err != nil || again != 0 {
				t.Errorf("%d migrations again, %v", again, err)
			}
			if u, err := d.UserByName(t.Context(), "민지"); err != nil || u.ID != id {
				t.Errorf("then 민지 is %+v, %v", u, err)
			}
		})
	}
}

func TestProcessesMigrateAtTheSameMoment(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect.name, func(t *testing.T) {
			t.Parallel()
			processesMigrate(t, dialect.empty(t))
		})
	}
}

func processesMigrate(t *testing.T, url string) {
	const processes = 5
	var done [processes]int
	together(processes, func(i int) {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), toMigrate+"="+url)
		output, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%v: %s", err, output)
			return
		}
		if done[i], err = strconv.Atoi(strings.TrimSpace(string(output))); err != nil {
			t.Error(err)
		}
	})
	total := 0
	for _, n := range done {
		total += n
	}
	if all, err := store.Migrate(t.Context(), apptestTwin(t, url)); err != nil || total != all {
		t.Errorf("the processes ran %v migrations, want %d in all (%v)", done, all, err)
	}
}

// If a process dies during a migration, the next one waits until the lease runs
// out, and then finishes; no migration is left out or runs twice.
func TestNextOneMigratesAfterADeath(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]string{
		"before a table is made":     "CREATE TABLE IF NOT EXISTS posts (",
		"before it is noted as made": "VALUES (5, ",
		"before a table is changed":  "ALTER TABLE posts",
		"before that is noted":       "VALUES (22, ",
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); migratesAfterADeath(t, at) })
	}
}

// migratesAfterADeath kills a migrating process at a statement.
func migratesAfterADeath(t *testing.T, at string) {
	t.Helper()
	url := apptest.MariaDB(t)
	w, throughWire := startWire(t, url)
	w.set(func() { w.at, w.hang = at, true })
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), toMigrate+"="+throughWire)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the process comes so far", w.broke)
	_ = cmd.Process.Kill() // the process may have ended; Wait tells
	if err := cmd.Wait(); err == nil {
		t.Error("it was done")
	}
	var done int
	returns(t, "migrating", func() {
		var err error
		if done, err = store.Migrate(t.Context(), url); err != nil {
			t.Error(err)
		}
	})
	all, err := store.Migrate(t.Context(), apptest.MariaDB(t))
	if err != nil || done == 0 || done >= all {
		t.Errorf("%d of %d migrations were left, %v", done, all, err)
	}
	opened(t, url)
}

// apptestTwin returns the URL of an empty database of the same dialect.
func apptestTwin(t *testing.T, url string) string {
	if strings.HasPrefix(url, "sqlite:") {
		return sqliteFile(t)
	}
	return apptest.MariaDB(t)
}
