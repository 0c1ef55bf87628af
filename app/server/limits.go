package server

import (
	"context"
	"time"

	"github.com/go-redis/redis_rate/v10"

	"xxsns/app/config"
	"xxsns/app/network"
	"xxsns/app/web/request"
)

// limitTimeout is the time in which Redis must count a request. Redis usually takes
// a fraction of a millisecond; a hanging Redis must not delay all requests.
const limitTimeout = 250 * time.Millisecond

// bounds returns how much one network may have open: what the configuration says, but no
// more than a quarter of the file descriptors for connections, and another quarter for
// streams and sockets. Without limits nothing is bounded.
func bounds(cfg config.Config) network.Bounds {
	if !cfg.RateLimits {
		return network.Bounds{}
	}
	b := network.Bounds{Connections: cfg.AddressConnections, Streams: cfg.AddressStreams}
	if quarter := mostFiles() / 4; quarter > 0 {
		b.Connections, b.Streams = min(b.Connections, quarter), min(b.Streams, quarter)
	}
	return b
}

// limitClock returns the clock of the limits of a process.
func limitClock(cfg config.Config) func() time.Time {
	if cfg.LimitClock == nil {
		return time.Now
	}
	return cfg.LimitClock
}

// sharedLimit returns a rate limiter that counts in Redis, or nil without Redis.
func (s *Server) sharedLimit() request.SharedLimit {
	if s.redis == nil {
		return nil
	}
	limiter := redis_rate.NewLimiter(s.redis)
	return func(ctx context.Context, key string, n, burst int, every time.Duration) (time.Duration, error) {
		ctx, cancel := context.WithTimeout(ctx, limitTimeout)
		defer cancel()
		result, err := limiter.AllowN(ctx, "xxsns:"+key, redis_rate.Limit{Rate: 1, Burst: burst, Period: every}, n)
		if err != nil || result.Allowed > 0 {
			return 0, err
		}
		return result.RetryAfter, nil
	}
}
