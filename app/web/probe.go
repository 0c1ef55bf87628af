package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"xxsns/app/live"
)

// probe answers a request with the parameter probe, by which the doctor, who has the secret of
// the server, asks how requests arrive through the proxies: a stream or socket without topics
// opens at the paths where pages open theirs, and other paths answer with JSON. Without a good
// token the parameter means nothing.
func (w web) probe(c *gin.Context) {
	if !strings.Contains(c.Request.URL.RawQuery, "probe=") || !w.Keyring.MayProbe(c.Query("probe"), time.Now()) {
		return
	}
	c.Abort()
	var err error
	switch c.FullPath() {
	case "/live":
		err = w.Hub.ServeSSE(c.Writer, c.Request, live.Viewer{})
	case "/rooms/:id/socket":
		err = w.Hub.ServeWebSocket(c.Writer, c.Request, live.Viewer{}, live.SocketHandler{
			Receive: func(*live.Socket, []byte, bool) {}, Closed: func() {},
		})
	default:
		c.Header("Cache-Control", "no-store")
		c.JSON(http.StatusOK, gin.H{
			"host": c.Request.Host, "proto": c.GetHeader("X-Forwarded-Proto"), "forwarded": c.GetHeader("X-Forwarded-For"), "address": c.ClientIP(), "peer": c.RemoteIP(),
		})
	}
	if err != nil {
		w.Log.WarnContext(c, "probe not answered", "error", err)
	}
}
