package push

import "sync/atomic"

// The fates of pushes, for metrics.
const (
	Sent    = "sent"     // taken by the push service
	Gone    = "gone"     // the subscription does not exist any more, and was deleted
	Refused = "refused"  // for good
	Failed  = "failed"   // tried again later
	GivenUp = "given up" // after too many failures
	Read    = "read"     // the notice was read, or is gone
	Off     = "off"      // the reader has turned the kind off
	Quiet   = "quiet"    // put off to the end of quiet hours
	Paced   = "paced"    // put off because the device has had many, or rests after a failure
	Old     = "old"      // not sent in time
)

// Fates are all of them.
var Fates = []string{Sent, Gone, Refused, Failed, GivenUp, Read, Off, Quiet, Paced, Old}

// Stats count what became of pushes. The zero value is ready.
type Stats struct{ counts [10]atomic.Int64 }

func (s *Stats) count(fate string) {
	for i, known := range Fates {
		if known == fate {
			s.counts[i].Add(1)
		}
	}
}

// Count returns how often a fate was met.
func (s *Stats) Count(fate string) int64 {
	for i, known := range Fates {
		if known == fate {
			return s.counts[i].Load()
		}
	}
	return 0
}
