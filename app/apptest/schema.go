package apptest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"xxsns/app/store"
)

// A schema is what the migrations make of an empty database of MySQL or MariaDB.
type schema struct {
	tables string // the statements that make the tables
	rows   string // the statements that insert the rows of the migrations, with placeholders
	values []any  // of the placeholders
}

// schemas are the schemas that this process has seen, by the version of the server.
var schemas = knownSchemas{known: map[string]schema{}}

type knownSchemas struct {
	mu    sync.Mutex // guards known; held during a migration, so that there is one a version
	known map[string]schema
}

// migrate brings the database of a URL to the newest schema: the first of a version of the
// server by the migrations, the others as copies of the first, unless they hold tables already.
func (k *knownSchemas) migrate(ctx context.Context, raw string) error {
	db, err := openMySQL(raw)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1) // a setting of the session holds for what follows
	tables, err := read(ctx, db, "SHOW TABLES")
	if err != nil {
		return err
	}
	if len(tables) > 0 {
		_, err = store.Migrate(ctx, raw)
		return err
	}
	var version string
	if err := db.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return err
	}
	s, ok, err := k.first(ctx, raw, version, db)
	if err != nil || !ok {
		return err
	}
	return s.copyTo(ctx, db)
}

// first returns the schema of a version of servers, and true, or makes the schema in db by the
// migrations, and returns false.
func (k *knownSchemas) first(ctx context.Context, raw, version string, db *sql.DB) (schema, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s, ok := k.known[version]; ok {
		return s, true, nil
	}
	if _, err := store.Migrate(ctx, raw); err != nil {
		return schema{}, false, err
	}
	s, err := schemaOf(ctx, db)
	if err == nil {
		k.known[version] = s
	}
	return s, false, err
}

// openMySQL opens the database of a URL without the store.
func openMySQL(raw string) (*sql.DB, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, err
	}
	password, _ := u.User.Password()
	return poolOn(u.Host, u.User.Username(), password, strings.TrimPrefix(u.Path, "/"))
}

// copyTo makes the tables and rows in an empty database.
func (s schema) copyTo(ctx context.Context, db *sql.DB) error {
	// A table may refer to another one that comes later.
	_, err := db.ExecContext(ctx, "SET foreign_key_checks = 0;\n"+s.tables)
	if err == nil {
		_, err = db.ExecContext(ctx, s.rows, s.values...)
	}
	return err
}

// schemaOf reads the tables and all rows of a database.
func schemaOf(ctx context.Context, db *sql.DB) (s schema, err error) {
	tables, err := read(ctx, db, "SHOW TABLES")
	if err != nil {
		return s, err
	}
	for _, table := range tables {
		name := fmt.Sprintf("`%s`", table[0])
		made, err := read(ctx, db, "SHOW CREATE TABLE "+name)
		if err != nil {
			return s, err
		}
		s.tables += fmt.Sprintf("%s;\n", made[0][1])
		rows, err := read(ctx, db, "SELECT * FROM "+name)
		if err != nil {
			return s, err
		}
		for _, row := range rows {
			s.rows += "INSERT INTO " + name + " VALUES (?" + strings.Repeat(", ?", len(row)-1) + ");\n"
			s.values = append(s.values, row...)
		}
	}
	return s, nil
}

// read returns the rows that a query finds, each value as text or nil.
func read(ctx context.Context, db *sql.DB, query string) (all [][]any, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		texts, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]any, len(columns))
		for i, text := range texts {
			if text.Valid {
				row[i] = text.String
			}
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
