package sns

import "slices"

// Alerts say of which messages of a room a user wants to be told. The numbers stand in the
// database.
type Alerts int

// The alerts of a room.
const (
	AlertsAll Alerts = iota
	AlertsMentions
	AlertsNone
)

// AllAlerts are all alerts, in the order of the menu.
var AllAlerts = []Alerts{AlertsAll, AlertsMentions, AlertsNone}

var alertNames = [...]string{AlertsAll: "all", AlertsMentions: "mentions", AlertsNone: "none"}

// String returns the name of the alerts in forms.
func (a Alerts) String() string { return alertNames[a] }

// ParseAlerts returns the alerts of a name, and false for any other text.
func ParseAlerts(name string) (Alerts, bool) {
	i := slices.Index(alertNames[:], name)
	return Alerts(max(i, 0)), i >= 0
}

// A RoomRead is how far a user with a seat has read an open room.
type RoomRead struct {
	Room   int64
	Buffer string // as in Room
	Seq    int64  // the last message that was read; 0: none
	Alerts Alerts
}

// UnreadMost is the number of unread messages up to which they are counted.
const UnreadMost = 100

// Unread is what a user has not read of a room.
type Unread struct {
	Room     int64
	Alerts   Alerts
	Mark     int64   // seq of the last message that was read
	Newest   int64   // seq of the last line
	Count    int     // messages of others after Mark, deleted ones left out; UnreadMost means as many or more
	Mentions int     // how many of them mention the user; above UnreadMost messages, 0 or more than 0
	Last     Message // the last message that is not deleted, whoever said it; Seq 0: none was found
}

// Tells reports whether the user wants to be told that there is something unread.
func (u Unread) Tells() bool {
	return u.Alerts == AlertsAll && u.Count > 0 || u.Alerts == AlertsMentions && u.Mentions > 0
}

// UnreadLines is how many lines of a room an UnreadTally takes at most.
const UnreadLines = 1000

// An UnreadTally makes an Unread of the lines of a room, from the last line down. What
// stands above the user's own last line is read as well: who says something, or enters, has
// seen what was before.
type UnreadTally struct {
	Unread
	User    int64
	Counted bool // all messages that count were taken
	Lines   int  // that were taken
	oldest  int64
}

// NewUnreadTally returns the tally of a room without lines.
func NewUnreadTally(user int64, read RoomRead) *UnreadTally {
	return &UnreadTally{Unread: Unread{Room: read.Room, Alerts: read.Alerts, Mark: read.Seq}, User: user}
}

// Done reports whether further lines change nothing.
func (t *UnreadTally) Done() bool { return t.Counted && t.Last.Seq > 0 || t.Lines >= UnreadLines }

// Add takes the next line, which stands above all lines before. A line that was taken already
// changes nothing: lines may be spilled between two reads.
func (t *UnreadTally) Add(m Message) {
	if t.oldest > 0 && m.Seq >= t.oldest {
		return
	}
	t.oldest = m.Seq
	t.Lines++
	t.Newest = max(t.Newest, m.Seq)
	said := m.Kind == MessageSaid && !m.Deleted
	if said && t.Last.Seq == 0 {
		t.Last = m
	}
	switch {
	case t.Counted:
	case m.Seq <= t.Mark:
		t.Counted = true
	case m.Author.ID == t.User && m.Kind != MessageLost:
		t.Mark, t.Counted = m.Seq, true
	case said:
		t.Count = min(t.Count+1, UnreadMost)
		if slices.Contains(m.Mentions.IDs(), t.User) {
			t.Mentions++
		}
		t.Counted = t.Count == UnreadMost && (t.Alerts != AlertsMentions || t.Mentions > 0)
	}
}
