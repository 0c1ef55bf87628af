package apptest

import (
	"reflect"
	"testing"

	"xxsns/app/store"
)

// A copied database has the tables, columns, indexes, counters and rows of one that was migrated.
func TestCopiedSchemaIsTheMigratedOne(t *testing.T) {
	t.Parallel()
	Migrate(t, MariaDB(t)) // from here on there is something to copy
	copied, migrated := MariaDB(t), MariaDB(t)
	Migrate(t, copied)
	Migrate(t, copied) // does nothing
	if _, err := store.Migrate(t.Context(), migrated); err != nil {
		t.Fatal(err)
	}
	if got, want := contents(t, copied), contents(t, migrated); !reflect.DeepEqual(got, want) {
		t.Errorf("the copy is\n%s%s%q\nbut the migrations make\n%s%s%q", got.tables, got.rows, got.values, want.tables, want.rows, want.values)
	}
	if n, err := store.Migrate(t.Context(), copied); n != 0 || err != nil {
		t.Errorf("%d migrations were missing, %v", n, err)
	}
}

// contents returns what a migrated database holds, but not when and by whom it was migrated.
func contents(t *testing.T, url string) schema {
	t.Helper()
	db := open(t, url)
	mustExec(t, db, "UPDATE goose_db_version SET tstamp = '2026-03-02'")
	mustExec(t, db, "DELETE FROM goose_lock")
	s, err := schemaOf(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
