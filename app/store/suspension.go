package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"xxsns/app/sns"
)

// Suspend begins a suspension, which is logged. The sessions stay, so that the user can read
// why; the caller closes their streams and sockets. sns.ErrConflict if the user is suspended
// already, sns.ErrForbidden if s.By is no administrator any more, sns.Invalid for oneself and
// for the last administrator, ErrNotFound.
func (s userStore) Suspend(ctx context.Context, n sns.Suspension) error {
	defer s.forgetUser(n.User)
	return s.tx(ctx, func(tx *transaction) error { return suspend(ctx, tx, n) })
}

// suspend is Suspend within a transaction.
func suspend(ctx context.Context, tx *transaction, n sns.Suspension) error {
	if err := lockActor(ctx, tx, n.By, n.User, n.From); err != nil {
		return err
	}
	if err := checkSuspendable(ctx, tx, n); err != nil {
		return err
	}
	err := change(ctx, tx, `UPDATE users SET suspended_until = ? WHERE id = ? AND suspended_until <= ?`, micros(n.Until), n.User, micros(n.From))
	if errors.Is(err, sns.ErrNotFound) {
		return sns.ErrConflict
	}
	if err != nil {
		return err
	}
	if _, err := endSuspensions(ctx, tx, n.User, n.From, n.From); err != nil { // one that is over, and was not marked yet
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO suspensions (user_id, by_id, reason, from_at, until_at, appeal, answer) VALUES (?, ?, ?, ?, ?, '', '')`,
		n.User, n.By, n.Reason, micros(n.From), micros(n.Until))
	if err != nil {
		return err
	}
	return logAct(ctx, tx, sns.Act{By: sns.User{ID: n.By}, Kind: sns.ActSuspend, User: sns.User{ID: n.User}, Note: n.Reason, At: n.From})
}

// checkSuspendable returns sns.Invalid for the last administrator who may act.
func checkSuspendable(ctx context.Context, tx *transaction, n sns.Suspension) error {
	var role sns.Role
	if err := tx.GetContext(ctx, &role, `SELECT role FROM users WHERE id = ?`, n.User); err != nil || role != sns.RoleAdmin {
		return err
	}
	err := lockOtherAdmin(ctx, tx, n.User, n.From)
	if _, last := errors.AsType[sns.Invalid](err); last {
		return sns.Invalid{{Field: "form", Key: "suspension.last_admin"}}
	}
	return err
}

// endSuspensions marks the suspensions of a user whose time is over until the time over as
// ended now, and reports whether one was not marked yet.
func endSuspensions(ctx context.Context, tx *transaction, user int64, over, now time.Time) (bool, error) {
	n, err := affected(tx.ExecContext(ctx, `UPDATE suspensions SET lifted_at = ? WHERE user_id = ? AND lifted_at IS NULL AND until_at <= ?`,
		micros(now), user, micros(over)))
	return n > 0, err
}

// Lift ends the suspension of a user before its time, with a note for the user, which may be
// empty; a notice tells the user. An appeal that waits is answered by it. The act is logged. sns.ErrConflict if the
// user is not suspended any more; other errors are those of Suspend.
func (s userStore) Lift(ctx context.Context, by, user int64, note string, now time.Time) error {
	defer s.forgetUser(user)
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockActor(ctx, tx, by, user, now); err != nil {
			return err
		}
		if err := answerAppeal(ctx, tx, user, note, now); err != nil && !errors.Is(err, sns.ErrConflict) {
			return err
		}
		err := change(ctx, tx, `UPDATE users SET suspended_until = 0 WHERE id = ? AND suspended_until > ?`, user, micros(now))
		if errors.Is(err, sns.ErrNotFound) {
			return sns.ErrConflict
		}
		if err != nil {
			return err
		}
		if _, err := endSuspensions(ctx, tx, user, sns.Forever, now); err != nil {
			return err
		}
		if err := logAct(ctx, tx, sns.Act{By: sns.User{ID: by}, Kind: sns.ActLift, User: sns.User{ID: user}, Note: note, At: now}); err != nil {
			return err
		}
		return t.decide(ctx, sns.Decision{User: user, Kind: sns.DecisionLifted, Note: note, At: now})
	})
}

// Appeal keeps the appeal of a suspended user. sns.ErrConflict unless the user is suspended
// and has not appealed yet.
func (s userStore) Appeal(ctx context.Context, user int64, text string, now time.Time) error {
	err := s.changeOne(ctx, `UPDATE suspensions SET appeal = ?, appealed_at = ? WHERE user_id = ? AND lifted_at IS NULL AND until_at > ? AND appealed_at IS NULL`,
		text, micros(now), user, micros(now))
	if errors.Is(err, sns.ErrNotFound) {
		return sns.ErrConflict
	}
	return err
}

// DeclineAppeal answers the appeal of a user, who stays suspended. The act is logged.
// sns.ErrConflict if no appeal waits for an answer; other errors are those of Suspend.
func (s userStore) DeclineAppeal(ctx context.Context, by, user int64, note string, now time.Time) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := lockActor(ctx, tx, by, user, now); err != nil {
			return err
		}
		if err := answerAppeal(ctx, tx, user, note, now); err != nil {
			return err
		}
		return logAct(ctx, tx, sns.Act{By: sns.User{ID: by}, Kind: sns.ActDecline, User: sns.User{ID: user}, Note: note, At: now})
	})
}

// appealWaits selects the suspensions s with an appeal that waits for an answer; those whose time
// is over count until they are marked as ended.
const appealWaits = `s.lifted_at IS NULL AND s.appealed_at IS NOT NULL AND s.answered_at IS NULL`

// CountAppeals returns how many appeals wait for an answer.
func (s userStore) CountAppeals(ctx context.Context, now time.Time) (n int, err error) {
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM suspensions s WHERE s.until_at > ? AND `+appealWaits, micros(now))
	return n, err
}

// answerAppeal answers the appeal that waits, or returns sns.ErrConflict if none does.
func answerAppeal(ctx context.Context, tx *transaction, user int64, note string, now time.Time) error {
	err := change(ctx, tx, `UPDATE suspensions SET answer = ?, answered_at = ? WHERE user_id = ? AND lifted_at IS NULL AND until_at > ?
		AND appealed_at IS NOT NULL AND answered_at IS NULL`, note, micros(now), user, micros(now))
	if errors.Is(err, sns.ErrNotFound) {
		return sns.ErrConflict
	}
	return err
}

// endedAtOnce is how many suspensions EndSuspensions and SuspendedLeaders look for at once.
const endedAtOnce = 100

// EndSuspensions marks the suspensions whose time is over as ended, tells the users by a notice,
// and returns their number.
// The users may act already since that time: queries compare it with the present one.
func (s userStore) EndSuspensions(ctx context.Context, now time.Time) (n int, err error) {
	var over []int64
	err = s.list(ctx, &over, `SELECT user_id FROM suspensions WHERE lifted_at IS NULL AND until_at <= ? ORDER BY until_at, id`+limited(endedAtOnce), micros(now))
	for _, user := range over {
		ended, err := s.endSuspension(ctx, user, now)
		if err != nil {
			return n, err
		}
		if ended {
			n++
		}
	}
	return n, err
}

// endSuspension marks the suspension of a user as ended, if its time is over. Of several
// replicas, one reports true.
func (s userStore) endSuspension(ctx context.Context, user int64, now time.Time) (ended bool, err error) {
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockUser(ctx, tx, user); err != nil {
			return ignoring(err, sns.ErrNotFound)
		}
		if ended, err = endSuspensions(ctx, tx, user, now, now); err != nil || !ended {
			return err
		}
		return t.decide(ctx, sns.Decision{User: user, Kind: sns.DecisionLifted, At: now})
	})
	return ended, err
}

// SuspendedLeaders returns the suspensions in effect of mentors who lead open rooms. There are
// some only if a replica died between suspending and ending the rooms, or if a room was being
// opened just then.
func (s userStore) SuspendedLeaders(ctx context.Context, now time.Time) ([]sns.Suspension, error) {
	var rows []suspensionRow
	err := s.list(ctx, &rows, `SELECT `+suspensionColumns+` FROM suspensions s WHERE s.lifted_at IS NULL AND s.until_at > ?
		AND EXISTS (SELECT 1 FROM rooms r WHERE r.mentor_id = s.user_id AND r.ended_at IS NULL) ORDER BY s.id`+limited(endedAtOnce), micros(now))
	all := make([]sns.Suspension, len(rows))
	for i, row := range rows {
		all[i] = row.suspension()
	}
	return all, err
}

// LastSuspension returns the latest suspension of a user. ErrNotFound if there is none.
func (s userStore) LastSuspension(ctx context.Context, user int64) (sns.Suspension, error) {
	var row suspensionRow
	err := s.get(ctx, &row, `SELECT `+suspensionColumns+` FROM suspensions s WHERE s.user_id = ? ORDER BY s.id DESC LIMIT 1`, user)
	return row.suspension(), err
}

// suspensionColumns are the columns of suspensionRow; s is the table suspensions.
const suspensionColumns = `s.id, s.user_id, s.by_id, s.reason, s.from_at, s.until_at, s.lifted_at, s.appeal, s.appealed_at, s.answer, s.answered_at`

type suspensionRow struct {
	ID         int64         `db:"id"`
	User       int64         `db:"user_id"`
	By         int64         `db:"by_id"`
	Reason     string        `db:"reason"`
	From       int64         `db:"from_at"`
	Until      int64         `db:"until_at"`
	LiftedAt   sql.NullInt64 `db:"lifted_at"`
	Appeal     string        `db:"appeal"`
	AppealedAt sql.NullInt64 `db:"appealed_at"`
	Answer     string        `db:"answer"`
	AnsweredAt sql.NullInt64 `db:"answered_at"`
}

func (r suspensionRow) suspension() sns.Suspension {
	return sns.Suspension{
		ID: r.ID, User: r.User, By: r.By, Reason: r.Reason, From: timeOf(r.From), Until: timeOf(r.Until), LiftedAt: timeOrZero(r.LiftedAt),
		Appeal: r.Appeal, AppealedAt: timeOrZero(r.AppealedAt), Answer: r.Answer, AnsweredAt: timeOrZero(r.AnsweredAt),
	}
}
