package sns

import "time"

const (
	// NameRest is how long a member keeps a username before the next one.
	NameRest = 30 * 24 * time.Hour

	// NameReserved is how long a former name leads to its member and is given to nobody else.
	NameReserved = 90 * 24 * time.Hour

	// FormerNameKept is how long administrators see a former name.
	FormerNameKept = 365 * 24 * time.Hour
)

// A FormerName is a username that a member had before another one.
type FormerName struct {
	Name         string
	Since, Until time.Time
}

// NameNext returns when a member may change the username who did so at a time, or never did if
// the time is zero.
func NameNext(changed time.Time) time.Time {
	if changed.IsZero() {
		return changed
	}
	return changed.Add(NameRest)
}
