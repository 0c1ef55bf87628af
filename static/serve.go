package static

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ServeHTTP (http.Handler) answers GET and HEAD for the paths that URL returns. The
// content of such a path never changes: browsers and proxies may keep the content for
// a year. Any other path is 404, any other method 405.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, Prefix)
	f := a.files[name]
	if !ok || f == nil {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	f.serve(w, r)
}

// ServeIcon (an http.HandlerFunc) answers GET and HEAD for /favicon.ico: feed readers,
// bookmarks and old browsers ask for that name without reading a page. The name stays
// when the icon changes, so that browsers ask again after a day.
func (a *Assets) ServeIcon(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256(a.icon)
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=86400")
	h.Set("Content-Type", "image/x-icon")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "favicon.ico", time.Time{}, bytes.NewReader(a.icon))
}

// ServeWorker (an http.HandlerFunc) answers GET and HEAD for /sw.js, the service worker. The path
// is that of the whole site, which the worker may serve, and stays: browsers ask for a newer
// worker under it.
func (a *Assets) ServeWorker(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256(a.worker)
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", typeJS+"; charset=utf-8")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	h.Set("Service-Worker-Allowed", "/")
	http.ServeContent(w, r, "sw.js", time.Time{}, bytes.NewReader(a.worker))
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	coding, body := f.encoded(r.Header.Get("Accept-Encoding"))
	etag := `"` + f.hash + `"`
	if coding != "" {
		etag = `"` + f.hash + "-" + coding + `"`
	}
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	h.Set("Content-Type", f.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the client is gone; there is no reader for an error
	}
}

// encoded returns the smallest form of the file that an Accept-Encoding header allows.
// The plain form has no coding.
func (f *file) encoded(header string) (coding string, body []byte) {
	switch {
	case accepts(header, "br"):
		return "br", f.brotli()
	case accepts(header, "gzip"):
		return "gzip", f.gzip()
	}
	return "", f.plain
}

// accepts reports whether an Accept-Encoding header allows a coding: the header names
// the coding or *, with a quality above 0.
func accepts(header, wanted string) bool {
	star := false
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(part, ";")
		allowed := true
		if q, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			v, err := strconv.ParseFloat(q, 64)
			allowed = err == nil && v > 0
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case wanted:
			return allowed
		case "*":
			star = allowed
		}
	}
	return star
}

// matches reports whether an If-None-Match header names etag. The comparison is weak,
// because proxies that compress make tags weak.
func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimSpace(part); part == "*" || strings.TrimPrefix(part, "W/") == etag {
			return true
		}
	}
	return false
}
