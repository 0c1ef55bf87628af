package web

import (
	"fmt"
	"net/http"

	"xxsns/app/web/request"
)

// myStyle serves the style sheet that makes the viewer's own posts and messages look
// so: fragments are the same for every viewer. The style also hides buttons that only
// the author may use; hiding protects nothing, handlers check the author.
//
// A page that comes back from the browser's page cache asks whether it may be shown again:
// the answer is 401 if nobody is signed in, or another account than the one it was shown to.
func myStyle(r *request.Request) error {
	h := r.Writer.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	if !isForViewer(r) {
		h.Set("Cache-Control", "no-store")
		r.Status(http.StatusUnauthorized)
		return nil
	}
	// The link of the page holds the viewer's id and the version of the style, so that
	// browsers may cache the answer.
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("Vary", "Cookie")
	r.Status(http.StatusOK)
	_, _ = fmt.Fprintf(r.Writer, mineStyle, r.Viewer.ID)
	return nil
}

// isForViewer reports whether the page that asks was shown to the viewer.
func isForViewer(r *request.Request) bool { return r.Viewer != nil && r.CheckAccount() == nil }

// mineStyle hides the buttons of other authors, except in rooms that the viewer manages,
// and turns the switches of message.css for the viewer's own messages.
const mineStyle = `[data-from]:not([data-from="%[1]d"]) .own:not(.manages *) { display: none; }
[data-from="%[1]d"] { --theirs: ; --mine: initial; }
`
