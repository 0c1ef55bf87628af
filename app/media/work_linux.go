package media

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// startClock starts a clock of the processor time that the calling goroutine spends. The
// goroutine stays on its thread, whose time the system counts, until end.
func startClock() (spent func() time.Duration, end func()) {
	runtime.LockOSThread()
	start := threadTime()
	return func() time.Duration { return threadTime() - start }, runtime.UnlockOSThread
}

// threadTime returns the processor time of the thread.
func threadTime() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) // never fails
	return time.Duration(t.Nano())
}
