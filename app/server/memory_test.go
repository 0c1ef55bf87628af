package server

import (
	"errors"
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

func TestMemoryIsLimited(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	const mb = 1 << 20
	for _, test := range []struct {
		name    string
		environ string // GOMEMLIMIT
		present memlimit.Provider
		want    int64
		said    string
	}{
		{"a container", "", memlimit.Limit(128 * mb), 68 * mb, "bytes=71303168"},
		{"a tiny container", "", memlimit.Limit(40 * mb), 20 * mb, "level=DEBUG"},
		{"a large one", "", memlimit.Limit(4096 * mb), 4036 * mb, "level=DEBUG"},
		{"no limit", "", memlimit.Limit(math.MaxUint64), math.MaxInt64, "level=DEBUG"},
		{"a limit of the operator", "300MiB", memlimit.Limit(128 * mb), 300 * mb, "level=DEBUG"},
		{"unreadable", "", func() (uint64, error) { return 0, errors.New("garbled") }, 300 * mb, "level=WARN"},
	} {
		debug.SetMemoryLimit(300 * mb) // as Go does at the start, from GOMEMLIMIT
		t.Setenv("GOMEMLIMIT", test.environ)
		if test.environ == "" {
			_ = os.Unsetenv("GOMEMLIMIT") // until Setenv restores it
		}
		var log strings.Builder
		limitMemory(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), test.present)
		if got := memoryLimit(); got != test.want || !strings.Contains(log.String(), test.said) {
			t.Errorf("%s: limited to %d, want %d; the log says %s", test.name, got, test.want, log.String())
		}
	}
}
