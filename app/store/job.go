package store

import (
	"context"
	"errors"
	"time"

	"xxsns/app/sns"
)

// A jobTable is a table with a job for a user in each row, which one replica at a time works on:
// the columns user_id, due_at, attempts, token, and lease_until by the clock of the database.
type jobTable string

// dueJobs is how many jobs claim tries to claim.
const dueJobs = 20

// claim gives the job that is due longest to a token for the time of the lease, and returns its
// user. ErrNotFound if no job is due that no token holds.
func (table jobTable) claim(ctx context.Context, d *database, token string, lease time.Duration, now time.Time) (int64, error) {
	var due []int64
	where := ` due_at <= ? AND lease_until <= ` + d.dialect.now
	err := d.list(ctx, &due, `SELECT user_id FROM `+string(table)+` WHERE`+where+` ORDER BY due_at, user_id`+limited(dueJobs), micros(now))
	if err != nil {
		return 0, err
	}
	for _, user := range due {
		err := d.changeOne(ctx, `UPDATE `+string(table)+` SET token = ?, lease_until = `+d.dialect.now+` + ? WHERE user_id = ? AND`+where,
			token, lease.Microseconds(), user, micros(now))
		if !errors.Is(err, sns.ErrNotFound) { // else another replica was faster
			return user, err
		}
	}
	return 0, sns.ErrNotFound
}

// renew begins the lease of a token anew. ErrNotFound if the token holds the job no longer.
func (table jobTable) renew(ctx context.Context, d *database, user int64, token string, lease time.Duration) error {
	return d.changeOne(ctx, `UPDATE `+string(table)+` SET lease_until = `+d.dialect.now+` + ? WHERE user_id = ? AND token = ?`, lease.Microseconds(), user, token)
}

// fail counts an attempt that failed, and makes the job due at a time; the zero time is never.
// ErrNotFound as in renew.
func (table jobTable) fail(ctx context.Context, d *database, user int64, token string, due time.Time) error {
	return d.changeOne(ctx, `UPDATE `+string(table)+` SET due_at = ?, attempts = attempts + 1, token = NULL, lease_until = 0 WHERE user_id = ? AND token = ?`,
		micros(due), user, token)
}
