package sns

import "time"

// ResetLife is how long a link for a new password works that an administrator hands out.
const ResetLife = 24 * time.Hour

// ResetKept is how long a link for a new password is remembered after its end, so that its
// page can say what became of it.
const ResetKept = 30 * 24 * time.Hour

// A Reset is a link by which a user sets a new password, once. ID is the digest of the token
// in the link, so that a copy of the database does not let its reader in.
type Reset struct {
	ID        string
	User      User
	By        int64 // an administrator; 0: the user asked for it by mail
	CreatedAt time.Time
	Until     time.Time
	UsedAt    time.Time // zero: not used yet
}

// Works reports whether the link may be used now.
func (r Reset) Works(now time.Time) bool {
	return r.UsedAt.IsZero() && now.Before(r.Until) && !r.User.Deleted()
}
