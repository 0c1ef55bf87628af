package live

import (
	"slices"
	"strconv"
	"strings"
)

// A Viewer describes the user behind a stream or socket.
type Viewer struct {
	UserID  int64    // 0: not signed in
	Session string   // "": none
	Lang    string   // the lang that Render is called with
	Topics  []string // to subscribe to
	Role    string   // by which some of Topics were granted; "": everybody may have all of them
	Opened  func()   // called when Subscribers counts the stream or socket; may be nil
	Closed  func()   // called once after Opened, when the stream or socket has ended; may be nil
}

// topics returns the topics of v without duplicates, and the topics of the user
// and the session, which every viewer is subscribed to.
func (v Viewer) topics() []string {
	names := slices.Clone(v.Topics)
	if v.UserID != 0 {
		names = append(names, UserTopic(v.UserID))
	}
	if v.Session != "" {
		names = append(names, SessionTopic(v.Session))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// UserTopic returns the topic of all clients of a user.
func UserTopic(id int64) string { return userTopics + strconv.FormatInt(id, 10) }

// SessionTopic returns the topic of all clients of a session.
func SessionTopic(id string) string { return sessionTopics + id }

const (
	userTopics    = "user:"
	sessionTopics = "session:"
)

// UserOf returns the user of a UserTopic, or false for any other topic.
func UserOf(topic string) (id int64, ok bool) {
	number, ok := strings.CutPrefix(topic, userTopics)
	if !ok {
		return 0, false
	}
	id, err := strconv.ParseInt(number, 10, 64)
	return id, err == nil
}

// SessionOf returns the session of a SessionTopic, or false for any other topic.
func SessionOf(topic string) (id string, ok bool) { return strings.CutPrefix(topic, sessionTopics) }
