package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"xxsns/app/sns"
)

// SetPassword sets the password hash of an account and ends all its sessions
// except the session keep; if keep is empty, every session ends. The known networks
// of the account are forgotten: who knew the old password may have come from one. Unused links for
// new passwords end.
// SetPassword returns the ids of the ended sessions. ErrNotFound if the account does not exist or was
// deleted.
func (s userStore) SetPassword(ctx context.Context, user int64, hash, keep string) (ended []string, err error) {
	defer s.forgetUser(user)
	err = s.tx(ctx, func(tx *transaction) error {
		ended, err = setPassword(ctx, tx, user, hash, keep)
		return err
	})
	return ended, err
}

// setPassword is SetPassword within a transaction.
func setPassword(ctx context.Context, tx *transaction, user int64, hash, keep string) (ended []string, err error) {
	if err := change(ctx, tx, `UPDATE users SET password_hash = ? WHERE id = ? AND deleted_at IS NULL`, hash, user); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM known_networks WHERE user_id = ?`, user); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM resets WHERE user_id = ? AND used_at IS NULL`, user); err != nil {
		return nil, err
	}
	return endSessions(ctx, tx, user, keep)
}

// fromActiveUser ends an INSERT … SELECT or a subquery that writes for an
// account. The SELECT locks the row of the account, so that the account cannot
// be deleted meanwhile, and finds no row if the account was deleted. The
// argument is the user id.
const fromActiveUser = `FROM users WHERE users.id = ? AND users.deleted_at IS NULL`

// Deleted is the result of deleting an account: work that the caller has left
// to do.
type Deleted struct {
	Image    string   // file name of the former profile image, which no row refers to any more; or empty
	Sessions []string // ids of the sessions that have ended
}

// DeleteUser deletes an account. Posts, comments and messages of the account
// remain, without name and image; the username is never given again.
// ErrConflict while the account leads an open room or has a seat in an open
// room, sns.Invalid for the only administrator, ErrNotFound if the account does
// not exist or was deleted.
func (s userStore) DeleteUser(ctx context.Context, user int64, now time.Time) (gone Deleted, err error) {
	return s.deleteUser(ctx, user, now, func(*transaction) error { return nil })
}

// deleteUser is DeleteUser, with a further change in the transaction.
func (s userStore) deleteUser(ctx context.Context, user int64, now time.Time, further func(*transaction) error) (gone Deleted, err error) {
	defer s.forgetUser(user)
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		// Update before any read: CreateRoom and EnterRoom lock this row, too.
		if err := change(ctx, tx, `UPDATE users SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL`, micros(now), user); err != nil {
			return err
		}
		if err := checkDeletable(ctx, tx, user, now); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &gone.Image, `SELECT image FROM users WHERE id = ?`, user); err != nil {
			return err
		}
		if gone.Sessions, err = endSessions(ctx, tx, user, ""); err != nil {
			return err
		}
		follows, err := followsOf(ctx, tx, user)
		if err != nil {
			return err
		}
		if err := dropFormerNames(ctx, tx, user, now); err != nil {
			return err
		}
		if err := anonymizeUser(ctx, tx, user); err != nil {
			return err
		}
		if err := errors.Join(t.dropUser(ctx, user, follows), further(tx)); err != nil {
			return err
		}
		return raiseNames(ctx, tx)
	})
	return gone, err
}

// checkDeletable returns the error of DeleteUser, or nil. If an account is the
// only administrator and also has an open room, the error is the one about the
// administrator: the user cannot remove that obstacle alone.
func checkDeletable(ctx context.Context, tx *transaction, user int64, now time.Time) error {
	var role sns.Role
	if err := tx.GetContext(ctx, &role, `SELECT role FROM users WHERE id = ?`, user); err != nil {
		return err
	}
	if role == sns.RoleAdmin {
		if err := lockOtherAdmin(ctx, tx, user, now); err != nil {
			return err
		}
	}
	var open int
	err := tx.GetContext(ctx, &open, `SELECT (SELECT COUNT(*) FROM rooms WHERE mentor_id = ? AND ended_at IS NULL) +
		(SELECT COUNT(*) FROM participants p JOIN rooms r ON r.id = p.room_id WHERE p.user_id = ? AND p.active = 1 AND r.ended_at IS NULL)`, user, user)
	if err == nil && open > 0 {
		err = fmt.Errorf("%w: %d rooms are open", sns.ErrConflict, open)
	}
	return err
}

// lockOtherAdmin locks the rows of the other administrators until the
// transaction ends. sns.Invalid if there are none who are not suspended. Two administrators who
// delete their accounts at the same moment wait for each other: the database
// breaks the deadlock, and the retried transaction finds no other
// administrator.
func lockOtherAdmin(ctx context.Context, tx *transaction, user int64, now time.Time) error {
	var others []int64
	if err := tx.SelectContext(ctx, &others, `SELECT id FROM users WHERE role = ? AND id <> ? AND deleted_at IS NULL ORDER BY id`, sns.RoleAdmin, user); err != nil {
		return err
	}
	stay := false
	for _, other := range others {
		err := lockAdmin(ctx, tx, other, now)
		if err != nil && !errors.Is(err, sns.ErrForbidden) {
			return err
		}
		stay = stay || err == nil
	}
	if !stay {
		return sns.Invalid{{Field: "form", Key: "account.last_admin"}}
	}
	return nil
}

// anonymizeUser deletes the rows that refer to an account and empties the
// columns of the account. The folded name stays, so that no new account can
// take the name.
func anonymizeUser(ctx context.Context, tx *transaction, user int64) error {
	for _, c := range []struct{ others, count string }{
		{`SELECT followee_id FROM follows WHERE follower_id = ? ORDER BY followee_id`, `UPDATE users SET follower_count = follower_count - 1 WHERE id IN (?)`},
		{`SELECT follower_id FROM follows WHERE followee_id = ? ORDER BY follower_id`, `UPDATE users SET following_count = following_count - 1 WHERE id IN (?)`},
	} {
		if err := updateCounts(ctx, tx, c.others, c.count, user); err != nil {
			return err
		}
	}
	for _, query := range []string{
		`DELETE FROM follows WHERE follower_id = ?`,
		`DELETE FROM follows WHERE followee_id = ?`,
		`DELETE FROM blocks WHERE user_id = ?`,
		`DELETE FROM blocks WHERE blocked_id = ?`,
		`DELETE FROM room_waits WHERE user_id = ?`,
		`DELETE FROM room_reads WHERE user_id = ?`,
		`DELETE FROM known_networks WHERE user_id = ?`,
		`DELETE FROM suspensions WHERE user_id = ?`,
		`DELETE FROM resets WHERE user_id = ?`,
		`DELETE FROM mails WHERE user_id = ?`,
		`DELETE FROM mail_readers WHERE user_id = ?`,
		`DELETE FROM push_subscriptions WHERE user_id = ?`,
		`DELETE FROM exports WHERE user_id = ?`,
		`DELETE FROM applications WHERE user_id = ?`,
		`UPDATE invitations SET closed_at = created_at WHERE by_id = ? AND closed_at IS NULL`,
		`UPDATE users SET username = '', email = '', email_confirmed_at = 0, password_hash = '', role = 'USER', status_message = '', image = '', search = '',
			area = '', town = '', invitation_id = 0, renamed_at = 0, follower_count = 0, following_count = 0 WHERE id = ?`,
	} {
		if _, err := tx.ExecContext(ctx, query, user); err != nil {
			return err
		}
	}
	return nil
}

// updateCounts runs the statement count on all users that the query others
// returns. The ids are fetched first: with a subquery in the UPDATE, MariaDB
// would scan and lock all rows of users.
func updateCounts(ctx context.Context, tx *transaction, others, count string, user int64) error {
	var ids []int64
	if err := tx.SelectContext(ctx, &ids, others, user); err != nil {
		return err
	}
	for _, batch := range batches(ids) {
		if _, err := tx.ExecContext(ctx, in(count, batch), anys(batch)...); err != nil {
			return err
		}
	}
	return nil
}

// SeatsOf returns the ids of the open rooms in which a user has a seat.
func (s userStore) SeatsOf(ctx context.Context, user int64) (rooms []int64, err error) {
	err = s.list(ctx, &rooms, `SELECT p.room_id FROM participants p JOIN rooms r ON r.id = p.room_id
		WHERE p.user_id = ? AND p.active = 1 AND r.ended_at IS NULL ORDER BY p.room_id`, user)
	return rooms, err
}
