package chat

import (
	"context"
	_ "embed"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/live"
	"xxsns/app/store"
)

//go:embed redis_here.lua
var hereSource string

var hereScript = redis.NewScript(hereSource)

// arguments are those of redis_here.lua.
func (ch change) arguments() []any {
	switch ch.what {
	case came:
		return []any{string(came), ch.user, []byte(encode(ch.presence(true))), []byte(encode(ch.presence(false)))}
	case ended:
		return []any{string(ended)}
	}
	return []any{string(ch.what), ch.user}
}

// send runs redis_here.lua in each of the rooms, which may be done again, and
// returns who is not marked. judge takes away marks that ran out. Stopping does
// not break it off: what it has begun to tell would be lost.
func (m *redisMarks) send(ctx context.Context, lease time.Duration, judge bool, acts map[int64][]any) (unmarked []store.Membership, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), marksWithin)
	defer cancel()
	answers := make(map[int64]*redis.Cmd, len(acts))
	for _, eval := range []func(context.Context, redis.Scripter, []string, ...any) *redis.Cmd{hereScript.EvalSha, hereScript.Eval} {
		_, err = m.chat.Redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			for room, acts := range acts {
				common := []any{m.replica, lease.Milliseconds(), judge, live.Channel, Topic(room), KindPresence}
				answers[room] = eval(ctx, p, []string{hereKey(room)}, append(common, acts...)...)
			}
			if len(acts) == 0 {
				p.Ping(ctx)
			}
			return nil
		})
		if !redis.HasErrorPrefix(err, "NOSCRIPT") {
			break
		}
	}
	if err != nil {
		return nil, away(err)
	}
	for room, answer := range answers {
		users, err := answer.Int64Slice()
		if err != nil {
			return nil, away(err)
		}
		for _, user := range users {
			unmarked = append(unmarked, store.Membership{Room: room, User: user})
		}
	}
	return unmarked, nil
}

// hereKey is in the hash slot of the room's other keys.
func hereKey(room int64) string { return "xxsns:{" + Topic(room) + "}:here" }
