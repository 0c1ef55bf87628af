package store_test

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// A saved is what a snapshot of a database has: the lines of rows by table.
type saved map[string][]string

// capture reads a snapshot of a database.
func capture(t *testing.T, url string) (saved, [][]any, map[string][][]any, map[string][]string) {
	t.Helper()
	s, err := store.OpenSnapshot(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tables, err := s.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines, rows, columns := saved{}, map[string][][]any{}, map[string][]string{}
	for _, table := range tables {
		columns[table.Name] = table.Columns
		err := s.Rows(t.Context(), table, func(row []any) error {
			row = slices.Clone(row)
			for i, value := range row {
				if raw, ok := value.([]byte); ok {
					row[i] = string(raw)
				}
			}
			rows[table.Name] = append(rows[table.Name], row)
			lines[table.Name] = append(lines[table.Name], fmt.Sprintf("%#v", row))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	last, err := s.LastIDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return lines, last, rows, columns
}

func mayAll(bool) error { return nil }

func each2(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// restore restores the rows into the database of a URL.
func restore(t *testing.T, url string, replace bool, last [][]any, rows map[string][][]any, columns map[string][]string) {
	t.Helper()
	r, err := store.BeginRestore(t.Context(), url, store.NewestSchema(), replace, mayAll)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		if err := r.Insert(t.Context(), table, columns[table], each2(rows[table])); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Upgrade(t.Context(), "table", last); err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// fillAll inserts rows into all tables that a backup holds: any whole numbers, texts and bytes, and
// NULL where a column may have it. SQLite knows the types, which are those of both.
func fillAll(t *testing.T, d *database) {
	t.Helper()
	types := migrated(t, sqliteFile(t))
	s, err := store.OpenSnapshot(t.Context(), types.url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tables, err := s.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		for i := 101; i <= 103; i++ {
			var values []any
			for _, column := range table.Columns {
				var kind string
				var required bool
				err := types.raw.QueryRowContext(t.Context(), `SELECT type, "notnull" OR pk > 0 FROM pragma_table_info(?) WHERE name = ?`, table.Name, column).Scan(&kind, &required)
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case !required && i == 103:
					values = append(values, nil)
				case kind == "INTEGER":
					values = append(values, i)
				case kind == "BLOB":
					values = append(values, []byte{0xff, 0, '\'', byte(i)})
				default:
					values = append(values, fmt.Sprintf("가 '\n%d", i))
				}
			}
			query := `INSERT INTO ` + table.Name + ` (` + strings.Join(table.Columns, `, `) + `) VALUES (?` + strings.Repeat(`, ?`, len(values)-1) + `)`
			if _, err := d.raw.ExecContext(t.Context(), query, values...); err != nil {
				t.Fatalf("%s: %v", table.Name, err)
			}
		}
	}
}

// A new table is either backed up, or named with the reason why not.
func TestABackupKnowsEachTable(t *testing.T) {
	d := migrated(t, sqliteFile(t))
	saved, named := store.BackedUp()
	if !slices.IsSorted(saved) {
		t.Error("the tables are not sorted")
	}
	rows, err := d.raw.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		found = append(found, name)
		_, known := named[name]
		if shadow := strings.HasPrefix(name, "search_") && strings.Count(name, "_") > 1; !known && !shadow && !slices.Contains(saved, name) {
			t.Errorf("a backup neither has table %s nor says why not", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, name := range saved {
		if !slices.Contains(found, name) || named[name] != "" {
			t.Errorf("there is no table %s, or it is named twice", name)
		}
	}
}

// The rows of all tables go from each kind of database into each, and ids go on where they were.
func TestARestoredDatabaseIsEqual(t *testing.T) {
	for _, from := range dialects {
		for _, to := range dialects {
			t.Run(from.name+" to "+to.name, func(t *testing.T) {
				t.Parallel()
				d := migrated(t, from.empty(t))
				fillAll(t, d)
				gone := d.user(t, "서준")
				d.run(t, fmt.Sprintf("DELETE FROM users WHERE id = %d", gone))
				want, last, rows, columns := capture(t, d.url)
				if len(want) < 40 || len(want["users"]) != 3 {
					t.Fatalf("%d tables, %d users", len(want), len(want["users"]))
				}
				url := to.empty(t)
				restore(t, url, false, last, rows, columns)
				got, _, _, _ := capture(t, url)
				for table := range want {
					changed := map[string]bool{"rooms": true, "revisions": true}[table] // see below
					if !slices.Equal(got[table], want[table]) && !changed {
						t.Errorf("%s has %v, want %v", table, got[table], want[table])
					}
				}
				restored := &database{Store: opened(t, url), url: url, raw: rawDatabase(t, url)}
				if id := restored.user(t, "도윤"); id <= gone {
					t.Errorf("the id %d is given again (%d)", gone, id)
				}
				if n := restored.rows(t, "rooms WHERE buffer = 'table'"); n != 1 { // the open one
					t.Errorf("%d rooms are in the new buffer", n)
				}
			})
		}
	}
}

func TestARestoreNeedsAnEmptyDatabase(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect.name, func(t *testing.T) {
			t.Parallel()
			url := dialect.empty(t)
			if _, err := store.Migrate(t.Context(), url); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.CreateUser(t.Context(), newUser("민지")); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := store.BeginRestore(t.Context(), url, store.NewestSchema(), false, mayAll); !errors.Is(err, store.ErrNotEmpty) {
				t.Fatalf("over people: %v", err)
			}
			if _, err := store.BeginRestore(t.Context(), url, store.NewestSchema()+1, true, mayAll); err == nil || !strings.Contains(err.Error(), "newer version") {
				t.Errorf("a newer schema: %v", err)
			}
			revision := map[string][][]any{"revisions": {{int64(1), int64(0)}}}
			restore(t, url, true, nil, revision, map[string][]string{"revisions": {"one", "names"}})
			if n := (&database{url: url, raw: rawDatabase(t, url)}).rows(t, "users"); n != 0 {
				t.Errorf("%d people are left", n)
			}
		})
	}
}

// A restore that was killed leaves a database that nobody serves, and that is restored again.
func TestAHalfRestoredDatabaseIsRefused(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect.name, func(t *testing.T) {
			t.Parallel()
			d := migrated(t, sqliteFile(t))
			fillAll(t, d)
			_, last, rows, columns := capture(t, d.url)
			url := dialect.empty(t)
			r, err := store.BeginRestore(t.Context(), url, store.NewestSchema(), false, mayAll)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Insert(t.Context(), "users", columns["users"], each2(rows["users"][:1])); err != nil {
				t.Fatal(err)
			}
			r.Close()
			if _, err := store.Migrate(t.Context(), url); !errors.Is(err, store.ErrRestoring) {
				t.Errorf("it is served: %v", err)
			}
			if _, err := store.OpenSnapshot(t.Context(), url); !errors.Is(err, store.ErrRestoring) {
				t.Errorf("it is backed up: %v", err)
			}
			restore(t, url, false, last, rows, columns)
			if n, err := store.Migrate(t.Context(), url); n != 0 || err != nil {
				t.Errorf("then %d migrations, %v", n, err)
			}
		})
	}
}

// A server that runs would show what is no more.
func TestARestoreNeedsADatabaseForItself(t *testing.T) {
	d := migrated(t, dialects[1].empty(t))
	if _, err := store.BeginRestore(t.Context(), d.url, store.NewestSchema(), true, mayAll); !errors.Is(err, store.ErrInUse) {
		t.Errorf("beside a server: %v", err)
	}
}

// Changes after the beginning of a snapshot do not show in it, and a second
// snapshot has to wait.
func TestASnapshotStaysAsItWas(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.user(t, "민지")
		s, err := store.OpenSnapshot(t.Context(), d.url)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := store.OpenSnapshot(t.Context(), d.url); !errors.Is(err, store.ErrBackupRuns) {
			t.Errorf("a second snapshot: %v", err)
		}
		d.user(t, "서준")
		tables, err := s.Tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n, users := 0, slices.IndexFunc(tables, func(table store.BackupTable) bool { return table.Name == "users" })
		err = s.Rows(t.Context(), tables[users], func([]any) error { n++; return nil })
		if err != nil || n != 1 {
			t.Errorf("%d people, %v", n, err)
		}
		if schema, err := s.Schema(t.Context()); err != nil || schema != store.NewestSchema() {
			t.Errorf("schema %d, %v", schema, err)
		}
	})
}

// The buffer of an open room is restored with the next number, and with the client ids.
func TestTheTableOfAnOpenRoomIsRestored(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		room := d.room(t, d.user(t, "하늘"), 5)
		if _, err := d.OpenBuffer(t.Context(), room, 0); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			saysInRoom(t, d, room, fmt.Sprint("말 ", i))
		}
		h := held(t, d.url)
		if len(h) != 1 || len(h[0].Lines) != 3 || h[0].Last != 3 || h[0].Base != 0 || !h[0].Open {
			t.Fatalf("held is %+v", h)
		}
		_, last, rows, columns := capture(t, d.url)
		url := sqliteFile(t)
		r, err := store.BeginRestore(t.Context(), url, store.NewestSchema(), false, mayAll)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for table := range rows {
			if err := r.Insert(t.Context(), table, columns[table], each2(rows[table])); err != nil {
				t.Fatal(err)
			}
		}
		again, err := store.ParseHeld(h[0].Row())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range h[0].Lines {
			line, err := store.ParseLine(store.OpenLine(m))
			if err != nil {
				t.Fatal(err)
			}
			again.Lines = append(again.Lines, line)
		}
		if err := errors.Join(r.Upgrade(t.Context(), "table", last), r.Hold(t.Context(), again), r.Finish(t.Context())); err != nil {
			t.Fatal(err)
		}
		got, err := r.Buffered(t.Context(), room, sns.MessagePage{Limit: 10})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(h[0].Lines) {
			t.Errorf("the buffer has %v, %v, want %v", got, err, h[0].Lines)
		}
		restored := &database{Store: r.Store, url: url}
		if seq := saysInRoom(t, restored, room, "다음 말"); seq != 4 {
			t.Errorf("the next message is %d", seq)
		}
	})
}

// held returns what the snapshot of a database holds of rooms.
func held(t *testing.T, url string) (all []store.HeldRoom) {
	t.Helper()
	s, err := store.OpenSnapshot(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rooms, err := s.UnsavedRooms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range rooms {
		h, ok, err := s.Held(t.Context(), room)
		if err != nil || !ok {
			t.Fatalf("held %v: %v", ok, err)
		}
		all = append(all, h)
	}
	return all
}

func saysInRoom(t *testing.T, d *database, room int64, content string) int64 {
	t.Helper()
	m := sns.Message{Room: room, Author: sns.User{ID: 1}, Kind: sns.MessageSaid, Content: content, At: noon, ClientID: content}
	r, err := d.AppendBuffered(t.Context(), m, store.AppendRule{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Seq
}
