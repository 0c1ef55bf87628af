package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// liveSince returns how late a session that has not expired was last seen, and how late
// the session began.
func liveSince(now time.Time) (seen, created any) {
	return micros(now.Add(-sns.SessionLife)), micros(now.Add(-sns.SessionMost))
}

// CreateSession signs a device in. hash is the password hash that the caller
// has just checked: the password is proved at session.CreatedAt. CreateSession ends the oldest sessions of the user above
// sns.SessionsMax, and returns their ids. ErrNotFound if the account has another
// hash by now, or was deleted: no session may start with an old password.
func (s sessionStore) CreateSession(ctx context.Context, session sns.Session, hash string) (ended []string, err error) {
	defer s.forgetUser(session.UserID)
	err = s.tx(ctx, func(tx *transaction) error {
		// Lock the user until the session exists: SetPassword and DeleteUser,
		// which end all sessions, wait for the lock and so end this session,
		// too. Of two devices that sign in at once, the second sees the first.
		err := lockRow(ctx, tx, `users`, `id = ? AND password_hash = ? AND deleted_at IS NULL`, session.UserID, hash)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO sessions (id, user_id, created_at, seen_at, proved_at, agent) VALUES (?, ?, ?, ?, ?, ?)`,
			session.ID, session.UserID, micros(session.CreatedAt), micros(session.SeenAt), micros(session.CreatedAt), session.Agent)
		if err != nil {
			return err
		}
		ended, err = endOldest(ctx, tx, session)
		return err
	})
	return ended, err
}

// endOldest ends the oldest sessions of a user above sns.SessionsMax, and never newest,
// which has just begun.
func endOldest(ctx context.Context, tx *transaction, newest sns.Session) ([]string, error) {
	var others []string
	err := tx.SelectContext(ctx, &others, `SELECT id FROM sessions WHERE user_id = ? AND id <> ? ORDER BY created_at DESC, id`, newest.UserID, newest.ID)
	if err != nil {
		return nil, err
	}
	ended := others[min(len(others), sns.SessionsMax-1):]
	return ended, deleteSessions(ctx, tx, ended)
}

func deleteSessions(ctx context.Context, tx *transaction, ids []string) error {
	for _, batch := range batches(ids) {
		if _, err := tx.ExecContext(ctx, in(`DELETE FROM sessions WHERE id IN (?)`, batch), anys(batch)...); err != nil {
			return err
		}
	}
	return endPushesOf(ctx, tx, ids...)
}

// Session returns a session and its user, as the database has them now. ErrNotFound if
// the session was ended, was not used for sns.SessionLife, or began sns.SessionMost ago.
func (s sessionStore) Session(ctx context.Context, id string, now time.Time) (sns.Session, sns.User, error) {
	var row userRow
	var createdAt, seenAt, provedAt int64
	seen, created := liveSince(now)
	err := s.one(ctx, append(row.dest(), &createdAt, &seenAt, &provedAt), `SELECT `+userColumns+`, s.created_at, s.seen_at, s.proved_at
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ? AND s.seen_at > ? AND s.created_at > ?`,
		id, seen, created)
	return sns.Session{
		ID: id, UserID: row.ID, CreatedAt: timeOf(createdAt), SeenAt: timeOf(seenAt), ProvedAt: timeOf(provedAt),
	}, row.user(), err
}

// SeeSession records that a session was used at now, which prolongs the
// session.
func (s sessionStore) SeeSession(ctx context.Context, id string, now time.Time) error {
	defer s.ForgetSession(id)
	return s.exec(ctx, `UPDATE sessions SET seen_at = ? WHERE id = ?`, micros(now), id)
}

// ProveSession records that the password was typed in a session at now.
func (s sessionStore) ProveSession(ctx context.Context, id string, now time.Time) error {
	defer s.ForgetSession(id)
	return s.exec(ctx, `UPDATE sessions SET proved_at = ? WHERE id = ?`, micros(now), id)
}

// EndSession deletes a session, and the push subscription of its browser. A session that does not exist is no error.
func (s sessionStore) EndSession(ctx context.Context, id string) error {
	defer s.ForgetSession(id)
	return s.txRepeatable(ctx, func(tx *transaction) error { return deleteSessions(ctx, tx, []string{id}) })
}

// Sessions returns the sessions of a user, last used first.
func (s sessionStore) Sessions(ctx context.Context, user int64, now time.Time) ([]sns.Session, error) {
	var rows []struct {
		ID        string `db:"id"`
		CreatedAt int64  `db:"created_at"`
		SeenAt    int64  `db:"seen_at"`
		Agent     string `db:"agent"`
	}
	seen, created := liveSince(now)
	err := s.list(ctx, &rows, `SELECT id, created_at, seen_at, agent FROM sessions WHERE user_id = ? AND seen_at > ? AND created_at > ? ORDER BY seen_at DESC, id`,
		user, seen, created)
	all := make([]sns.Session, len(rows))
	for i, row := range rows {
		all[i] = sns.Session{ID: row.ID, UserID: user, CreatedAt: timeOf(row.CreatedAt), SeenAt: timeOf(row.SeenAt), Agent: row.Agent}
	}
	return all, err
}

// EndSessionOf deletes a session of a user. ErrNotFound if the user has no such
// session.
func (s sessionStore) EndSessionOf(ctx context.Context, user int64, id string) error {
	defer s.ForgetSession(id)
	return s.tx(ctx, func(tx *transaction) error {
		if err := change(ctx, tx, `DELETE FROM sessions WHERE id = ? AND user_id = ?`, id, user); err != nil {
			return err
		}
		return endPushesOf(ctx, tx, id)
	})
}

// EndOtherSessions deletes all sessions of a user except keep, and returns the
// ids of the deleted sessions.
func (s sessionStore) EndOtherSessions(ctx context.Context, user int64, keep string) (ended []string, err error) {
	defer s.forgetUser(user)
	err = s.tx(ctx, func(tx *transaction) error {
		ended, err = endSessions(ctx, tx, user, keep)
		return err
	})
	return ended, err
}

// endSessions is EndOtherSessions within a transaction.
func endSessions(ctx context.Context, tx *transaction, user int64, keep string) (ended []string, err error) {
	if err := tx.SelectContext(ctx, &ended, `SELECT id FROM sessions WHERE user_id = ? AND id <> ? ORDER BY id`, user, keep); err != nil {
		return nil, err
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM sessions WHERE user_id = ? AND id <> ?`, user, keep); err != nil {
		return nil, err
	}
	return ended, endPushesOf(ctx, tx, ended...)
}

// LiveSessions returns the present roles of the users of those ids whose sessions are
// not ended or expired, and who are not suspended. The others are missing from the map.
func (s sessionStore) LiveSessions(ctx context.Context, ids []string, now time.Time) (map[string]sns.Role, error) {
	live := make(map[string]sns.Role, len(ids))
	type row struct {
		ID   string   `db:"id"`
		Role sns.Role `db:"role"`
	}
	const query = `SELECT s.id, u.role FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.seen_at > ? AND s.created_at > ? AND u.suspended_until <= ? AND s.id IN (?)`
	seen, created := liveSince(now)
	err := listIn(ctx, s.database, query, ids, func(r row) { live[r.ID] = r.Role }, seen, created, micros(now))
	return live, err
}

// DeleteExpiredSessions deletes the sessions that were not used for
// sns.SessionLife or began sns.SessionMost ago, and returns their number.
func (s sessionStore) DeleteExpiredSessions(ctx context.Context, now time.Time) (n int64, err error) {
	seen, created := liveSince(now)
	var old []string
	// No index has created_at: a DELETE would lock every session on MySQL, a SELECT
	// locks none.
	if err := s.listOnce(ctx, &old, `SELECT id FROM sessions WHERE created_at <= ?`, created); err != nil {
		return 0, err
	}
	err = s.tx(ctx, func(tx *transaction) error {
		if err := deleteSessions(ctx, tx, old); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE seen_at <= ?`, seen)
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		n += int64(len(old))
		return err
	})
	return n, err
}
