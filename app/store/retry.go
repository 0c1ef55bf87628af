package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// ErrUncertain means that the connection broke during COMMIT, so that the
// change may or may not have been made. The error also matches
// sns.ErrUnavailable.
var ErrUncertain = errors.New("it is not known whether the change was made")

// errStale means that a transaction has not seen a row that another one has committed since its
// snapshot was made: a transaction that begins anew sees the row.
var errStale = errors.New("the snapshot is too old")

// unavailable is an sns.ErrUnavailable with the cause.
type unavailable struct{ cause error }

func (u unavailable) Error() string { return "the database cannot be reached: " + u.cause.Error() }

func (u unavailable) Unwrap() []error { return []error{sns.ErrUnavailable, u.cause} }

const (
	// reconnectLimit bounds the time of retries after the first loss of the
	// connection.
	reconnectLimit = 2 * time.Second

	// lockTries and lockTimeout bound the number and the time of retries after
	// a deadlock or a lock timeout. Newer MariaDB refuses a change of a row that has changed
	// since the snapshot: of many who tell one person at once, one goes on each time.
	lockTries   = 50
	lockTimeout = 10 * time.Second
	lockPause   = 100 * time.Millisecond // at most
)

// retry runs do until do succeeds or returns an error that must not be retried.
// Deadlocks, lock timeouts and errStale are always retried; repeatable reports whether an
// error of the connection may be retried.
func (d *database) retry(ctx context.Context, repeatable func(error) bool, do func() error) error {
	start, lost := time.Now(), time.Time{} // lost: time of the first connection error
	for try := 1; ; try++ {
		began := time.Now()
		err := do()
		if err == nil || ctx.Err() != nil {
			return err
		}
		pause := time.Duration(try) * 10 * time.Millisecond
		switch {
		case (d.dialect.retryable(err) || errors.Is(err, errStale)) && try < lockTries && time.Since(start) < d.dialect.lockTimeout:
			pause = min(pause, lockPause)
		case repeatable(err) && time.Since(began) < d.dialect.connectTimeout: // no retry if the server hangs
			if lost.IsZero() {
				lost = time.Now()
			}
			if time.Since(lost) > d.dialect.reconnectLimit {
				return err
			}
			pause = min(pause*time.Duration(try), reconnectLimit/4) // 10, 40, 90 ms …
		default:
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// safeToRetry reports whether err comes from the connection and no change can
// have been committed.
func (d *database) safeToRetry(err error) bool {
	return d.dialect.broken(err) && !errors.Is(err, ErrUncertain)
}

// withConn runs fn on a connection of a pool and returns the connection
// afterwards.
func (d *database) withConn(ctx context.Context, pool *sqlx.DB, fn func(*sqlx.Conn) error) error {
	conn, err := d.connect(ctx, pool)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	err = fn(conn)
	if err != nil && d.dialect.readOnly(err) {
		// The server behind this connection has become read-only. Close the
		// connection: a new one may lead to the new primary.
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	return err
}

func (d *database) connect(ctx context.Context, pool *sqlx.DB) (*sqlx.Conn, error) {
	if d.dialect.connectTimeout == 0 {
		return pool.Connx(ctx)
	}
	brief, cancel := context.WithTimeout(ctx, d.dialect.connectTimeout)
	defer cancel()
	conn, err := pool.Connx(brief)
	if err != nil && brief.Err() != nil {
		err = fmt.Errorf("no connection within %v: %w", d.dialect.connectTimeout, err)
	}
	return conn, err
}
