package request

import (
	"errors"
	"log/slog"
	"sync/atomic"
	"syscall"
	"time"
)

// shortageEvery is the time between two lines of a Shortage: every connection and every
// request would write one.
const shortageEvery = time.Minute

// A Shortage tells the operator that the process has no file descriptors left.
type Shortage struct {
	log   *slog.Logger
	clock func() time.Time
	told  atomic.Int64 // unix nanoseconds of the last line
}

// NewShortage returns a Shortage that writes to log.
func NewShortage(log *slog.Logger, clock func() time.Time) *Shortage {
	return &Shortage{log: log, clock: clock}
}

// Tell reports whether err means that no file descriptor is left. Tell logs that, once a
// minute at most.
func (s *Shortage) Tell(err error) bool {
	if !outOfFiles(err) {
		return false
	}
	now, last := s.clock().UnixNano(), s.told.Load()
	if (last == 0 || now-last >= int64(shortageEvery)) && s.told.CompareAndSwap(last, now) {
		s.log.Error("out of file descriptors: new connections wait and pictures do not open; raise the limit of open files "+
			"(ulimit -n, LimitNOFILE= of systemd), of which each open page needs one", "error", err)
	}
	return true
}

// outOfFiles reports whether the process, or the machine, has no file descriptor left.
func outOfFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
