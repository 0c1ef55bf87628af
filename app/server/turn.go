package server

import (
	"context"
	_ "embed"
	"time"

	"github.com/redis/go-redis/v9"

	"xxsns/app/web/request"
)

//go:embed turn.lua
var turnSource string

var turnScript = redis.NewScript(turnSource)

// sharedTurn returns a function that takes turns in Redis, or nil without Redis.
func sharedTurn(client redis.UniversalClient) request.SharedTurn {
	return sharedTurnWithin(client, limitTimeout)
}

func sharedTurnWithin(client redis.UniversalClient, timeout time.Duration) request.SharedTurn {
	if client == nil {
		return nil
	}
	return func(ctx context.Context, name, network string) (time.Duration, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		key := "xxsns:turn:{" + name + "}" // both keys in one hash slot
		wait, err := turnScript.Run(ctx, client, []string{key + ":full", key + ":due"}, network,
			request.TurnEvery.Microseconds(), request.TurnBurst, request.TurnMost.Microseconds(), request.MostTurns).Int64()
		return time.Duration(wait) * time.Microsecond, err
	}
}
