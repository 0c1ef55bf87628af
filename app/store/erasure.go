package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

const erasures = jobTable("erasures")

// EraseUser is DeleteUser of a user who wants nothing of theirs to remain: texts and images of
// the account are hidden at once, the name is unreadable, and an erasure waits, which deletes
// the rest.
func (s userStore) EraseUser(ctx context.Context, user int64, now time.Time) (Deleted, error) {
	return s.deleteUser(ctx, user, now, func(tx *transaction) error {
		var name struct {
			Folded   string `db:"folded"`
			Skeleton string `db:"skeleton"`
		}
		if err := tx.GetContext(ctx, &name, `SELECT folded, skeleton FROM users WHERE id = ?`, user); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET erased_at = ?, folded = ?, skeleton = ? WHERE id = ?`,
			micros(now), forgotten(name.Folded), forgotten(name.Skeleton), user)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO erasures (user_id, asked_at, due_at) VALUES (?, ?, ?)`, user, micros(now), micros(now))
		return err
	})
}

// An Erasure is the work that EraseUser leaves.
type Erasure struct {
	User     int64 `db:"user_id"`
	Attempts int   `db:"attempts"` // that have failed
}

// ClaimErasure gives the erasure that is due longest to a token for the time of the lease, which
// runs by the clock of the database. ErrNotFound if none is due that no token holds.
func (s erasureStore) ClaimErasure(ctx context.Context, token string, lease time.Duration, now time.Time) (e Erasure, err error) {
	user, err := erasures.claim(ctx, s.database, token, lease, now)
	if err == nil {
		err = s.get(ctx, &e, `SELECT user_id, attempts FROM erasures WHERE user_id = ?`, user)
	}
	return e, err
}

// RenewErasure begins the lease of a token anew. ErrNotFound if the token holds the erasure no
// longer.
func (s erasureStore) RenewErasure(ctx context.Context, user int64, token string, lease time.Duration) error {
	return erasures.renew(ctx, s.database, user, token, lease)
}

// FailErasure makes an erasure due again at a time. ErrNotFound as in RenewErasure.
func (s erasureStore) FailErasure(ctx context.Context, user int64, token string, due time.Time) error {
	return erasures.fail(ctx, s.database, user, token, due)
}

// FinishErasure ends an erasure: nothing of the user is left. ErrNotFound as in RenewErasure.
func (s erasureStore) FinishErasure(ctx context.Context, user int64, token string) error {
	return s.changeOne(ctx, `DELETE FROM erasures WHERE user_id = ? AND token = ?`, user, token)
}

// EraseRest deletes what is left of an account whose posts, comments, likes and messages are
// deleted: the notices that the user has pinned in rooms, what reports have hidden, the user's
// likes of hidden posts, and the notes of the user's own reports and objections. Reporters keep what
// was decided, without the user's words. The sweep of files deletes the images of hidden posts.
func (s erasureStore) EraseRest(ctx context.Context, user int64) error {
	return s.txRepeatable(ctx, func(tx *transaction) error {
		for _, query := range []string{
			`UPDATE rooms SET notice = '', notice_at = NULL, version = version + 1 WHERE mentor_id = ? AND notice <> ''`,
			`DELETE FROM post_images WHERE post_id IN (SELECT id FROM hidden_posts WHERE user_id = ?)`,
			`DELETE FROM hidden_comments WHERE post_id IN (SELECT id FROM hidden_posts WHERE user_id = ?)`,
			`DELETE FROM likes WHERE post_id IN (SELECT id FROM hidden_posts WHERE user_id = ?)`,
			`DELETE FROM mutes WHERE post_id IN (SELECT id FROM hidden_posts WHERE user_id = ?)`,
			`DELETE FROM likes WHERE user_id = ? AND post_id IN (SELECT id FROM hidden_posts)`,
			`DELETE FROM hidden_posts WHERE user_id = ?`,
			`DELETE FROM hidden_comments WHERE user_id = ?`,
			`UPDATE reports SET note = '' WHERE reporter_id = ?`,
			`UPDATE takedowns SET words = '', objection = '' WHERE author_id = ?`,
		} {
			if _, err := tx.ExecContext(ctx, query, user); err != nil {
				return err
			}
		}
		return forgetQuotes(ctx, tx, user)
	})
}

// forgetQuotes takes the user's words out of what those were told who have reported the user.
func forgetQuotes(ctx context.Context, tx *transaction, user int64) error {
	var told []struct {
		Reporter int64  `db:"reporter_id"`
		At       int64  `db:"decided_at"`
		Reason   string `db:"note"`
	}
	err := tx.SelectContext(ctx, &told, `SELECT r.reporter_id, c.decided_at, c.note FROM report_cases c JOIN reports r ON r.case_id = c.id
		WHERE c.subject_id = ? AND c.decided_at > 0 ORDER BY r.id`, user)
	for _, one := range told {
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE decisions SET note = ? WHERE user_id = ? AND at = ? AND kind IN (?, ?)`,
			one.Reason, one.Reporter, one.At, string(sns.DecisionDismissed), string(sns.DecisionActed))
	}
	return err
}

// Scrub overwrites what was deleted, where the database would keep it for a while: in the log of
// changes and in the index of searches. sns.ErrUnavailable while somebody reads the log; the
// caller tries again later.
func (s erasureStore) Scrub(ctx context.Context) error { return s.dialect.scrub(ctx, s.database) }
