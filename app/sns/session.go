package sns

import "time"

// SessionLife is how long one stays signed in without coming back.
const SessionLife = 30 * 24 * time.Hour

// SessionRenewal is how old the last visit may be before the next one prolongs
// the session: once a day is enough, and spares a write per request.
const SessionRenewal = 24 * time.Hour

// A Session is a device that is signed in. ID is the digest of the token in
// its cookie, so that a copy of the database opens no session.
type Session struct {
	ID        string
	UserID    int64
	CreatedAt time.Time
	SeenAt    time.Time
}
