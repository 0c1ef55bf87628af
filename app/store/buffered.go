package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"xxsns/app/sns"
)

// dropMost is how many lines are deleted in one transaction.
const dropMost = 2000

// bufferedQuery lists lines of buffers.
const bufferedQuery = `SELECT room_id, seq, user_id, kind, content, created_at, deleted, COALESCE(client_id, '') AS client_id FROM buffered_messages `

// Buffered returns lines of a room's buffer, open or closed, in the order of
// seq. Their authors have an ID alone. ErrBufferUnknown.
func (s *Store) Buffered(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error) {
	lines, err := s.messages(ctx, bufferedQuery, room, page)
	if err == nil && len(lines) == 0 {
		err = s.knownBuffer(ctx, room)
	}
	return lines, err
}

// BufferedMessage returns one line of a room's buffer. ErrNotFound,
// ErrBufferUnknown.
func (s *Store) BufferedMessage(ctx context.Context, room, seq int64) (sns.Message, error) {
	m, err := s.message(ctx, bufferedQuery, room, seq)
	if errors.Is(err, sns.ErrNotFound) {
		if unknown := s.knownBuffer(ctx, room); unknown != nil {
			err = unknown
		}
	}
	return m, err
}

// knownBuffer returns ErrBufferUnknown of a buffer that was never opened.
func (s *Store) knownBuffer(ctx context.Context, room int64) error {
	var lines int64
	err := s.get(ctx, &lines, `SELECT line_count FROM buffers WHERE room_id = ?`, room)
	if errors.Is(err, sns.ErrNotFound) || err == nil && lines == lostLines {
		return ErrBufferUnknown
	}
	return err
}

// DropBuffered forgets the lines of a closed buffer, which stays closed.
// ErrConflict when it is open.
func (s *Store) DropBuffered(ctx context.Context, room int64) error {
	for {
		var left bool
		err := s.tx(ctx, func(tx *sqlx.Tx) (err error) {
			left, err = dropSome(ctx, tx, room)
			return err
		})
		if err != nil || !left {
			return err
		}
	}
}

// dropSome deletes a part of the lines, so that nobody waits long, and tells
// whether any are left. When none is, the buffer counts none.
func dropSome(ctx context.Context, tx *sqlx.Tx, room int64) (left bool, err error) {
	if err := lockRow(ctx, tx, `buffers`, `room_id = ? AND open = 0`, room); err != nil {
		return false, notOpen(ctx, tx, room, err)
	}
	var upTo sql.NullInt64
	err = tx.GetContext(ctx, &upTo, `SELECT MAX(seq) FROM (SELECT seq FROM buffered_messages WHERE room_id = ? ORDER BY seq LIMIT ?) first_ones`, room, dropMost)
	if err != nil {
		return false, err
	}
	if !upTo.Valid {
		_, err := tx.ExecContext(ctx, `UPDATE buffers SET line_count = 0 WHERE room_id = ? AND line_count > 0`, room)
		return false, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM buffered_messages WHERE room_id = ? AND seq <= ?`, room, upTo.Int64)
	return true, err
}

// notOpen makes nothing of the ErrNotFound of a buffer that is unknown, and
// ErrConflict of that of an open one.
func notOpen(ctx context.Context, tx *sqlx.Tx, room int64, err error) error {
	if !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	switch _, err := linesIn(ctx, tx, room); {
	case err == nil:
		return fmt.Errorf("%w: the buffer of room %d is open", sns.ErrConflict, room)
	case errors.Is(err, sql.ErrNoRows):
		return nil
	default:
		return err
	}
}

// BufferedSizes returns how many lines the buffers of rooms hold. A room whose
// buffer holds none may be missing.
func (s *Store) BufferedSizes(ctx context.Context, rooms []int64) (map[int64]int64, error) {
	sizes := make(map[int64]int64, len(rooms))
	for _, batch := range batches(rooms) {
		var rows []struct {
			Room  int64 `db:"room_id"`
			Lines int64 `db:"line_count"`
		}
		query := in(`SELECT room_id, line_count FROM buffers WHERE room_id IN (?) AND line_count > 0`, batch)
		if err := s.listOnce(ctx, &rows, query, anys(batch)...); err != nil {
			return nil, err
		}
		for _, row := range rows {
			sizes[row.Room] = row.Lines
		}
	}
	return sizes, nil
}
