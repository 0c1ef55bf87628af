package store

import (
	"context"
	"errors"

	"xxsns/app/sns"
)

// bufferedQuery selects the messages of buffers.
const bufferedQuery = `SELECT room_id, seq, user_id, kind, content, mentions, created_at, deleted, COALESCE(client_id, '') AS client_id FROM buffered_messages `

// Buffered returns a page of the messages in a room's buffer, open or closed,
// in order of seq. Of the authors only ID is set. ErrBufferUnknown.
func (s messageStore) Buffered(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error) {
	lines, err := s.messages(ctx, bufferedQuery, room, page)
	if err == nil && len(lines) == 0 {
		_, err = s.BufferSeam(ctx, room)
	}
	return lines, err
}

// BufferedMessage returns a message of a room's buffer. ErrNotFound,
// ErrBufferUnknown.
func (s messageStore) BufferedMessage(ctx context.Context, room, seq int64) (sns.Message, error) {
	m, err := s.message(ctx, bufferedQuery, room, seq)
	if errors.Is(err, sns.ErrNotFound) {
		seam, unknown := s.BufferSeam(ctx, room)
		switch {
		case unknown != nil:
			err = unknown
		case seq <= seam:
			err = ErrBufferSpilled
		}
	}
	return m, err
}

// BufferedSeq returns the seq of the message in a room's buffer that a user said with a client
// id, or 0.
func (s messageStore) BufferedSeq(ctx context.Context, room, user int64, clientID string) (seq int64, err error) {
	err = s.get(ctx, &seq, `SELECT seq FROM buffered_messages WHERE room_id = ? AND user_id = ? AND client_id = ?`, room, user, clientID)
	return seq, ignoring(err, sns.ErrNotFound)
}

// BufferSeam returns the seq up to which messages of a room are not in its buffer.
// A message that was missing from the buffer before the call, and has a seq up to
// the seam, is saved. ErrBufferUnknown if the buffer was never opened.
func (s messageStore) BufferSeam(ctx context.Context, room int64) (seam int64, err error) {
	var row struct {
		Seam  int64 `db:"seam"`
		Lines int64 `db:"line_count"`
	}
	err = s.get(ctx, &row, `SELECT seam, line_count FROM buffers WHERE room_id = ?`, room)
	if errors.Is(err, sns.ErrNotFound) || err == nil && row.Lines == neverOpened {
		return 0, ErrBufferUnknown
	}
	return row.Seam, err
}

// A BufferExtent says what a buffer holds of a room: the messages after Seam up to
// Last. Erasures counts the messages that were erased in the buffer.
type BufferExtent struct {
	Seam, Last   int64 // seqs
	Lines, Bytes int64
	Erasures     int64
}

// BufferedSizes returns what the buffer of each room holds. A room with an empty
// buffer may be missing from the map.
func (s messageStore) BufferedSizes(ctx context.Context, rooms []int64) (map[int64]BufferExtent, error) {
	sizes := make(map[int64]BufferExtent, len(rooms))
	type row struct {
		Room     int64 `db:"room_id"`
		Seam     int64 `db:"seam"`
		Last     int64 `db:"seq"`
		Lines    int64 `db:"line_count"`
		Bytes    int64 `db:"byte_count"`
		Erasures int64 `db:"erasures"`
	}
	const query = `SELECT room_id, seam, seq, line_count, byte_count, erasures FROM buffers WHERE room_id IN (?) AND line_count > 0`
	err := listIn(ctx, s.database, query, rooms, func(r row) {
		sizes[r.Room] = BufferExtent{Seam: r.Seam, Last: r.Last, Lines: r.Lines, Bytes: r.Bytes, Erasures: r.Erasures}
	})
	return sizes, err
}
