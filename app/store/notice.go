package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"xxsns/app/sns"
)

// A row of the table notices says that a reader has news of a kind about a thing since a mark.
// The people and their number are read from the rows of the deeds (likes, comments, follows,
// mentions), so that taking a deed back needs no counting, and a post with ten thousand likes
// has one row. The row covers the deeds from first_ref on, and up to last_ref, without it,
// once the notice is read; then open is NULL, and the next deed makes another row.
//
// A ref rises with each deed on the thing: the id of the comment, follow or mention, or the
// version of the post at the like.

// A thing is what notices are about: a post, a room, or the reader (neither).
type thing struct{ post, room int64 }

// A reader is who may be told of a deed, with what the reader wants and has been told.
type reader struct {
	User   int64          `db:"user_id"`
	Kind   sns.NoticeKind `db:"kind"`
	Turned int64          `db:"turned"`
	On     int64          `db:"turned_on"`
	Open   int64          `db:"notice"`     // id of the open notice, or 0
	At     int64          `db:"changed_at"` // of the open notice
	Muted  int64          `db:"muted"`      // 1 if the reader has muted the post
	Device int64          `db:"device"`     // 1 if the reader has a push device
	Gone   int64          `db:"gone"`       // 1 if the account was deleted
	Block  int64          `db:"block"`      // id of a block between the reader and the actor or author, or 0

	ref int64 // the deed
}

// wants reports whether the reader may know of the deed, and has notices of the kind in the
// inbox, and of the post.
func (r reader) wants() bool {
	return r.Gone == 0 && r.Block == 0 && r.Muted == 0 && sns.Switches{Turned: r.Turned, On: r.On}.Has(r.Kind, sns.ChannelInbox)
}

// renewedAfter is the age from which an open notice about likes or follows rises to the top
// again: many at once write little.
const renewedAfter = time.Minute

// fresh reports whether a deed changes nothing of the open notice of the reader.
func (r reader) fresh(now time.Time) bool {
	age := now.Sub(timeOf(r.At))
	return r.Open > 0 && (r.Kind == sns.NoticeLike || r.Kind == sns.NoticeFollow) && age >= 0 && age < renewedAfter
}

// notify makes or renews the notices of readers about a thing, whose row the transaction has
// locked before it has read the readers.
func (t *telling) notify(ctx context.Context, on thing, readers []reader, now time.Time) error {
	byUser := make(map[int64]reader, len(readers))
	var users []int64
	for _, r := range readers {
		if r.wants() && !r.fresh(now) {
			byUser[r.User] = r
			users = append(users, r.User)
		}
	}
	if len(users) == 0 {
		return nil
	}
	users, err := t.raise(ctx, users)
	if err != nil {
		return err
	}
	var renewed, made []reader
	for _, user := range users {
		if r := byUser[user]; r.Open > 0 {
			renewed = append(renewed, r)
		} else {
			made = append(made, r)
		}
	}
	renewed, gone, err := t.renew(ctx, renewed, now)
	if err != nil {
		return err
	}
	made = append(made, gone...)
	if err := t.open(ctx, on, made, now); err != nil {
		return err
	}
	return t.push(ctx, on, renewed, made, now)
}

// renew lets open notices rise to the top. gone are the readers whose notices ForgetNotices has
// deleted a moment ago.
func (t *telling) renew(ctx context.Context, readers []reader, now time.Time) (renewed, gone []reader, err error) {
	for _, batch := range batches(readers) {
		n, err := t.renewBatch(ctx, batch, now)
		if err != nil {
			return nil, nil, err
		}
		if n == int64(len(batch)) {
			renewed = append(renewed, batch...)
			continue
		}
		for _, r := range batch {
			n, err := t.renewBatch(ctx, []reader{r}, now)
			if err != nil {
				return nil, nil, err
			}
			if n > 0 {
				renewed = append(renewed, r)
			} else {
				r.Open = 0
				gone = append(gone, r)
			}
		}
	}
	return renewed, gone, nil
}

func (t *telling) renewBatch(ctx context.Context, readers []reader, now time.Time) (int64, error) {
	ids := make([]int64, len(readers))
	for i, r := range readers {
		ids[i] = r.Open
	}
	return affected(t.tx.ExecContext(ctx, in(`UPDATE notices SET changed_at = ?,
		ranked = (SELECT i.version FROM inboxes i WHERE i.user_id = notices.user_id) WHERE open = 1 AND id IN (?)`, ids),
		append([]any{micros(now)}, anys(ids)...)...))
}

const (
	insertNotices = `INSERT INTO notices (user_id, kind, news, post_id, room_id, first_ref, open, ranked, created_at, changed_at) VALUES `
	noticeValues  = `(?, ?, ?, ?, ?, ?, 1, (SELECT version FROM inboxes WHERE user_id = ?), ?, ?)`
)

// open makes notices. The id of a notice that is made alone is put into its reader.
func (t *telling) open(ctx context.Context, on thing, readers []reader, now time.Time) error {
	for _, batch := range batches(readers) {
		args := make([]any, 0, 9*len(batch))
		for _, r := range batch {
			news := 0
			if r.Kind.IsNews() {
				news = 1
			}
			args = append(args, r.User, r.Kind, news, on.post, on.room, r.ref, r.User, micros(now), micros(now))
			t.count(r.User, partOf(r.Kind))
		}
		id, err := insert(ctx, t.tx, insertNotices+noticeValues+strings.Repeat(`, `+noticeValues, len(batch)-1), args...)
		// The error is no conflict of the deed. Under the lock of the thing none comes, but decide may
		// lock the user after the snapshot was made.
		if err != nil && isDuplicate(err) {
			return fmt.Errorf("%w: notices: %s", errStale, err.Error())
		}
		if err != nil {
			return err
		}
		if len(readers) == 1 {
			readers[0].Open = id
		}
	}
	return nil
}

// push passes the notices of those readers who have a push device on to wantPushes.
func (t *telling) push(ctx context.Context, on thing, renewed, made []reader, now time.Time) error {
	var written []writtenNotice
	var many []reader // whose notices were made together
	for _, r := range append(renewed, made...) {
		switch {
		case r.Device == 0:
		case r.Open > 0:
			written = append(written, writtenNotice{ID: r.Open, User: r.User, Kind: r.Kind})
		default:
			many = append(many, r)
		}
	}
	known, err := t.openNotices(ctx, on, many)
	if err != nil {
		return err
	}
	return wantPushes(ctx, t.tx, append(written, known...), now)
}

// openNotices returns the open notices about a thing that were made for readers: one INSERT
// tells the id of one row.
func (t *telling) openNotices(ctx context.Context, on thing, readers []reader) (all []writtenNotice, err error) {
	byKind := map[sns.NoticeKind][]int64{}
	for _, r := range readers {
		byKind[r.Kind] = append(byKind[r.Kind], r.User)
	}
	for kind, users := range byKind {
		for _, batch := range batches(users) {
			var rows []struct {
				ID   int64 `db:"id"`
				User int64 `db:"user_id"`
			}
			err := t.tx.SelectContext(ctx, &rows, in(`SELECT id, user_id FROM notices
				WHERE kind = ? AND post_id = ? AND room_id = ? AND open = 1 AND user_id IN (?)`, batch),
				append([]any{kind, on.post, on.room}, anys(batch)...)...)
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				all = append(all, writtenNotice{ID: row.ID, User: row.User, Kind: kind})
			}
		}
	}
	return all, nil
}

// affected returns the number of rows that a statement has found.
func affected(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// isDuplicate reports whether a unique index of any dialect refused a row.
func isDuplicate(err error) bool { return sqliteDialect.duplicate(err) || mysqlDialect.duplicate(err) }

// lockRows locks rows of a table by their ids, in order, until the transaction ends. Rows that
// do not exist are left out.
func lockRows(ctx context.Context, tx *transaction, table string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	column := lockColumns[table]
	_, err := tx.ExecContext(ctx, in(`UPDATE `+table+` SET `+column+` = `+column+` WHERE id IN (?)`, ids), anys(ids)...)
	return err
}
