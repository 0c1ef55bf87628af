package store

import (
	"context"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// logAct adds an act to the log of administration. The caller is the transaction of the act
// itself, so that nothing is done to others without a line in the log.
func logAct(ctx context.Context, tx *sqlx.Tx, a sns.Act) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO admin_log (by_id, kind, user_id, thing, note, at) VALUES (?, ?, ?, ?, ?, ?)`,
		a.By.ID, string(a.Kind), a.User.ID, a.Thing, a.Note, micros(a.At))
	return err
}
