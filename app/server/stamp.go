package server

import (
	"context"
	"encoding/binary"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/live"
	"xxsns/app/store"
)

// stampKey is the key of the stamp that replicas of one database share: a number of eight bytes
// for each region.
var stampKey = live.RedisKey("database", "stamps")

// A redisStamp is a store.Stamp in Redis, whose numbers rise with each commit.
type redisStamp struct{ client redis.UniversalClient }

// SharedStamp returns the stamp of a database, or nil without Redis.
func SharedStamp(client redis.UniversalClient) store.Stamp {
	if client == nil {
		return nil
	}
	return redisStamp{client}
}

// Read implements store.Stamp.
func (m redisStamp) Read(ctx context.Context) (all [store.Regions]int64, err error) {
	numbers, err := m.client.Get(ctx, stampKey).Bytes()
	if errors.Is(err, redis.Nil) {
		numbers = fresh()
		err = m.client.SetNX(ctx, stampKey, numbers, 0).Err()
	}
	if err == nil && len(numbers) != 8*len(all) {
		err = errors.New("the stamp in Redis has another size: " + strconv.Itoa(len(numbers)))
	}
	if err != nil {
		return all, err
	}
	for i := range all {
		all[i] = int64(binary.BigEndian.Uint64(numbers[8*i:])) //nolint:gosec // as it was put there
	}
	return all, nil
}

// fresh returns the numbers that stand in the place of those that Redis has lost: the time,
// which no number has reached.
func fresh() []byte {
	numbers := make([]byte, 0, 8*store.Regions)
	for range store.Regions {
		numbers = binary.BigEndian.AppendUint64(numbers, uint64(time.Now().UnixMicro())) //nolint:gosec // not before 1970
	}
	return numbers
}

// Renew implements store.Stamp.
func (m redisStamp) Renew(ctx context.Context, places []int) error {
	raise := make([]any, 0, 4*len(places))
	for _, place := range places {
		raise = append(raise, "INCRBY", "i64", "#"+strconv.Itoa(place), 1)
	}
	_, err := m.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.SetNX(ctx, stampKey, fresh(), 0)
		pipe.BitField(ctx, stampKey, raise...)
		return nil
	})
	return err
}
