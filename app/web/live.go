package web

import (
	"context"
	"net/http"
	"time"

	"xxsns/app/live"
)

// mostTopics is how many topics a stream may have.
const mostTopics = 8

// A user may have mostStreams streams and sockets open, which is more than devices
// and tabs of one person need; the next one may be tried after retryStream.
const (
	mostStreams = 40
	retryStream = 15 * time.Second
)

// checkWithin bounds the look at a session or seat after a stream has opened.
const checkWithin = 10 * time.Second

// live is the stream of a page. Whoever is not signed in gets a status, never a
// redirect: the browser would follow it and take the page there for the stream.
func (r *request) live() error {
	if r.viewer == nil {
		r.Status(http.StatusUnauthorized)
		return nil
	}
	if err := r.limit(limitStream); err != nil {
		return err
	}
	if err := r.manyStreams(r.viewer.ID); err != nil {
		return err
	}
	topics := r.QueryArray("topic")
	if len(topics) == 0 || len(topics) > mostTopics {
		return errBadRequest
	}
	for _, topic := range topics {
		if !r.mayFollow(topic) {
			return errBadRequest
		}
	}
	err := r.Hub.ServeSSE(r.Writer, r.Request, live.Who{
		UserID: r.viewer.ID, Session: r.viewer.Session, Lang: r.locale.Lang, Topics: topics,
	})
	if err == nil {
		r.stillSignedIn(r.ctx(), r.viewer.Session)
	}
	return err
}

// stillSignedIn hangs up on somebody who signed out between the look at the
// session and the opening of the stream. Where the database does not say, the
// next check does.
func (s *services) stillSignedIn(ctx context.Context, session string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkWithin)
	defer cancel()
	alive, err := s.Store.LiveSessions(ctx, []string{session}, s.Clock())
	if err != nil {
		s.Log.WarnContext(ctx, "session not checked", "error", err)
	} else if !alive[session] {
		s.signedOut(session)
	}
}

// signedOut hangs up on the streams and sockets of a session that has ended.
func (s *services) signedOut(session string) {
	s.Hub.Deliver(live.Event{Topic: live.SessionTopic(session), Kind: live.KindDisconnect})
}

// manyStreams refuses one more stream or socket to who has too many open.
func (s *services) manyStreams(user int64) error {
	if s.RateLimits && s.Hub.Watching(live.UserTopic(user)) >= mostStreams {
		return errSlowDown{retryStream}
	}
	return nil
}
