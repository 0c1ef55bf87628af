package web

import (
	"net/http"
	"slices"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/web/request"
)

// mostTopics is how many topics a stream may have.
const mostTopics = 8

// showLive opens the stream of a page. Without a session the answer is 401, never a
// redirect: the browser would follow the redirect and read that page as a stream.
func showLive(r *request.Request) error {
	if r.Viewer == nil {
		r.Status(http.StatusUnauthorized)
		return nil
	}
	if err := r.CheckAccount(); err != nil {
		return err
	}
	place, err := r.AllowStream()
	if err != nil {
		return err
	}
	defer place.Release()
	topics := r.QueryArray("topic")
	if len(topics) == 0 || len(topics) > mostTopics {
		return request.ErrBadRequest
	}
	for _, topic := range topics {
		if !request.IsTopic(topic) {
			return request.ErrBadRequest
		}
		if !r.MayFollow(topic) {
			return sns.ErrForbidden
		}
	}
	topics = slices.DeleteFunc(topics, func(topic string) bool { return topic == request.TopicMe }) // every stream has it
	err = r.Hub.ServeSSE(r.Writer, r.Request, live.Viewer{
		UserID: r.Viewer.ID, Session: r.Viewer.Session, Lang: r.Locale.Lang, Topics: topics,
		Role: request.GrantingRole(r.Viewer, topics), Opened: place.Opened, Closed: place.Closed,
	})
	if err == nil {
		r.CheckSession(r.Ctx(), r.Viewer.Session)
	}
	return err
}
