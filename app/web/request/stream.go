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
// and tabs of one person need. The next one may be tried after retryStream.
const (
	MostStreams = 40
	retryStream = 15 * time.Second
)

// CheckWithin bounds the check of a session or seat after a stream has opened.
const CheckWithin = 10 * time.Second

// AllowStream counts once for LimitStream, and reserves one of MostStreams. AllowStream
// returns a SlowDownError if the viewer, who must be signed in, opens streams too fast or
// has MostStreams streams and sockets open on this replica. The caller must call release
// when the stream has opened or failed; a second call does nothing.
func (r *Request) AllowStream() (release func(), err error) {
	if err := r.Limit(LimitStream); err != nil {
		return nil, err
	}
	if !r.RateLimits {
		return func() {}, nil
	}
	release, ok := r.Hub.Reserve(r.Viewer.ID, MostStreams)
	if !ok {
		return nil, SlowDownError{retryStream}
	}
	return release, nil
}

// CheckSession closes the streams of a session that ended between the viewer's
// loading and the opening of the stream. If the database does not answer, the
// periodic check closes the streams later.
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

// MayFollow reports whether the viewer's stream may have a topic. The topics of what
// is said in rooms are not for streams: sockets join them.
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

var (
	publicTopic     = regexp.MustCompile(`^(timeline|rooms|post:[1-9][0-9]{0,17})$`)
	settlementTopic = regexp.MustCompile(`^settlement:[1-9][0-9]{0,17}$`)
)

// Tell is live.Tell with the bus of the services. The change must be committed.
func (r *Request) Tell(ev live.Event) { live.Tell(r.Ctx(), r.Bus, r.Hub, r.Log, ev) }

// TellID is Tell for an event whose data is an id.
func (r *Request) TellID(topic, kind string, id int64) {
	r.Tell(live.Event{Topic: topic, Kind: kind, Data: strconv.AppendInt(nil, id, 10)})
}
