package chat

import (
	"context"
	"strconv"

	"github.com/redis/go-redis/v9"

	"xxsns/app/sns"
)

// Messages implements Buffer. The seqs of the stored lines have no gaps.
func (b *Redis) Messages(ctx context.Context, room int64, page sns.MessagePage) ([]sns.Message, error) {
	base, last, err := b.bounds(ctx, room)
	if err != nil {
		return nil, err
	}
	from, to := max(page.After, base)+1, last
	if page.Before > 0 {
		to = min(to, page.Before-1)
		from = max(from, to-int64(page.Limit)+1)
	}
	to = min(to, from+int64(page.Limit)-1)
	if from > to {
		return nil, nil
	}
	return b.lines(ctx, room, from, to)
}

// bounds returns the seq before the first line, and the seq of the last line.
func (b *Redis) bounds(ctx context.Context, room int64) (base, last int64, err error) {
	state, _, _ := b.keys(room)
	var found struct {
		Base int64  `redis:"base"`
		Seq  *int64 `redis:"seq"`
	}
	if err := b.client.HMGet(ctx, state, "base", "seq").Scan(&found); err != nil {
		return 0, 0, unavailable(err)
	}
	if found.Seq == nil { // also for a lost room that was closed
		return 0, 0, ErrLost
	}
	return found.Base, *found.Seq, nil
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

// Message implements Buffer.
func (b *Redis) Message(ctx context.Context, room, seq int64) (sns.Message, error) {
	if _, _, err := b.bounds(ctx, room); err != nil {
		return sns.Message{}, err
	}
	found, err := b.lines(ctx, room, seq, seq)
	if err == nil && len(found) == 0 {
		err = sns.ErrNotFound
	}
	if err != nil {
		return sns.Message{}, err
	}
	return found[0], nil
}

// Sizes implements Buffer.
func (b *Redis) Sizes(ctx context.Context, rooms []int64) (map[int64]int64, error) {
	counts := make([]*redis.IntCmd, len(rooms))
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, room := range rooms {
			_, lines, _ := b.keys(room)
			counts[i] = p.HLen(ctx, lines)
		}
		return nil
	})
	if err != nil {
		return nil, unavailable(err)
	}
	sizes := make(map[int64]int64, len(rooms))
	for i, room := range rooms {
		sizes[room] = counts[i].Val()
	}
	return sizes, nil
}
