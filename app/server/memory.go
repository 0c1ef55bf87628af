package server

import (
	"log/slog"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// apart is the memory beyond Go's limit: what is read of the program's own file (30 MB), the
// caches of SQLite, the code that encodes WebP, and garbage that a large image makes faster
// than Go collects.
const apart = 60 << 20

// LimitMemory tells Go how much memory there is for this process in the container, or else
// in the machine, so that garbage is collected before the system ends the process. A
// GOMEMLIMIT of the environment is kept.
func LimitMemory(log *slog.Logger) {
	limitMemory(log, memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem))
}

func limitMemory(log *slog.Logger, present memlimit.Provider) {
	limit, err := memlimit.Set(memlimit.WithRatio(1), memlimit.WithProvider(func() (uint64, error) {
		all, err := present()
		return all - min(apart, all/2), err
	}))
	if err != nil {
		log.Warn("how much memory there is cannot be read", "error", err)
	}
	log.Debug("memory is limited", "bytes", limit)
}

// memoryLimit returns the limit, in bytes, that LimitMemory or GOMEMLIMIT has set.
func memoryLimit() int64 { return debug.SetMemoryLimit(-1) }
