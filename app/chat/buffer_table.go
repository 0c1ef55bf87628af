package chat

import (
	"context"
	"encoding/json"
	"errors"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// BufferTable is the name of a Table in sns.Room.Buffer.
const BufferTable = "table"

// Table is the Buffer of a program without Redis: a table of the database.
type Table struct {
	store *store.Store
	bus   live.Bus
	rooms keyedMutex // held from the commit until the event is published
}

// NewTable returns a Table that publishes through bus.
func NewTable(s *store.Store, bus live.Bus) *Table { return &Table{store: s, bus: bus} }

// Open implements Buffer. The ClientID of first keeps a repeated Open from adding
// the line again.
func (b *Table) Open(ctx context.Context, room, epoch int64, first *sns.Message) error {
	defer b.rooms.lock(room)()
	open, err := b.store.OpenBuffer(ctx, room, epoch*sns.SeqEpoch)
	if err == nil && !open {
		err = ErrClosed
	}
	if err == nil && first != nil {
		_, err = b.appendLocked(ctx, *first, AppendRule{Spilled: epoch * sns.SeqEpoch})
	}
	return b.bufferError(err)
}

// Append implements Buffer. The mutex of the room spans the commit and Publish, so
// that viewers see the lines in the order of seq.
func (b *Table) Append(ctx context.Context, m sns.Message, rule AppendRule) (Appended, error) {
	defer b.rooms.lock(m.Room)()
	return b.appendLocked(ctx, m, rule)
}

// appendLocked is Append. The caller must hold the mutex of the room.
func (b *Table) appendLocked(ctx context.Context, m sns.Message, rule AppendRule) (Appended, error) {
	r, err := b.store.AppendBuffered(ctx, m, rule)
	done := Appended{Seq: r.Seq, Again: r.Again, Lines: r.Lines, Bytes: r.Bytes}
	if err != nil || r.Again {
		return done, b.bufferError(err)
	}
	m.Seq = r.Seq
	b.publish(ctx, m.Room, KindLine, Line{Position{r.Seq, r.PrevUser, r.PrevAt}, m}.encode())
	return done, nil
}

// SeatMarks implements Buffer: the table has no marks. Each line is a change of the
// database, beside which one more question costs little.
func (b *Table) SeatMarks(context.Context, []int64) (map[int64]string, error) { return nil, nil }

// Vacate implements Buffer and does nothing.
func (b *Table) Vacate(context.Context, int64) error { return nil }

// Erase implements Buffer.
func (b *Table) Erase(ctx context.Context, room, seq int64) error {
	defer b.rooms.lock(room)()
	changed, err := b.store.EraseBuffered(ctx, room, seq)
	if err != nil || !changed {
		return b.bufferError(err)
	}
	b.publish(ctx, room, KindErased, encode(Erased{room, seq}))
	return nil
}

// publish publishes a committed change. An error is ignored: pages notice the
// missing seq and catch up.
func (b *Table) publish(ctx context.Context, room int64, kind string, data json.RawMessage) {
	_ = b.bus.Publish(context.WithoutCancel(ctx), live.Event{Topic: Topic(room), Kind: kind, Data: data})
}

// Messages implements Buffer. The seam is asked for after the lines, so that the
// database has what was trimmed before they were read; and only if lines below them
// may belong to the page.
func (b *Table) Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, int64, error) {
	lines, err := b.store.Buffered(ctx, room, page)
	if err != nil {
		return nil, 0, b.bufferError(err)
	}
	if len(lines) > 0 && (lines[0].Seq == page.After+1 || page.Before > 0 && len(lines) == page.Limit) {
		return lines, lines[0].Seq - 1, nil
	}
	seam, err := b.store.BufferSeam(ctx, room)
	if err != nil {
		return nil, 0, b.bufferError(err)
	}
	for len(lines) > 0 && lines[0].Seq <= seam { // trimmed meanwhile
		lines = lines[1:]
	}
	return lines, seam, nil
}

// Message implements Buffer.
func (b *Table) Message(ctx context.Context, room, seq int64) (sns.Message, error) {
	m, err := b.store.BufferedMessage(ctx, room, seq)
	return m, b.bufferError(err)
}

// Said implements Buffer.
func (b *Table) Said(ctx context.Context, room, user int64, clientID string) (int64, error) {
	return b.store.BufferedSeq(ctx, room, user, clientID)
}

// Trim implements Buffer.
func (b *Table) Trim(ctx context.Context, room int64, lines []sns.Message, erasures int64) error {
	return b.bufferError(b.store.TrimBuffered(ctx, room, lines, erasures))
}

// Close implements Buffer.
func (b *Table) Close(ctx context.Context, room int64) (int64, error) {
	defer b.rooms.lock(room)()
	lines, err := b.store.CloseBuffer(ctx, room)
	return lines, b.bufferError(err)
}

// Save implements saver.
func (b *Table) Save(ctx context.Context, room int64, token string, after int64, limit int) (int64, error) {
	return b.store.SaveBuffered(ctx, room, token, after, limit)
}

// Drop implements Buffer.
func (b *Table) Drop(ctx context.Context, room int64) error {
	return b.bufferError(b.store.DropBuffered(ctx, room))
}

// Sizes implements Buffer.
func (b *Table) Sizes(ctx context.Context, rooms []int64) (map[int64]Extent, error) {
	return b.store.BufferedSizes(ctx, rooms)
}

// Fullness implements Buffer: the table has the disk of the database, without a limit.
func (b *Table) Fullness(context.Context) (float64, error) { return 0, nil }

// bufferError makes an error of the store an error of Buffer.
func (b *Table) bufferError(err error) error {
	switch {
	case errors.Is(err, store.ErrBufferClosed):
		return ErrClosed
	case errors.Is(err, store.ErrBufferUnknown):
		return ErrLost
	case errors.Is(err, store.ErrBufferSpilled):
		return ErrSpilled
	case errors.Is(err, store.ErrBufferChanged):
		return ErrChanged
	}
	return err
}
