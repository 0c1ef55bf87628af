package chat

import (
	"context"
	"errors"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// Errors of a Buffer.
var (
	// ErrClosed means that the room was closed for good.
	ErrClosed = errors.New("chat: room is closed")
	// ErrLost means that the room is unknown: the buffer never held the room, or
	// has lost its lines.
	ErrLost = errors.New("chat: buffer has lost the room")
	// ErrSpilled means that the line is in the database. Append: the buffer has spilled
	// lines that the caller does not know.
	ErrSpilled = errors.New("chat: lines were spilled")
	// ErrChanged means that lines were erased or trimmed since the caller read them.
	ErrChanged = errors.New("chat: buffer has changed")
	// ErrVacated means that a user may have left the room since the caller asked for the
	// mark of its seats.
	ErrVacated = errors.New("chat: a seat became free")
	// ErrFull means that Redis has no memory left for lines.
	ErrFull = errors.New("chat: buffer is full")
)

// An Extent is what a buffer holds of a room.
type Extent = store.BufferExtent

// An AppendRule says on which conditions a buffer accepts a line.
type AppendRule = store.AppendRule

// An Appended is the result of Append. Lines and Bytes are those of the buffer with
// the line; they are 0 if Again is true.
type Appended struct {
	Seq          int64
	Again        bool
	Lines, Bytes int64
}

// A Buffer holds the lines of a room until they are saved in the database. A room
// is open, closed or unknown. The older lines of an open room may be spilled, which
// means saved in the database and trimmed from the buffer: the seam is the seq of the
// last line that was trimmed. Any goroutine may call the methods of a Buffer.
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
	// one step. If the buffer holds a line of m.Author with the same ClientID, Append
	// changes nothing and returns that line. ErrClosed, ErrLost, ErrFull; ErrSpilled,
	// ErrVacated and sns.SlowDownError if the rule refuses the line.
	Append(ctx context.Context, m sns.Message, rule AppendRule) (Appended, error)

	// SeatMarks returns the marks of the seats of rooms. Who is inside a room by the
	// database, asked after SeatMarks, is inside as long as the mark stays. A missing mark
	// means that the buffer has none: the caller asks the database for each line.
	SeatMarks(ctx context.Context, rooms []int64) (map[int64]string, error)

	// Vacate gives the seats of a room another mark. After Vacate no Append with an older
	// mark succeeds.
	Vacate(ctx context.Context, room int64) error

	// Erase empties a line of an open room and publishes that (KindErased) in one
	// step. The seq stays. Erasing again changes nothing. ErrClosed, ErrLost, ErrSpilled,
	// and sns.ErrNotFound if there is no such line.
	Erase(ctx context.Context, room, seq int64) error

	// Messages returns lines of an open or closed room in the order of seq. The
	// authors have only an ID. Lines of the page up to the seam are in the database:
	// if a caller reads them there after Messages, no line is missing or doubled, even
	// if lines are trimmed meanwhile. ErrLost.
	Messages(ctx context.Context, room int64, page sns.MessagePage) (lines []sns.Message, seam int64, err error)

	// Unread adds the lines of open rooms to tallies, from the last line down to the seam,
	// until each is done, and sets the seam of the rooms whose tally is not. A lost room has
	// no lines.
	Unread(ctx context.Context, tallies []*sns.UnreadTally, seams map[int64]int64) error

	// Message returns one line. sns.ErrNotFound, ErrLost, ErrSpilled.
	Message(ctx context.Context, room, seq int64) (sns.Message, error)

	// Said returns the seq of the line that a user said with a client id, or 0 if the buffer
	// has no such line.
	Said(ctx context.Context, room, user int64, clientID string) (int64, error)

	// Trim deletes the oldest lines of an open room, which the caller has read by
	// Messages and saved, and moves the seam. The caller got erasures by Sizes before
	// reading. ErrChanged if lines were erased or trimmed since; ErrClosed, ErrLost. The
	// lines are deleted all or none.
	Trim(ctx context.Context, room int64, lines []sns.Message, erasures int64) error

	// Close closes a room for good and returns the number of lines that were appended
	// since Open. It may be called again. An unknown room is closed, too, but each Close of it returns
	// ErrLost.
	Close(ctx context.Context, room int64) (lines int64, err error)

	// Drop deletes the lines of a closed room, which stays closed.
	Drop(ctx context.Context, room int64) error

	// Sizes returns what the buffer holds of each room. Rooms without lines may be
	// missing.
	Sizes(ctx context.Context, rooms []int64) (map[int64]Extent, error)

	// Fullness returns which share of the memory for buffers is used, from 0 to 1 and
	// above, or 0 if the memory has no limit.
	Fullness(ctx context.Context) (float64, error)
}
