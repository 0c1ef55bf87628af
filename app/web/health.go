package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// healthz answers 200: the process lives.
func (w web) healthz(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// readyz answers 503 while the database does not answer, or else 200.
func (w web) readyz(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	if err := w.Store.Ping(ctx); err != nil {
		w.Log.WarnContext(ctx, "not ready", "error", err)
		c.String(http.StatusServiceUnavailable, "database: down\n")
		return
	}
	state := "database: up\n"
	if w.Redis != nil {
		state += w.redisState(ctx)
	}
	c.String(http.StatusOK, state)
}

// redisState returns the line about Redis. Redis does not change the status: most
// pages work without Redis.
func (w web) redisState(ctx context.Context) string {
	if err := w.Redis(ctx); err != nil {
		w.Log.WarnContext(ctx, "redis does not answer", "error", err)
		return "redis: down\n"
	}
	return "redis: up\n"
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
