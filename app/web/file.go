package web

import (
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// asset serves a style, script or symbol under its hashed name.
func (w web) asset(c *gin.Context) {
	l, err := w.Templates.Assets()
	if err != nil {
		w.Fail(c, nil, err)
		return
	}
	l.ServeHTTP(c.Writer, c.Request)
}

// upload serves an image. Its name cannot be guessed and its bytes never
// change, so that it needs no session and may be kept for a year.
func (w web) upload(c *gin.Context) {
	file, err := w.Images.Open(c.Param("name"))
	if errors.Is(err, fs.ErrNotExist) {
		c.Header("Cache-Control", "no-store")
		c.Status(http.StatusNotFound)
		return
	}
	if err != nil {
		w.Fail(c, nil, err)
		return
	}
	defer func() { _ = file.Close() }()
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	c.Header("ETag", `"`+c.Param("name")+`"`) // for a proxy that asks whether it is still there
	c.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	http.ServeContent(c.Writer, c.Request, c.Param("name"), time.Time{}, file)
}
