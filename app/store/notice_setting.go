package store

import (
	"context"
	"errors"

	"xxsns/app/sns"
)

// SetMute lets a user be told of a post no more, or again if on is false. Muting reads the
// notices about the post. ErrNotFound if the post does not exist or the account was deleted.
func (s noticeStore) SetMute(ctx context.Context, user, post int64, on bool) error {
	return s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockRow(ctx, tx, `posts`, `id = ?`, post); err != nil {
			return err
		}
		if !on {
			_, err := tx.ExecContext(ctx, `DELETE FROM mutes WHERE user_id = ? AND post_id = ?`, user, post)
			return err
		}
		err := change(ctx, tx, `INSERT INTO mutes (user_id, post_id) SELECT id, ? `+fromActiveUser, post, user)
		if err != nil && isDuplicate(err) {
			return nil
		}
		if err != nil {
			return err
		}
		open, err := t.selected(ctx, selection{`n.user_id = ? AND n.open = 1 AND n.kind IN (` + postKinds + `) AND n.post_id = ?`, []any{user, post}})
		if err != nil {
			return err
		}
		return t.read(ctx, user, open)
	})
}

// Muted reports whether a user is not told of a post.
func (s noticeStore) Muted(ctx context.Context, user, post int64) (bool, error) {
	return recall(ctx, s.database, regionRest, mutedKey{user, post}, func(ctx context.Context) (bool, error) {
		var n int64
		err := s.one(ctx, []any{&n}, `SELECT COUNT(*) FROM mutes WHERE user_id = ? AND post_id = ?`, user, post)
		return n > 0, err
	})
}

// mutedKey is the key of Muted in memory.
type mutedKey struct{ user, post int64 }

// NoticeSettings returns the choices of a user, or the defaults.
func (s noticeStore) NoticeSettings(ctx context.Context, user int64) (sns.NoticeSettings, error) {
	var row struct {
		Turned int64  `db:"turned"`
		On     int64  `db:"turned_on"`
		From   int    `db:"quiet_from"`
		To     int    `db:"quiet_to"`
		Zone   string `db:"zone"`
	}
	err := s.get(ctx, &row, `SELECT turned, turned_on, quiet_from, quiet_to, zone FROM notice_settings WHERE user_id = ?`, user)
	if errors.Is(err, sns.ErrNotFound) {
		err = nil
	}
	return sns.NoticeSettings{
		Switches: sns.Switches{Turned: row.Turned, On: row.On}, Quiet: sns.Quiet{From: row.From, To: row.To, Zone: row.Zone},
	}, err
}

// SetNoticeSettings keeps the choices of a user. The unread notices of kinds that are not in
// the inbox any more are read. ErrNotFound if the account was deleted.
func (s noticeStore) SetNoticeSettings(ctx context.Context, user int64, all sns.NoticeSettings) error {
	row := []any{all.Turned, all.On, all.Quiet.From, all.Quiet.To, all.Quiet.Zone, user}
	err := s.txRepeatable(ctx, func(tx *transaction) error {
		if err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `UPDATE notice_settings SET turned = ?, turned_on = ?, quiet_from = ?, quiet_to = ?, zone = ? WHERE user_id = ?`, row...))
		if err == nil && n == 0 {
			_, err = tx.ExecContext(ctx, `INSERT INTO notice_settings (turned, turned_on, quiet_from, quiet_to, zone, user_id) VALUES (?, ?, ?, ?, ?, ?)`, row...)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, kind := range sns.NoticeKinds {
		if !all.Has(kind, sns.ChannelInbox) {
			if err := s.readOpen(ctx, user, ` AND n.kind = `+sqlKind(kind)); err != nil {
				return err
			}
		}
	}
	return nil
}
