package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"xxsns/app/sns"
)

// A DuePush is an entry of the queue that may be claimed.
type DuePush struct {
	ID   int64 `db:"id"`
	User int64 `db:"user_id"`
}

// DuePushes returns entries of the queue that are due and that no token holds, the longest due
// first, without those of the users busy.
func (s pushStore) DuePushes(ctx context.Context, busy []int64, limit int, now time.Time) (due []DuePush, err error) {
	query, args := `SELECT id, user_id FROM pushes WHERE due_at <= ? AND lease_until <= `+s.dialect.now, []any{micros(now)}
	if len(busy) > 0 {
		query, args = query+in(` AND user_id NOT IN (?)`, busy), append(args, anys(busy)...)
	}
	err = s.listOnce(ctx, &due, query+` ORDER BY due_at, id`+limited(limit), args...)
	return due, err
}

// ClaimPush gives an entry of the queue to a token for the time of the lease, which runs by the
// clock of the database, and returns the entry with its device. ErrNotFound if the entry is not
// due any more, if another token holds it, or if its subscription or the session of that has
// ended, or if the user is suspended: then the entry is deleted.
func (s pushStore) ClaimPush(ctx context.Context, id int64, token string, lease time.Duration, now time.Time) (sns.Push, error) {
	var row claimedRow
	claimed := false
	err := s.tx(ctx, func(tx *transaction) error {
		claimed = false
		err := change(ctx, tx, `UPDATE pushes SET token = ?, lease_until = `+s.dialect.now+` + ? WHERE id = ? AND due_at <= ? AND lease_until <= `+s.dialect.now,
			token, lease.Microseconds(), id, micros(now))
		if err != nil {
			return err
		}
		seen, created := liveSince(now)
		err = tx.GetContext(ctx, &row, `SELECT pushes.id AS push, pushes.notice_id, pushes.kind, pushes.attempts, pushes.deeds, pushes.created_at AS wanted_at, `+deviceColumns+`
			FROM pushes JOIN push_subscriptions ON push_subscriptions.id = pushes.subscription_id JOIN sessions ON sessions.id = push_subscriptions.session_id
			JOIN users ON users.id = pushes.user_id
			WHERE pushes.id = ? AND pushes.user_id = push_subscriptions.user_id AND push_subscriptions.ended_at IS NULL AND sessions.seen_at > ? AND sessions.created_at > ?
			AND users.suspended_until <= ?`, id, seen, created, micros(now))
		if claimed = err == nil; claimed {
			return nil
		}
		if err = missing(err); errors.Is(err, sns.ErrNotFound) {
			_, err = tx.ExecContext(ctx, `DELETE FROM pushes WHERE id = ?`, id)
		}
		return err
	})
	if err == nil && !claimed {
		err = sns.ErrNotFound
	}
	return row.push(), err
}

type claimedRow struct {
	deviceRow
	Push     int64          `db:"push"`
	Notice   int64          `db:"notice_id"`
	Kind     sns.NoticeKind `db:"kind"`
	Attempts int            `db:"attempts"`
	Deeds    int64          `db:"deeds"`
	WantedAt int64          `db:"wanted_at"`
}

func (r claimedRow) push() sns.Push {
	return sns.Push{
		ID: r.Push, User: r.User, Notice: r.Notice, Kind: r.Kind, Attempts: r.Attempts, Deeds: r.Deeds, CreatedAt: timeOf(r.WantedAt), Device: r.device(),
	}
}

// TakePush counts one push of a device, and returns 0; or returns how long to wait, and counts
// nothing, if the device has had too many (sns.PushEvery, sns.PushBurst) or rests after a
// failure. All replicas count together.
func (s pushStore) TakePush(ctx context.Context, device int64) (wait time.Duration, err error) {
	const window = (sns.PushBurst - 1) * sns.PushEvery
	now := s.dialect.now
	err = s.tx(ctx, func(tx *transaction) error {
		wait = 0
		err := change(ctx, tx, `UPDATE push_subscriptions SET paced_until = CASE WHEN paced_until > `+now+` THEN paced_until ELSE `+now+` END + ?
			WHERE id = ? AND paced_until <= `+now+` + ?`, sns.PushEvery.Microseconds(), device, window.Microseconds())
		if !errors.Is(err, sns.ErrNotFound) {
			return err
		}
		var left int64
		if err := tx.GetContext(ctx, &left, `SELECT paced_until - `+now+` FROM push_subscriptions WHERE id = ?`, device); err != nil {
			return err
		}
		wait = max(time.Duration(left)*time.Microsecond-window, time.Second)
		return nil
	})
	return wait, err
}

// FinishPush ends an entry of the queue that the token of a claim holds. If deeds were added to
// the notice since the claim, the entry is due once more after sns.PushDelay instead.
// ErrNotFound if the token holds the entry no longer.
func (s pushStore) FinishPush(ctx context.Context, p sns.Push, token string, now time.Time) error {
	return s.tx(ctx, func(tx *transaction) error { return finishPush(ctx, tx, p, token, now) })
}

func finishPush(ctx context.Context, tx *transaction, p sns.Push, token string, now time.Time) error {
	err := change(ctx, tx, `DELETE FROM pushes WHERE id = ? AND token = ? AND deeds = ?`, p.ID, token, p.Deeds)
	if errors.Is(err, sns.ErrNotFound) {
		err = change(ctx, tx, `UPDATE pushes SET token = NULL, lease_until = 0, attempts = 0, created_at = ?, due_at = ? WHERE id = ? AND token = ?`,
			micros(now), micros(now.Add(sns.PushDelay)), p.ID, token)
	}
	return err
}

// AnsweredPush is FinishPush for a push that was answered for good: the device keeps the status.
func (s pushStore) AnsweredPush(ctx context.Context, p sns.Push, token string, status int, now time.Time) error {
	return s.tx(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `UPDATE push_subscriptions SET last_status = ?, last_at = ?, failures = 0 WHERE id = ?`, status, micros(now), p.Device.ID)
		if err != nil {
			return err
		}
		return finishPush(ctx, tx, p, token, now)
	})
}

// PostponePush releases an entry of the queue, which is due at the time due. ErrNotFound if the
// token holds the entry no longer.
func (s pushStore) PostponePush(ctx context.Context, p sns.Push, token string, due time.Time) error {
	return s.tx(ctx, func(tx *transaction) error {
		return change(ctx, tx, `UPDATE pushes SET token = NULL, lease_until = 0, due_at = ? WHERE id = ? AND token = ?`, micros(due), p.ID, token)
	})
}

// FailPush records that sending failed: the device keeps the status, nothing is sent to it
// before rest is over, and the entry is due again then. ErrNotFound if the token holds the
// entry no longer.
func (s pushStore) FailPush(ctx context.Context, p sns.Push, token string, status int, rest time.Duration, now time.Time) error {
	const window = (sns.PushBurst - 1) * sns.PushEvery
	return s.tx(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `UPDATE push_subscriptions SET last_status = ?, last_at = ?, failures = failures + 1, paced_until = `+s.dialect.now+` + ? WHERE id = ?`,
			status, micros(now), (window + rest).Microseconds(), p.Device.ID)
		if err != nil {
			return err
		}
		return change(ctx, tx, `UPDATE pushes SET token = NULL, lease_until = 0, attempts = attempts + 1, due_at = ? WHERE id = ? AND token = ?`,
			micros(now.Add(rest)), p.ID, token)
	})
}

// TryPush adds a try for the device id of a user to the queue, due at once. ErrNotFound if the
// user has no such device.
func (s pushStore) TryPush(ctx context.Context, user, id int64, now time.Time) error {
	return s.tx(ctx, func(tx *transaction) error {
		var devices []int64
		err := tx.SelectContext(ctx, &devices, `SELECT id FROM push_subscriptions WHERE user_id = ? AND ended_at IS NULL ORDER BY id`, user)
		if err != nil {
			return err
		}
		if !slices.Contains(devices, id) {
			return sns.ErrNotFound
		}
		return insertPushes(ctx, tx, []pushRow{{User: user, Device: id}}, now, now)
	})
}

// CountPushes returns how many entries the queue has, and since when the longest one is due;
// zero if none is.
func (s pushStore) CountPushes(ctx context.Context, now time.Time) (n int64, since time.Time, err error) {
	var row struct {
		N     int64 `db:"n"`
		Since int64 `db:"since"`
	}
	err = s.get(ctx, &row, `SELECT COUNT(*) AS n, COALESCE(MIN(due_at), 0) AS since FROM pushes`)
	if err == nil && row.N > 0 && row.Since <= now.UnixMicro() {
		since = timeOf(row.Since)
	}
	return row.N, since, err
}
