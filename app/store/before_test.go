package store_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xxsns/app/store"
)

// Before its schema changes, an embedded database is copied; the last three copies stay.
func TestADatabaseIsKeptBeforeItsSchemaChanges(t *testing.T) {
	url := sqliteFile(t)
	if _, kept, err := store.MigrateKeeping(t.Context(), url, nil); kept != "" || err != nil {
		t.Errorf("a new database is kept as %q, %v", kept, err)
	}
	url = sqliteFile(t)
	path := strings.TrimPrefix(url, "sqlite:")
	if err := store.MigrateTo(t.Context(), url, 89); err != nil {
		t.Fatal(err)
	}
	raw := rawDatabase(t, url)
	if _, err := raw.ExecContext(t.Context(), `INSERT INTO mutes (user_id, post_id) VALUES (1, 2)`); err != nil {
		t.Fatal(err)
	}
	for _, old := range []string{"00001.20200101-000000", "00003.20200103-000000", "00002.20200102-000000", "unfinished"} {
		if err := os.WriteFile(path+".before-"+old, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n, kept, err := store.MigrateKeeping(t.Context(), url, nil)
	if n != int(store.NewestSchema())-89 || err != nil {
		t.Fatalf("%d migrations, %v", n, err)
	}
	found, err := filepath.Glob(path + ".before-*")
	if want := []string{path + ".before-00002.20200102-000000", path + ".before-00003.20200103-000000", kept}; err != nil || !slices.Equal(found, want) {
		t.Errorf("kept are %v, want %v", found, want)
	}
	info, err := os.Stat(kept)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	before := &database{raw: rawDatabase(t, "sqlite:"+kept)}
	if before.rows(t, "mutes") != 1 || before.rows(t, "goose_db_version WHERE version_id = 90") != 0 {
		t.Error("the copy is not the database from before")
	}
	if _, kept, err := store.MigrateKeeping(t.Context(), url, nil); kept != "" || err != nil {
		t.Errorf("without a change, the database is kept as %q, %v", kept, err)
	}
	if _, err := raw.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	_, err = store.Migrate(t.Context(), url)
	for _, part := range []string{"the schema is 999", "needs a newer version", kept} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("a newer database: %v, want %q", err, part)
		}
	}
}

// A database of each earlier step of this project comes to the newest schema with its data. The
// files were made by the program of that time: by its command seed, and as INSERT statements.
func TestDatabasesOfEarlierVersionsMigrate(t *testing.T) {
	files, err := filepath.Glob("testdata/schema-*.dump")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			migratesWithItsData(t, file)
		})
	}
}

// carried are the tables whose rows a migration keeps.
var carried = []string{"users", "posts", "comments", "likes", "rooms", "participants", "messages", "end_rooms"}

func migratesWithItsData(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := strconv.ParseInt(regexp.MustCompile(`\d+`).FindString(filepath.Base(file)), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	url := sqliteFile(t)
	if err := store.MigrateTo(t.Context(), url, schema); err != nil {
		t.Fatal(err)
	}
	d := &database{url: url, raw: rawDatabase(t, url)}
	if _, err := d.raw.ExecContext(t.Context(), string(text)); err != nil {
		t.Fatal(err)
	}
	before := map[string]int{}
	for _, table := range carried {
		if before[table] = d.rows(t, table); before[table] == 0 {
			t.Errorf("the file has no %s", table)
		}
	}
	if _, err := store.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	d.Store = opened(t, url)
	for _, table := range carried {
		if n := d.rows(t, table); n != before[table] {
			t.Errorf("%s has %d rows, and had %d", table, n, before[table])
		}
	}
	wantReadable(t, d)
}

// wantReadable checks that the methods of today read what was written then.
func wantReadable(t *testing.T, d *database) {
	t.Helper()
	var name string
	var id, post int64
	err := d.raw.QueryRowContext(t.Context(), `SELECT u.id, u.username, p.id FROM posts p JOIN users u ON u.id = p.user_id ORDER BY p.id LIMIT 1`).Scan(&id, &name, &post)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := d.UserByName(t.Context(), name); err != nil || u.ID != id {
		t.Errorf("%s is %+v, %v", name, u, err)
	}
	if p, err := d.Post(t.Context(), post, id); err != nil || p.Author.Username != name || p.Content == "" {
		t.Errorf("the post is %+v, %v", p, err)
	}
	rooms, err := d.UnsavedRooms(t.Context())
	if err != nil || len(rooms) == 0 {
		t.Errorf("open rooms are %v, %v", rooms, err)
	}
	for {
		n, err := d.IndexSearch(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}
