package web

import (
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// asset serves a style sheet, script or icon under its hashed name.
func (w web) asset(c *gin.Context) {
	assets, err := w.Templates.Assets()
	if err != nil {
		w.Fail(c, nil, err)
		return
	}
	assets.ServeHTTP(c.Writer, c.Request)
}

// upload serves an image. No session is needed, because nobody can guess the name;
// the bytes never change, so that browsers may cache the image for a year.
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
	c.Header("ETag", `"`+c.Param("name")+`"`) // for a proxy that revalidates
	c.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	http.ServeContent(c.Writer, c.Request, c.Param("name"), time.Time{}, file)
}
