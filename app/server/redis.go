package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/sony/gobreaker/v2"
)

// redisTimeout bounds each attempt to connect to Redis, to ask and to be
// answered. People wait meanwhile.
const redisTimeout = 2 * time.Second

// openRedis returns the client of a REDIS_URL, or nil where there is none. It
// connects when it is first used, and again whenever it has to, so that the
// program starts, and goes on, without Redis. The caller closes it.
func openRedis(url string, pool int) (redis.UniversalClient, error) {
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
	options.PoolSize = pool
	client := redis.NewClient(options)
	client.AddHook(newBreaker())
	return client, nil
}

// A breaker refuses commands at once while Redis does not answer, so that not
// everybody waits for what will not come. The subscription of the bus, which
// notices by itself, does not go through it.
type breaker struct {
	circuit *gobreaker.CircuitBreaker[struct{}]
}

// How many commands in a row must fail until others are refused, and how long
// they are, until one of them is tried again.
const (
	breakAfter = 3
	breakFor   = 500 * time.Millisecond
)

func newBreaker() *breaker {
	return &breaker{circuit: gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:      breakFor,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakAfter },
		IsSuccessful: answers,
	})}
}

// answers tells whether Redis has answered, be it by an error, or was not
// waited for.
func answers(err error) bool {
	_, refused := errors.AsType[redis.Error](err)
	return err == nil || refused || errors.Is(err, context.Canceled)
}

// DialHook implements redis.Hook.
func (*breaker) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements redis.Hook.
func (b *breaker) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		return b.admit(ctx, []redis.Cmder{cmd}, func(ctx context.Context) error { return next(ctx, cmd) })
	}
}

// ProcessPipelineHook implements redis.Hook.
func (b *breaker) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		return b.admit(ctx, cmds, func(ctx context.Context) error { return next(ctx, cmds) })
	}
}

// admitted marks the context of commands that were let through: a new connection
// begins with commands of its own, which belong to them.
type admitted struct{}

// admit does what is to be done with commands, or refuses them.
func (b *breaker) admit(ctx context.Context, cmds []redis.Cmder, do func(context.Context) error) error {
	if ctx.Value(admitted{}) != nil {
		return do(ctx)
	}
	_, err := b.circuit.Execute(func() (struct{}, error) {
		return struct{}{}, do(context.WithValue(ctx, admitted{}, true))
	})
	if refuses(err) {
		for _, cmd := range cmds {
			cmd.SetErr(err)
		}
	}
	return err
}

// refuses tells whether an error is the breaker's own.
func refuses(err error) bool {
	return errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests)
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
