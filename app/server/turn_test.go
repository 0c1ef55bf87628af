package server_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/server"
	"xxsns/app/web/request"
)

// eachTurns runs a test on the turns of one process and on those that replicas share in
// Redis. pass lets time pass.
func eachTurns(t *testing.T, test func(t *testing.T, turns *request.Turns, pass func(time.Duration))) {
	t.Run("process", func(t *testing.T) {
		t.Parallel()
		now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
		test(t, request.NewTurns(true, func() time.Time { return now }, nil), func(d time.Duration) { now = now.Add(d) })
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		client := openRedis(t, apptest.StartRedis(t, apptest.RedisOptions{}).URL())
		test(t, request.NewTurns(true, time.Now, server.SharedTurn(client)), time.Sleep)
	})
}

// wait takes a turn and returns the time that is announced.
func wait(t *testing.T, turns *request.Turns, name, network string) time.Duration {
	t.Helper()
	err := turns.Take(t.Context(), name, network)
	slow, refused := errors.AsType[request.SlowDownError](err)
	if err != nil && !refused {
		t.Fatal(err)
	}
	return slow.Wait
}

func TestATurnComesAsAnnounced(t *testing.T) {
	eachTurns(t, func(t *testing.T, turns *request.Turns, pass func(time.Duration)) {
		for n := range request.TurnBurst {
			if w := wait(t, turns, "민지", fmt.Sprint("guesser", n%7)); w != 0 {
				t.Fatalf("try %d waits %s", n, w)
			}
		}
		guesser := wait(t, turns, "민지", "guesser1")
		owner := wait(t, turns, "민지", "owner")
		if guesser <= 0 || guesser > request.TurnEvery || owner <= guesser || owner > 2*request.TurnEvery {
			t.Errorf("the guesser waits %s, the owner %s", guesser, owner)
		}
		for n := range 50 { // who is early, and who comes later, moves nobody's turn
			wait(t, turns, "민지", fmt.Sprint("later", n))
			if again := wait(t, turns, "민지", "owner"); again <= 0 || again > owner {
				t.Errorf("the owner waits %s, announced were %s", again, owner)
			}
		}
		if w := wait(t, turns, "서준", "owner"); w != 0 {
			t.Errorf("another name waits %s", w)
		}
		pass(owner)
		if w := wait(t, turns, "민지", "owner"); w != 0 {
			t.Errorf("after the announced time the owner waits %s", w)
		}
		if w := wait(t, turns, "민지", "owner"); w < 40*request.TurnEvery || w > 60*request.TurnEvery {
			t.Errorf("the next turn is after %s, behind fifty others", w)
		}
	})
}

func TestATurnIsNeverFarAway(t *testing.T) {
	eachTurns(t, func(t *testing.T, turns *request.Turns, _ func(time.Duration)) {
		last := time.Duration(0)
		for n := range request.MostTurns + 300 {
			w := wait(t, turns, "민지", fmt.Sprint("network", n))
			if w > request.TurnMost || w < last-time.Minute {
				t.Fatalf("network %d waits %s, the one before %s", n, w, last)
			}
			last = w
		}
		if last != request.TurnMost {
			t.Errorf("the last one waits %s", last)
		}
		// Beyond the places there is no turn, and the wait stays the same.
		if w := wait(t, turns, "민지", fmt.Sprint("network", request.MostTurns+299)); w != request.TurnMost {
			t.Errorf("without a place the wait is %s", w)
		}
		if w := wait(t, turns, "민지", "network150"); w <= 0 || w > 60*request.TurnEvery {
			t.Errorf("an early one waits %s", w)
		}
	})
}

func TestATurnThatNobodyTakesIsForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	turns := request.NewTurns(true, func() time.Time { return now }, nil)
	for n := range request.TurnBurst + 1 {
		wait(t, turns, "민지", fmt.Sprint("network", n))
	}
	now = now.Add(request.TurnEvery + request.TurnMost)
	for n := range request.TurnBurst { // the bucket is full again
		if w := wait(t, turns, "민지", fmt.Sprint("network", n)); w != 0 {
			t.Fatalf("network %d waits %s", n, w)
		}
	}
	if w := wait(t, turns, "민지", fmt.Sprint("network", request.TurnBurst)); w == 0 {
		t.Error("the turn of long ago is still there")
	}
}

// While Redis is away each replica counts for itself.
func TestTurnsGoOnWithoutRedis(t *testing.T) {
	t.Parallel()
	away := func(context.Context, string, string) (time.Duration, error) { return 0, errors.New("away") }
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	turns := request.NewTurns(true, func() time.Time { return now }, away)
	refused := 0
	for n := range request.TurnBurst + 5 {
		if wait(t, turns, "민지", fmt.Sprint("network", n)) > 0 {
			refused++
		}
	}
	if refused != 5 {
		t.Errorf("%d are refused", refused)
	}
	off := request.NewTurns(false, func() time.Time { return now }, away)
	for range 2 * request.TurnBurst {
		if w := wait(t, off, "민지", "network"); w != 0 {
			t.Fatal("without limits somebody waits")
		}
	}
}
