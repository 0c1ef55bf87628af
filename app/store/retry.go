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

// ErrUncertain says that the database went away while it was asked to make a
// change last, so that nobody knows whether it does. It comes with
// sns.ErrUnavailable.
var ErrUncertain = errors.New("it is not known whether the change was made")

// unavailable is an sns.ErrUnavailable of the database, with its cause.
type unavailable struct{ cause error }

func (u unavailable) Error() string { return "the database cannot be reached: " + u.cause.Error() }

func (u unavailable) Unwrap() []error { return []error{sns.ErrUnavailable, u.cause} }

const (
	// outage is how long a lost connection is made again before the database
	// counts as away.
	outage = 2 * time.Second

	// lockTries and lockPatience are how often, and how long, a transaction is
	// tried again that lost a deadlock or waited for a lock in vain.
	lockTries    = 10
	lockPatience = 10 * time.Second
)

// again runs do until it succeeds or fails in a way that may not be repeated.
func (s *Store) again(ctx context.Context, repeatable func(error) bool, do func() error) error {
	start, lost := time.Now(), time.Time{} // lost: when the connection first was
	for try := 1; ; try++ {
		began := time.Now()
		err := do()
		if err == nil || ctx.Err() != nil {
			return err
		}
		pause := time.Duration(try) * 10 * time.Millisecond
		switch {
		case s.dialect.retryable(err) && try < lockTries && time.Since(start) < lockPatience:
		case repeatable(err) && time.Since(began) < s.dialect.patience: // one that hangs is not asked again
			if lost.IsZero() {
				lost = time.Now()
			}
			if time.Since(lost) > outage {
				return err
			}
			pause = min(pause*time.Duration(try), outage/4) // 10, 40, 90 ms …
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

// lostConnection tells of an error that it came of the connection, and that
// nothing can have been changed.
func (s *Store) lostConnection(err error) bool {
	return s.dialect.broken(err) && !errors.Is(err, ErrUncertain)
}

// on runs fn on a connection of a pool, which is given back afterwards.
func (s *Store) on(ctx context.Context, pool *sqlx.DB, fn func(*sqlx.Conn) error) error {
	conn, err := s.connect(ctx, pool)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	err = fn(conn)
	if err != nil && s.dialect.readOnly(err) {
		// The address leads somewhere else by now, but not this connection.
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	return err
}

func (s *Store) connect(ctx context.Context, pool *sqlx.DB) (*sqlx.Conn, error) {
	if s.dialect.patience == 0 {
		return pool.Connx(ctx)
	}
	brief, cancel := context.WithTimeout(ctx, s.dialect.patience)
	defer cancel()
	conn, err := pool.Connx(brief)
	if err != nil && brief.Err() != nil {
		err = fmt.Errorf("no connection within %v: %w", s.dialect.patience, err)
	}
	return conn, err
}
