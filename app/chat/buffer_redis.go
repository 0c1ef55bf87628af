package chat

import (
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

// BufferRedis is the name of a Redis in sns.Room.Buffer.
const BufferRedis = "redis"

// Redis is the Buffer of several replicas. One script stores a line and publishes
// it, so that viewers see the lines in the order of seq. The keys of a room share
// a hash slot:
//
//	xxsns:{room:3}:state  open, base, seq, user, at, bytes; trimmed, erasures, busy, exits; lost
//	xxsns:{room:3}:lines  seq → storedLine
//	xxsns:{room:3}:ids    user:client_id → seq
//
// Replicas of the version before use the same keys during an update: the stored
// values must stay readable for both.
type Redis struct {
	client  redis.UniversalClient
	appends appends
}

// NewRedis returns a Redis that publishes on the bus of the same client. The caller
// closes the client.
func NewRedis(client redis.UniversalClient) *Redis {
	return &Redis{client: client, appends: appends{client: client}}
}

// Replies of the scripts that are no number of lines and no seq.
const (
	replyUnknown  = -1
	replyClosed   = -2
	replyNotFound = -3
	replySpilled  = -4
	replyChanged  = -5
	replyVacated  = -6

	// repeatOffset and slowOffset keep the replies of a repeated Append, -10 - seq, and
	// of a busy room, -1e15 - microseconds to wait, apart from the replies above.
	repeatOffset = 10
	slowOffset   = 1e15
)

// closedTTL is how long a room is known to be closed after Drop. Afterwards it is
// unknown to Redis, and the database knows that it has ended.
const closedTTL = 24 * time.Hour

//go:embed buffer_open.lua
var openSource string

//go:embed buffer_append.lua
var appendSource string

//go:embed buffer_erase.lua
var eraseSource string

//go:embed buffer_trim.lua
var trimSource string

//go:embed buffer_close.lua
var closeSource string

var (
	openScript   = live.EventScript(openSource)
	appendScript = redis.NewScript(appendSource) // publishes by itself
	eraseScript  = live.EventScript(eraseSource)
	trimScript   = live.EventScript(trimSource)
	closeScript  = live.EventScript(closeSource)
)

// A storedLine is the JSON of a message in Redis.
type storedLine struct {
	User     int64           `json:"u"`
	Kind     sns.MessageKind `json:"k"`
	Content  string          `json:"c,omitempty"`
	Mentions sns.Mentioned   `json:"m,omitempty"`
	At       int64           `json:"t"`
	Deleted  bool            `json:"d,omitempty"`
	ClientID string          `json:"i,omitempty"`
}

func encodeLine(m sns.Message) []byte {
	return encode(storedLine{User: m.Author.ID, Kind: m.Kind, Content: m.Content, Mentions: m.Mentions, At: m.At.UnixMicro(), Deleted: m.Deleted, ClientID: m.ClientID})
}

func decodeLine(room, seq int64, raw string) (sns.Message, error) {
	var l storedLine
	if err := json.Unmarshal([]byte(raw), &l); err != nil {
		return sns.Message{}, fmt.Errorf("line %d of room %d in redis: %w", seq, room, err)
	}
	return sns.Message{
		Room: room, Seq: seq, Kind: l.Kind, Author: sns.User{ID: l.User}, Content: l.Content, Mentions: l.Mentions,
		At: time.UnixMicro(l.At).UTC(), Deleted: l.Deleted, ClientID: l.ClientID,
	}, nil
}

func (b *Redis) keys(room int64) (state, lines, ids string) {
	topic := Topic(room)
	return live.RedisKey(topic, "state"), live.RedisKey(topic, "lines"), live.RedisKey(topic, "ids")
}

// run runs a script on the keys of a room. It returns the reply of the script, or
// the error that the reply stands for.
func (b *Redis) run(ctx context.Context, script *redis.Script, room int64, args ...any) (int64, error) {
	state, lines, ids := b.keys(room)
	n, err := script.Run(ctx, b.client, []string{state, lines, ids}, live.EventArgs(args...)...).Int64()
	if err != nil {
		return 0, unavailable(err)
	}
	if n < 0 {
		err = replyError(n)
	}
	return n, err
}

func replyError(n int64) error {
	switch n {
	case replyUnknown:
		return ErrLost
	case replyClosed:
		return ErrClosed
	case replyNotFound:
		return sns.ErrNotFound
	case replySpilled:
		return ErrSpilled
	case replyChanged:
		return ErrChanged
	case replyVacated:
		return ErrVacated
	}
	return nil
}

// unavailable makes an error of go-redis sns.ErrUnavailable, except nil and
// context.Canceled, and also ErrFull if Redis has no memory left.
func unavailable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if redis.HasErrorPrefix(err, "OOM") {
		return fmt.Errorf("%w: %w: redis: %w", sns.ErrUnavailable, ErrFull, err)
	}
	return fmt.Errorf("%w: redis: %w", sns.ErrUnavailable, err)
}

// Open implements Buffer.
func (b *Redis) Open(ctx context.Context, room, epoch int64, first *sns.Message) error {
	args := []any{epoch * sns.SeqEpoch}
	if first != nil {
		seq := epoch*sns.SeqEpoch + 1
		line := Line{Position{Seq: seq}, *first}.encode()
		args = append(args, seq, speaker(*first), first.At.UnixMicro(), encodeLine(*first), Topic(room), KindLine, []byte(line))
	}
	_, err := b.run(ctx, openScript, room, args...)
	return err
}

// speaker returns the author of a spoken message, or 0 for a notice such as
// "entered", which no message continues.
func speaker(m sns.Message) int64 {
	if m.Kind != sns.MessageSaid {
		return 0
	}
	return m.Author.ID
}

// Append implements Buffer. The script fills in the Position of the Line, which
// only Redis knows.
func (b *Redis) Append(ctx context.Context, m sns.Message, rule AppendRule) (Appended, error) {
	state, lines, ids := b.keys(m.Room)
	reply, err := b.appends.run(ctx, []string{state, lines, ids},
		identity(m), speaker(m), m.At.UnixMicro(), encodeLine(m), rule.Spilled, rule.Cost(m), rule.Mark,
		live.Channel, live.Event{Topic: Topic(m.Room), Kind: KindLine}.EncodeHead(), appendMessage(nil, m))
	if err != nil {
		return Appended{}, unavailable(err)
	}
	switch n := reply[0]; {
	case n >= 0:
		return Appended{Seq: n, Lines: reply[1], Bytes: reply[2]}, nil
	case n <= -slowOffset:
		return Appended{}, sns.SlowDownError{Wait: time.Duration(-n-slowOffset) * time.Microsecond}
	case n <= -repeatOffset:
		return Appended{Seq: -n - repeatOffset, Again: true}, nil
	default:
		return Appended{}, replyError(n)
	}
}

// identity returns the field of a line in the ids.
func identity(m sns.Message) string { return strconv.FormatInt(m.Author.ID, 10) + ":" + m.ClientID }

// SeatMarks implements Buffer. The base is part of the mark: a room that Redis has lost
// counts its exits anew.
func (b *Redis) SeatMarks(ctx context.Context, rooms []int64) (map[int64]string, error) {
	states := make([]*redis.SliceCmd, len(rooms))
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, room := range rooms {
			state, _, _ := b.keys(room)
			states[i] = p.HMGet(ctx, state, "base", "exits")
		}
		return nil
	})
	if err != nil {
		return nil, unavailable(err)
	}
	marks := make(map[int64]string, len(rooms))
	for i, room := range rooms {
		values := states[i].Val()
		base, _ := values[0].(string)
		exits, _ := values[1].(string)
		marks[room] = base + ":" + exits
	}
	return marks, nil
}

// Vacate implements Buffer.
func (b *Redis) Vacate(ctx context.Context, room int64) error {
	state, _, _ := b.keys(room)
	return unavailable(b.client.HIncrBy(ctx, state, "exits", 1).Err())
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
	m.Content, m.Mentions, m.Deleted = "", "", true
	_, err = b.run(ctx, eraseScript, room, seq, encodeLine(m), Topic(room), KindErased, []byte(encode(Erased{room, seq})))
	return err
}

// Trim implements Buffer.
func (b *Redis) Trim(ctx context.Context, room int64, lines []sns.Message, erasures int64) error {
	args := make([]any, 0, 3+len(lines))
	args = append(args, lines[0].Seq, lines[len(lines)-1].Seq, erasures)
	for _, m := range lines {
		args = append(args, identity(m))
	}
	_, err := b.run(ctx, trimScript, room, args...)
	return err
}

// Close implements Buffer.
func (b *Redis) Close(ctx context.Context, room int64) (int64, error) {
	return b.run(ctx, closeScript, room)
}

// Drop implements Buffer.
func (b *Redis) Drop(ctx context.Context, room int64) error {
	state, lines, ids := b.keys(room)
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.Unlink(ctx, lines, ids)
		p.Expire(ctx, state, closedTTL)
		return nil
	})
	return unavailable(err)
}
