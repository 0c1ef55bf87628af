package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"xxsns/app/sns"
)

// takedownsAtOnce is how many takedowns a call of EndTakedowns or ForgetTakedowns ends.
const takedownsAtOnce = 100

// EndTakedowns ends the takedowns whose time is over, whose posts come back, and those whose posts
// have gone. A post may go in many ways, also by an older version of the program: so the takedown
// looks, instead of each way telling it. Any number of replicas may call EndTakedowns. The result
// is the number of ended ones.
func (s takedownStore) EndTakedowns(ctx context.Context, now time.Time) (n int, err error) {
	var ids []int64
	err = s.list(ctx, &ids, `SELECT t.id FROM takedowns t WHERE t.state IN `+openStates+` AND (t.until_at <= ? OR `+postGone+`) ORDER BY t.id`+limited(takedownsAtOnce), micros(now))
	for _, id := range ids {
		if err != nil {
			break
		}
		var known sns.Takedown
		if known, err = s.Takedown(ctx, id); err == nil {
			err = s.endTakedown(ctx, known, now)
		}
		if err == nil {
			n++
		}
		err = ignoring(err, sns.ErrNotFound) // another replica was faster
	}
	return n, err
}

// postGone selects takedowns t whose posts are neither shown nor hidden.
const postGone = `(NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = t.post_id) AND NOT EXISTS (SELECT 1 FROM hidden_posts h WHERE h.id = t.post_id))`

// endTakedown ends a takedown, as of now. ErrNotFound if it has ended.
func (s takedownStore) endTakedown(ctx context.Context, known sns.Takedown, now time.Time) error {
	state := sns.TakedownReturned
	if known.State == sns.TakedownGone {
		state = sns.TakedownGone
	}
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockTakedowns(ctx, tx, known.Post); err != nil {
			return err
		}
		err := change(ctx, tx, `UPDATE takedowns SET state = ?, ended_at = ? WHERE id = ? AND state IN `+openStates, string(state), micros(now), known.ID)
		if err != nil {
			return err
		}
		if state == sns.TakedownReturned {
			if err := t.showTakenDown(ctx, known, sns.DecisionCameBack, "", now); err != nil {
				return err
			}
		}
		return mailAsker(ctx, tx, known.ID, known.Contact, now)
	})
}

// ForgetTakedowns deletes takedowns that have ended sns.TakedownLife ago, with their proofs and the
// mails that no server has taken, and returns their number.
func (s takedownStore) ForgetTakedowns(ctx context.Context, now time.Time) (n int, err error) {
	var ids []int64
	err = s.list(ctx, &ids, `SELECT id FROM takedowns WHERE ended_at <= ? ORDER BY ended_at, id`+limited(takedownsAtOnce), micros(now.Add(-sns.TakedownLife)))
	for _, id := range ids {
		if err != nil {
			break
		}
		err = s.txRepeatable(ctx, func(tx *transaction) error {
			_, errProofs := tx.ExecContext(ctx, `DELETE FROM takedown_proofs WHERE takedown_id = ?`, id)
			_, errMails := tx.ExecContext(ctx, `DELETE FROM mails WHERE user_id = 0 AND kind = ? AND recipient = ?`, string(sns.MailTakedown), strconv.FormatInt(id, 10))
			_, errRow := tx.ExecContext(ctx, `DELETE FROM takedowns WHERE id = ?`, id)
			return errors.Join(errProofs, errMails, errRow)
		})
		n++
	}
	return n, err
}
