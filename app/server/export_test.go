package server

// What opens Redis, and what closes a listener, for their tests.
var (
	OpenRedis     = openRedis
	RedisWarnings = redisWarnings
	Listen        = listen
	Quiesce       = quiesce
)
