package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// Known are the credentials of a username, as seen from a network.
type Known struct {
	User    int64
	Hash    string // of the password
	Network bool   // the user has signed in from the network
}

// CredentialsFrom returns the credentials of a username, and whether the network is known
// for the account. network is a keyed digest, never an address. ErrNotFound if the account
// does not exist or was deleted; the work is the same.
func (s networkStore) CredentialsFrom(ctx context.Context, username, network string, now time.Time) (Known, error) {
	var row struct {
		ID     int64  `db:"id"`
		Hash   string `db:"password_hash"`
		SeenAt int64  `db:"seen_at"`
	}
	err := s.get(ctx, &row, `SELECT u.id, u.password_hash, COALESCE(n.seen_at, 0) AS seen_at
		FROM users u LEFT JOIN known_networks n ON n.user_id = u.id AND n.network = ? WHERE u.folded = ? AND u.deleted_at IS NULL`,
		network, sns.FoldUsername(username))
	return Known{User: row.ID, Hash: row.Hash, Network: row.SeenAt > now.Add(-sns.NetworkLife).UnixMicro()}, err
}

// SeeNetwork records that a user has signed in from a network, and forgets the oldest
// networks of the user above sns.NetworksMax. hash is the password hash that was checked:
// ErrNotFound if the account has another hash by now, or was deleted.
func (s networkStore) SeeNetwork(ctx context.Context, user int64, hash, network string, now time.Time) error {
	return s.txRepeatable(ctx, func(tx *transaction) error {
		// Lock the user: of two sign-ins at once the second sees the network of the first,
		// and SetPassword, which forgets all networks, forgets this one, too.
		if err := lockRow(ctx, tx, `users`, `id = ? AND password_hash = ? AND deleted_at IS NULL`, user, hash); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM known_networks WHERE user_id = ? AND network = ?`, user, network); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO known_networks (user_id, network, seen_at) VALUES (?, ?, ?)`, user, network, micros(now))
		if err != nil {
			return err
		}
		return forgetOldest(ctx, tx, user)
	})
}

// forgetOldest deletes the networks of a user above sns.NetworksMax.
func forgetOldest(ctx context.Context, tx *transaction, user int64) error {
	var all []int64
	if err := tx.SelectContext(ctx, &all, `SELECT id FROM known_networks WHERE user_id = ? ORDER BY seen_at DESC, id DESC`, user); err != nil {
		return err
	}
	for _, id := range all[min(len(all), sns.NetworksMax):] {
		if _, err := tx.ExecContext(ctx, `DELETE FROM known_networks WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

// ForgetNetworks deletes the networks from which nobody has signed in for
// sns.NetworkLife, and returns their number.
func (s networkStore) ForgetNetworks(ctx context.Context, now time.Time) (n int64, err error) {
	return s.deleteRows(ctx, `DELETE FROM known_networks WHERE seen_at <= ?`, micros(now.Add(-sns.NetworkLife)))
}
