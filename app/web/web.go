// Package web answers requests: it parses them, loads through the viewer,
// changes, tells, and renders. A handler's order never varies.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"xxsns/app/chat"
	"xxsns/app/live"
	"xxsns/app/media"
	"xxsns/app/store"
)

// Options are what the web is wired to. All are required unless said
// otherwise.
type Options struct {
	Templates *Templates
	Store     *store.Store
	Rooms     *chat.Chat
	Images    *media.Folder
	Hub       *live.Hub
	Bus       live.Bus       // tells at once
	Counts    *live.Gatherer // tells the counts of posts, gathered
	Log       *slog.Logger
	Now       func() time.Time
	Metrics   prometheus.Registerer

	Secret         []byte   // signs the session cookies
	TrustedProxies []string // addresses and networks whose X-Forwarded-For is believed
	RateLimits     bool
	SharedLimit    SharedLimit // counts for all replicas; nil: there is one
	RoomMaxLimit   int         // the most seats a room may have

	Redis func(context.Context) error // tells whether it answers; nil: there is none
}

// Web answers requests.
type Web struct {
	*services
	options Options
}

// services are what handlers work with. All fields are shared by all requests.
type services struct {
	Templates *Templates
	Store     *store.Store
	Boards    *store.BoardCache
	Rooms     *chat.Chat
	Images    *media.Folder
	Hub       *live.Hub
	Bus       live.Bus       // tells at once
	Counts    *live.Gatherer // tells the counts of posts, gathered
	Log       *slog.Logger
	Clock     func() time.Time

	Limits       *limiter
	RateLimits   bool
	RoomMaxLimit int
}

// New returns the handler of all routes.
func New(o Options) (http.Handler, error) {
	w := &Web{options: o, services: &services{
		Templates: o.Templates, Store: o.Store, Boards: store.NewBoardCache(o.Store, o.Now), Rooms: o.Rooms, Images: o.Images,
		Hub: o.Hub, Bus: o.Bus, Counts: o.Counts, Log: o.Log, Clock: o.Now,
		Limits: newLimiter(o.RateLimits, o.Now, o.SharedLimit), RateLimits: o.RateLimits, RoomMaxLimit: o.RoomMaxLimit,
	}}
	return w.routes()
}

// page is what the layout shows around the data of a page.
type page struct {
	Title  string
	Nav    string // the entry of the menu that is current
	Viewer *authorView
	Topics string // what the page's stream is about, as a query; empty: no stream
	Toast  string
	Data   any
	Lang   string
	Plain  bool   // without menus: signing in and up
	NoDock bool   // a field at the bottom owns the thumb
	Write  string // where one writes a post; empty: on the timeline
}

// request is one request on its way: the parts every handler needs.
type request struct {
	*gin.Context
	*services
	locale *Locale
	viewer *viewer // nil: not signed in
	now    time.Time
}

// ctx is the context of the request: it ends when the browser goes away.
func (r *request) ctx() context.Context { return r.Request.Context() }

// T returns the text of a key in the viewer's language.
func (r *request) T(key string, args ...any) string { return r.locale.T(key, args...) }

// partial tells whether htmx wants a fragment: not a page, and not a page
// again for the history.
func (r *request) partial() bool {
	return r.GetHeader("HX-Request") == "true" && r.GetHeader("HX-Request-Type") == "partial" &&
		r.GetHeader("HX-History-Restore-Request") != "true"
}

// htmx tells whether htmx asks, for whatever.
func (r *request) htmx() bool { return r.GetHeader("HX-Request") == "true" }

// handler is a handler of ours. An error it returns is answered by fail.
type handler func(*request) error

// handle makes a gin handler of one of ours.
func (s *services) handle(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		r, err := s.newRequest(c)
		if err == nil {
			err = h(r)
		}
		if err != nil {
			s.fail(c, r, err)
		}
	}
}

// signedIn is handle for those who are signed in; others are sent to sign in,
// and come back to the page they were on.
func (s *services) signedIn(h handler) gin.HandlerFunc {
	return s.handle(func(r *request) error {
		if r.viewer == nil {
			return r.redirect("/sign-in?next=" + url.QueryEscape(r.here()))
		}
		return h(r)
	})
}

// request is a request with the viewer loaded.
func (s *services) newRequest(c *gin.Context) (*request, error) {
	r, err := s.stranger(c)
	if err == nil {
		r.viewer, err = s.who(c)
	}
	return r, err
}

// stranger is a request of whomever: enough to answer that something is wrong.
func (s *services) stranger(c *gin.Context) (*request, error) {
	locale, err := s.Templates.Locale(c.GetHeader("Accept-Language"))
	if err != nil {
		// Without templates there is no page to say so on.
		return nil, err
	}
	return &request{Context: c, services: s, locale: locale, now: s.Clock()}, nil
}
