package store

import (
	"context"
	"strings"

	"xxsns/app/sns"
)

// ForgottenBy returns the address to which a mail about a forgotten password goes, and the
// accounts that the mail names: the account of a username, or all accounts of an e-mail
// address. ErrNotFound if there is none.
func (s mailStore) ForgottenBy(ctx context.Context, typed string) (address string, users []sns.User, err error) {
	if !strings.Contains(typed, "@") {
		return s.addressOf(ctx, `u.folded = ?`, sns.FoldUsername(typed))
	}
	address, users, err = s.addressOf(ctx, `u.email = ?`, typed)
	if lower := strings.ToLower(typed); len(users) == 0 && lower != typed {
		return s.addressOf(ctx, `u.email = ?`, lower)
	}
	return address, users, err
}

// mostForgotten bounds how many accounts a mail names.
const mostForgotten = 20

func (s mailStore) addressOf(ctx context.Context, where string, arg any) (address string, users []sns.User, err error) {
	var rows []struct {
		Email string `db:"email"`
		userRow
	}
	err = s.list(ctx, &rows, `SELECT u.email, `+userColumns+` FROM users u WHERE `+where+` AND u.deleted_at IS NULL AND u.email <> '' ORDER BY u.id`+limited(mostForgotten), arg)
	if err == nil && len(rows) == 0 {
		err = sns.ErrNotFound
	}
	for _, row := range rows {
		address, users = row.Email, append(users, row.user())
	}
	return address, users, err
}
