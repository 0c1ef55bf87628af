package request

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/media"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
)

// Services are what handlers work with. All fields are shared by all requests.
type Services struct {
	Templates *view.Templates
	Store     *store.Store
	Boards    *store.BoardCache
	Rooms     *chat.Chat
	Images    *media.Folder
	Hub       *live.Hub
	Bus       live.Bus       // tells at once
	Counts    *live.Gatherer // tells the counts of posts, gathered
	Log       *slog.Logger
	Clock     func() time.Time

	Limits       *Limiter
	RateLimits   bool
	RoomMaxLimit int
}

// Request is one request on its way: the parts every handler needs.
type Request struct {
	*gin.Context
	*Services
	Locale *view.Locale
	Viewer *Viewer // nil: not signed in
	Now    time.Time
}

// Ctx is the context of the request: it ends when the browser goes away.
func (r *Request) Ctx() context.Context { return r.Request.Context() }

// T returns the text of a key in the viewer's language.
func (r *Request) T(key string, args ...any) string { return r.Locale.T(key, args...) }

// Partial tells whether htmx wants a fragment: not a page, and not a page
// again for the history.
func (r *Request) Partial() bool {
	return r.GetHeader("HX-Request") == "true" && r.GetHeader("HX-Request-Type") == "partial" &&
		r.GetHeader("HX-History-Restore-Request") != "true"
}

// HTMX tells whether htmx asks, for whatever.
func (r *Request) HTMX() bool { return r.GetHeader("HX-Request") == "true" }

// Handler is a handler of ours. An error it returns is answered by fail.
type Handler func(*Request) error

// Handle makes a gin handler of one of ours.
func (s *Services) Handle(h Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		r, err := s.newRequest(c)
		if err == nil {
			err = h(r)
		}
		if err != nil {
			s.Fail(c, r, err)
		}
	}
}

// SignedIn is handle for those who are signed in; others are sent to sign in,
// and come back to the page they were on.
func (s *Services) SignedIn(h Handler) gin.HandlerFunc {
	return s.Handle(func(r *Request) error {
		if r.Viewer == nil {
			return r.Redirect("/sign-in?next=" + url.QueryEscape(r.From()))
		}
		return h(r)
	})
}

// Admin is SignedIn for administrators; others may not.
func (s *Services) Admin(h Handler) gin.HandlerFunc {
	return s.SignedIn(func(r *Request) error {
		if !r.Viewer.Role.Is(sns.RoleAdmin) {
			return ErrNotAdmin
		}
		return h(r)
	})
}

// request is a request with the viewer loaded.
func (s *Services) newRequest(c *gin.Context) (*Request, error) {
	r, err := s.Anonymous(c)
	if err == nil {
		r.Viewer, err = s.viewer(c)
	}
	return r, err
}

// Anonymous is a request of whomever: enough to answer that something is wrong.
func (s *Services) Anonymous(c *gin.Context) (*Request, error) {
	locale, err := s.Templates.Locale(c.GetHeader("Accept-Language"))
	if err != nil {
		// Without templates there is no page to say so on.
		return nil, err
	}
	return &Request{Context: c, Services: s, Locale: locale, Now: s.Clock()}, nil
}
