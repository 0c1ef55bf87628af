package sns

import "time"

// SessionLife is how long one stays signed in without coming back.
const SessionLife = 30 * 24 * time.Hour

// SessionRenewal is how old the last visit may be before the next one prolongs
// the session: an hour tells people which of their devices they use, and spares
// a write per request.
const SessionRenewal = time.Hour

// AgentMax bounds what is kept of a device's own words about itself, in bytes.
const AgentMax = 300

// A Session is a device that is signed in. ID is the digest of the token in
// its cookie, so that a copy of the database opens no session.
type Session struct {
	ID        string
	UserID    int64
	CreatedAt time.Time
	SeenAt    time.Time
	Agent     string // what the browser says it is
}
