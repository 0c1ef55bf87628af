package chat

import (
	"context"
	"errors"
	"strconv"

	"github.com/redis/go-redis/v9"

	"xxsns/app/sns"
)

// Messages implements Buffer. The seqs of the stored lines have no gaps.
func (b *Redis) Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, int64, error) {
	for before := int64(-1); ; {
		seam, last, err := b.bounds(ctx, room)
		if err != nil {
			return nil, 0, err
		}
		from, to := max(page.After, seam)+1, last
		if page.Before > 0 {
			to = min(to, page.Before-1)
			from = max(from, to-int64(page.Limit)+1)
		}
		to = min(to, from+int64(page.Limit)-1)
		if from > to {
			return nil, seam, nil
		}
		lines, err := b.lines(ctx, room, from, to)
		// Missing lines were trimmed after bounds, unless the seam stays: then they were
		// dropped.
		if err != nil || int64(len(lines)) == to-from+1 || seam == before {
			return lines, seam, err
		}
		before = seam
	}
}

// bounds returns the seam and the seq of the last line.
func (b *Redis) bounds(ctx context.Context, room int64) (seam, last int64, err error) {
	state, _, _ := b.keys(room)
	var found stateFields
	if err := b.client.HMGet(ctx, state, fieldsOfState...).Scan(&found); err != nil {
		return 0, 0, unavailable(err)
	}
	if found.Seq == nil { // also for a lost room that was closed
		return 0, 0, ErrLost
	}
	return found.seam(), *found.Seq, nil
}

// stateFields are fields of the state of a room.
type stateFields struct {
	Base     int64  `redis:"base"`
	Seq      *int64 `redis:"seq"`
	Trimmed  *int64 `redis:"trimmed"`
	Bytes    int64  `redis:"bytes"`
	Erasures int64  `redis:"erasures"`
}

var fieldsOfState = []string{"base", "seq", "trimmed", "bytes", "erasures"}

// seam returns the seq of the last line that was trimmed or, before Trim, the seq
// before the first line.
func (s stateFields) seam() int64 {
	if s.Trimmed != nil {
		return *s.Trimmed
	}
	return s.Base
}

// lines returns the lines with seqs between from and to, both included. Dropped
// lines are left out.
func (b *Redis) lines(ctx context.Context, room, from, to int64) ([]sns.Message, error) {
	fields := make([]string, 0, to-from+1)
	for seq := from; seq <= to; seq++ {
		fields = append(fields, strconv.FormatInt(seq, 10))
	}
	_, key, _ := b.keys(room)
	values, err := b.client.HMGet(ctx, key, fields...).Result()
	if err != nil {
		return nil, unavailable(err)
	}
	messages := make([]sns.Message, 0, len(values))
	for i, value := range values {
		raw, ok := value.(string)
		if !ok {
			continue
		}
		m, err := decodeLine(room, from+int64(i), raw)
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// Message implements Buffer. The seam is asked for after the line, which may be
// trimmed meanwhile.
func (b *Redis) Message(ctx context.Context, room, seq int64) (sns.Message, error) {
	found, err := b.lines(ctx, room, seq, seq)
	if err != nil {
		return sns.Message{}, err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	seam, _, err := b.bounds(ctx, room)
	switch {
	case err != nil:
		return sns.Message{}, err
	case seq <= seam:
		return sns.Message{}, ErrSpilled
	}
	return sns.Message{}, sns.ErrNotFound
}

// Said implements Buffer.
func (b *Redis) Said(ctx context.Context, room, user int64, clientID string) (int64, error) {
	_, _, ids := b.keys(room)
	seq, err := b.client.HGet(ctx, ids, identity(sns.Message{Author: sns.User{ID: user}, ClientID: clientID})).Int64()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	return seq, unavailable(err)
}

// Sizes implements Buffer.
func (b *Redis) Sizes(ctx context.Context, rooms []int64) (map[int64]Extent, error) {
	counts, states := make([]*redis.IntCmd, len(rooms)), make([]*redis.SliceCmd, len(rooms))
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, room := range rooms {
			state, lines, _ := b.keys(room)
			counts[i], states[i] = p.HLen(ctx, lines), p.HMGet(ctx, state, fieldsOfState...)
		}
		return nil
	})
	if err != nil {
		return nil, unavailable(err)
	}
	sizes := make(map[int64]Extent, len(rooms))
	for i, room := range rooms {
		var found stateFields
		if err := states[i].Scan(&found); err != nil {
			return nil, unavailable(err)
		}
		if lines := counts[i].Val(); lines > 0 && found.Seq != nil { // otherwise dropped, or empty
			sizes[room] = Extent{Seam: found.seam(), Last: *found.Seq, Lines: lines, Bytes: found.Bytes, Erasures: found.Erasures}
		}
	}
	return sizes, nil
}

// Fullness implements Buffer.
func (b *Redis) Fullness(ctx context.Context) (float64, error) {
	info, err := b.client.InfoMap(ctx, "memory").Result()
	if err != nil {
		return 0, unavailable(err)
	}
	used, errUsed := strconv.ParseFloat(info["Memory"]["used_memory"], 64)
	most, errMost := strconv.ParseFloat(info["Memory"]["maxmemory"], 64)
	if errUsed != nil || errMost != nil || most == 0 {
		return 0, errors.Join(errUsed, errMost)
	}
	return used / most, nil
}
