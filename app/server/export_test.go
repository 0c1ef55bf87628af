package server

// Functions for Redis and for listeners that have tests of their own.
var (
	OpenRedis     = openRedis
	RedisWarnings = redisWarnings
	Listen        = listen
	Quiesce       = quiesce
)
