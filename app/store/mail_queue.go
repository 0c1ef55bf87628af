package store

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
)

// QueueMail adds a mail to the queue, due at once. An unsent mail of the kind to the same user
// and address is not added again, nor one about the same takedown; if that mail is just being
// sent, it is due once more. Another for a user of 0 is always added.
func (s mailStore) QueueMail(ctx context.Context, m sns.Mail) error {
	return s.tx(ctx, func(tx *transaction) error { return queueMail(ctx, tx, m, m.CreatedAt) })
}

func queueMail(ctx context.Context, tx *transaction, m sns.Mail, due time.Time) error {
	if m.User != 0 || m.Kind == sns.MailTakedown {
		err := requeueMail(ctx, tx, m, due)
		if !errors.Is(err, sns.ErrNotFound) {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO mails (user_id, kind, recipient, created_at, due_at) VALUES (?, ?, ?, ?, ?)`,
		m.User, m.Kind, m.To, micros(m.CreatedAt), micros(due))
	return err
}

// requeueMail leaves a waiting mail as it is, and makes a claimed one due. A claimed mail was
// composed before what is to be told now: without its token the mail is composed again, and the
// sender that holds the token can neither end nor postpone it. ErrNotFound if the queue has none.
func requeueMail(ctx context.Context, tx *transaction, m sns.Mail, due time.Time) error {
	return change(ctx, tx, `UPDATE mails SET created_at = CASE WHEN token IS NULL THEN created_at ELSE ? END,
		due_at = CASE WHEN token IS NULL THEN due_at ELSE ? END, attempts = CASE WHEN token IS NULL THEN attempts ELSE 0 END,
		lease_until = 0, token = NULL WHERE user_id = ? AND kind = ? AND recipient = ?`,
		micros(m.CreatedAt), micros(due), m.User, m.Kind, m.To)
}

// ClaimMail gives the longest due mail to a token for the time of the lease, which runs by the
// clock of the database, and returns the mail. ErrNotFound if none is due that no token holds.
func (s mailStore) ClaimMail(ctx context.Context, token string, lease time.Duration, now time.Time) (sns.Mail, error) {
	var due []int64
	err := s.list(ctx, &due, `SELECT id FROM mails WHERE due_at <= ? AND lease_until <= `+s.dialect.now+` ORDER BY due_at, id`+limited(mailsAtOnce), micros(now))
	if err != nil {
		return sns.Mail{}, err
	}
	for _, id := range due {
		m, err := s.claimMail(ctx, id, token, lease, now)
		if !errors.Is(err, sns.ErrNotFound) { // else another replica was faster
			return m, err
		}
	}
	return sns.Mail{}, sns.ErrNotFound
}

// mailsAtOnce is how many due mails a replica looks at, so that each finds one that no other
// replica takes at the same moment.
const mailsAtOnce = 16

func (s mailStore) claimMail(ctx context.Context, id int64, token string, lease time.Duration, now time.Time) (sns.Mail, error) {
	var row struct {
		ID        int64        `db:"id"`
		User      int64        `db:"user_id"`
		Kind      sns.MailKind `db:"kind"`
		To        string       `db:"recipient"`
		Attempts  int          `db:"attempts"`
		CreatedAt int64        `db:"created_at"`
	}
	err := s.tx(ctx, func(tx *transaction) error {
		err := change(ctx, tx, `UPDATE mails SET token = ?, lease_until = `+s.dialect.now+` + ? WHERE id = ? AND due_at <= ? AND lease_until <= `+s.dialect.now,
			token, lease.Microseconds(), id, micros(now))
		if err != nil {
			return err
		}
		return tx.GetContext(ctx, &row, `SELECT id, user_id, kind, recipient, attempts, created_at FROM mails WHERE id = ?`, id)
	})
	return sns.Mail{ID: row.ID, User: row.User, Kind: row.Kind, To: row.To, Attempts: row.Attempts, CreatedAt: timeOf(row.CreatedAt)}, err
}

// FinishMail ends a mail that the token of a claim holds: sent, or given up. ErrNotFound if the
// token holds the mail no longer.
func (s mailStore) FinishMail(ctx context.Context, id int64, token string) error {
	return s.changeOne(ctx, `DELETE FROM mails WHERE id = ? AND token = ?`, id, token)
}

// PostponeMail releases a mail, which is due at the time due; failed counts an attempt.
// ErrNotFound if the token holds the mail no longer.
func (s mailStore) PostponeMail(ctx context.Context, id int64, token string, failed bool, due time.Time) error {
	return s.changeOne(ctx, `UPDATE mails SET token = NULL, lease_until = 0, attempts = attempts + ?, due_at = ? WHERE id = ? AND token = ?`,
		failed, micros(due), id, token)
}

// CountMails returns how many mails wait, and since when the longest one is due; zero if none
// is.
func (s mailStore) CountMails(ctx context.Context, now time.Time) (n int64, since time.Time, err error) {
	var row struct {
		N     int64 `db:"n"`
		Since int64 `db:"since"`
	}
	err = s.get(ctx, &row, `SELECT COUNT(*) AS n, COALESCE(MIN(due_at), 0) AS since FROM mails`)
	if err == nil && row.N > 0 && row.Since <= now.UnixMicro() {
		since = timeOf(row.Since)
	}
	return row.N, since, err
}
