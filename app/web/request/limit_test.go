package request

import (
	"context"
	"strconv"
	"testing"
	"time"
)

// BenchmarkLimitReading is what counting adds to each page, with ten thousand members about.
func BenchmarkLimitReading(b *testing.B) {
	l := NewLimiter(true, time.Now, func(context.Context, string, int, int, time.Duration) (time.Duration, error) {
		b.Error("Redis is asked")
		return 0, nil
	})
	keys := make([]string, 10_000)
	for i := range keys {
		keys[i] = strconv.Itoa(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_ = l.takeHere(LimitPage, keys[i%len(keys)], 1)
	}
}
