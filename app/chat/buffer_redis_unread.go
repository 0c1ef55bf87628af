package chat

import (
	"context"
	_ "embed"

	"github.com/redis/go-redis/v9"

	"xxsns/app/sns"
)

//go:embed buffer_unread.lua
var unreadSource string

var unreadScript = redis.NewScript(unreadSource)

// Unread implements Buffer, in one round trip for all rooms: Redis counts, since most lines
// would be sent for nothing. A Redis that does not know the script is told the script in a
// second round trip.
func (b *Redis) Unread(ctx context.Context, tallies []*sns.UnreadTally, seams map[int64]int64) error {
	replies, err := b.runUnread(ctx, tallies, unreadScript.EvalSha)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		replies, err = b.runUnread(ctx, tallies, unreadScript.Eval)
	}
	if err != nil {
		return unavailable(err)
	}
	for i, reply := range replies {
		if err := takeUnread(reply, tallies[i], seams); err != nil {
			return err
		}
	}
	return nil
}

// runUnread runs the script for each tally.
func (b *Redis) runUnread(ctx context.Context, tallies []*sns.UnreadTally, run runScript) ([]*redis.Cmd, error) {
	pipe, replies := b.client.Pipeline(), make([]*redis.Cmd, len(tallies))
	for i, t := range tallies {
		state, lines, _ := b.keys(t.Room)
		deep := 0
		if t.Alerts == sns.AlertsMentions {
			deep = 1
		}
		replies[i] = run(ctx, pipe, []string{state, lines}, t.User, t.Mark, sns.UnreadMost, deep, sns.UnreadLines)
	}
	_, err := pipe.Exec(ctx)
	return replies, err
}

// takeUnread sets a tally to what the script has counted.
func takeUnread(cmd *redis.Cmd, t *sns.UnreadTally, seams map[int64]int64) error {
	reply, err := cmd.Slice()
	if err != nil {
		return unavailable(err)
	}
	if len(reply) == 1 { // a room that is lost
		return nil
	}
	numbers := make([]int64, len(reply)-1)
	for i := range numbers {
		numbers[i], _ = reply[i].(int64)
	}
	seams[t.Room] = numbers[0]
	t.Newest, t.Mark, t.Count, t.Mentions = numbers[1], numbers[2], int(numbers[3]), int(numbers[4])
	t.Counted, t.Lines = numbers[5] == 1, int(numbers[6])
	if raw, _ := reply[len(numbers)].(string); raw != "" {
		t.Last, err = decodeLine(t.Room, numbers[7], raw)
	}
	return err
}
