package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// Mailbox returns the address of an account. ErrNotFound if the account does not exist or was
// deleted.
func (s mailStore) Mailbox(ctx context.Context, user int64) (sns.Mailbox, error) {
	var row struct {
		Email     string `db:"email"`
		Confirmed int64  `db:"email_confirmed_at"`
	}
	err := s.get(ctx, &row, `SELECT email, email_confirmed_at FROM users WHERE id = ? AND deleted_at IS NULL`, user)
	return sns.Mailbox{Address: row.Email, Confirmed: row.Confirmed > 0}, err
}

// SetEmail changes the address of an account, which is to be confirmed anew: a link goes to the
// new address. Links for new passwords that were mailed to the old one end. ErrNotFound.
func (s mailStore) SetEmail(ctx context.Context, user int64, address string, now time.Time) error {
	defer s.forgetUser(user)
	return s.tx(ctx, func(tx *transaction) error {
		if err := change(ctx, tx, `UPDATE users SET email = ?, email_confirmed_at = 0 WHERE id = ? AND deleted_at IS NULL`, address, user); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM resets WHERE user_id = ? AND by_id = 0 AND used_at IS NULL`, user); err != nil {
			return err
		}
		return queueMail(ctx, tx, sns.Mail{User: user, Kind: sns.MailConfirm, To: address, CreatedAt: now}, now)
	})
}

// ConfirmEmail records that the owner of an address has opened a link that was mailed there.
// ErrNotFound if the account has another address by now.
func (s mailStore) ConfirmEmail(ctx context.Context, user int64, address string, now time.Time) error {
	defer s.forgetUser(user)
	return s.changeOne(ctx, `UPDATE users SET email_confirmed_at = ? WHERE id = ? AND email = ? AND deleted_at IS NULL`, micros(now), user, address)
}
