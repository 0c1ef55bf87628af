package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// An EndedRoom is a room that was ended, with all that was said in it.
type EndedRoom struct {
	NewRoom           // its buffer is the table; its key is not used
	Notice            string
	NoticeAt, EndedAt time.Time // NoticeAt is zero when there is no notice

	// Stays are who was inside, in the order in which they entered; the zero
	// ExitedAt is until the end. Of a user the ID is used.
	Stays []sns.Participant

	// Messages are numbered from 1. Their room is not used.
	Messages []sns.Message
}

// InsertEndedRoom makes a room as it is when it was ended and settled: its
// messages are saved, and its buffer is closed and empty. It returns its id.
func (s *Store) InsertEndedRoom(ctx context.Context, r EndedRoom) (id int64, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if id, err = r.insertRoom(ctx, tx); err != nil {
			return err
		}
		if err := r.insertStays(ctx, tx, id); err != nil {
			return err
		}
		if err := insertMessages(ctx, tx, id, r.Messages); err != nil {
			return err
		}
		return r.insertSettlement(ctx, tx, id)
	})
	return id, err
}

// insertRoom counts a version for each who entered after the first, who left,
// for the notice and for the end, and an epoch for the opening of the buffer.
func (r EndedRoom) insertRoom(ctx context.Context, tx *sqlx.Tx) (int64, error) {
	inside, version := 0, 0
	for _, stay := range r.Stays {
		version += 2
		if stay.ExitedAt.IsZero() {
			inside++
			version--
		}
	}
	if r.Notice != "" {
		version++
	}
	return insert(ctx, tx, `INSERT INTO rooms (mentor_id, name, user_limit, head_count, notice, notice_at, version, created_at, ended_at, buffer, epoch)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		r.Mentor, r.Name, r.UserLimit, inside, r.Notice, micros(r.NoticeAt), version, micros(r.CreatedAt), micros(r.EndedAt), r.Buffer)
}

func (r EndedRoom) insertStays(ctx context.Context, tx *sqlx.Tx, room int64) error {
	rows := inserting(tx, `INSERT INTO participants (room_id, user_id, entered_at, exited_at, removed)`)
	for _, stay := range r.Stays {
		exited := stay.ExitedAt
		if exited.IsZero() {
			exited = r.EndedAt
		}
		if err := rows.add(ctx, room, stay.User.ID, micros(stay.EnteredAt), micros(exited), stay.Removed); err != nil {
			return err
		}
	}
	return rows.flush(ctx)
}

func (r EndedRoom) insertSettlement(ctx context.Context, tx *sqlx.Tx, room int64) error {
	n := len(r.Messages)
	_, err := tx.ExecContext(ctx, `INSERT INTO end_rooms (room_id, ended_at, total, saved, attempts, last_error, executed_at, dropped) VALUES (?, ?, ?, ?, 1, '', ?, 1)`,
		room, micros(r.EndedAt), n, n, micros(r.EndedAt))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO buffers (room_id, open, seq, line_count) VALUES (?, 0, ?, 0)`, room, n)
	return err
}
