// Package web is the list of routes (routes.go) and the way of every request to
// them. What a route does stands in the areas below: feed, rooms, people, admin.
package web

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"xxsns/app/web/request"
)

// Options are the services that handlers work with, and what the way to the
// handlers needs. All fields are required unless said otherwise.
type Options struct {
	*request.Services
	Metrics        prometheus.Registerer
	Secret         []byte                      // signs the session cookies
	TrustedProxies []string                    // addresses and networks whose X-Forwarded-For is believed
	PublicTLS      bool                        // people reach the server over TLS
	FormTime       time.Duration               // how long a form may take to arrive
	FormClock      func() time.Time            // by which forms are slow
	Redis          func(context.Context) error // asks Redis for a sign of life; nil: there is no Redis
	ShortOfSpace   func() string               // says which disk is nearly full, as "of the uploads …", or ""
}

// web has the handlers that belong to no area.
type web struct{ Options }

// New returns the handler of all routes.
func New(o Options) (http.Handler, error) { return web{o}.routes() }
