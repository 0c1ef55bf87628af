package server

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	paceEvery = 500 * time.Millisecond // garbage is collected about as often, if memory allows
	mostRoom  = 64 << 20               // bytes of garbage
	leastRoom = 4 << 20                // bytes: Go collects no earlier
)

// A heap is what Go tells of the memory for objects, in bytes.
type heap struct {
	allocated uint64 // since the process began
	live      uint64 // after the last collection
}

// PaceGarbage gives garbage room while the process is busy, until ctx ends: pages leave so
// much garbage beside a small live heap that Go would collect it dozens of times a second. A
// process at rest, and a GOGC of the environment, keep Go's own pace.
func PaceGarbage(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	const own = 100
	defer debug.SetGCPercent(own)
	ticks := time.NewTicker(paceEvery)
	defer ticks.Stop()
	last, percent := readHeap(), own
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		now := readHeap()
		if p := now.percent(now.allocated-last.allocated, memoryLimit()); p != percent {
			debug.SetGCPercent(p) // a call stops the world for a moment
			percent = p
		}
		last = now
	}
}

// percent returns the GOGC that gives room for as much garbage as was allocated lately. Within
// a small memory limit the room stays small, for what Go cannot collect needs memory too.
func (h heap) percent(lately uint64, limit int64) int {
	live := max(h.live, leastRoom)
	room := min(lately, mostRoom, uint64(limit)/4)
	return int(max(room, live) * 100 / live)
}

func readHeap() heap {
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(samples)
	return heap{samples[0].Value.Uint64(), samples[1].Value.Uint64()}
}
