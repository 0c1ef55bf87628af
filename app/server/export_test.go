package server

// Functions for Redis, turns and listeners that have tests of their own.
var (
	SharedStamp   = sharedStamp
	OpenRedis     = openRedis
	RedisWarnings = redisWarnings
	Listen        = listen
	Quiesce       = quiesce
	SharedTurn    = sharedTurn
)
