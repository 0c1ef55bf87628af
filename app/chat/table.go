package chat

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// BufferTable is what sns.Room.Buffer calls a Table.
const BufferTable = "table"

// Table is the Buffer of a program without Redis: a table of the database.
type Table struct {
	store *store.Store
	bus   live.Bus
	rooms keyed // one at a time in a room, until people have been told
}

// NewTable returns a Table that tells through bus.
func NewTable(s *store.Store, bus live.Bus) *Table { return &Table{store: s, bus: bus} }

// Open implements Buffer. By its ClientID a first line is known to be there.
func (b *Table) Open(ctx context.Context, room, epoch int64, first *sns.Message) error {
	defer b.rooms.lock(room)()
	open, err := b.store.OpenBuffer(ctx, room, epoch*sns.SeqEpoch)
	if err == nil && !open {
		err = ErrClosed
	}
	if err == nil && first != nil {
		_, _, err = b.append(ctx, *first)
	}
	return b.named(err)
}

// Append implements Buffer. The room's mutex spans the commit and the telling,
// so that what people see has the order of seq.
func (b *Table) Append(ctx context.Context, m sns.Message) (int64, bool, error) {
	defer b.rooms.lock(m.Room)()
	return b.append(ctx, m)
}

// append needs the room's mutex.
func (b *Table) append(ctx context.Context, m sns.Message) (int64, bool, error) {
	r, err := b.store.AppendBuffered(ctx, m)
	if err != nil || r.Again {
		return r.Seq, r.Again, b.named(err)
	}
	m.Seq = r.Seq
	b.tell(ctx, m.Room, KindLine, Line{Position{r.Seq, r.PrevUser, r.PrevAt}, m})
	return r.Seq, false, nil
}

// Erase implements Buffer.
func (b *Table) Erase(ctx context.Context, room, seq int64) error {
	defer b.rooms.lock(room)()
	changed, err := b.store.EraseBuffered(ctx, room, seq)
	if err != nil || !changed {
		return b.named(err)
	}
	b.tell(ctx, room, KindErased, Erased{room, seq})
	return nil
}

// tell publishes what is committed. A bus that fails is repaired by catching
// up: the jump in the numbers shows what is missing.
func (b *Table) tell(ctx context.Context, room int64, kind string, data any) {
	_ = b.bus.Publish(context.WithoutCancel(ctx), live.Event{Topic: Topic(room), Kind: kind, Data: encode(data)})
}

// encode makes JSON of our own plain values, which cannot fail.
func encode(v any) json.RawMessage {
	data, _ := json.Marshal(v)
	return data
}

// Messages implements Buffer.
func (b *Table) Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error) {
	messages, err := b.store.Buffered(ctx, room, page)
	return messages, b.named(err)
}

// Message implements Buffer.
func (b *Table) Message(ctx context.Context, room, seq int64) (sns.Message, error) {
	m, err := b.store.BufferedMessage(ctx, room, seq)
	return m, b.named(err)
}

// Close implements Buffer.
func (b *Table) Close(ctx context.Context, room int64) (int64, error) {
	defer b.rooms.lock(room)()
	lines, err := b.store.CloseBuffer(ctx, room)
	return lines, b.named(err)
}

// Drop implements Buffer.
func (b *Table) Drop(ctx context.Context, room int64) error {
	return b.named(b.store.DropBuffered(ctx, room))
}

// Sizes implements Buffer.
func (b *Table) Sizes(ctx context.Context, rooms []int64) (map[int64]int64, error) {
	return b.store.BufferedSizes(ctx, rooms)
}

// named makes the store's errors those of a Buffer.
func (b *Table) named(err error) error {
	switch {
	case errors.Is(err, store.ErrBufferClosed):
		return ErrClosed
	case errors.Is(err, store.ErrBufferUnknown):
		return ErrLost
	}
	return err
}

// keyed is a mutex for each key, which costs nothing while nobody holds it.
type keyed struct {
	mu   sync.Mutex
	held map[int64]*holder
}

type holder struct {
	sync.Mutex
	waiting int
}

// lock locks a key and returns what unlocks it.
func (k *keyed) lock(key int64) (unlock func()) {
	k.mu.Lock()
	if k.held == nil {
		k.held = make(map[int64]*holder)
	}
	h := k.held[key]
	if h == nil {
		h = new(holder)
		k.held[key] = h
	}
	h.waiting++
	k.mu.Unlock()
	h.Lock()
	return func() {
		h.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if h.waiting--; h.waiting == 0 {
			delete(k.held, key)
		}
	}
}
