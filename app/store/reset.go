package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"xxsns/app/sns"
)

// MakeReset keeps a link by which a user sets a new password, and ends the user's other
// unused ones, also of administrators if an administrator makes the link. The act is logged, unless r.By is 0. Errors are those of GiveRole.
func (s userStore) MakeReset(ctx context.Context, r sns.Reset) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := lockActor(ctx, tx, r.By, r.User.ID, r.CreatedAt); err != nil {
			return err
		}
		// A stranger who asks for mails must not end what an administrator hands out.
		if _, err := tx.ExecContext(ctx, `DELETE FROM resets WHERE user_id = ? AND used_at IS NULL AND (by_id = 0 OR ? <> 0)`, r.User.ID, r.By); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO resets (id, user_id, by_id, created_at, until_at) VALUES (?, ?, ?, ?, ?)`,
			r.ID, r.User.ID, r.By, micros(r.CreatedAt), micros(r.Until))
		if err != nil || r.By == 0 {
			return err
		}
		return logAct(ctx, tx, sns.Act{By: sns.User{ID: r.By}, Kind: sns.ActReset, User: r.User, At: r.CreatedAt})
	})
}

// Reset returns a link for a new password by its id, also one that works no more.
// ErrNotFound if there is none.
func (s userStore) Reset(ctx context.Context, id string) (sns.Reset, error) {
	var row struct {
		By        int64         `db:"by_id"`
		CreatedAt int64         `db:"made_at"`
		Until     int64         `db:"until_at"`
		UsedAt    sql.NullInt64 `db:"used_at"`
		userRow
	}
	err := s.get(ctx, &row, `SELECT r.by_id, r.created_at AS made_at, r.until_at, r.used_at, `+userColumns+`
		FROM resets r JOIN users u ON u.id = r.user_id WHERE r.id = ?`, id)
	return sns.Reset{
		ID: id, User: row.user(), By: row.By, CreatedAt: timeOf(row.CreatedAt), Until: timeOf(row.Until), UsedAt: timeOrZero(row.UsedAt),
	}, err
}

// UseReset is SetPassword by a link, which works once. sns.ErrConflict if the link was used
// or is too old by now.
func (s userStore) UseReset(ctx context.Context, r sns.Reset, hash string, now time.Time) (ended []string, err error) {
	defer s.forgetUser(r.User.ID)
	err = s.tx(ctx, func(tx *transaction) error {
		err := change(ctx, tx, `UPDATE resets SET used_at = ? WHERE id = ? AND used_at IS NULL AND until_at > ?`, micros(now), r.ID, micros(now))
		if errors.Is(err, sns.ErrNotFound) {
			return sns.ErrConflict
		}
		if err != nil {
			return err
		}
		ended, err = setPassword(ctx, tx, r.User.ID, hash, "")
		return err
	})
	return ended, err
}

// ForgetResets deletes links for new passwords that have ended sns.ResetKept ago, and returns
// their number.
func (s userStore) ForgetResets(ctx context.Context, now time.Time) (n int64, err error) {
	return s.deleteRows(ctx, `DELETE FROM resets WHERE until_at <= ?`, micros(now.Add(-sns.ResetKept)))
}
