package sns

import "time"

// A Settlement is the saving of an ended room's messages to the database.
type Settlement struct {
	Room      int64
	EndedAt   time.Time
	Total     int64 // messages to save; 0 until the buffer was closed
	Saved     int64
	Attempts  int
	LastError string    // of the last attempt, for operators; empty: none failed
	DoneAt    time.Time // zero: not done
	Lost      int64     // messages that the buffer had lost when it was done
}

// Done tells whether all that there was is in the database.
func (s Settlement) Done() bool { return !s.DoneAt.IsZero() }
