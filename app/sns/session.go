package sns

import "time"

// SessionLife is the time after which an unused session expires.
const SessionLife = 30 * 24 * time.Hour

// SessionMost is the time after which a session expires however much it is used: a stolen
// cookie does not serve for ever.
const SessionMost = 180 * 24 * time.Hour

// SessionsMax is the number of sessions that a user may have. Signing in once more ends
// the oldest.
const SessionsMax = 20

// SessionRenewal is the age of SeenAt at which a request writes it anew. An
// hour is exact enough for the list of devices, and saves a write per request.
const SessionRenewal = time.Hour

// ProofLife is the time after which a session must prove its password once more for what a
// thief of the cookie must not do: ending the other sessions. Deleting the account and
// changing the password ask each time.
const ProofLife = 15 * time.Minute

// AgentMax is the limit of the stored User-Agent, in bytes.
const AgentMax = 300

// A Session is a signed-in device. ID is the digest of the token in the cookie,
// so that a copy of the database does not let its reader sign in.
type Session struct {
	ID        string
	UserID    int64
	CreatedAt time.Time
	SeenAt    time.Time
	ProvedAt  time.Time // when the password was last typed in this session
	Agent     string    // User-Agent header
}

// Proved reports whether the password was typed in the session so lately that acts of
// ProofLife need no password.
func (s Session) Proved(now time.Time) bool { return now.Sub(s.ProvedAt) < ProofLife }

// A known network is one from which a user has signed in. The newest NetworksMax of a
// user are known, each for NetworkLife after the last time.
const (
	NetworksMax = 10
	NetworkLife = 90 * 24 * time.Hour
)
