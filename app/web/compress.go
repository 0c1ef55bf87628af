package web

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// compressed are the types of answers that gzip makes smaller. Images are compressed
// already.
var compressed = []string{"text/html", "text/css", "text/plain", "application/json"}

// compress sends texts of 1 kB and more as gzip to clients that accept gzip, unless an
// answer is encoded already or is a part of a file.
//
// The size of a compressed page tells whether a text that a stranger chose stands on the
// page a second time, as a secret (BREACH). To guess a secret, the stranger's site must
// load a page with the viewer's cookie again and again, each time with another text in the
// address. Therefore no answer to a request from another site is compressed. Our own pages
// hold nothing that a member's text could be compared with: the key of a form is new each
// time, the number of a session is a digest that signs nobody in, and the token of the
// session stands in the cookie alone.
func compress(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1000), gzhttp.ContentTypes(compressed), gzhttp.EnableZstd(false))
	if err != nil {
		return nil, err
	}
	zipped := wrap(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if streams(r) || hasFile(r) || fromElsewhere(r) {
			h.ServeHTTP(w, r)
		} else {
			zipped.ServeHTTP(w, r)
		}
	}), nil
}

// streams reports whether the answer never ends: compression would hold events back.
func streams(r *http.Request) bool {
	return r.URL.Path == "/live" || r.Header.Get("Upgrade") != ""
}

// hasFile reports whether the answer is a file, which has its encodings ready, if any.
func hasFile(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/static/") || strings.HasPrefix(r.URL.Path, "/uploads/")
}

// fromElsewhere reports whether a page of another site made the request. Browsers that do
// not say so (before 2023) are protected by the cookie, which another site's page sends along
// only when that page is left.
func fromElsewhere(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}
