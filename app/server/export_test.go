package server

import (
	"time"

	"github.com/redis/go-redis/v9"
)

// Functions for Redis, turns and listeners that have tests of their own.
var (
	OpenRedis        = openRedis
	RedisWarnings    = redisWarnings
	Listen           = listen
	Explain          = explain
	SharedTurnWithin = sharedTurnWithin
)

// OpenRedisWith is OpenRedis with timeouts of a test.
func OpenRedisWith(url string, exchange, command, rest time.Duration) (redis.UniversalClient, error) {
	return openRedisWith(url, 32, redisTimes{exchange: exchange, command: command, rest: rest})
}
