package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// keptSnapshots is how many copies of an embedded database are kept from before a migration.
const keptSnapshots = 3

// beforeMark is in the names of the copies, before the schema and the time.
const beforeMark = ".before-"

// keepCopy copies an embedded database before its schema changes, and returns the path of the
// copy, or "" if nothing is to be kept: MySQL has other means, and a new database nothing. A
// database that is newer than this program is refused, since its rows may mean something else.
//
// With MySQL a newer schema is no error: while replicas are replaced one by one, those of the
// version before may start again.
func (s *Store) keepCopy(ctx context.Context, conn *sql.DB, path string, at time.Time) (string, error) {
	schema, err := s.schemaVersion(ctx, conn)
	if err != nil || schema == 0 || schema == NewestSchema() {
		return "", err
	}
	if schema > NewestSchema() {
		err := newerSchema(schema)
		if copies := copiesOf(path); len(copies) > 0 {
			err = fmt.Errorf("%w; the copy from before its last migration is %s", err, copies[len(copies)-1])
		}
		return "", err
	}
	kept := fmt.Sprintf("%s%s%05d.%s", path, beforeMark, schema, at.UTC().Format("20060102-150405"))
	unfinished := path + beforeMark + "unfinished"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	// SQLite fills an empty file: one that SQLite makes could be read by all.
	file, err := os.OpenFile(unfinished, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) //nolint:gosec // the operator chose the path
	if err != nil {
		return "", fmt.Errorf("copy the database before the migration: %w", err)
	}
	defer file.Close()
	if _, err := conn.ExecContext(ctx, `VACUUM INTO ?`, unfinished); err != nil {
		return "", fmt.Errorf("copy the database before the migration: %w", errors.Join(s.dialect.explain(err), os.Remove(unfinished)))
	}
	if err := errors.Join(file.Sync(), os.Rename(unfinished, kept)); err != nil {
		return "", fmt.Errorf("copy the database before the migration: %w", err)
	}
	copies := copiesOf(path)
	for len(copies) > keptSnapshots {
		if err := os.Remove(copies[0]); err != nil {
			return "", err
		}
		copies = copies[1:]
	}
	return kept, nil
}

// copiesOf returns the copies of a database, the oldest first.
func copiesOf(path string) []string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil
	}
	var copies []string
	for _, entry := range entries {
		rest, ok := strings.CutPrefix(entry.Name(), filepath.Base(path)+beforeMark)
		if ok && rest != "unfinished" {
			copies = append(copies, filepath.Join(filepath.Dir(path), entry.Name()))
		}
	}
	slices.SortFunc(copies, func(a, b string) int { return strings.Compare(timeIn(a), timeIn(b)) })
	return copies
}

// timeIn returns the time in the name of a copy.
func timeIn(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }
