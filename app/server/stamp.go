package server

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/live"
	"xxsns/app/store"
)

// stampKey is the key of the stamp that replicas of one database share.
var stampKey = live.RedisKey("database", "stamp")

// A redisStamp is a store.Stamp in Redis: a number that each commit raises.
type redisStamp struct{ client redis.UniversalClient }

// SharedStamp returns the stamp of a database, or nil without Redis.
func SharedStamp(client redis.UniversalClient) store.Stamp {
	if client == nil {
		return nil
	}
	return redisStamp{client}
}

// Read implements store.Stamp. If Redis has lost the number, the next one is the time, which
// no number has reached.
func (m redisStamp) Read(ctx context.Context) (string, error) {
	stamp, err := m.client.Get(ctx, stampKey).Result()
	if errors.Is(err, redis.Nil) {
		now := strconv.FormatInt(time.Now().UnixMicro(), 10)
		_, err = m.client.SetNX(ctx, stampKey, now, 0).Result()
	}
	return stamp, err
}

// Renew implements store.Stamp.
func (m redisStamp) Renew(ctx context.Context) error { return m.client.Incr(ctx, stampKey).Err() }
