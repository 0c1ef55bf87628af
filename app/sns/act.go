package sns

import "time"

// An Act is something that an administrator or mentor did to others, as the log keeps it.
// Nobody can edit the log.
type Act struct {
	ID    int64
	By    User // who did it
	Kind  ActKind
	User  User   // to whom; ID 0: to nobody in particular
	Thing string // path of the page of what was changed, such as /posts/17; or empty
	Note  string // reason or new value, as it was typed
	At    time.Time
}

// An ActKind is a kind of acts. Its sentence is the text "act.KIND".
type ActKind string

// ActLife is how long the log keeps an act.
const ActLife = 365 * 24 * time.Hour
