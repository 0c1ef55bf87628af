package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"xxsns/app/sns"
)

const selectInvitations = `SELECT i.id, i.role AS invited_role, i.uses, i.used, i.created_at, i.expires_at, i.closed_at, ` + authorColumns +
	` FROM invitations i JOIN users u ON u.id = i.by_id`

type invitationRow struct {
	authorRow
	ID          int64         `db:"id"`
	InvitedRole sns.Role      `db:"invited_role"`
	Uses        int           `db:"uses"`
	Used        int           `db:"used"`
	CreatedAt   int64         `db:"created_at"`
	ExpiresAt   int64         `db:"expires_at"`
	ClosedAt    sql.NullInt64 `db:"closed_at"`
}

func (r invitationRow) invitation() sns.Invitation {
	return sns.Invitation{
		ID: r.ID, By: r.author(), Role: r.InvitedRole, Uses: r.Uses, Used: r.Used,
		CreatedAt: timeOf(r.CreatedAt), ExpiresAt: timeOf(r.ExpiresAt), ClosedAt: timeOrZero(r.ClosedAt),
	}
}

// Invite makes an invitation of an administrator, writes the act, and returns the id.
func (s invitationStore) Invite(ctx context.Context, i sns.Invitation, act sns.Act) (id int64, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		if id, err = insertInvitation(ctx, tx, i); err != nil {
			return err
		}
		return logAct(ctx, tx, act)
	})
	return id, err
}

// InviteAsMember makes an invitation of a member, who may have most of them that are open or
// were used. sns.ErrConflict for one more.
func (s invitationStore) InviteAsMember(ctx context.Context, i sns.Invitation, most int) (id int64, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		// Lock the member: of two forms at once the second counts the invitation of the first.
		if err := lockUser(ctx, tx, i.By.ID); err != nil {
			return err
		}
		var made int
		err := tx.GetContext(ctx, &made, `SELECT COUNT(*) FROM invitations WHERE by_id = ? AND (used > 0 OR closed_at IS NULL AND expires_at > ?)`,
			i.By.ID, micros(i.CreatedAt))
		if err != nil {
			return err
		}
		if made >= most {
			return sns.ErrConflict
		}
		id, err = insertInvitation(ctx, tx, i)
		return err
	})
	return id, err
}

func insertInvitation(ctx context.Context, tx *transaction, i sns.Invitation) (int64, error) {
	return insert(ctx, tx, `INSERT INTO invitations (by_id, role, uses, used, created_at, expires_at) VALUES (?, ?, ?, 0, ?, ?)`,
		i.By.ID, i.Role, i.Uses, micros(i.CreatedAt), micros(i.ExpiresAt))
}

// Invitation returns an invitation. ErrNotFound.
func (s invitationStore) Invitation(ctx context.Context, id int64) (sns.Invitation, error) {
	var row invitationRow
	err := s.get(ctx, &row, selectInvitations+` WHERE i.id = ?`, id)
	return row.invitation(), err
}

// Invitations returns limit invitations, the latest first, with ids below before (0: no bound).
func (s invitationStore) Invitations(ctx context.Context, before int64, limit int) ([]sns.Invitation, error) {
	if before == 0 {
		return s.invitations(ctx, ` ORDER BY i.id DESC`+limited(limit))
	}
	return s.invitations(ctx, ` WHERE i.id < ? ORDER BY i.id DESC`+limited(limit), before)
}

// InvitationsBy returns the latest invitations of a member, at most limit.
func (s invitationStore) InvitationsBy(ctx context.Context, user int64, limit int) ([]sns.Invitation, error) {
	return s.invitations(ctx, ` WHERE i.by_id = ? ORDER BY i.id DESC`+limited(limit), user)
}

func (s invitationStore) invitations(ctx context.Context, where string, args ...any) ([]sns.Invitation, error) {
	var rows []invitationRow
	err := s.list(ctx, &rows, selectInvitations+where, args...)
	all := make([]sns.Invitation, len(rows))
	for i, row := range rows {
		all[i] = row.invitation()
	}
	return all, err
}

// InvitedBy returns the first limit accounts that were made by an invitation. Deleted ones are
// left out.
func (s invitationStore) InvitedBy(ctx context.Context, invitation int64, limit int) ([]sns.User, error) {
	var rows []userRow
	err := s.list(ctx, &rows, `SELECT `+userColumns+` FROM users u WHERE u.invitation_id = ? AND u.deleted_at IS NULL ORDER BY u.id`+limited(limit), invitation)
	all := make([]sns.User, len(rows))
	for i, row := range rows {
		all[i] = row.user()
	}
	return all, err
}

// InviterOf returns who invited a user. ErrNotFound if nobody did.
func (s invitationStore) InviterOf(ctx context.Context, user int64) (sns.User, error) {
	var row userRow
	err := s.get(ctx, &row, `SELECT `+userColumns+` FROM users guest JOIN invitations i ON i.id = guest.invitation_id JOIN users u ON u.id = i.by_id WHERE guest.id = ?`, user)
	return row.user(), err
}

// CloseInvitation closes an invitation of a member, or with by 0 of anybody; one that is closed
// stays so. The act is written unless the member does it. ErrNotFound.
func (s invitationStore) CloseInvitation(ctx context.Context, id, by int64, act sns.Act) error {
	return s.tx(ctx, func(tx *transaction) error {
		err := change(ctx, tx, `UPDATE invitations SET closed_at = COALESCE(closed_at, ?) WHERE id = ? AND ? IN (0, by_id)`, micros(act.At), id, by)
		if err != nil || by != 0 {
			return err
		}
		return logAct(ctx, tx, act)
	})
}

// useInvitation uses an invitation for one account more, and returns the role of the account.
// sns.ErrInvitation if the invitation is not open.
func useInvitation(ctx context.Context, tx *transaction, id int64, now time.Time) (role sns.Role, err error) {
	err = change(ctx, tx, `UPDATE invitations SET used = used + 1 WHERE id = ? AND used < uses AND closed_at IS NULL AND expires_at > ?`, id, micros(now))
	if errors.Is(err, sns.ErrNotFound) {
		return "", sns.ErrInvitation
	}
	if err == nil {
		err = tx.GetContext(ctx, &role, `SELECT role FROM invitations WHERE id = ?`, id)
	}
	return role, err
}
