package server_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/server"
	"xxsns/app/web/request"
)

// eachTurns runs a test on the turns of one process and on those that replicas share in
// Redis, whose time passes by itself. now tells the time of the turns, and pass lets it pass.
func eachTurns(t *testing.T, test func(t *testing.T, turns *request.Turns, now func() time.Time, pass func(time.Duration))) {
	t.Run("process", func(t *testing.T) {
		t.Parallel()
		at := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
		now := func() time.Time { return at }
		test(t, request.NewTurns(true, now, nil), now, func(d time.Duration) { at = at.Add(d) })
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		client, err := server.OpenRedisWith(apptest.StartRedis(t, apptest.RedisOptions{}).URL(), never, never, never)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		test(t, request.NewTurns(true, time.Now, server.SharedTurnWithin(client, never)), time.Now, time.Sleep)
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
	eachTurns(t, func(t *testing.T, turns *request.Turns, now func() time.Time, pass func(time.Duration)) {
		// Where a turn came while the strangers were still trying, another name is tried.
		for n := range 20 {
			begun := now()
			wrong := turnsCome(t, turns, fmt.Sprint("민지", n), pass, func() bool { return now().Sub(begun) >= request.TurnEvery })
			if wrong == "" {
				return
			}
			if t.Log(wrong); !strings.HasPrefix(wrong, tooSlow) {
				t.Fail()
				return
			}
		}
		t.Error("the machine is too slow")
	})
}

// tooSlow begins what turnsCome returns if a turn came meanwhile.
const tooSlow = "too slow: "

// turnsCome uses up the tries of a name, takes turns, and returns what is wrong with them. late
// says that a turn may have come already.
func turnsCome(t *testing.T, turns *request.Turns, name string, pass func(time.Duration), late func() bool) string {
	t.Helper()
	wrong := func(format string, args ...any) string {
		what := fmt.Sprintf(format, args...)
		if late() {
			return tooSlow + what
		}
		return what
	}
	for n := range request.TurnBurst {
		if w := wait(t, turns, name, fmt.Sprint("guesser", n%7)); w != 0 {
			return fmt.Sprintf("try %d waits %s", n, w)
		}
	}
	guesser := wait(t, turns, name, "guesser1")
	owner := wait(t, turns, name, "owner")
	if guesser <= 0 || guesser > request.TurnEvery || owner <= guesser || owner > 2*request.TurnEvery {
		return wrong("the guesser waits %s, the owner %s", guesser, owner)
	}
	for n := range 50 { // who is early, and who comes later, moves nobody's turn
		wait(t, turns, name, fmt.Sprint("later", n))
		if again := wait(t, turns, name, "owner"); again <= 0 || again > owner {
			return wrong("the owner waits %s, announced were %s", again, owner)
		}
	}
	if w := wait(t, turns, "서준"+name, "owner"); w != 0 {
		return fmt.Sprintf("another name waits %s", w)
	}
	last := wait(t, turns, name, "last")
	if last < 40*request.TurnEvery || last > 60*request.TurnEvery {
		return wrong("the next turn is after %s, behind fifty others", last)
	}
	pass(owner)
	if w := wait(t, turns, name, "owner"); w != 0 {
		return fmt.Sprintf("after the announced time the owner waits %s", w)
	}
	if w := wait(t, turns, name, "owner"); w <= 0 || w > last+request.TurnEvery {
		return wrong("the turn after is after %s, behind fifty others", w)
	}
	return ""
}

func TestATurnIsNeverFarAway(t *testing.T) {
	eachTurns(t, func(t *testing.T, turns *request.Turns, _ func() time.Time, _ func(time.Duration)) {
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
