package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"xxsns/app/sns"
)

const exports = jobTable("exports")

const exportColumns = `user_id, name, lang, asked_at, due_at, done_at, size, attempts`

type exportRow struct {
	User     int64         `db:"user_id"`
	Name     string        `db:"name"`
	Lang     string        `db:"lang"`
	AskedAt  int64         `db:"asked_at"`
	DueAt    sql.NullInt64 `db:"due_at"` // NULL: made, or given up
	DoneAt   sql.NullInt64 `db:"done_at"`
	Size     int64         `db:"size"`
	Attempts int           `db:"attempts"`
}

func (r exportRow) export() sns.Export {
	return sns.Export{
		User: r.User, Name: r.Name, Lang: r.Lang, AskedAt: timeOf(r.AskedAt), DoneAt: timeOrZero(r.DoneAt),
		Waiting: r.DueAt.Valid, Size: r.Size, Attempts: r.Attempts,
	}
}

// AskExport lets everything of a user be exported, in place of an older export. name is the
// name of the new file. ErrConflict if an export waits, or the last one was asked for less
// than sns.ExportEvery ago and did not fail. ErrNotFound if the account was deleted.
func (s exportStore) AskExport(ctx context.Context, user int64, name, lang string, now time.Time) error {
	return s.tx(ctx, func(tx *transaction) error {
		if err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		err := change(ctx, tx, `UPDATE exports SET name = ?, lang = ?, asked_at = ?, due_at = ?, done_at = NULL, size = 0, attempts = 0, token = NULL, lease_until = 0
			WHERE user_id = ? AND due_at IS NULL AND (done_at IS NULL OR asked_at <= ?)`,
			name, lang, micros(now), micros(now), user, micros(now.Add(-sns.ExportEvery)))
		if !errors.Is(err, sns.ErrNotFound) {
			return err
		}
		return change(ctx, tx, `INSERT INTO exports (user_id, name, lang, asked_at, due_at) VALUES (?, ?, ?, ?, ?)`, user, name, lang, micros(now), micros(now))
	})
}

// Export returns the latest export of a user, or ErrNotFound.
func (s exportStore) Export(ctx context.Context, user int64) (sns.Export, error) {
	var row exportRow
	err := s.get(ctx, &row, `SELECT `+exportColumns+` FROM exports WHERE user_id = ?`, user)
	return row.export(), err
}

// ClaimExport gives the export that is due longest to a token for the time of the lease, which
// runs by the clock of the database. ErrNotFound if none is due that no token holds.
func (s exportStore) ClaimExport(ctx context.Context, token string, lease time.Duration, now time.Time) (sns.Export, error) {
	user, err := exports.claim(ctx, s.database, token, lease, now)
	if err != nil {
		return sns.Export{}, err
	}
	return s.Export(ctx, user)
}

// RenewExport begins the lease of a token anew. ErrNotFound if the token holds the export no
// longer, or if the account was deleted.
func (s exportStore) RenewExport(ctx context.Context, user int64, token string, lease time.Duration) error {
	return exports.renew(ctx, s.database, user, token, lease)
}

// FinishExport records that the file of an export is there, with a size in bytes, and tells the
// user. ErrNotFound as in RenewExport.
func (s exportStore) FinishExport(ctx context.Context, user int64, token string, size int64, now time.Time) error {
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		err := change(ctx, tx, `UPDATE exports SET due_at = NULL, done_at = ?, size = ?, token = NULL, lease_until = 0 WHERE user_id = ? AND token = ?`,
			micros(now), size, user, token)
		if err != nil {
			return err
		}
		return t.decide(ctx, sns.Decision{User: user, Kind: sns.DecisionExport, At: now})
	})
}

// FailExport records that making an export failed; it is due again at the time due, or given up
// if due is zero. ErrNotFound as in RenewExport.
func (s exportStore) FailExport(ctx context.Context, user int64, token string, due time.Time) error {
	return exports.fail(ctx, s.database, user, token, due)
}

// ForgetExports deletes the exports that were done before a time. The caller deletes the files
// (see ExportsNamed).
func (s exportStore) ForgetExports(ctx context.Context, before time.Time) error {
	return s.exec(ctx, `DELETE FROM exports WHERE done_at < ?`, micros(before))
}

// ExportsNamed returns which of some names of files belong to an export.
func (s exportStore) ExportsNamed(ctx context.Context, names []string) (map[string]bool, error) {
	named := make(map[string]bool, len(names))
	err := listIn(ctx, s.database, `SELECT name FROM exports WHERE name IN (?)`, names, func(name string) { named[name] = true })
	return named, err
}

// Email returns the e-mail address of a user, which nobody else sees. ErrNotFound.
func (s exportStore) Email(ctx context.Context, user int64) (email string, err error) {
	err = s.get(ctx, &email, `SELECT email FROM users WHERE id = ? AND deleted_at IS NULL`, user)
	return email, err
}

// A WrittenComment is a comment with the author of its post, whose name is empty if the account
// was deleted.
type WrittenComment struct {
	sns.Comment
	PostAuthor sns.User
	HiddenAt   time.Time // zero: shown
}

// writtenColumns select the comments c, and the authors u of their posts.
const writtenColumns = `c.id, c.post_id, c.content, c.created_at, c.edited_at, ` + authorColumns

type writtenRow struct {
	authorRow               // of the post
	ID        int64         `db:"id"`
	PostID    int64         `db:"post_id"`
	Content   string        `db:"content"`
	CreatedAt int64         `db:"created_at"`
	EditedAt  sql.NullInt64 `db:"edited_at"`
}

func (r writtenRow) comment() WrittenComment {
	c := sns.Comment{ID: r.ID, PostID: r.PostID, Content: r.Content, CreatedAt: timeOf(r.CreatedAt), EditedAt: timeOrZero(r.EditedAt)}
	return WrittenComment{Comment: c, PostAuthor: r.author()}
}

// CommentsBy returns the newest limit comments of a user whose id is below before (0: no
// bound), newest first.
func (s exportStore) CommentsBy(ctx context.Context, user, before int64, limit int) ([]WrittenComment, error) {
	where, args := `WHERE c.user_id = ?`, []any{user}
	if before > 0 {
		where, args = where+` AND c.id < ?`, append(args, before)
	}
	var rows []writtenRow
	err := s.list(ctx, &rows, `SELECT `+writtenColumns+` FROM comments c JOIN posts p ON p.id = c.post_id JOIN users u ON u.id = p.user_id `+where+` ORDER BY c.id DESC`+limited(limit), args...)
	all := make([]WrittenComment, len(rows))
	for i, row := range rows {
		all[i] = row.comment()
	}
	return all, err
}

// A GivenLike is a like of a post, with the author of the post.
type GivenLike struct {
	Post   int64
	Author sns.User
	At     time.Time
}

// LikesBy returns limit likes of a user, of posts with ids below before (0: no bound), those of
// the newest posts first.
func (s exportStore) LikesBy(ctx context.Context, user, before int64, limit int) ([]GivenLike, error) {
	where, args := `WHERE l.user_id = ?`, []any{user}
	if before > 0 {
		where, args = where+` AND l.post_id < ?`, append(args, before)
	}
	var rows []struct {
		authorRow
		Post int64 `db:"post_id"`
		At   int64 `db:"created_at"`
	}
	err := s.list(ctx, &rows, `SELECT l.post_id, l.created_at, `+authorColumns+`
		FROM likes l JOIN posts p ON p.id = l.post_id JOIN users u ON u.id = p.user_id `+where+` ORDER BY l.post_id DESC`+limited(limit), args...)
	all := make([]GivenLike, len(rows))
	for i, row := range rows {
		all[i] = GivenLike{row.Post, row.author(), timeOf(row.At)}
	}
	return all, err
}

// RoomsEntered returns the ids of all rooms in which a user has or had a seat, newest first.
func (s exportStore) RoomsEntered(ctx context.Context, user int64) (rooms []int64, err error) {
	err = s.list(ctx, &rooms, `SELECT DISTINCT room_id FROM participants WHERE user_id = ? ORDER BY room_id DESC`, user)
	return rooms, err
}
