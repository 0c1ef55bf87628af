package store

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
)

// GiveRole is SetRole by an administrator, or by a command of the operator if by is 0, and
// returns the role before. The act is logged, and the user gets a notice. sns.ErrForbidden if by
// is no administrator any more, sns.Invalid for one's own role, ErrNotFound.
func (s userStore) GiveRole(ctx context.Context, by, user int64, role sns.Role, now time.Time) (was sns.Role, err error) {
	defer s.forgetUser(user)
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockActor(ctx, tx, by, user, now); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &was, `SELECT role FROM users WHERE id = ?`, user); err != nil || was == role {
			return err
		}
		if err := change(ctx, tx, `UPDATE users SET role = ? WHERE id = ?`, role, user); err != nil {
			return err
		}
		act := sns.Act{By: sns.User{ID: by}, Kind: sns.ActRole, User: sns.User{ID: user}, Note: string(role), At: now}
		if err := logAct(ctx, tx, act); err != nil {
			return err
		}
		if err := t.decide(ctx, sns.Decision{User: user, Kind: sns.DecisionOfRole(role), At: now}); err != nil {
			return err
		}
		return raiseNames(ctx, tx)
	})
	return was, err
}

// lockActor locks an administrator and the account to which something is to be done.
// sns.ErrForbidden if by is no administrator any more, sns.Invalid if both are the same:
// so somebody always remains to undo it. If by is 0, a command of the operator acts.
func lockActor(ctx context.Context, tx *transaction, by, user int64, now time.Time) error {
	if by == user {
		return sns.Invalid{{Field: "form", Key: "people.oneself"}}
	}
	if by != 0 {
		if err := lockAdmin(ctx, tx, by, now); err != nil {
			return err
		}
	}
	return lockUser(ctx, tx, user)
}

// lockAdmin keeps an account an administrator until the transaction ends. sns.ErrForbidden
// if the account is none, or is suspended.
func lockAdmin(ctx context.Context, tx *transaction, user int64, now time.Time) error {
	err := lockRow(ctx, tx, `users`, `id = ? AND role = ? AND suspended_until <= ? AND deleted_at IS NULL`, user, sns.RoleAdmin, micros(now))
	if errors.Is(err, sns.ErrNotFound) {
		return sns.ErrForbidden
	}
	return err
}
