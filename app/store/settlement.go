package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"xxsns/app/sns"
)

// ErrLeaseLost means that the token does not hold the settlement any more: the
// settlement is done, or another token holds it.
var ErrLeaseLost = errors.New("settlement is not held any more")

// heldByToken selects the row of a settlement that the token holds. The
// arguments are the room and the token.
const heldByToken = `room_id = ? AND token = ? AND executed_at IS NULL`

// changeHeld changes the row of a settlement that the token holds, and locks
// the row, so that no other token can claim the settlement before the
// transaction ends. ErrLeaseLost.
func changeHeld(ctx context.Context, tx *transaction, set string, room int64, token string, args ...any) error {
	return leaseLost(change(ctx, tx, `UPDATE end_rooms SET `+set+` WHERE `+heldByToken, append(args, room, token)...))
}

// lockHeld locks the row of a settlement that the token holds. ErrLeaseLost.
func lockHeld(ctx context.Context, tx *transaction, room int64, token string) error {
	return leaseLost(lockRow(ctx, tx, `end_rooms`, heldByToken, room, token))
}

// leaseLost turns the ErrNotFound of a statement with heldByToken into
// ErrLeaseLost. Other errors stay as they are.
func leaseLost(err error) error {
	if errors.Is(err, sns.ErrNotFound) {
		return ErrLeaseLost
	}
	return err
}

// ClaimSettlement gives the settlement of an ended room to a token for the time
// of the lease, and returns the settlement. claimed is false if the settlement
// is done, if another token's lease has not run out, or if the pause after a
// failure is not over. ErrNotFound if the room has not ended. Leases run by the
// clock of the database, since the clocks of replicas differ.
func (s settlementStore) ClaimSettlement(ctx context.Context, room int64, token string, lease time.Duration) (all sns.Settlement, claimed bool, err error) {
	now := s.dialect.now
	err = s.tx(ctx, func(tx *transaction) error {
		err := change(ctx, tx, `UPDATE end_rooms SET token = ?, attempts = attempts + 1, lease_until = `+now+` + ?
			WHERE room_id = ? AND executed_at IS NULL AND (token = ? OR lease_until <= `+now+`)`,
			token, lease.Microseconds(), room, token)
		claimed = err == nil
		if err != nil && !errors.Is(err, sns.ErrNotFound) {
			return err
		}
		var row settlementRow
		err = tx.GetContext(ctx, &row, settlementQuery+`WHERE room_id = ?`, room)
		all = row.settlement()
		return err
	})
	return all, claimed, err
}

// RenewSettlement extends the lease: it starts again now. ErrLeaseLost.
func (s settlementStore) RenewSettlement(ctx context.Context, room int64, token string, lease time.Duration) error {
	return s.txHeld(ctx, `lease_until = `+s.dialect.now+` + ?`, room, token, lease.Microseconds())
}

// SetTotal records the number of messages to save, and how many of them are saved
// already: those that were spilled, or saved by an earlier attempt. ErrLeaseLost.
func (s settlementStore) SetTotal(ctx context.Context, room int64, token string, total int64) error {
	return s.txHeld(ctx, `total = ?, saved = (SELECT COUNT(*) FROM messages m WHERE m.room_id = end_rooms.room_id)`, room, token, total)
}

// FailSettlement records the reason of a failure and releases the settlement,
// which can be claimed again after the pause. ErrLeaseLost.
func (s settlementStore) FailSettlement(ctx context.Context, room int64, token, reason string, pause time.Duration) error {
	return s.txHeld(ctx, `last_error = ?, token = NULL, lease_until = `+s.dialect.now+` + ?`,
		room, token, errorText(reason), pause.Microseconds())
}

func (s settlementStore) txHeld(ctx context.Context, set string, room int64, token string, args ...any) error {
	return s.txRepeatable(ctx, func(tx *transaction) error { return changeHeld(ctx, tx, set, room, token, args...) })
}

// errorText returns a reason as valid UTF-8 of at most 1,000 bytes: an error
// may quote any bytes, which MySQL would refuse.
func errorText(reason string) string {
	const most = 1000
	return strings.ToValidUTF8(reason[:min(len(reason), most)], "\uFFFD")
}

// FinishSettlement marks a settlement as done and ends the participation of all
// participants at the time the room ended. lost is the number of messages that
// the buffer has lost, and reason explains the loss to operators. ErrLeaseLost.
func (s settlementStore) FinishSettlement(ctx context.Context, room int64, token string, lost int64, reason string, now time.Time) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := changeHeld(ctx, tx, `lost = ?, last_error = ?`, room, token, lost, errorText(reason)); err != nil {
			return err
		}
		var row struct {
			EndedAt int64 `db:"ended_at"`
			Saved   int64 `db:"saved"`
		}
		err := tx.GetContext(ctx, &row, `SELECT ended_at, (SELECT COUNT(*) FROM messages m WHERE m.room_id = e.room_id) AS saved
			FROM end_rooms e WHERE e.room_id = ?`, room)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE participants SET exited_at = ?, active = NULL WHERE room_id = ? AND active = 1`, row.EndedAt, room)
		if err != nil {
			return err
		}
		return changeHeld(ctx, tx, `saved = ?, executed_at = ?, token = NULL`, room, token, row.Saved, micros(now))
	})
}

// RetrySettlement ends the pause after a failure; a running lease stays.
// ErrNotFound if the room has no settlement to be done.
func (s settlementStore) RetrySettlement(ctx context.Context, room int64) error {
	return s.changeOne(ctx, `UPDATE end_rooms SET lease_until = CASE WHEN token IS NULL THEN 0 ELSE lease_until END
		WHERE room_id = ? AND executed_at IS NULL`, room)
}

// EndPauses is RetrySettlement for all settlements.
func (s settlementStore) EndPauses(ctx context.Context) error {
	return s.exec(ctx, `UPDATE end_rooms SET lease_until = 0 WHERE executed_at IS NULL AND token IS NULL`)
}

const settlementQuery = `SELECT room_id, ended_at, total, saved, attempts, last_error, executed_at, lost FROM end_rooms `

type settlementRow struct {
	Room      int64         `db:"room_id"`
	EndedAt   int64         `db:"ended_at"`
	Total     int64         `db:"total"`
	Saved     int64         `db:"saved"`
	Attempts  int           `db:"attempts"`
	LastError string        `db:"last_error"`
	DoneAt    sql.NullInt64 `db:"executed_at"`
	Lost      int64         `db:"lost"`
}

func (r settlementRow) settlement() sns.Settlement {
	return sns.Settlement{
		Room: r.Room, EndedAt: timeOf(r.EndedAt), Total: r.Total, Saved: r.Saved, Attempts: r.Attempts,
		LastError: r.LastError, DoneAt: timeOrZero(r.DoneAt), Lost: r.Lost,
	}
}
