package chat

import (
	"context"
	_ "embed"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/live"
	"xxsns/app/store"
)

//go:embed presence.lua
var presenceSource string

var presenceScript = live.EventScript(presenceSource)

// act returns the change as arguments of presence.lua.
func (ch presenceChange) act() []any {
	switch ch.kind {
	case becameOnline:
		return []any{string(ch.kind), ch.seat.User, []byte(encode(ch.event(true))), []byte(encode(ch.event(false)))}
	case roomEnded:
		return []any{string(ch.kind)}
	}
	return []any{string(ch.kind), ch.seat.User}
}

// runScript runs presence.lua in each of the rooms with its acts and returns the
// seats whose entry is missing. Repeating the call is harmless. expire removes
// expired leases. Cancelling ctx does not stop the exchange: events that are half
// sent would be lost.
func (p *redisPresence) runScript(ctx context.Context, lease time.Duration, expire bool, acts map[int64][]any) (missing []store.Seat, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), presenceTimeout)
	defer cancel()
	replies := make(map[int64]*redis.Cmd, len(acts))
	for _, eval := range []func(context.Context, redis.Scripter, []string, ...any) *redis.Cmd{presenceScript.EvalSha, presenceScript.Eval} {
		_, err = p.chat.Redis.Pipelined(ctx, func(pipe redis.Pipeliner) error {
			for room, acts := range acts {
				args := make([]any, 0, len(acts)+8) // with room for EventArgs
				args = append(args, p.replica, lease.Milliseconds(), expire, Topic(room), KindPresence)
				args = append(args, acts...)
				replies[room] = eval(ctx, pipe, []string{p.key(room)}, live.EventArgs(args...)...)
			}
			if len(acts) == 0 {
				pipe.Ping(ctx)
			}
			return nil
		})
		if !redis.HasErrorPrefix(err, "NOSCRIPT") {
			break
		}
	}
	if err != nil {
		return nil, unavailable(err)
	}
	for room, reply := range replies {
		users, err := reply.Int64Slice()
		if err != nil {
			return nil, unavailable(err)
		}
		for _, user := range users {
			missing = append(missing, store.Seat{Room: room, User: user})
		}
	}
	return missing, nil
}

// key returns the key of the presence of a room. The replicas of the version before
// use the same name during an update.
func (p *redisPresence) key(room int64) string { return live.RedisKey(Topic(room), "here") }
