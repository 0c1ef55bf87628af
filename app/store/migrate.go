package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"xxsns/db"
)

// Migrate brings the database of a URL to the newest schema and returns how
// many migrations that took. Replicas may call it at the same moment.
func Migrate(ctx context.Context, url string) (int, error) {
	s, err := Open(ctx, url)
	if err != nil {
		return 0, err
	}
	defer func() { _ = s.Close() }()
	migrations, err := fs.Sub(db.Migrations, s.dialect.name)
	if err != nil {
		return 0, err
	}
	conn, options, err := s.migrator(url)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	provider, err := goose.NewProvider(s.dialect.goose, conn, migrations, options...)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", s.dialect.explain(err))
	}
	return len(results), nil
}

// fileLock lets one process at a time migrate an SQLite file: a command may be
// run while a server starts. SQLite locks each migration by itself, but not the
// look at which of them are still to be run.
type fileLock struct{ file *flock.Flock }

// Lock waits until no other process migrates.
func (l fileLock) Lock(ctx context.Context, _ *sql.DB) error {
	if _, err := l.file.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return fmt.Errorf("lock the database folder: %w", err)
	}
	return nil
}

// Unlock lets the next process in.
func (l fileLock) Unlock(context.Context, *sql.DB) error { return l.file.Unlock() }

// migrator is the connection for goose. On MySQL it locks by a table, whose
// times the driver must parse, and several statements may stand in one file.
func (s *Store) migrator(url string) (*sql.DB, []goose.ProviderOption, error) {
	options := []goose.ProviderOption{goose.WithSlog(slog.New(slog.DiscardHandler)), goose.WithDisableGlobalRegistry(true)}
	if s.dialect.goose == goose.DialectSQLite3 {
		file := flock.New(strings.TrimPrefix(url, "sqlite:") + ".migrating")
		return s.writer.DB, append(options, goose.WithLocker(fileLock{file})), nil
	}
	cfg, err := mysqlConfig(url)
	if err != nil {
		return nil, nil, err
	}
	cfg.ParseTime, cfg.MultiStatements = true, true
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, nil, err
	}
	locker, err := lock.NewMySQLTableLocker()
	if err != nil {
		return nil, nil, errors.Join(err)
	}
	return sql.OpenDB(connector), append(options, goose.WithLocker(locker)), nil
}
