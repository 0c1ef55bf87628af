package store

import (
	"context"
	"time"

	"xxsns/app/sns"
)

// decide writes a decision about a user, and the user's notice. The account may be deleted:
// then nobody is told.
func (t *telling) decide(ctx context.Context, d sns.Decision) error {
	if err := lockUser(ctx, t.tx, d.User); err != nil {
		return ignoring(err, sns.ErrNotFound)
	}
	id, err := insert(ctx, t.tx, `INSERT INTO decisions (user_id, kind, note, path, at) VALUES (?, ?, ?, ?, ?)`, d.User, string(d.Kind), d.Note, d.Path, micros(d.At))
	if err != nil {
		return err
	}
	readers, err := t.readers(ctx, sqlKind(sns.NoticeReport), thing{}, 0, id, []int64{d.User})
	if err != nil {
		return err
	}
	return t.notify(ctx, thing{}, readers, d.At)
}

// A decisionRow is a row of the table decisions.
type decisionRow struct {
	ID   int64  `db:"id"`
	User int64  `db:"user_id"`
	Kind string `db:"kind"`
	Note string `db:"note"`
	Path string `db:"path"`
	At   int64  `db:"at"`
}

func (r decisionRow) decision() sns.Decision {
	return sns.Decision{ID: r.ID, User: r.User, Kind: sns.DecisionKind(r.Kind), Note: r.Note, Path: r.Path, At: timeOf(r.At)}
}

// Decisions returns the decisions about a user that have an id below before, the latest first;
// before = 0 means all.
func (s noticeStore) Decisions(ctx context.Context, user, before int64, limit int) ([]sns.Decision, error) {
	where, args := `user_id = ?`, []any{user}
	if before > 0 {
		where, args = where+` AND id < ?`, append(args, before)
	}
	var rows []decisionRow
	err := s.list(ctx, &rows, `SELECT id, user_id, kind, note, path, at FROM decisions WHERE `+where+` ORDER BY id DESC`+limited(limit), args...)
	all := make([]sns.Decision, len(rows))
	for i, row := range rows {
		all[i] = row.decision()
	}
	return all, err
}

// decisionsOf returns decisions by their ids.
func (s noticeStore) decisionsOf(ctx context.Context, ids []int64) (map[int64]sns.Decision, error) {
	all := make(map[int64]sns.Decision, len(ids))
	err := listIn(ctx, s.database, `SELECT id, user_id, kind, note, path, at FROM decisions WHERE id IN (?)`, ids,
		func(row decisionRow) { all[row.ID] = row.decision() })
	return all, err
}

// ForgetDecisions deletes the decisions from before a time whose notices have gone: the worker
// that calls ForgetNotices calls it afterwards.
func (s noticeStore) ForgetDecisions(ctx context.Context, before time.Time) error {
	return s.exec(ctx, `DELETE FROM decisions WHERE at < ? AND NOT EXISTS (SELECT 1 FROM notices n
		WHERE n.user_id = decisions.user_id AND n.kind = `+sqlKind(sns.NoticeReport)+`)`, micros(before))
}
