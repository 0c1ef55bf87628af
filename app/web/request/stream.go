package request

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/sns"
)

// A user may have MostStreams streams and sockets open, which is more than devices
// and tabs of one person need; the next one may be tried after retryStream.
const (
	MostStreams = 40
	retryStream = 15 * time.Second
)

// CheckWithin bounds the look at a session or seat after a stream has opened.
const CheckWithin = 10 * time.Second

// TooManyStreams refuses one more stream or socket to who has too many open.
func (s *Services) TooManyStreams(user int64) error {
	if s.RateLimits && s.Hub.Watching(live.UserTopic(user)) >= MostStreams {
		return SlowDownError{retryStream}
	}
	return nil
}

// CheckSession hangs up on somebody who signed out between the look at the
// session and the opening of the stream. Where the database does not say, the
// next check does.
func (s *Services) CheckSession(ctx context.Context, session string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), CheckWithin)
	defer cancel()
	alive, err := s.Store.LiveSessions(ctx, []string{session}, s.Clock())
	if err != nil {
		s.Log.WarnContext(ctx, "session not checked", "error", err)
	} else if !alive[session] {
		s.DisconnectHere(session)
	}
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

var followable = regexp.MustCompile(`^(timeline|rooms|post:[1-9][0-9]{0,17})$`)

// MayFollow tells whether a stream of the viewer may be about a topic. What
// happens inside a room goes to its sockets alone.
func (r *Request) MayFollow(topic string) bool {
	return followable.MatchString(topic) || (r.Viewer.Role.Is(sns.RoleMentor) && topic == chat.TopicSettlement(r.Viewer.ID)) ||
		(r.Viewer.Role.Is(sns.RoleAdmin) && settlementTopic.MatchString(topic))
}

var settlementTopic = regexp.MustCompile(`^settlement:[1-9][0-9]{0,17}$`)

// Tell publishes an event after its change was committed. When telling fails
// the change stands, and catching up repairs what people see.
func (r *Request) Tell(ev live.Event) {
	if err := r.Bus.Publish(r.Ctx(), ev); err != nil {
		r.Log.WarnContext(r.Ctx(), "event not told", "topic", ev.Topic, "kind", ev.Kind, "error", err)
		if ev.Kind == live.KindDisconnect { // others hang up when they check
			r.Hub.Deliver(ev)
		}
	}
}

// TellID tells an event about nothing but an id.
func (r *Request) TellID(topic, kind string, id int64) {
	r.Tell(live.Event{Topic: topic, Kind: kind, Data: strconv.AppendInt(nil, id, 10)})
}
