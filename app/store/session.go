package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// CreateSession signs a device in whose user has just shown to know the password
// of hash. ErrNotFound when that is not their password any more: no session may
// come of a password that was changed, or of an account that was deleted, meanwhile.
func (s *Store) CreateSession(ctx context.Context, session sns.Session, hash string) error {
	return s.tx(ctx, func(tx *sqlx.Tx) error {
		// A change that changes nothing locks the user's row until the session is there.
		err := lockRow(ctx, tx, `users`, `id = ? AND password_hash = ? AND deleted_at IS NULL`, session.UserID, hash)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO sessions (id, user_id, created_at, seen_at, agent) VALUES (?, ?, ?, ?, ?)`,
			session.ID, session.UserID, micros(session.CreatedAt), micros(session.SeenAt), session.Agent)
		return err
	})
}

// Session returns a session and its user, as they are now: a role given a
// moment ago holds. ErrNotFound when it ended or nobody came back for
// sns.SessionLife.
func (s *Store) Session(ctx context.Context, id string, now time.Time) (sns.Session, sns.User, error) {
	var row struct {
		userRow
		SessionCreatedAt int64 `db:"session_created_at"`
		SeenAt           int64 `db:"seen_at"`
	}
	err := s.get(ctx, &row, `SELECT `+userColumns+`, s.created_at AS session_created_at, s.seen_at
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ? AND s.seen_at > ?`,
		id, micros(now.Add(-sns.SessionLife)))
	return sns.Session{ID: id, UserID: row.ID, CreatedAt: at(row.SessionCreatedAt), SeenAt: at(row.SeenAt)}, row.user(), err
}

// SeeSession prolongs a session from now on.
func (s *Store) SeeSession(ctx context.Context, id string, now time.Time) error {
	return s.exec(ctx, `UPDATE sessions SET seen_at = ? WHERE id = ?`, micros(now), id)
}

// EndSession signs a device out; one that is out already is no error.
func (s *Store) EndSession(ctx context.Context, id string) error {
	return s.exec(ctx, `DELETE FROM sessions WHERE id = ?`, id)
}

// Sessions returns the devices that a user is signed in on, the last used first.
func (s *Store) Sessions(ctx context.Context, user int64, now time.Time) ([]sns.Session, error) {
	var rows []struct {
		ID        string `db:"id"`
		CreatedAt int64  `db:"created_at"`
		SeenAt    int64  `db:"seen_at"`
		Agent     string `db:"agent"`
	}
	err := s.list(ctx, &rows, `SELECT id, created_at, seen_at, agent FROM sessions WHERE user_id = ? AND seen_at > ? ORDER BY seen_at DESC, id`,
		user, micros(now.Add(-sns.SessionLife)))
	all := make([]sns.Session, len(rows))
	for i, row := range rows {
		all[i] = sns.Session{ID: row.ID, UserID: user, CreatedAt: at(row.CreatedAt), SeenAt: at(row.SeenAt), Agent: row.Agent}
	}
	return all, err
}

// EndSessionOf signs a device of a user out. ErrNotFound when it is none of
// theirs, or is out already.
func (s *Store) EndSessionOf(ctx context.Context, user int64, id string) error {
	return s.changeOne(ctx, `DELETE FROM sessions WHERE id = ? AND user_id = ?`, id, user)
}

// EndOtherSessions signs out all devices of a user but the one to keep, and
// returns the ids of the sessions that have ended.
func (s *Store) EndOtherSessions(ctx context.Context, user int64, keep string) (ended []string, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		ended, err = endSessions(ctx, tx, user, keep)
		return err
	})
	return ended, err
}

// endSessions ends all sessions of a user but one, in tx, and returns their ids.
func endSessions(ctx context.Context, tx *sqlx.Tx, user int64, keep string) (ended []string, err error) {
	if err := tx.SelectContext(ctx, &ended, `SELECT id FROM sessions WHERE user_id = ? AND id <> ? ORDER BY id`, user, keep); err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM sessions WHERE user_id = ? AND id <> ?`, user, keep)
	return ended, err
}

// LiveSessions returns those of the ids that are still signed in.
func (s *Store) LiveSessions(ctx context.Context, ids []string, now time.Time) (map[string]bool, error) {
	live := make(map[string]bool, len(ids))
	for _, batch := range batches(ids) {
		var found []string
		query := in(`SELECT id FROM sessions WHERE id IN (?) AND seen_at > ?`, batch)
		err := s.listOnce(ctx, &found, query, append(anys(batch), micros(now.Add(-sns.SessionLife)))...)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			live[id] = true
		}
	}
	return live, nil
}

// DeleteExpiredSessions forgets the sessions that nobody came back for.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time) (n int64, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE seen_at <= ?`, micros(now.Add(-sns.SessionLife)))
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	return n, err
}
