package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// signedIn is a session with its user.
type signedIn struct {
	session sns.Session
	user    sns.User
}

// expired reports whether the session has ended by itself.
func (s signedIn) expired(now time.Time) bool {
	return now.Sub(s.session.SeenAt) >= sns.SessionLife || now.Sub(s.session.CreatedAt) >= sns.SessionMost
}

// RecentSession is Session, as the database has answered less than RecentFor ago. What
// this Store has changed since is in the answer; changes by other processes are, once
// ForgetSession or ForgetUser was called.
func (s sessionStore) RecentSession(ctx context.Context, id string, now time.Time) (sns.Session, sns.User, error) {
	known, err := s.sessions.Get(ctx, id, func(ctx context.Context) (signedIn, error) {
		session, user, err := s.Session(ctx, id, now)
		return signedIn{session, user}, err
	})
	if err == nil && known.expired(now) {
		return s.Session(ctx, id, now) // another replica may have prolonged the session
	}
	return known.session, known.user, err
}

// KnownSession is RecentSession for a caller that asks for the same session again and
// again, such as a socket in which somebody talks: while it does, the session is asked
// for together with others, before it is needed.
func (s sessionStore) KnownSession(ctx context.Context, id string, now time.Time) (sns.Session, sns.User, error) {
	s.sessions.Expect(id)
	return s.RecentSession(ctx, id, now)
}

// signedIn returns sessions with their users, expired sessions included. Sessions that
// were ended are missing from the map.
func (d *database) signedIn(ctx context.Context, ids []string) (map[string]signedIn, error) {
	all := make(map[string]signedIn, len(ids))
	const query = `SELECT ` + userColumns + `, s.id AS session_id, s.created_at AS began_at, s.seen_at, s.proved_at
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id IN (?)`
	err := listIn(ctx, d, query, ids, func(r sessionRow) { all[r.Session] = signedIn{r.session(), r.user()} })
	return all, err
}

type sessionRow struct {
	userRow
	Session  string `db:"session_id"`
	BeganAt  int64  `db:"began_at"`
	SeenAt   int64  `db:"seen_at"`
	ProvedAt int64  `db:"proved_at"`
}

func (r sessionRow) session() sns.Session {
	return sns.Session{ID: r.Session, UserID: r.ID, CreatedAt: timeOf(r.BeganAt), SeenAt: timeOf(r.SeenAt), ProvedAt: timeOf(r.ProvedAt)}
}

// ForgetSession makes the next RecentSession of a session ask the database.
func (s sessionStore) ForgetSession(id string) { s.sessions.Forget(id) }

// ForgetUser makes the next RecentSession of each session of a user ask the database.
func (s sessionStore) ForgetUser(user int64) { s.forgetUser(user) }

// forgetUser is ForgetUser. A method that changes a user or all sessions of the user
// calls forgetUser when the change is committed, or may be.
func (d *database) forgetUser(user int64) {
	d.sessions.ForgetUnless(func(s signedIn) bool { return s.user.ID != user })
}
