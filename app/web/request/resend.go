package request

import (
	"net/http"
	"strings"

	"xxsns/app/view"
)

// resend returns the form of the request as it was sent, to be sent again, or nil if the
// form holds nothing typed.
func resend(r *Request) *view.Resend {
	if r.reads() {
		return nil
	}
	readRest(r)
	files := strings.HasPrefix(r.GetHeader("Content-Type"), "multipart/")
	return view.NewResend(r.Request.URL.RequestURI(), r.Request.PostForm, files)
}

// readRest reads the fields of a form that failed before a handler read them, as while
// the database is away. An error leaves the fields that have arrived.
func readRest(r *Request) {
	if r.Request.PostForm != nil || r.Request.Body == nil || r.Request.Body == http.NoBody {
		return
	}
	r.Request.Body = http.MaxBytesReader(r.Writer, r.Request.Body, MaxUpload) // an unknown route has no limit
	if strings.HasPrefix(r.GetHeader("Content-Type"), "multipart/") {
		_ = readUpload(r, &Upload{}, "", 0, nil)
		return
	}
	_ = r.Request.ParseForm()
}
