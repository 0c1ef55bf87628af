package sns

import "time"

// Bounds of exports.
const (
	ExportKept     = 3 * 24 * time.Hour // how long a finished export may be fetched
	ExportEvery    = 24 * time.Hour     // how long a person waits for the next one
	ExportAttempts = 5                  // how often making one may fail
)

// An Export is everything of a user as one file, which is being made or was made.
type Export struct {
	User     int64
	Name     string // of the file, without an extension; nobody can guess the name
	Lang     string // of the pages of who asked
	AskedAt  time.Time
	DoneAt   time.Time // zero if the file is not ready
	Waiting  bool      // the file is being made, or soon will be
	Size     int64     // of the file, in bytes
	Attempts int       // to make the file, that have failed
}

// Until returns how long the file may be fetched.
func (e Export) Until() time.Time { return e.DoneAt.Add(ExportKept) }

// Ready reports whether the file may be fetched.
func (e Export) Ready(now time.Time) bool { return !e.DoneAt.IsZero() && now.Before(e.Until()) }

// Failed reports whether making the file was given up.
func (e Export) Failed() bool { return e.Name != "" && !e.Waiting && e.DoneAt.IsZero() }

// Next returns from when on the user may ask for another export; the zero time is now.
func (e Export) Next() time.Time {
	if e.DoneAt.IsZero() {
		return time.Time{}
	}
	return e.AskedAt.Add(ExportEvery)
}
