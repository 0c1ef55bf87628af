package store

import (
	"context"
	"crypto/rand"
	"errors"

	"xxsns/app/sns"
)

// SiteID returns what tells this database from any other, made when it is first
// asked for. A copy keeps it.
func (s *Store) SiteID(ctx context.Context) (id string, err error) {
	err = s.get(ctx, &id, `SELECT id FROM site WHERE one = 1`)
	if !errors.Is(err, sns.ErrNotFound) {
		return id, err
	}
	err = s.exec(ctx, `INSERT INTO site (one, id) VALUES (1, ?)`, rand.Text())
	if err != nil && !errors.Is(err, sns.ErrConflict) { // another replica was first
		return "", err
	}
	err = s.get(ctx, &id, `SELECT id FROM site WHERE one = 1`)
	return id, err
}
