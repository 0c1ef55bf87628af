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

// redisTimeout bounds each dial, read and write of the Redis client, and a command
// as a whole, with its repeats: a user waits for the answer.
const redisTimeout = 2 * time.Second

// redisTimes are the timeouts of a Redis client.
type redisTimes struct {
	exchange time.Duration // bounds each dial, read and write
	command  time.Duration // bounds a command with its repeats
	rest     time.Duration // of the breaker, which refuses commands meanwhile
}

var usualRedisTimes = redisTimes{exchange: redisTimeout, command: redisTimeout, rest: breakFor}

// openRedis returns a client for a REDIS_URL, or nil if url is empty. The client
// connects at the first command and after every failure, so that the program starts
// and runs while Redis is down. The caller closes the client.
func openRedis(url string, pool int) (redis.UniversalClient, error) {
	return openRedisWith(url, pool, usualRedisTimes)
}

func openRedisWith(url string, pool int, times redisTimes) (redis.UniversalClient, error) {
	if url == "" {
		return nil, nil //nolint:nilnil // nothing to connect to
	}
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, errors.New("REDIS_URL: not understood") // err may hold the password
	}
	logging.Disable() // go-redis prints errors that it also returns
	options.ClientName = "xxsns"
	options.Protocol = 2 // version 3 has nothing that the program needs, and costs more
	options.DisableIdentity = true
	options.ContextTimeoutEnabled = true
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = times.exchange, times.exchange, times.exchange
	options.DialerRetries = 1 // MaxRetries repeats the whole command
	options.MaxRetries = 2
	options.MinRetryBackoff, options.MaxRetryBackoff = 10*time.Millisecond, 100*time.Millisecond
	options.PoolSize = pool
	client := redis.NewClient(options)
	client.AddHook(newBreaker(times))
	return client, nil
}

// A breaker refuses commands at once while Redis does not answer, so that requests
// do not wait for a timeout. The subscription of the bus has timeouts of its own and
// bypasses the breaker.
type breaker struct {
	circuit *gobreaker.CircuitBreaker[struct{}]
	command time.Duration // as in redisTimes
}

// After breakAfter failed commands in a row, the breaker refuses commands for
// breakFor, and then tries a single command.
const (
	breakAfter = 3
	breakFor   = 500 * time.Millisecond
)

func newBreaker(times redisTimes) *breaker {
	return &breaker{command: times.command, circuit: gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:      times.rest,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakAfter },
		IsSuccessful: answers,
	})}
}

// answers reports whether Redis answered, even with an error, or the caller stopped
// waiting.
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

// admitted is the context key of admitted commands: the first commands of a new
// connection run in the context of the command that opened the connection.
type admitted struct{}

// admit calls do within the time of a command, or refuses the commands. go-redis repeats
// timed-out commands: without the bound, a command would hang for redisTimeout times
// the number of tries.
func (b *breaker) admit(ctx context.Context, cmds []redis.Cmder, do func(context.Context) error) error {
	if ctx.Value(admitted{}) != nil {
		return do(ctx)
	}
	_, err := b.circuit.Execute(func() (struct{}, error) {
		ctx, cancel := context.WithTimeout(context.WithValue(ctx, admitted{}, true), b.command)
		defer cancel()
		return struct{}{}, do(ctx)
	})
	if err != nil && refuses(err) {
		for _, cmd := range cmds {
			cmd.SetErr(err)
		}
	}
	return err
}

// refuses reports whether err comes from the breaker.
func refuses(err error) bool {
	return errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests)
}

// redisWarnings returns a warning for each setting of Redis that may lose messages
// of open rooms, or none if Redis cannot be asked.
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
