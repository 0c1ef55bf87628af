package store

import (
	"context"
	"time"
)

// An Untold says that a message with mentions is about to be said: whoever is mentioned may
// have to be told yet. The buffer may be Redis, so that one transaction cannot do both.
type Untold struct {
	ID, Room, Author int64
	ClientID         string
	At               time.Time
}

// AddUntold writes an Untold and returns the id. ForgetUntold deletes it.
func (s noticeStore) AddUntold(ctx context.Context, u Untold) (id int64, err error) {
	err = s.tx(ctx, func(tx *transaction) error {
		id, err = insert(ctx, tx, `INSERT INTO untold_mentions (room_id, user_id, client_id, created_at) VALUES (?, ?, ?, ?)`,
			u.Room, u.Author, u.ClientID, micros(u.At))
		return err
	})
	return id, err
}

// ForgetUntold deletes an Untold, which may be gone.
func (s noticeStore) ForgetUntold(ctx context.Context, id int64) error {
	return s.exec(ctx, `DELETE FROM untold_mentions WHERE id = ?`, id)
}

// Untolds returns the first limit Untolds after an id from before a time, in order of their
// ids.
func (s noticeStore) Untolds(ctx context.Context, after int64, before time.Time, limit int) ([]Untold, error) {
	var rows []struct {
		ID        int64  `db:"id"`
		Room      int64  `db:"room_id"`
		User      int64  `db:"user_id"`
		ClientID  string `db:"client_id"`
		CreatedAt int64  `db:"created_at"`
	}
	err := s.list(ctx, &rows, `SELECT id, room_id, user_id, client_id, created_at FROM untold_mentions WHERE id > ? AND created_at < ? ORDER BY id`+limited(limit),
		after, micros(before))
	all := make([]Untold, len(rows))
	for i, row := range rows {
		all[i] = Untold{row.ID, row.Room, row.User, row.ClientID, timeOf(row.CreatedAt)}
	}
	return all, err
}
