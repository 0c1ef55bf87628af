package store_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// A schema maps a column or index, by a name such as "posts.content", to a
// description that is the same in both dialects.
type schema map[string]string

const sqliteColumns = `SELECT t.name, c.name, c.type, c."notnull" OR c.pk > 0, COALESCE(c.dflt_value, '')
	FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'`

const mysqlColumns = `SELECT table_name, column_name, data_type, is_nullable = 'NO', COALESCE(NULLIF(column_default, 'NULL'), '')
	FROM information_schema.columns WHERE table_schema = DATABASE()`

const sqliteIndexes = `SELECT t.name, CASE i.origin WHEN 'pk' THEN 'PRIMARY' ELSE i.name END, i."unique", c.name
	FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
	WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, i.name, c.seqno`

const mysqlIndexes = `SELECT table_name, index_name, non_unique = 0, column_name
	FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`

func TestBothDialectsHaveTheSameTablesAndColumns(t *testing.T) {
	sqlite := migrated(t, sqliteFile(t))
	maria := migrated(t, apptest.MariaDB(t))
	got, want := columns(t, maria.raw, mysqlColumns), columns(t, sqlite.raw, sqliteColumns)
	if len(want) < 40 {
		t.Errorf("only %d columns were read: %v", len(want), want)
	}
	compare(t, got, want)
}

// An index that only one dialect has would make the other one slow, or let it
// accept duplicates.
func TestBothDialectsHaveTheSameIndexes(t *testing.T) {
	sqlite := migrated(t, sqliteFile(t))
	maria := migrated(t, apptest.MariaDB(t))
	got, want := indexes(t, maria.raw, mysqlIndexes), indexes(t, sqlite.raw, sqliteIndexes)
	// The primary key of an SQLite table may be the row id, which has no index.
	numbered := func(name, what string) bool {
		return strings.HasSuffix(name, ".PRIMARY") && what == "unique (id)" && name != "sessions.PRIMARY"
	}
	maps.DeleteFunc(got, numbered)
	maps.DeleteFunc(want, numbered)
	if len(want) < 10 {
		t.Errorf("only %d indexes were read: %v", len(want), want)
	}
	compare(t, got, want)
}

func compare(t *testing.T, mysql, sqlite schema) {
	t.Helper()
	names := maps.Clone(mysql)
	maps.Copy(names, sqlite)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if mysql[name] != sqlite[name] {
			t.Errorf("%s: mysql has %q, sqlite has %q", name, mysql[name], sqlite[name])
		}
	}
}

// isOfOneDialect reports whether a table is made by goose, or belongs to an index of grams,
// which each dialect keeps in its own way.
func isOfOneDialect(table string) bool {
	return slices.ContainsFunc([]string{"goose", "search_posts", "search_comments", "search_messages"}, func(of string) bool {
		return strings.HasPrefix(table, of)
	})
}

func columns(t *testing.T, db *sql.DB, query string) schema {
	t.Helper()
	all := schema{}
	each := func(rows *sql.Rows) error {
		var table, column, kind, value string
		var notNull bool
		err := rows.Scan(&table, &column, &kind, &notNull, &value)
		if !isOfOneDialect(table) {
			all[table+"."+column] = fmt.Sprintf("%s, not null = %t, default %q", kindOf(kind), notNull, value)
		}
		return err
	}
	forEachRow(t, db, query, each)
	return all
}

// kindOf maps the column types of both dialects to common names.
func kindOf(kind string) string {
	switch kind = strings.ToLower(kind); {
	case strings.Contains(kind, "int"):
		return "number"
	case strings.Contains(kind, "text"), strings.Contains(kind, "char"):
		return "text"
	case strings.Contains(kind, "blob"):
		return "bytes"
	}
	return kind
}

func indexes(t *testing.T, db *sql.DB, query string) schema {
	t.Helper()
	all := schema{}
	forEachRow(t, db, query, func(rows *sql.Rows) error {
		var table, index, column string
		var unique bool
		err := rows.Scan(&table, &index, &unique, &column)
		if isOfOneDialect(table) {
			return err
		}
		name, what := table+"."+index, map[bool]string{true: "unique (", false: "("}[unique]
		if before, ok := all[name]; ok {
			what = strings.TrimSuffix(before, ")") + ", "
		}
		all[name] = what + column + ")"
		return err
	})
	return all
}

func forEachRow(t testing.TB, db *sql.DB, query string, each func(*sql.Rows) error) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
