package server

import (
	"context"
	"math"
	"os"
	"runtime/metrics"
	"testing"

	"xxsns/app/apptest/await"
)

func TestRoomForGarbage(t *testing.T) {
	const mb = 1 << 20
	for _, test := range []struct {
		name         string
		live, lately uint64
		limit        int64
		want         int
	}{
		{"before the first collection, at rest", 0, 0, 1024 * mb, 100},
		{"at rest", 12 * mb, mb, 1024 * mb, 100},
		{"as much as is live", 12 * mb, 12 * mb, 1024 * mb, 100},
		{"busy", 16 * mb, 48 * mb, 1024 * mb, 300},
		{"very busy", 16 * mb, 900 * mb, 1024 * mb, 400},
		{"busy and tiny", mb, 900 * mb, 1024 * mb, 1600},
		{"a large heap", 900 * mb, 900 * mb, 4096 * mb, 100},
		{"a container of 128 MiB", 17 * mb, 900 * mb, 68 * mb, 100},
		{"a container of 256 MiB", 7 * mb, 900 * mb, 196 * mb, 700},
		{"no limit", 16 * mb, 900 * mb, math.MaxInt64, 400},
	} {
		if got := (heap{live: test.live}).percent(test.lately, test.limit); got != test.want {
			t.Errorf("%s: GOGC %d, want %d", test.name, got, test.want)
		}
	}
}

// TestGarbageHasRoomWhileBusy makes garbage until the room is there, and none until the room is
// gone again.
func TestGarbageHasRoomWhileBusy(t *testing.T) {
	t.Setenv("GOGC", "") // until the end, as it was
	_ = os.Unsetenv("GOGC")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		PaceGarbage(ctx)
	}()
	var kept []byte
	await.Until(t, "a busy process has room for garbage", func() bool {
		for range 100 {
			kept = make([]byte, 1<<18)
		}
		return collectedAt() > 100
	})
	_ = kept
	await.Until(t, "a process at rest has Go's own pace", func() bool { return collectedAt() == 100 })
	stop()
	<-ended

	t.Setenv("GOGC", "50")
	PaceGarbage(t.Context()) // returns: the operator has decided
}

// collectedAt returns the GOGC of the process.
func collectedAt() uint64 {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
