package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"xxsns/db"
)

// Migrate brings the database of a URL to the newest schema and returns how
// many migrations that took. Replicas, and commands beside a server, may call
// it at the same moment.
func Migrate(ctx context.Context, url string) (int, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		file, err := lockFile(ctx, path)
		if err != nil {
			return 0, err
		}
		defer func() { _ = file.Unlock() }()
	}
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
	n, err := s.migrateAll(ctx, conn, provider)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", s.dialect.explain(err))
	}
	return n, nil
}

// migrateAll runs what is left to run and returns how many that were. MySQL ends
// the transaction with each change of a table, so that one who dies may have
// changed it and not noted so: what is there already counts as done. That holds
// since a file has one statement, which happens as a whole or not at all.
func (s *Store) migrateAll(ctx context.Context, conn *sql.DB, provider *goose.Provider) (n int, err error) {
	for {
		results, err := provider.Up(ctx)
		n += len(results)
		var failed *goose.PartialError
		if !errors.As(err, &failed) || !s.dialect.madeAlready(failed.Err) {
			return n, err
		}
		n += len(failed.Applied)
		notes, err := database.NewStore(s.dialect.goose, goose.DefaultTablename)
		if err != nil {
			return n, err
		}
		if err := notes.Insert(ctx, conn, database.InsertRequest{Version: failed.Failed.Source.Version}); err != nil {
			return n, fmt.Errorf("note a migration: %w", err)
		}
	}
}

// lockFile waits until no other process migrates an SQLite file: a command may
// be run while a server starts. SQLite locks each migration by itself, but not
// the look at which of them are still to be run, and it does not wait where
// two make the same new file.
func lockFile(ctx context.Context, path string) (*flock.Flock, error) {
	if err := makeFolder(path); err != nil {
		return nil, err
	}
	file := flock.New(path + ".migrating")
	if _, err := file.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, fmt.Errorf("the database folder cannot be written: %w", err)
	}
	return file, nil
}

// How replicas take turns at migrating. One that dies keeps the others waiting
// until its lease runs out.
const (
	migrateLease = 10 * time.Second // by the database's clock; renewed all the time
	migratePoll  = 500 * time.Millisecond
	migrateLong  = 5 * time.Minute // somebody else may take
)

// migrator is the connection for goose. On MySQL it locks by a table, whose
// times the driver must parse, and several statements may stand in one file.
func (s *Store) migrator(url string) (*sql.DB, []goose.ProviderOption, error) {
	options := []goose.ProviderOption{goose.WithSlog(slog.New(slog.DiscardHandler)), goose.WithDisableGlobalRegistry(true)}
	if s.dialect.goose == goose.DialectSQLite3 {
		return s.writer.DB, options, nil
	}
	cfg, err := mysqlConfig(url)
	if err != nil {
		return nil, nil, err
	}
	cfg.ParseTime, cfg.MultiStatements = true, true
	cfg.ReadTimeout = 0 // a statement may rebuild a big table, and says nothing meanwhile
	cfg.Params = maps.Clone(cfg.Params)
	cfg.Params["lock_wait_timeout"], cfg.Params["innodb_lock_wait_timeout"] = "60", "60" // seconds
	pool, err := mysqlPool(cfg)
	if err != nil {
		return nil, nil, err
	}
	locker, err := lock.NewMySQLTableLocker(
		lock.WithTableLeaseDuration(migrateLease), lock.WithTableHeartbeatInterval(migrateLease/4),
		lock.WithTableLockTimeout(migratePoll, uint64(migrateLong/migratePoll)),
		lock.WithTableUnlockTimeout(migratePoll, uint64(migrateLease/migratePoll)))
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return pool, append(options, goose.WithLocker(locker)), nil
}
