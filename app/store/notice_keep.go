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
// The ids rise with the time at which notices are made, so that no index has the times.
func (s noticeStore) ForgetNotices(ctx context.Context, before time.Time) (n int64, err error) {
	for after, young := int64(0), false; !young; {
		var rows []noticeRow
		if err := s.list(ctx, &rows, `SELECT `+noticeColumns+` FROM notices n WHERE n.id > ? ORDER BY n.id`+limited(forgetAtOnce), after); err != nil {
			return n, err
		}
		young = len(rows) < forgetAtOnce
		var old []noticeRow
		for _, row := range rows {
			after, young = row.ID, young || !timeOf(row.Created).Before(before)
			if timeOf(row.Changed).Before(before) {
				old = append(old, row)
			}
		}
		if err := s.txTelling(ctx, func(_ *sqlx.Tx, t *telling) error { return t.drop(ctx, old) }); err != nil {
			return n, err
		}
		n += int64(len(old))
	}
	return n, nil
}

// wrongInboxes selects the inboxes whose numbers are not those of their notices.
var wrongInboxes = ` FROM inboxes i WHERE
	i.unread <> (SELECT COUNT(*) FROM notices n WHERE n.user_id = i.user_id AND n.open = 1 AND n.kind IN (` + mineKinds + `)) OR
	i.news <> (SELECT COUNT(*) FROM notices n WHERE n.user_id = i.user_id AND n.open = 1 AND n.kind IN (` + newsKinds + `))`

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
			for _, user := range raised {
				t.count(user, partMine|partNews)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
