package request

import (
	"context"
	"regexp"
	"slices"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
)

// A user may have MostStreams streams and sockets open, which is more than devices
// and tabs of one person need. The next one may be tried after retryStream.
const (
	MostStreams = 40
	retryStream = 15 * time.Second
)

// CheckWithin bounds the check of a session or seat after a stream has opened.
const CheckWithin = 10 * time.Second

// A Place is what a stream or socket occupies: one of the MostStreams of its user, and one
// of those of its network. Opened and Closed are for the live.Viewer.
type Place struct {
	Opened func() // ends the reservation: the hub counts the stream of the user
	Closed func() // gives the place of the network back

	opened bool
}

// AllowStream counts once for LimitStream, and reserves a place for a stream. AllowStream
// returns a SlowDownError if the viewer, who must be signed in, opens streams too fast or
// has MostStreams streams and sockets open on this replica, and ErrCrowd if their network
// has too many. The caller must call Release when the stream has opened or failed.
func (r *Request) AllowStream() (*Place, error) {
	if err := r.Limit(LimitStream); err != nil {
		return nil, err
	}
	closed, ok := r.Gate.OpenStream(NetworkOf(r.Context))
	if !ok {
		return nil, ErrCrowd
	}
	release := func() {}
	if r.RateLimits {
		if release, ok = r.Hub.Reserve(r.Viewer.ID, MostStreams); !ok {
			closed()
			return nil, refusedBy(r, "streams", 0, SlowDownError{Wait: retryStream})
		}
	}
	p := &Place{Closed: closed}
	p.Opened = func() {
		p.opened = true
		release()
	}
	return p, nil
}

// Release gives the place back if the stream has not opened.
func (p *Place) Release() {
	if !p.opened {
		p.Opened()
		p.Closed()
	}
}

// CheckSession closes the streams of a session that ended, and those that the viewer's
// role no longer permits, between the viewer's loading and the opening of the stream. If
// the database does not answer, the periodic check closes the streams later.
func (s *Services) CheckSession(ctx context.Context, session string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), CheckWithin)
	defer cancel()
	if err := CheckSessions(ctx, s.Store, s.Hub, []string{session}, s.Clock()); err != nil {
		s.Log.WarnContext(ctx, "session not checked", "error", err)
	}
}

// CheckSessions closes the streams and sockets that this hub has of ended sessions, and
// those whose topics the present role of their user does not permit.
func CheckSessions(ctx context.Context, db *store.Store, hub *live.Hub, sessions []string, now time.Time) error {
	roles, err := db.LiveSessions(ctx, sessions, now)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		if role, alive := roles[session]; alive {
			hub.Deliver(live.RoleEvent(live.SessionTopic(session), string(role)))
		} else {
			hub.Deliver(disconnect(session))
		}
	}
	return nil
}

// Disconnect closes the streams and sockets of sessions that have ended, on every
// replica.
func (r *Request) Disconnect(sessions ...string) {
	for _, id := range sessions {
		r.Tell(disconnect(id))
	}
}

// DisconnectHere closes the streams and sockets of a session on this replica.
func (s *Services) DisconnectHere(session string) { s.Hub.Deliver(disconnect(session)) }

func disconnect(session string) live.Event {
	return live.Event{Topic: live.SessionTopic(session), Kind: live.KindDisconnect}
}

// IsTopic reports whether streams of some viewers may have a topic. The topics of what is
// said in rooms are not for streams: sockets join them.
func IsTopic(topic string) bool {
	return publicTopic.MatchString(topic) || settlementTopic.MatchString(topic)
}

// TopicMe is the topic of pages that have no other: the viewer's own affairs alone, such as the
// number of unread notices.
const TopicMe = "me"

// MayFollow reports whether the viewer's stream may have a topic.
func (r *Request) MayFollow(topic string) bool {
	switch {
	case publicTopic.MatchString(topic):
		return true
	case !settlementTopic.MatchString(topic):
		return false
	}
	own := topic == chat.TopicSettlement(r.Viewer.ID)
	return r.Viewer.Role.Is(sns.RoleAdmin) || own && r.Viewer.Role.Is(sns.RoleMentor)
}

// GrantingRole returns the viewer's role if the viewer has some of the topics by that
// role, and "" if everybody may have all of them.
func GrantingRole(viewer *Viewer, topics []string) string {
	if slices.ContainsFunc(topics, func(topic string) bool { return !publicTopic.MatchString(topic) }) {
		return string(viewer.Role)
	}
	return ""
}

var (
	publicTopic     = regexp.MustCompile(`^(me|timeline|rooms|post:[1-9][0-9]{0,17})$`)
	settlementTopic = regexp.MustCompile(`^settlement:[1-9][0-9]{0,17}$`)
)

// Tell is live.Tell with the bus of the services. The change must be committed.
func (r *Request) Tell(ev live.Event) { live.Tell(r.Ctx(), r.Bus, r.Hub, r.Log, ev) }
