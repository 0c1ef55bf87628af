package store

import (
	"context"
	"slices"
	"time"
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
		err := s.txTelling(ctx, func(_ *transaction, t *telling) error {
			return t.dropIf(ctx, old, selection{`changed_at < ?`, []any{micros(before)}}) // and was not renewed meanwhile
		})
		if err != nil {
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
// notices, and of unread notices that tell of nothing. There should be none, unless a program
// of before there were notices has deleted texts.
func (s noticeStore) CheckNotices(ctx context.Context) (n int, err error) {
	var found int64
	if err := s.one(ctx, []any{&found}, `SELECT COUNT(*)`+wrongInboxes); err != nil {
		return 0, err
	}
	err = s.emptyNotices(ctx, func(empty []noticeRow) error { found += int64(len(empty)); return nil })
	return int(found), err
}

// emptyNotices passes the unread notices that tell of nothing to a function.
func (s noticeStore) emptyNotices(ctx context.Context, use func([]noticeRow) error) error {
	for after, more := int64(0), true; more; {
		var rows []noticeRow
		if err := s.list(ctx, &rows, `SELECT `+noticeColumns+` FROM notices n WHERE n.id > ? ORDER BY n.id`+limited(emptyAtOnce), after); err != nil {
			return err
		}
		if more = len(rows) == emptyAtOnce; more {
			after = rows[len(rows)-1].ID
		}
		rows = slices.DeleteFunc(rows, func(n noticeRow) bool { return !n.Open.Valid })
		query, args := anyDeedOf(rows)
		var left []int64
		if query != "" {
			if err := s.listOnce(ctx, &left, query, args...); err != nil {
				return err
			}
		}
		if empty := without(rows, left); len(empty) > 0 {
			if err := use(empty); err != nil {
				return err
			}
		}
	}
	return nil
}

// RecountInboxes mends what CheckNotices finds.
func (s noticeStore) RecountInboxes(ctx context.Context) error {
	err := s.emptyNotices(ctx, func(empty []noticeRow) error {
		for _, n := range empty {
			err := s.txTelling(ctx, func(_ *transaction, t *telling) error {
				if err := t.lockThings(ctx, n.User, []noticeRow{n}); err != nil {
					return err
				}
				return t.dropEmptyOf(ctx, []noticeRow{n})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var users []int64
	if err := s.list(ctx, &users, `SELECT i.user_id`+wrongInboxes+` ORDER BY i.user_id`); err != nil {
		return err
	}
	for _, batch := range batches(users) {
		err := s.txTelling(ctx, func(_ *transaction, t *telling) error {
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
