package web

import (
	"cmp"
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"xxsns/app/view"
	"xxsns/app/web/request"
	"xxsns/static"
)

// asset serves a style sheet, script or icon under its hashed name.
func (w web) asset(c *gin.Context) {
	if assets := w.assets(c); assets != nil {
		assets.ServeHTTP(c.Writer, c.Request)
	}
}

// favicon serves the icon of the site under the name that browsers guess.
func (w web) favicon(c *gin.Context) {
	if assets := w.assets(c); assets != nil {
		assets.ServeIcon(c.Writer, c.Request)
	}
}

// serviceWorker serves the script that works for all pages of a browser.
func (w web) serviceWorker(c *gin.Context) {
	if assets := w.assets(c); assets != nil {
		assets.ServeWorker(c.Writer, c.Request)
	}
}

// showOffline shows the page that the service worker keeps for when there is no network. The
// page knows no viewer, whoever asks.
func showOffline(r *request.Request) error {
	r.Viewer = nil
	return r.Page(http.StatusOK, "shared/offline", view.Page{Title: r.T("offline.title")})
}

// showManifest serves the web manifest, which has the name of the community.
func showManifest(r *request.Request) error {
	c, err := r.Community.Present(r.Ctx())
	if err != nil {
		return err
	}
	assets, err := r.Templates.Assets()
	if err != nil {
		return err
	}
	body, err := assets.Manifest(cmp.Or(c.Name, r.T("app.name")))
	if err != nil {
		return err
	}
	r.Header("Cache-Control", "no-cache")
	r.Data(http.StatusOK, "application/manifest+json", body)
	return nil
}

// assets returns the assets, or answers with the error and returns nil.
func (w web) assets(c *gin.Context) *static.Assets {
	assets, err := w.Templates.Assets()
	if err != nil {
		w.Fail(c, nil, err)
		return nil
	}
	return assets
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
