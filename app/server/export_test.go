package server

// Functions for Redis, turns and listeners that have tests of their own.
var (
	OpenRedis     = openRedis
	RedisWarnings = redisWarnings
	Listen        = listen
	Quiesce       = quiesce
	Explain       = explain
	SharedTurn    = sharedTurn
)
