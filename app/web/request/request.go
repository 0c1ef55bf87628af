// Package request has what every handler needs: the request with its viewer, forms
// and uploads, limits, errors as answers, pages and fragments.
package request

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"xxsns/app/chat"
	"xxsns/app/export"
	"xxsns/app/live"
	"xxsns/app/mail"
	"xxsns/app/media"
	"xxsns/app/network"
	"xxsns/app/push"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
)

// Services are shared by all requests. All fields but Pushes and Mails are required.
type Services struct {
	Templates *view.Templates
	Store     *store.Store
	Boards    *store.BoardCache
	Community *store.CommunityCache
	Overview  *store.OverviewCache
	Rooms     *chat.Chat
	Images    *media.Folder
	Hub       *live.Hub
	Bus       live.Bus       // publishes at once
	Gatherer  *live.Gatherer // publishes the counts of posts
	Log       *slog.Logger
	Clock     func() time.Time
	Shortage  *Shortage
	Exports   *export.Worker
	Erasures  chan<- struct{} // takes one that wakes the worker of erasures
	Pushes    *push.Worker    // nil: nothing is pushed, since no push service could tell who this is
	Mails     *mail.Worker    // nil: nothing is mailed

	Keyring  *Keyring
	Turns    *Turns
	Refusals *Refusals

	FailedSignIns prometheus.Counter

	Gate         *network.Gate
	Limits       *Limiter
	RateLimits   bool // also bounds the streams and sockets of a user
	RoomMaxLimit int  // largest number of seats of a room

	Zone      *time.Location // of users who have chosen none
	PublicURL string         // the address of the site; empty: the address of the request
}

// A Request is a request to this program, with everything that handlers need to
// answer it.
type Request struct {
	*gin.Context
	*Services
	Locale *view.Locale // of the browser's language
	Viewer *Viewer      // nil: not signed in
	Now    time.Time    // when the request came: one time for all that a page shows

	glance context.Context //nolint:containedctx // of a page; nil for a form

	rooms      []sns.Unread // of UnreadRooms, if roomsAsked
	roomsAsked bool
	here       int64 // of ReadsHere
}

// Ctx returns the context of the request, which ends when the browser hangs up. What a page
// shows is as of its request (see store.Glance).
func (r *Request) Ctx() context.Context {
	if r.glance != nil {
		return r.glance
	}
	return r.Request.Context()
}

// T returns the text of a key in the viewer's language.
func (r *Request) T(key string, args ...any) string { return r.Locale.T(key, args...) }

// Partial reports whether htmx wants a fragment. For a page, and for a page that
// htmx restores from the history, Partial returns false.
func (r *Request) Partial() bool {
	return r.HTMX() && r.GetHeader("HX-Request-Type") == "partial" && r.GetHeader("HX-History-Restore-Request") != "true"
}

// HTMX reports whether htmx sends the request, for a fragment or for a page.
func (r *Request) HTMX() bool { return r.GetHeader("HX-Request") == "true" }

// reads reports whether the request asks for a page and changes nothing.
func (r *Request) reads() bool {
	return r.Request.Method == http.MethodGet || r.Request.Method == http.MethodHead
}

// A Handler answers a request. Fail answers the error that a Handler returns.
type Handler func(*Request) error

// Handle makes a handler for gin, and counts what is read (see LimitPage). Suspended viewers
// reach no handler but those that are left to them.
func (s *Services) Handle(h Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		r, err := s.newRequest(c)
		if err == nil {
			err = limitReading(r)
		}
		switch {
		case err != nil:
		case r.barred():
			err = refuseSuspended(r)
		default:
			err = h(r)
		}
		if err != nil {
			s.Fail(c, r, err)
		}
	}
}

// SignedIn is Handle for signed-in viewers. Other browsers are sent to the sign-in
// page, which leads back to the page that they came from.
func (s *Services) SignedIn(h Handler) gin.HandlerFunc {
	return s.Handle(func(r *Request) error {
		if r.Viewer == nil {
			return askSignIn(r)
		}
		if err := r.CheckAccount(); err != nil {
			return showAnew(r, err)
		}
		return h(r)
	})
}

// Admin is SignedIn for administrators. Other viewers get ErrNotAdmin.
func (s *Services) Admin(h Handler) gin.HandlerFunc {
	return s.SignedIn(func(r *Request) error {
		if !r.Viewer.Role.Is(sns.RoleAdmin) {
			return ErrNotAdmin
		}
		err := h(r)
		if err == nil && !r.reads() && r.Writer.Status() < http.StatusBadRequest {
			Record(r, AdminActed, r.Viewer.ID, "route", r.FullPath(), "id", r.Param("id"))
		}
		return err
	})
}

// newRequest returns a request with its viewer. If the viewer cannot be loaded, the
// request comes with the error, so that Fail can render a page.
func (s *Services) newRequest(c *gin.Context) (*Request, error) {
	r, err := s.Anonymous(c)
	if err == nil {
		r.Viewer, err = s.viewer(c)
	}
	return r, err
}

// Anonymous returns a request without a viewer, for answers that stand before the
// session. While the templates do not parse, Anonymous returns nil and the error.
func (s *Services) Anonymous(c *gin.Context) (*Request, error) {
	locale, err := s.Templates.Locale(c.GetHeader("Accept-Language"))
	if err != nil {
		return nil, err
	}
	r := &Request{Context: c, Services: s, Locale: locale, Now: s.Clock()}
	if r.reads() {
		r.glance = store.Glance(c.Request.Context())
	}
	return r, nil
}
