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
	goosedb "github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"xxsns/db"
)

// Migrate brings the database of a URL to the newest schema and returns the
// number of applied migrations. Several replicas and commands may call Migrate
// at the same moment. ErrRestoring.
func Migrate(ctx context.Context, url string) (int, error) {
	n, _, err := MigrateKeeping(ctx, url, nil)
	return n, err
}

// MigrateKeeping is Migrate, and returns the path of the copy of an embedded database that was
// made before its schema changed, or "". If no server has ever served from the database, may is
// asked first, unless it is nil, with the state of the database, such as "is an empty database".
func MigrateKeeping(ctx context.Context, url string, may func(state string) error) (n int, kept string, err error) {
	n, err = migrate(ctx, url, NewestSchema(), func(s *Store, conn *sql.DB) error {
		if err := s.refuseRestoring(ctx, conn); err != nil {
			return err
		}
		if may != nil {
			state, err := s.vacant(ctx, conn)
			if err == nil && state != "" {
				err = may(state)
			}
			if err != nil {
				return err
			}
		}
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			kept, err = s.keepCopy(ctx, conn, path, time.Now())
		}
		return err
	})
	return n, kept, err
}

// NewestSchema returns the number of the newest migration of this program.
func NewestSchema() int64 {
	entries, _ := fs.ReadDir(db.Migrations, sqliteDialect.name) // embedded: cannot fail
	return int64(len(entries))
}

// migrate calls before and runs the migrations up to a number, unless before fails.
func migrate(ctx context.Context, url string, to int64, before func(*Store, *sql.DB) error) (int, error) {
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
	conn, options, err := s.migrationConn(url)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	if err := before(s, conn); err != nil {
		return 0, err
	}
	provider, err := goose.NewProvider(s.dialect.goose, conn, migrations, options...)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	n, err := s.migrateAll(ctx, conn, provider, to)
	if err == nil && to == NewestSchema() {
		err = s.fillSkeletons(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", s.dialect.explain(err))
	}
	return n, nil
}

// migrateAll runs the pending migrations up to a number and returns how many. MySQL
// commits after each change of a table, so a process that dies may leave a
// change behind that goose has not recorded. A migration that fails because its
// column or index exists therefore counts as applied. That is safe since each
// file has a single statement, which is done as a whole or not at all.
//
// For the same reason the table of versions may stand without the row of version 0, with
// which goose begins: then migrateAll adds the row.
func (d *database) migrateAll(ctx context.Context, conn *sql.DB, provider *goose.Provider, to int64) (n int, err error) {
	versions, err := goosedb.NewStore(d.dialect.goose, goose.DefaultTablename)
	if err != nil {
		return 0, err
	}
	for {
		results, err := provider.UpTo(ctx, to)
		n += len(results)
		if err == nil {
			return n, nil
		}
		var done int64
		var failed *goose.PartialError
		switch _, missing := versions.GetMigration(ctx, conn, 0); {
		case errors.As(err, &failed) && d.dialect.alreadyApplied(failed.Err):
			n, done = n+len(failed.Applied), failed.Failed.Source.Version
		case !errors.Is(missing, goosedb.ErrVersionNotFound):
			return n, err
		}
		if err := versions.Insert(ctx, conn, goosedb.InsertRequest{Version: done}); err != nil {
			return n, fmt.Errorf("note a migration: %w", err)
		}
	}
}

// lockFile waits until no other process migrates an SQLite file; a command may
// run while a server starts. The lock of SQLite itself is not enough: it covers
// each migration, but not the query for the pending ones, and it does not wait
// if two processes make the same new file.
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

// Timing of the migration lock among replicas. If a replica dies, the others
// wait until its lease runs out.
const (
	migrateLease   = 10 * time.Second // by the database's clock; renewed while the replica lives
	migratePoll    = 500 * time.Millisecond
	migrateTimeout = 5 * time.Minute // longest wait for another replica
)

// migrationConn returns the connection for goose. MySQL needs a connection of
// its own: goose locks by a table whose times the driver must parse, and a file
// may have several statements.
func (d *database) migrationConn(url string) (*sql.DB, []goose.ProviderOption, error) {
	options := []goose.ProviderOption{goose.WithSlog(slog.New(slog.DiscardHandler)), goose.WithDisableGlobalRegistry(true)}
	if d.dialect.goose == goose.DialectSQLite3 {
		return d.writer.DB, options, nil
	}
	cfg, err := mysqlConfig(url)
	if err != nil {
		return nil, nil, err
	}
	cfg.ParseTime, cfg.MultiStatements = true, true
	cfg.ReadTimeout = 0 // a statement that rebuilds a big table sends nothing for a long time
	cfg.Params = maps.Clone(cfg.Params)
	cfg.Params["lock_wait_timeout"], cfg.Params["innodb_lock_wait_timeout"] = "60", "60" // seconds
	pool, err := mysqlPool(cfg)
	if err != nil {
		return nil, nil, err
	}
	locker, err := lock.NewMySQLTableLocker(
		lock.WithTableLeaseDuration(migrateLease), lock.WithTableHeartbeatInterval(migrateLease/4),
		lock.WithTableLockTimeout(migratePoll, uint64(migrateTimeout/migratePoll)),
		lock.WithTableUnlockTimeout(migratePoll, uint64(migrateLease/migratePoll)))
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return pool, append(options, goose.WithLocker(locker)), nil
}
