package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"xxsns/app/sns"
)

// PushKeys returns the keys of this community: those of the database, or fresh if the database
// has none yet. Of replicas that start at once, all get the same.
func (s pushStore) PushKeys(ctx context.Context, fresh sns.PushKeys, now time.Time) (sns.PushKeys, error) {
	const query = `SELECT public_key, private_key FROM push_keys WHERE one = 1`
	var keys struct {
		Public  string `db:"public_key"`
		Private string `db:"private_key"`
	}
	err := s.get(ctx, &keys, query)
	if errors.Is(err, sns.ErrNotFound) {
		err = s.exec(ctx, `INSERT INTO push_keys (one, public_key, private_key, created_at) VALUES (1, ?, ?, ?)`, fresh.Public, fresh.Private, micros(now))
		if err == nil || errors.Is(err, sns.ErrConflict) { // another replica was first
			err = s.get(ctx, &keys, query)
		}
	}
	return sns.PushKeys{Public: keys.Public, Private: keys.Private}, err
}

// pushSeen is how long a subscription is not written again that a browser renews unchanged.
const pushSeen = 12 * time.Hour

// SubscribePush records that a browser wants to be told of the notices of its user: a new
// subscription, or one that is renewed. silently means that the browser renews by itself, and
// not because the user asked: ErrPushEnded if the user has removed the browser. A browser in
// which another user has signed in belongs to that user alone. ErrNotFound if the session has
// ended.
func (s pushStore) SubscribePush(ctx context.Context, d sns.PushDevice, silently bool, now time.Time) error {
	if known, err := s.deviceAt(ctx, d.Endpoint); err == nil && known.same(d) && now.Sub(timeOf(known.SeenAt)).Abs() < pushSeen {
		return nil
	}
	return s.txRepeatable(ctx, func(tx *transaction) error {
		if err := lockUser(ctx, tx, d.User); err != nil {
			return err
		}
		var one int
		if err := tx.GetContext(ctx, &one, `SELECT 1 FROM sessions WHERE id = ? AND user_id = ?`, d.Session, d.User); err != nil {
			return missing(err)
		}
		err := renewPush(ctx, tx, d, silently, now)
		if errors.Is(err, sns.ErrNotFound) {
			_, err = tx.ExecContext(ctx, `INSERT INTO push_subscriptions (user_id, session_id, endpoint_hash, endpoint, public_key, secret, agent, lang, created_at, seen_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				d.User, d.Session, endpointHash(d.Endpoint), d.Endpoint, d.PublicKey, d.Secret, d.Agent, d.Lang, micros(now), micros(now))
		}
		if err != nil {
			return err
		}
		return endOldestDevices(ctx, tx, d)
	})
}

// renewPush is SubscribePush for an endpoint that is known. ErrNotFound if none is.
func renewPush(ctx context.Context, tx *transaction, d sns.PushDevice, silently bool, now time.Time) error {
	var known deviceRow
	if err := tx.GetContext(ctx, &known, deviceQuery+`WHERE endpoint_hash = ?`, endpointHash(d.Endpoint)); errors.Is(err, sql.ErrNoRows) {
		return sns.ErrNotFound
	} else if err != nil {
		return err
	}
	if silently && known.EndedAt.Valid && known.User == d.User {
		return sns.ErrPushEnded
	}
	created := known.CreatedAt
	if known.User != d.User || known.EndedAt.Valid {
		created = now.UnixMicro()
		if err := deletePushesOf(ctx, tx, known.ID); err != nil {
			return err
		}
	}
	return change(ctx, tx, `UPDATE push_subscriptions SET user_id = ?, session_id = ?, public_key = ?, secret = ?, agent = ?, lang = ?, created_at = ?, seen_at = ?,
		ended_at = NULL WHERE id = ?`, d.User, d.Session, d.PublicKey, d.Secret, d.Agent, d.Lang, created, micros(now), known.ID)
}

// endOldestDevices deletes the subscriptions of a user above sns.PushDevicesMax that were seen
// the longest ago, and as many memories of ended ones, but never newest.
func endOldestDevices(ctx context.Context, tx *transaction, newest sns.PushDevice) error {
	for _, which := range []string{`ended_at IS NULL`, `ended_at IS NOT NULL`} {
		var others []int64
		err := tx.SelectContext(ctx, &others, `SELECT id FROM push_subscriptions WHERE user_id = ? AND endpoint_hash <> ? AND `+which+` ORDER BY seen_at DESC, id DESC`,
			newest.User, endpointHash(newest.Endpoint))
		if err != nil {
			return err
		}
		if err := deleteDevices(ctx, tx, others[min(len(others), sns.PushDevicesMax-1):]); err != nil {
			return err
		}
	}
	return nil
}

// deleteDevices deletes subscriptions. Entries of the queue that are left without a
// subscription are dropped when they are due.
func deleteDevices(ctx context.Context, tx *transaction, ids []int64) error {
	for _, batch := range batches(ids) {
		if _, err := tx.ExecContext(ctx, in(`DELETE FROM push_subscriptions WHERE id IN (?)`, batch), anys(batch)...); err != nil {
			return err
		}
	}
	return nil
}

// endPushesOf deletes the subscriptions of sessions that end: by their ids, so that nothing is
// locked but them.
func endPushesOf(ctx context.Context, tx *transaction, sessions ...string) error {
	for _, batch := range batches(sessions) {
		var ids []int64
		if err := tx.SelectContext(ctx, &ids, in(`SELECT id FROM push_subscriptions WHERE session_id IN (?) ORDER BY id`, batch), anys(batch)...); err != nil {
			return err
		}
		if err := deleteDevices(ctx, tx, ids); err != nil {
			return err
		}
	}
	return nil
}

// deletePushesOf deletes the entries of the queue for a device. They are deleted by their ids,
// so that nothing is locked but them.
func deletePushesOf(ctx context.Context, tx *transaction, device int64) error {
	var ids []int64
	if err := tx.SelectContext(ctx, &ids, `SELECT id FROM pushes WHERE subscription_id = ? ORDER BY id`, device); err != nil {
		return err
	}
	for _, batch := range batches(ids) {
		if _, err := tx.ExecContext(ctx, in(`DELETE FROM pushes WHERE id IN (?)`, batch), anys(batch)...); err != nil {
			return err
		}
	}
	return nil
}

// EndPushDevice ends the subscription id of a user, and remembers that the user did: the
// browser does not renew the subscription by itself. EndPushDevice returns the session of the
// browser. ErrNotFound if the user has no such subscription.
func (s pushStore) EndPushDevice(ctx context.Context, user, id int64, now time.Time) (session string, err error) {
	err = s.txRepeatable(ctx, func(tx *transaction) error {
		// Lock the user, as SubscribePush does: a browser that renews its subscription sees the end.
		if err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		const mine = ` WHERE id = ? AND user_id = ? AND ended_at IS NULL`
		if err := tx.GetContext(ctx, &session, `SELECT session_id FROM push_subscriptions`+mine, id, user); err != nil {
			return missing(err)
		}
		if err := change(ctx, tx, `UPDATE push_subscriptions SET ended_at = ?`+mine, micros(now), id, user); err != nil {
			return err
		}
		return deletePushesOf(ctx, tx, id)
	})
	return session, err
}

// EndPushEndpoint deletes the subscription of a user's browser that has ended it. A
// subscription that does not exist is no error.
func (s pushStore) EndPushEndpoint(ctx context.Context, user int64, endpoint string) error {
	return s.exec(ctx, `DELETE FROM push_subscriptions WHERE endpoint_hash = ? AND user_id = ?`, endpointHash(endpoint), user)
}

// DropPushDevice deletes a subscription that its push service does not know any more.
func (s pushStore) DropPushDevice(ctx context.Context, id int64) error {
	return s.txRepeatable(ctx, func(tx *transaction) error {
		if err := deletePushesOf(ctx, tx, id); err != nil {
			return err
		}
		return deleteDevices(ctx, tx, []int64{id})
	})
}

// PushDevices returns the browsers that are told of a user's notices, the first subscribed
// first.
func (s pushStore) PushDevices(ctx context.Context, user int64) ([]sns.PushDevice, error) {
	var rows []deviceRow
	err := s.list(ctx, &rows, deviceQuery+`WHERE user_id = ? AND ended_at IS NULL ORDER BY id`, user)
	all := make([]sns.PushDevice, len(rows))
	for i, row := range rows {
		all[i] = row.device()
	}
	return all, err
}

// ForgetPushDevices deletes subscriptions whose sessions have ended, such as by a command of an
// older version, and those that users ended before sns.PushEndedKept.
func (s pushStore) ForgetPushDevices(ctx context.Context, now time.Time) (int, error) {
	var ids []int64
	const query = `SELECT p.id FROM push_subscriptions p LEFT JOIN sessions s ON s.id = p.session_id
		WHERE p.ended_at <= ? OR p.ended_at IS NULL AND s.id IS NULL ORDER BY p.id LIMIT 500`
	if err := s.list(ctx, &ids, query, micros(now.Add(-sns.PushEndedKept))); err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), s.txRepeatable(ctx, func(tx *transaction) error { return deleteDevices(ctx, tx, ids) })
}

// missing returns sns.ErrNotFound for a query in a transaction that finds no row, and any other
// error as it is.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return sns.ErrNotFound
	}
	return err
}

// deviceAt returns the subscription of an endpoint.
func (s pushStore) deviceAt(ctx context.Context, endpoint string) (row deviceRow, err error) {
	err = s.get(ctx, &row, deviceQuery+`WHERE endpoint_hash = ?`, endpointHash(endpoint))
	return row, err
}

// endpointHash returns what an endpoint is found by: MySQL has no unique index on such long
// texts.
func endpointHash(endpoint string) string {
	sum := sha256.Sum256([]byte(endpoint))
	return hex.EncodeToString(sum[:])
}

const (
	deviceColumns = `push_subscriptions.id, push_subscriptions.user_id, push_subscriptions.session_id, push_subscriptions.endpoint, push_subscriptions.public_key,
		push_subscriptions.secret, push_subscriptions.agent, push_subscriptions.lang, push_subscriptions.created_at, push_subscriptions.seen_at,
		push_subscriptions.ended_at, push_subscriptions.last_status, push_subscriptions.last_at, push_subscriptions.failures`
	deviceQuery = `SELECT ` + deviceColumns + ` FROM push_subscriptions `
)

type deviceRow struct {
	ID        int64         `db:"id"`
	User      int64         `db:"user_id"`
	Session   string        `db:"session_id"`
	Endpoint  string        `db:"endpoint"`
	PublicKey string        `db:"public_key"`
	Secret    string        `db:"secret"`
	Agent     string        `db:"agent"`
	Lang      string        `db:"lang"`
	CreatedAt int64         `db:"created_at"`
	SeenAt    int64         `db:"seen_at"`
	EndedAt   sql.NullInt64 `db:"ended_at"`
	Status    int           `db:"last_status"`
	LastAt    sql.NullInt64 `db:"last_at"`
	Failures  int           `db:"failures"`
}

// same reports whether the row has everything of d that a browser renews.
func (r deviceRow) same(d sns.PushDevice) bool {
	return !r.EndedAt.Valid && r.User == d.User && r.Session == d.Session && r.PublicKey == d.PublicKey && r.Secret == d.Secret && r.Agent == d.Agent && r.Lang == d.Lang
}

func (r deviceRow) device() sns.PushDevice {
	return sns.PushDevice{
		ID: r.ID, User: r.User, Session: r.Session, Endpoint: r.Endpoint, PublicKey: r.PublicKey, Secret: r.Secret, Agent: r.Agent, Lang: r.Lang,
		CreatedAt: timeOf(r.CreatedAt), SeenAt: timeOf(r.SeenAt), Status: r.Status, LastAt: timeOrZero(r.LastAt), Failures: r.Failures,
	}
}
