package store

import (
	"context"

	"xxsns/app/sns"
)

// LogAct is logAct in a transaction of its own, for an act on what is not in the database: a
// message that waits in a buffer.
func (s userStore) LogAct(ctx context.Context, a sns.Act) error {
	return s.tx(ctx, func(tx *transaction) error { return logAct(ctx, tx, a) })
}

// logActs adds the acts that a change is for others, if any, to the log.
func logActs(ctx context.Context, tx *transaction, acts []sns.Act) error {
	for _, a := range acts {
		if err := logAct(ctx, tx, a); err != nil {
			return err
		}
	}
	return nil
}

// logAct adds an act to the log of administration. The caller is the transaction of the act
// itself, so that nothing is done to others without a line in the log.
func logAct(ctx context.Context, tx *transaction, a sns.Act) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO admin_log (by_id, kind, user_id, thing, note, at) VALUES (?, ?, ?, ?, ?, ?)`,
		a.By.ID, string(a.Kind), a.User.ID, a.Thing, a.Note, micros(a.At))
	return err
}
