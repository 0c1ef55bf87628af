package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// SetPassword changes a password and ends all sessions of the account but one
// (none is kept when keep is empty). It returns the ids of the ended ones.
func (s *Store) SetPassword(ctx context.Context, user int64, hash, keep string) (ended []string, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := change(ctx, tx, `UPDATE users SET password_hash = ? WHERE id = ? AND deleted_at IS NULL`, hash, user); err != nil {
			return err
		}
		var err error
		ended, err = endSessions(ctx, tx, user, keep)
		return err
	})
	return ended, err
}

// ofUser ends a statement that an account writes: it locks the row of the account
// against being deleted meanwhile, and finds none that was. Its argument is the
// id.
const ofUser = `FROM users WHERE users.id = ? AND users.deleted_at IS NULL`

// A Deleted is what is left to do of an account that was deleted.
type Deleted struct {
	Image    string   // file name that nothing refers to any more, or empty
	Sessions []string // that have ended
}

// DeleteUser deletes an account. What it wrote remains, without name and image;
// its name is not given again. ErrConflict while it has a room open, or a seat in
// one; sns.Invalid when it is the only administrator's. ErrNotFound when it is
// not there any more.
func (s *Store) DeleteUser(ctx context.Context, user int64, now time.Time) (gone Deleted, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		// Before anything is read: who makes a room or takes a seat locks this row, too.
		if err := change(ctx, tx, `UPDATE users SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL`, micros(now), user); err != nil {
			return err
		}
		if err := mayGo(ctx, tx, user); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &gone.Image, `SELECT image FROM users WHERE id = ?`, user); err != nil {
			return err
		}
		if gone.Sessions, err = endSessions(ctx, tx, user, ""); err != nil {
			return err
		}
		return forgetUser(ctx, tx, user)
	})
	return gone, err
}

// mayGo tells whether nobody waits for the user. Of the two reasons that there
// may be, the one that cannot be mended comes first.
func mayGo(ctx context.Context, tx *sqlx.Tx, user int64) error {
	var role sns.Role
	if err := tx.GetContext(ctx, &role, `SELECT role FROM users WHERE id = ?`, user); err != nil {
		return err
	}
	if role == sns.RoleAdmin {
		if err := otherAdmin(ctx, tx, user); err != nil {
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

// otherAdmin keeps the other administrators until the transaction ends; sns.Invalid
// when there are none. Two who leave at once wait for each other: that is a
// deadlock, after which one of them is tried again, and is the last.
func otherAdmin(ctx context.Context, tx *sqlx.Tx, user int64) error {
	var others []int64
	if err := tx.SelectContext(ctx, &others, `SELECT id FROM users WHERE role = ? AND id <> ? AND deleted_at IS NULL ORDER BY id`, sns.RoleAdmin, user); err != nil {
		return err
	}
	stay := false
	for _, other := range others {
		err := lockRow(ctx, tx, `users`, `id = ? AND role = ? AND deleted_at IS NULL`, other, sns.RoleAdmin)
		if err != nil && !errors.Is(err, sns.ErrNotFound) {
			return err
		}
		stay = stay || err == nil
	}
	if !stay {
		return sns.Invalid{{Field: "form", Key: "account.last_admin"}}
	}
	return nil
}

// forgetUser takes an account out of what refers to it, and its particulars out
// of itself. The folded name stays, so that nobody gets it again.
func forgetUser(ctx context.Context, tx *sqlx.Tx, user int64) error {
	for _, c := range []struct{ others, count string }{
		{`SELECT followee_id FROM follows WHERE follower_id = ? ORDER BY followee_id`, `UPDATE users SET follower_count = follower_count - 1 WHERE id IN (?)`},
		{`SELECT follower_id FROM follows WHERE followee_id = ? ORDER BY follower_id`, `UPDATE users SET following_count = following_count - 1 WHERE id IN (?)`},
	} {
		if err := countOthers(ctx, tx, c.others, c.count, user); err != nil {
			return err
		}
	}
	for _, query := range []string{
		`DELETE FROM follows WHERE follower_id = ?`,
		`DELETE FROM follows WHERE followee_id = ?`,
		`DELETE FROM room_waits WHERE user_id = ?`,
		`UPDATE users SET username = '', email = '', password_hash = '', role = 'USER', status_message = '', image = '',
			area = '', town = '', follower_count = 0, following_count = 0 WHERE id = ?`,
	} {
		if _, err := tx.ExecContext(ctx, query, user); err != nil {
			return err
		}
	}
	return nil
}

// countOthers changes a count of all whom a query names. They are named one by
// one: with a query inside the change, MariaDB would look at every account there
// is, and lock it.
func countOthers(ctx context.Context, tx *sqlx.Tx, others, count string, user int64) error {
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

// SeatsOf returns the open rooms that a user is inside.
func (s *Store) SeatsOf(ctx context.Context, user int64) (rooms []int64, err error) {
	err = s.list(ctx, &rooms, `SELECT p.room_id FROM participants p JOIN rooms r ON r.id = p.room_id
		WHERE p.user_id = ? AND p.active = 1 AND r.ended_at IS NULL ORDER BY p.room_id`, user)
	return rooms, err
}
