package web

import (
	"context"
	"net/http"
	"time"

	"xxsns/app/live"
)

// A stream may follow so many topics, and one person have so many streams open:
// more than anybody has devices and tabs.
const (
	mostTopics  = 8
	mostStreams = 40
	retryStream = 15 * time.Second
)

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
	if err := r.web.manyStreams(r.viewer.ID); err != nil {
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
	err := r.web.Hub.ServeSSE(r.Writer, r.Request, live.Who{
		UserID: r.viewer.ID, Session: r.viewer.Session, Lang: r.locale.Lang, Topics: topics,
	})
	if err == nil {
		r.web.stillSignedIn(r.ctx(), r.viewer.Session)
	}
	return err
}

// stillSignedIn hangs up on somebody who signed out between the look at the
// session and the opening of the stream. Where the database does not say, the
// next check does.
func (w *Web) stillSignedIn(ctx context.Context, session string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sayWithin)
	defer cancel()
	alive, err := w.Store.LiveSessions(ctx, []string{session}, w.Now())
	if err != nil {
		w.Log.WarnContext(ctx, "session not checked", "error", err)
	} else if !alive[session] {
		w.signedOut(session)
	}
}

// signedOut hangs up on the streams and sockets of a session that has ended.
func (w *Web) signedOut(session string) {
	w.Hub.Deliver(live.Event{Topic: live.SessionTopic(session), Kind: live.KindDisconnect})
}

// manyStreams refuses one more stream or socket to who has too many open.
func (w *Web) manyStreams(user int64) error {
	if w.RateLimits && w.Hub.Watching(live.UserTopic(user)) >= mostStreams {
		return errSlowDown{retryStream}
	}
	return nil
}
