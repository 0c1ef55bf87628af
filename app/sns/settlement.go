package sns

import "time"

// A Settlement is the saving of an ended room's messages from the buffer to the
// database.
type Settlement struct {
	Room      int64
	EndedAt   time.Time
	Total     int64 // messages to save; 0 until the buffer is closed
	Saved     int64
	Attempts  int
	LastError string    // error of the last attempt, for operators; empty if none failed
	DoneAt    time.Time // zero if not done
	Lost      int64     // messages that the buffer had lost before the settlement was done
}

// Done reports whether all messages that were not lost are saved.
func (s Settlement) Done() bool { return !s.DoneAt.IsZero() }
