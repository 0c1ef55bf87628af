package web

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	sloggin "github.com/samber/slog-gin"
	"github.com/unrolled/secure"

	"xxsns/app/web/request"
)

// protect refuses requests that another site makes in the viewer's browser: the browser
// would send the cookie along. protect must precede whatever reads the cookie.
func (w web) protect() gin.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c *gin.Context) {
		if protection.Check(c.Request) != nil {
			r, _ := w.Anonymous(c)
			w.Fail(c, r, request.ErrForeign)
		}
	}
}

// headers forbids browsers what the pages never do: load, frame or run anything from
// other sites.
func (w web) headers() gin.HandlerFunc {
	s := secure.New(secure.Options{
		ContentTypeNosniff:      true,
		FrameDeny:               true,
		ReferrerPolicy:          "same-origin",
		CrossOriginOpenerPolicy: "same-origin",
		PermissionsPolicy:       "camera=(), microphone=(), geolocation=(), browsing-topics=()",
		ContentSecurityPolicy: "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'",
		STSSeconds:      31536000,
		ForceSTSHeader:  w.PublicTLS, // a proxy may not say that the browser speaks TLS
		SSLProxyHeaders: map[string]string{"X-Forwarded-Proto": "https"},
	})
	return func(c *gin.Context) {
		if err := s.Process(c.Writer, c.Request); err != nil {
			c.Abort()
		}
	}
}

// requestID gives every request an id, for the answer and the log. An id that the
// client sends is replaced: a forged id would mix up the log.
func requestID(c *gin.Context) {
	id := rand.Text()
	c.Request.Header.Set(sloggin.RequestIDHeaderKey, id)
	c.Header(sloggin.RequestIDHeaderKey, id)
}

// resetPath begins the addresses of links for new passwords, which are secrets.
const resetPath = "/reset/"

// logging logs one line for each request.
func (w web) logging() gin.HandlerFunc {
	return sloggin.NewWithConfig(w.Log, sloggin.Config{
		DefaultLevel: slog.LevelInfo, ClientErrorLevel: slog.LevelInfo, ServerErrorLevel: slog.LevelInfo, // Fail logs errors
		WithRequestID: true, WithClientIP: true,
		Filters: []sloggin.Filter{sloggin.IgnorePathPrefix("/static/", "/favicon.ico", "/healthz", "/readyz", resetPath)},
	})
}

// metrics counts requests by route and status, and the time that answers take.
func (w web) metrics() gin.HandlerFunc {
	requests := promauto.With(w.Metrics).NewCounterVec(prometheus.CounterOpts{
		Name: "xxsns_requests_total", Help: "Requests by method, route and status.",
	}, []string{"method", "route", "status"})
	duration := promauto.With(w.Metrics).NewHistogramVec(prometheus.HistogramOpts{
		Name: "xxsns_request_seconds", Help: "Time to answer a request, by route; a stream counts until it is open.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"route"})
	return func(c *gin.Context) {
		start := w.Clock()
		c.Next()
		route := c.FullPath()
		if route == "" {
			route = "none"
		}
		requests.WithLabelValues(method(c.Request.Method), route, strconv.Itoa(c.Writer.Status())).Inc()
		duration.WithLabelValues(route).Observe(w.Clock().Sub(start).Seconds())
	}
}

// method returns the value of the label: a client may send any word as the method, and
// every word would be a time series.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return m
	}
	return "other"
}

// recovery answers a panic like any other error of this program. http.ErrAbortHandler
// cuts the connection, as net/http defines; gin's own recovery would not.
func (w web) recovery() gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause)
			default:
				r, _ := w.Anonymous(c)
				w.Fail(c, r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			}
		}()
		c.Next()
	}
}
