package live

import (
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
)

// Decode is decode, for the tests.
var Decode = decode

// NewRedisWith is NewRedis with timeouts of a test.
func NewRedisWith(client redis.UniversalClient, hub *Hub, log *slog.Logger, publish, idle, pong time.Duration) *Redis {
	return newRedis(client, hub, log, redisTimes{publish: publish, idle: idle, pong: pong})
}
