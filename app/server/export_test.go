package server

// What opens Redis, for its tests.
var (
	OpenRedis     = openRedis
	RedisWarnings = redisWarnings
)
