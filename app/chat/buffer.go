package chat

import (
	"context"
	"errors"

	"xxsns/app/sns"
)

// Errors of a Buffer.
var (
	// ErrClosed: the room was closed for good.
	ErrClosed = errors.New("chat: room is closed")
	// ErrLost: the buffer knows nothing of the room, so that it either never
	// held it or has lost it.
	ErrLost = errors.New("chat: buffer has lost the room")
)

// A Buffer holds what is said in open rooms until it is saved in the database.
// It has three states for a room: open, closed, and unknown. Any other error
// than the ones named means that the buffer cannot be reached (or that ctx has
// ended); then it may or may not have happened, and doing it again is safe.
//
// There are two: a table of the database, and Redis.
type Buffer interface {
	// Open marks an unknown room open, numbering from epoch × sns.SeqEpoch + 1.
	// In the same step first, unless it is nil, becomes its first line and is
	// told. One that is open stays as it is; ErrClosed when it is closed.
	Open(ctx context.Context, room, epoch int64, first *sns.Message) error

	// Append stores m as the next line of its open room and tells it to all who
	// look on (KindLine), in one step, and returns its seq. Of m.Author's
	// messages with the same ClientID the first one stands: again is true then,
	// nothing is stored, and nothing is told. ErrClosed, ErrLost.
	Append(ctx context.Context, m sns.Message) (seq int64, again bool, err error)

	// Erase empties a line of an open room, which keeps its seq, and tells it
	// (KindErased) in the same step; erasing again changes nothing.
	// sns.ErrNotFound when there is no such line; ErrClosed, ErrLost.
	Erase(ctx context.Context, room, seq int64) error

	// Messages returns lines of a room, open or closed, in the order of seq.
	// Their authors have an ID alone. ErrLost.
	Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error)

	// Message returns one line. sns.ErrNotFound, ErrLost.
	Message(ctx context.Context, room, seq int64) (sns.Message, error)

	// Close closes a room for good and returns how many lines it holds; nothing
	// is stored afterwards. It may be called again. An unknown room is closed,
	// too, but each Close returns ErrLost then.
	Close(ctx context.Context, room int64) (lines int64, err error)

	// Drop forgets the lines of a closed room, which stays closed.
	Drop(ctx context.Context, room int64) error

	// Sizes returns how many lines it holds of each of the rooms.
	Sizes(ctx context.Context, rooms []int64) (map[int64]int64, error)
}
