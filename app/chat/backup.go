package chat

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// Last returns the seq of the last line of a room, or 0 if Redis has lost the room.
func (b *Redis) Last(ctx context.Context, room int64) (int64, error) {
	_, last, err := b.bounds(ctx, room)
	if errors.Is(err, ErrLost) {
		return 0, nil
	}
	return last, err
}

// heldPage is the number of lines that Held and Hold move at once.
const heldPage = 500

// Held returns what Redis holds of a room, for a backup whose snapshot of the database began
// before the call. ok is false if Redis has lost the room.
//
// Since then lines may have been said, spilled or saved. Lines from before the snapshot are
// in the result, although Redis may not have it any more: db, the database as it is now, has
// it. last is what Last returned soon after the snapshot; later lines are left out, and so are
// those of somebody who entered after the snapshot, and all after them.
func (b *Redis) Held(ctx context.Context, db *store.Store, r store.UnsavedRoom, last int64, speakers map[int64]bool) (h store.HeldRoom, ok bool, err error) {
	state, _, _ := b.keys(r.ID)
	var found stateFields
	if err := b.client.HMGet(ctx, state, fieldsOfState...).Scan(&found); err != nil {
		return h, false, unavailable(err)
	}
	if found.Seq == nil {
		return h, false, nil
	}
	h = store.HeldRoom{Room: r.ID, Open: !r.Ended, Base: found.Base, Last: min(*found.Seq, last)}
	// Lines up to Spilled are in the snapshot. Those that Redis has, too, stay: there they may
	// have been erased since.
	h.Seam = min(found.seam(), max(r.Spilled, found.Base))
	for after := h.Seam; after < h.Last; after = min(after+heldPage, h.Last) {
		lines, err := b.linesOrSaved(ctx, db, r.ID, after+1, min(after+heldPage, h.Last))
		if err != nil {
			return h, false, err
		}
		for _, m := range lines {
			if !speakers[m.Author.ID] {
				h.Last = m.Seq - 1
				return h, true, nil
			}
			h.Lines = append(h.Lines, m)
		}
	}
	return h, true, nil
}

// linesOrSaved returns lines of Redis, and from the database those that Redis has not any
// more.
func (b *Redis) linesOrSaved(ctx context.Context, db *store.Store, room, from, to int64) ([]sns.Message, error) {
	lines, err := b.lines(ctx, room, from, to)
	if err != nil || int64(len(lines)) == to-from+1 {
		return lines, err
	}
	saved, err := db.Messages(ctx, room, sns.MessagePage{After: from - 1, Limit: int(to - from + 1)})
	if err != nil {
		return nil, err
	}
	held := make(map[int64]bool, len(lines))
	for _, m := range lines {
		held[m.Seq] = true
	}
	for _, m := range saved {
		if m.Seq <= to && !held[m.Seq] {
			lines = append(lines, m)
		}
	}
	slices.SortFunc(lines, func(a, b sns.Message) int { return int(a.Seq - b.Seq) })
	return lines, nil
}

// Hold puts what a buffer held of a room into Redis, which must not know the room.
func (b *Redis) Hold(ctx context.Context, h store.HeldRoom) error {
	state, linesKey, ids := b.keys(h.Room)
	fields := map[string]any{"base": h.Base, "seq": h.Last, "user": 0, "at": 0, "open": 0}
	if h.Open {
		fields["open"] = 1
	}
	if h.Seam > h.Base {
		fields["trimmed"] = h.Seam
	}
	size := 0
	for batch := range slices.Chunk(h.Lines, heldPage) {
		_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, m := range batch {
				raw := encodeLine(m)
				size += len(raw)
				p.HSet(ctx, linesKey, m.Seq, raw)
				if m.ClientID != "" {
					p.HSet(ctx, ids, identity(m), m.Seq)
				}
				fields["user"], fields["at"] = speaker(m), m.At.UnixMicro()
			}
			return nil
		})
		if err != nil {
			return unavailable(err)
		}
	}
	fields["bytes"] = size
	return unavailable(b.client.HSet(ctx, state, fields).Err()) // last: only now the room is known
}

// roomKeys selects the keys of all rooms.
const roomKeys = "xxsns:{room:*"

// Holds reports whether Redis holds any room, be it of another database.
func (b *Redis) Holds(ctx context.Context) (bool, error) {
	held := false
	err := b.eachKey(ctx, func(key string) error {
		held = held || strings.HasSuffix(key, ":state") || strings.HasSuffix(key, ":lines")
		return nil
	})
	return held, err
}

// Forget deletes all rooms of Redis: another database takes their place. No server may run.
func (b *Redis) Forget(ctx context.Context) error {
	return b.eachKey(ctx, func(key string) error { return b.client.Unlink(ctx, key).Err() })
}

func (b *Redis) eachKey(ctx context.Context, use func(string) error) error {
	keys := b.client.Scan(ctx, 0, roomKeys, heldPage).Iterator()
	var err error
	for keys.Next(ctx) {
		err = errors.Join(err, use(keys.Val()))
	}
	return unavailable(errors.Join(err, keys.Err()))
}
