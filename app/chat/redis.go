package chat

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/live"
	"xxsns/app/sns"
)

// BufferRedis is what sns.Room.Buffer calls a Redis.
const BufferRedis = "redis"

// Redis is the Buffer of several replicas. Storing and telling are one script,
// so that what people see has the order of seq. The keys of a room share a hash
// slot:
//
//	xxsns:{room:3}:state  open, base, seq, user, at; lost
//	xxsns:{room:3}:lines  seq → line
//	xxsns:{room:3}:ids    user and client id → seq
type Redis struct {
	client redis.UniversalClient
}

// NewRedis returns a Redis. The client stays its maker's.
func NewRedis(client redis.UniversalClient) *Redis { return &Redis{client} }

// What the scripts answer instead of a number of lines or a seq.
const (
	answerUnknown = -1
	answerClosed  = -2
	answerMissing = -3
)

// keptClosed is how long a room whose lines were dropped is known to be closed.
// Afterwards it is unknown, and the database says that it has ended.
const keptClosed = 24 * time.Hour

//go:embed redis_open.lua
var openSource string

//go:embed redis_append.lua
var appendSource string

//go:embed redis_erase.lua
var eraseSource string

//go:embed redis_close.lua
var closeSource string

var (
	openScript   = redis.NewScript(openSource)
	appendScript = redis.NewScript(appendSource)
	eraseScript  = redis.NewScript(eraseSource)
	closeScript  = redis.NewScript(closeSource)
)

// A line is how a message is kept.
type line struct {
	User     int64           `json:"u"`
	Kind     sns.MessageKind `json:"k"`
	Content  string          `json:"c,omitempty"`
	At       int64           `json:"t"`
	Deleted  bool            `json:"d,omitempty"`
	ClientID string          `json:"i,omitempty"`
}

func keys(room int64) (state, lines, ids string) {
	prefix := "xxsns:{room:" + strconv.FormatInt(room, 10) + "}:"
	return prefix + "state", prefix + "lines", prefix + "ids"
}

// run runs a script on the keys of a room and returns its number.
func (b *Redis) run(ctx context.Context, script *redis.Script, room int64, args ...any) (int64, error) {
	state, lines, ids := keys(room)
	n, err := script.Run(ctx, b.client, []string{state, lines, ids}, args...).Int64()
	if err != nil {
		return 0, away(err)
	}
	return n, answered(n)
}

// answered is the error that a script's answer means.
func answered(n int64) error {
	switch n {
	case answerUnknown:
		return ErrLost
	case answerClosed:
		return ErrClosed
	case answerMissing:
		return sns.ErrNotFound
	}
	return nil
}

// away says that Redis did not answer.
func away(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: redis: %w", sns.ErrUnavailable, err)
}

// Open implements Buffer.
func (b *Redis) Open(ctx context.Context, room, epoch int64, first *sns.Message) error {
	args := []any{epoch * sns.SeqEpoch}
	if first != nil {
		seq := epoch*sns.SeqEpoch + 1
		ev := live.Event{Topic: Topic(room), Kind: KindLine, Data: encode(Line{Position{Seq: seq}, *first})}
		args = append(args, seq, said(*first), first.At.UnixMicro(), encodeLine(*first), live.Channel, ev.Encode())
	}
	_, err := b.run(ctx, openScript, room, args...)
	return err
}

// said is who said a line; 0: nobody, as when somebody entered, and nothing
// continues it.
func said(m sns.Message) int64 {
	if m.Kind != sns.MessageSaid {
		return 0
	}
	return m.Author.ID
}

// Append implements Buffer.
func (b *Redis) Append(ctx context.Context, m sns.Message) (int64, bool, error) {
	before, after := splice(m)
	n, err := b.run(ctx, appendScript, m.Room,
		strconv.FormatInt(m.Author.ID, 10)+":"+m.ClientID, said(m), m.At.UnixMicro(), encodeLine(m), live.Channel, before, after)
	if err != nil {
		return 0, false, err
	}
	// A repeat answers with the negative of the first one's number, beyond the
	// answers that mean something else.
	if n < 0 {
		return -n - repeatOffset, true, nil
	}
	return n, false, nil
}

// repeatOffset keeps the numbers of repeats apart from the other answers.
const repeatOffset = 10

// position is what stands in the event in place of the one that only Redis
// knows. It comes first, and quotes inside a text are escaped: its first
// occurrence is the place.
var position = encode(Position{})

// splice returns the encoded event of a line, without its position.
func splice(m sns.Message) (before, after []byte) {
	ev := live.Event{Topic: Topic(m.Room), Kind: KindLine, Data: encode(Line{Message: m})}
	before, after, _ = bytes.Cut(ev.Encode(), position)
	return before, after
}

func encodeLine(m sns.Message) []byte {
	return encode(line{User: m.Author.ID, Kind: m.Kind, Content: m.Content, At: m.At.UnixMicro(), Deleted: m.Deleted, ClientID: m.ClientID})
}

// Erase implements Buffer.
func (b *Redis) Erase(ctx context.Context, room, seq int64) error {
	m, err := b.Message(ctx, room, seq)
	if err != nil {
		return err
	}
	if m.Deleted {
		return nil
	}
	m.Content, m.Deleted = "", true
	ev := live.Event{Topic: Topic(room), Kind: KindErased, Data: encode(Erased{room, seq})}
	_, err = b.run(ctx, eraseScript, room, seq, encodeLine(m), live.Channel, ev.Encode())
	return err
}

// Messages implements Buffer. The numbers of the lines it holds have no gaps.
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

// bounds returns the number before the first line, and that of the last one.
func (b *Redis) bounds(ctx context.Context, room int64) (base, last int64, err error) {
	state, _, _ := keys(room)
	var found struct {
		Base int64  `redis:"base"`
		Seq  *int64 `redis:"seq"`
	}
	if err := b.client.HMGet(ctx, state, "base", "seq").Scan(&found); err != nil {
		return 0, 0, away(err)
	}
	if found.Seq == nil { // also when it was closed only after it was lost
		return 0, 0, ErrLost
	}
	return found.Base, *found.Seq, nil
}

func (b *Redis) lines(ctx context.Context, room, from, to int64) ([]sns.Message, error) {
	fields := make([]string, 0, to-from+1)
	for seq := from; seq <= to; seq++ {
		fields = append(fields, strconv.FormatInt(seq, 10))
	}
	_, key, _ := keys(room)
	values, err := b.client.HMGet(ctx, key, fields...).Result()
	if err != nil {
		return nil, away(err)
	}
	messages := make([]sns.Message, 0, len(values))
	for i, value := range values {
		raw, ok := value.(string)
		if !ok {
			continue // dropped meanwhile
		}
		m, err := decodeLine(room, from+int64(i), raw)
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, nil
}

func decodeLine(room, seq int64, raw string) (sns.Message, error) {
	var l line
	if err := json.Unmarshal([]byte(raw), &l); err != nil {
		return sns.Message{}, fmt.Errorf("line %d of room %d in redis: %w", seq, room, err)
	}
	return sns.Message{
		Room: room, Seq: seq, Kind: l.Kind, Author: sns.User{ID: l.User}, Content: l.Content,
		At: time.UnixMicro(l.At).UTC(), Deleted: l.Deleted, ClientID: l.ClientID,
	}, nil
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

// Close implements Buffer.
func (b *Redis) Close(ctx context.Context, room int64) (int64, error) {
	return b.run(ctx, closeScript, room)
}

// Drop implements Buffer.
func (b *Redis) Drop(ctx context.Context, room int64) error {
	state, lines, ids := keys(room)
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.Unlink(ctx, lines, ids)
		p.Expire(ctx, state, keptClosed)
		return nil
	})
	return away(err)
}

// Sizes implements Buffer.
func (b *Redis) Sizes(ctx context.Context, rooms []int64) (map[int64]int64, error) {
	counts := make([]*redis.IntCmd, len(rooms))
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, room := range rooms {
			_, lines, _ := keys(room)
			counts[i] = p.HLen(ctx, lines)
		}
		return nil
	})
	if err != nil {
		return nil, away(err)
	}
	sizes := make(map[int64]int64, len(rooms))
	for i, room := range rooms {
		sizes[room] = counts[i].Val()
	}
	return sizes, nil
}
