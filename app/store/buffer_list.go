package store

import (
	"context"
	"errors"

	"xxsns/app/sns"
)

// bufferedQuery selects the messages of buffers.
const bufferedQuery = `SELECT room_id, seq, user_id, kind, content, created_at, deleted, COALESCE(client_id, '') AS client_id FROM buffered_messages `

// Buffered returns a page of the messages in a room's buffer, open or closed,
// in order of seq. Of the authors only ID is set. ErrBufferUnknown.
func (s messageStore) Buffered(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error) {
	lines, err := s.messages(ctx, bufferedQuery, room, page)
	if err == nil && len(lines) == 0 {
		err = s.checkBufferKnown(ctx, room)
	}
	return lines, err
}

// BufferedMessage returns a message of a room's buffer. ErrNotFound,
// ErrBufferUnknown.
func (s messageStore) BufferedMessage(ctx context.Context, room, seq int64) (sns.Message, error) {
	m, err := s.message(ctx, bufferedQuery, room, seq)
	if errors.Is(err, sns.ErrNotFound) {
		if unknown := s.checkBufferKnown(ctx, room); unknown != nil {
			err = unknown
		}
	}
	return m, err
}

// checkBufferKnown returns ErrBufferUnknown if the buffer of the room was never
// opened.
func (s messageStore) checkBufferKnown(ctx context.Context, room int64) error {
	var lines int64
	err := s.get(ctx, &lines, `SELECT line_count FROM buffers WHERE room_id = ?`, room)
	if errors.Is(err, sns.ErrNotFound) || err == nil && lines == neverOpened {
		return ErrBufferUnknown
	}
	return err
}

// BufferedSizes returns the number of messages in the buffer of each room. A
// room with an empty buffer may be missing from the map.
func (s messageStore) BufferedSizes(ctx context.Context, rooms []int64) (map[int64]int64, error) {
	sizes := make(map[int64]int64, len(rooms))
	type row struct {
		Room  int64 `db:"room_id"`
		Lines int64 `db:"line_count"`
	}
	const query = `SELECT room_id, line_count FROM buffers WHERE room_id IN (?) AND line_count > 0`
	err := listIn(ctx, s.database, query, rooms, func(r row) { sizes[r.Room] = r.Lines })
	return sizes, err
}
