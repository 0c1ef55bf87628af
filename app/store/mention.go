package store

import (
	"context"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// A namedRow is a user by the folded name.
type namedRow struct {
	ID       int64  `db:"id"`
	Username string `db:"username"`
	Folded   string `db:"folded"`
}

// mentionedIn returns whom a text mentions as of a transaction. Deleted accounts are nobody.
func mentionedIn(ctx context.Context, tx *sqlx.Tx, text string) (sns.Mentioned, error) {
	known := make(map[string]sns.User)
	for _, names := range batches(sns.MentionedNames(text)) {
		var rows []namedRow
		err := tx.SelectContext(ctx, &rows, in(`SELECT id, username, folded FROM users WHERE deleted_at IS NULL AND folded IN (?)`, names), anys(names)...)
		if err != nil {
			return "", err
		}
		for _, row := range rows {
			known[row.Folded] = sns.User{ID: row.ID, Username: row.Username}
		}
	}
	return sns.MentionedIn(text, known), nil
}

// MentionedInside returns whom a text mentions of those who have a seat in a room. Without
// an @ the database is asked nothing.
func (s roomStore) MentionedInside(ctx context.Context, room int64, text string) (sns.Mentioned, error) {
	if len(sns.MentionedNames(text)) == 0 {
		return "", nil
	}
	var rows []namedRow
	err := s.list(ctx, &rows, `SELECT u.id, u.username, u.folded FROM participants p JOIN users u ON u.id = p.user_id
		WHERE p.room_id = ? AND p.active = 1 AND u.deleted_at IS NULL`, room)
	known := make(map[string]sns.User, len(rows))
	for _, row := range rows {
		known[row.Folded] = sns.User{ID: row.ID, Username: row.Username}
	}
	return sns.MentionedIn(text, known), err
}
