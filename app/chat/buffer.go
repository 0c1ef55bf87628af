package chat

import (
	"context"
	"errors"

	"xxsns/app/sns"
)

// Errors of a Buffer.
var (
	// ErrClosed means that the room was closed for good.
	ErrClosed = errors.New("chat: room is closed")
	// ErrLost means that the room is unknown: the buffer never held the room, or
	// has lost its lines.
	ErrLost = errors.New("chat: buffer has lost the room")
)

// A Buffer holds the lines of a room until they are saved in the database. A room
// is open, closed or unknown. Any goroutine may call the methods of a Buffer.
//
// Each method names the errors that it returns on purpose. Any other error means
// that the buffer cannot be reached, or that ctx has ended: the call may or may not
// have taken effect, and repeating it is safe.
type Buffer interface {
	// Open opens an unknown room. The first seq is epoch × sns.SeqEpoch + 1. If
	// first is not nil, it becomes the first line and is published in the same step.
	// An open room stays as it is. ErrClosed.
	Open(ctx context.Context, room, epoch int64, first *sns.Message) error

	// Append stores m as the next line of an open room and publishes it (KindLine) in
	// one step, and returns the seq of the line. If a line of m.Author with the same
	// ClientID exists, Append changes nothing and returns the seq of that line, and
	// again = true. ErrClosed, ErrLost.
	Append(ctx context.Context, m sns.Message) (seq int64, again bool, err error)

	// Erase empties a line of an open room and publishes that (KindErased) in one
	// step. The seq stays. Erasing again changes nothing. ErrClosed, ErrLost, and
	// sns.ErrNotFound if there is no such line.
	Erase(ctx context.Context, room, seq int64) error

	// Messages returns lines of an open or closed room in the order of seq. The
	// authors have only an ID. ErrLost.
	Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error)

	// Message returns one line. sns.ErrNotFound, ErrLost.
	Message(ctx context.Context, room, seq int64) (sns.Message, error)

	// Close closes a room for good and returns the number of its lines. It may be
	// called again. An unknown room is closed, too, but each Close of it returns
	// ErrLost.
	Close(ctx context.Context, room int64) (lines int64, err error)

	// Drop deletes the lines of a closed room, which stays closed.
	Drop(ctx context.Context, room int64) error

	// Sizes returns the number of lines of each room.
	Sizes(ctx context.Context, rooms []int64) (map[int64]int64, error)
}
