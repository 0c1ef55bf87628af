package store

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
)

// MailReader returns which mails a user wants.
func (s mailStore) MailReader(ctx context.Context, user int64) (sns.MailReader, error) {
	var row struct {
		Notices bool  `db:"notices"`
		Mailed  int64 `db:"mailed"`
		Digest  int64 `db:"digest_at"`
	}
	err := s.get(ctx, &row, `SELECT notices, mailed, digest_at FROM mail_readers WHERE user_id = ?`, user)
	if errors.Is(err, sns.ErrNotFound) {
		err = nil
	}
	return sns.MailReader{Notices: row.Notices, Digest: row.Digest > 0, Mailed: row.Mailed}, err
}

// SetMailReader keeps which mails a user wants. Of notices that are older than the wish nothing
// is mailed. The first digest is due at the time next. ErrNotFound if the account was deleted.
func (s mailStore) SetMailReader(ctx context.Context, user int64, want sns.MailReader, next time.Time) error {
	return s.txRepeatable(ctx, func(tx *transaction) error {
		if err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		var known int64
		if err := tx.GetContext(ctx, &known, `SELECT COUNT(*) FROM mail_readers WHERE user_id = ?`, user); err != nil {
			return err
		}
		if known == 0 {
			if _, err := tx.ExecContext(ctx, `INSERT INTO mail_readers (user_id) VALUES (?)`, user); err != nil {
				return err
			}
		}
		var version int64
		if err := tx.GetContext(ctx, &version, `SELECT COALESCE(MAX(version), 0) FROM inboxes WHERE user_id = ?`, user); err != nil {
			return err
		}
		if want.Notices {
			_, err := tx.ExecContext(ctx, `UPDATE mail_readers SET notices = 1, queued = ?, mailed = ? WHERE user_id = ? AND notices = 0`, version, version, user)
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE mail_readers SET notices = ?, digest_at = CASE WHEN ? = 0 THEN 0 WHEN digest_at = 0 THEN ? ELSE digest_at END WHERE user_id = ?`,
			want.Notices, want.Digest, micros(next), user)
		return err
	})
}

// SetMailed records that the notices of a user up to a rank were mailed.
func (s mailStore) SetMailed(ctx context.Context, user, rank int64) error {
	return s.changeOne(ctx, `UPDATE mail_readers SET mailed = ? WHERE user_id = ? AND mailed <= ?`, rank, user, rank)
}

// fromMailReaders selects the users whose addresses are confirmed and who are not suspended;
// its argument is the time. By CROSS JOIN, SQLite begins with the readers, not with all users.
const fromMailReaders = ` FROM mail_readers r CROSS JOIN users u ON u.id = r.user_id AND u.email_confirmed_at > 0 AND u.deleted_at IS NULL AND u.suspended_until <= ?`

// mailReaders bounds how many people are looked at together.
const mailReaders = 500

// QueueNotices adds a mail to the queue for each user who wants notices by mail and whose inbox
// has changed, due after sns.MailEvery: so long what happens is gathered. Any number of
// replicas may call QueueNotices. The result is the number of mails.
func (s mailStore) QueueNotices(ctx context.Context, now time.Time) (n int, err error) {
	var changed []struct {
		User    int64 `db:"user_id"`
		Version int64 `db:"version"`
	}
	err = s.list(ctx, &changed, `SELECT r.user_id, i.version`+fromMailReaders+` JOIN inboxes i ON i.user_id = r.user_id
		WHERE r.notices = 1 AND i.version > r.queued AND i.unread + i.news > 0 ORDER BY r.user_id`+limited(mailReaders), micros(now))
	for _, c := range changed {
		if err != nil {
			break
		}
		err = s.queueOnce(ctx, sns.Mail{User: c.User, Kind: sns.MailNotice, CreatedAt: now}, now.Add(sns.MailEvery),
			`UPDATE mail_readers SET queued = ? WHERE user_id = ? AND queued < ?`, c.Version, c.User, c.Version)
		n++
	}
	return n, err
}

// QueueDigests adds the digests that are due to the queue; those after are due at the time
// next. Any number of replicas may call QueueDigests. The result is the number of mails.
func (s mailStore) QueueDigests(ctx context.Context, now, next time.Time) (n int, err error) {
	var due []int64
	err = s.list(ctx, &due, `SELECT r.user_id`+fromMailReaders+` WHERE r.digest_at > 0 AND r.digest_at <= ? ORDER BY r.digest_at, r.user_id`+limited(mailReaders), micros(now), micros(now))
	for _, user := range due {
		if err != nil {
			break
		}
		err = s.queueOnce(ctx, sns.Mail{User: user, Kind: sns.MailDigest, CreatedAt: now}, now,
			`UPDATE mail_readers SET digest_at = ? WHERE user_id = ? AND digest_at > 0 AND digest_at <= ?`, micros(next), user, micros(now))
		n++
	}
	return n, err
}

// queueOnce queues a mail unless the guarded change finds no row: then another replica has
// queued the mail.
func (s mailStore) queueOnce(ctx context.Context, m sns.Mail, due time.Time, guard string, args ...any) error {
	err := s.tx(ctx, func(tx *transaction) error {
		if err := change(ctx, tx, guard, args...); err != nil {
			return err
		}
		return queueMail(ctx, tx, m, due)
	})
	if errors.Is(err, sns.ErrNotFound) {
		return nil
	}
	return err
}
