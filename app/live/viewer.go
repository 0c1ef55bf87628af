package live

import (
	"slices"
	"strconv"
)

// A Who describes the viewer behind a stream or socket.
type Who struct {
	UserID  int64    // 0: not signed in
	Session string   // "": none
	Lang    string   // the lang that Render is called with
	Topics  []string // to subscribe to
}

// topics returns the topics of w without duplicates, and the topics of the user
// and the session, which every viewer is subscribed to.
func (w Who) topics() []string {
	names := slices.Clone(w.Topics)
	if w.UserID != 0 {
		names = append(names, UserTopic(w.UserID))
	}
	if w.Session != "" {
		names = append(names, SessionTopic(w.Session))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// UserTopic returns the topic of all clients of a user.
func UserTopic(id int64) string { return "user:" + strconv.FormatInt(id, 10) }

// SessionTopic returns the topic of all clients of a session.
func SessionTopic(id string) string { return "session:" + id }
