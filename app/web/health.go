package web

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// healthz answers 200: the process lives.
func (w web) healthz(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// readyz answers 503 while the database does not answer, or else 200. A disk that is nearly full
// is told of, and does not change the status: everybody reads, and nobody would if all replicas
// were taken out for the disk that they share.
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
	if short := w.ShortOfSpace(); short != "" {
		state += "disk: " + short + "\n"
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
