package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// forgetAtOnce is how many notices one transaction deletes.
const forgetAtOnce = 500

// ForgetNotices deletes the notices, read or not, whose latest deed is from before a time, and
// returns their number. ForgetNotices may be interrupted, and run at several Stores at once.
func (s noticeStore) ForgetNotices(ctx context.Context, before time.Time) (n int64, err error) {
	const old = ` FROM notices n WHERE n.changed_at < ? ORDER BY n.changed_at, n.id`
	for {
		var rows []noticeRow
		if err := s.list(ctx, &rows, `SELECT `+noticeColumns+old+limited(forgetAtOnce), micros(before)); err != nil || len(rows) == 0 {
			return n, err
		}
		err := s.txTelling(ctx, func(_ *sqlx.Tx, t *telling) error { return t.drop(ctx, rows) })
		if err != nil {
			return n, err
		}
		n += int64(len(rows))
	}
}

// wrongInboxes selects the inboxes whose numbers are not those of their notices.
const wrongInboxes = ` FROM inboxes i WHERE
	i.unread <> (SELECT COUNT(*) FROM notices n WHERE n.user_id = i.user_id AND n.open = 1 AND n.news = 0) OR
	i.news <> (SELECT COUNT(*) FROM notices n WHERE n.user_id = i.user_id AND n.open = 1 AND n.news = 1)`

// CheckNotices returns the number of inboxes whose numbers are not those of their unread
// notices. There should be none.
func (s noticeStore) CheckNotices(ctx context.Context) (n int, err error) {
	var found int64
	err = s.one(ctx, []any{&found}, `SELECT COUNT(*)`+wrongInboxes)
	return int(found), err
}

// RecountInboxes counts again what CheckNotices finds.
func (s noticeStore) RecountInboxes(ctx context.Context) error {
	var users []int64
	if err := s.list(ctx, &users, `SELECT i.user_id`+wrongInboxes+` ORDER BY i.user_id`); err != nil {
		return err
	}
	for _, batch := range batches(users) {
		err := s.txTelling(ctx, func(_ *sqlx.Tx, t *telling) error {
			raised, err := t.raise(ctx, batch)
			t.count(raised)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
