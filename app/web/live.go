package web

import (
	"net/http"

	"xxsns/app/live"
)

// mostTopics is how many topics one stream may follow.
const mostTopics = 8

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
	topics := r.QueryArray("topic")
	if len(topics) == 0 || len(topics) > mostTopics {
		return errBadRequest
	}
	for _, topic := range topics {
		if !followable.MatchString(topic) {
			return errBadRequest
		}
	}
	return r.web.Hub.ServeSSE(r.Writer, r.Request, live.Who{
		UserID: r.viewer.ID, Session: r.viewer.Session, Lang: r.texts.Lang, Topics: topics,
	})
}
