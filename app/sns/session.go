package sns

import "time"

// SessionLife is the time after which an unused session expires.
const SessionLife = 30 * 24 * time.Hour

// SessionRenewal is the age of SeenAt at which a request writes it anew. An
// hour is exact enough for the list of devices, and saves a write per request.
const SessionRenewal = time.Hour

// AgentMax is the limit of the stored User-Agent, in bytes.
const AgentMax = 300

// A Session is a signed-in device. ID is the digest of the token in the cookie,
// so that a copy of the database does not let its reader sign in.
type Session struct {
	ID        string
	UserID    int64
	CreatedAt time.Time
	SeenAt    time.Time
	Agent     string // User-Agent header
}
