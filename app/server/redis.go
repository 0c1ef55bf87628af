package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
)

// redisTimeout bounds each attempt to connect to Redis, to ask and to be
// answered. People wait meanwhile.
const redisTimeout = 2 * time.Second

// openRedis returns the client of a REDIS_URL, or nil where there is none. It
// connects when it is first used, and again whenever it has to, so that the
// program starts, and goes on, without Redis. The caller closes it.
func openRedis(url string) (redis.UniversalClient, error) {
	if url == "" {
		return nil, nil //nolint:nilnil // nothing to connect to
	}
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, errors.New("REDIS_URL: not understood") // err may hold the password
	}
	logging.Disable() // it writes to standard error what it returns as errors, too
	options.ClientName = "xxsns"
	options.Protocol = 2 // the older one has all we need, and the client does less for it
	options.DisableIdentity = true
	options.ContextTimeoutEnabled = true
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = redisTimeout, redisTimeout, redisTimeout
	options.DialerRetries = 1 // the whole command is tried again
	options.MaxRetries = 2
	options.MinRetryBackoff, options.MaxRetryBackoff = 10*time.Millisecond, 100*time.Millisecond
	options.PoolSize = 32 // commands take a fraction of a millisecond: enough for 8 cores
	return redis.NewClient(options), nil
}

// redisWarnings says what in the settings of Redis may lose what is said in
// rooms. It says nothing when Redis is away or does not let itself be asked.
func redisWarnings(ctx context.Context, client redis.UniversalClient) (warnings []string) {
	ctx, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()
	for _, needed := range []struct{ setting, value, otherwise string }{
		{"appendonly", "yes", "a crash of Redis loses what was said in open rooms"},
		{"maxmemory-policy", "noeviction", "Redis may drop what was said in open rooms when its memory is full"},
	} {
		present, err := client.ConfigGet(ctx, needed.setting).Result()
		if value, ok := present[needed.setting]; err == nil && ok && value != needed.value {
			warnings = append(warnings, fmt.Sprintf("%s is %s instead of %s: %s", needed.setting, value, needed.value, needed.otherwise))
		}
	}
	return warnings
}
