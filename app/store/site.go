package store

import (
	"context"
	"crypto/rand"
	"errors"

	"xxsns/app/sns"
)

// SiteID returns a random id of this database, which is made at the first call.
// A copy of the database has the same id.
func (d *database) SiteID(ctx context.Context) (id string, err error) {
	err = d.get(ctx, &id, `SELECT id FROM site WHERE one = 1`)
	if !errors.Is(err, sns.ErrNotFound) {
		return id, err
	}
	err = d.exec(ctx, `INSERT INTO site (one, id) VALUES (1, ?)`, rand.Text())
	if err != nil && !errors.Is(err, sns.ErrConflict) { // else another replica was faster
		return "", err
	}
	err = d.get(ctx, &id, `SELECT id FROM site WHERE one = 1`)
	return id, err
}
