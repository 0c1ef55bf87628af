//go:build !linux

package media

import "time"

// startClock starts a clock of the time that passes, which stands for processor time.
func startClock() (spent func() time.Duration, end func()) {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }, func() {}
}
