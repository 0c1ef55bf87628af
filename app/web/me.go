package web

import (
	"fmt"
	"net/http"

	"xxsns/app/web/request"
)

// myStyle is the style of what is mine: a fragment is the same for everybody,
// what is the viewer's looks so, and what only its author may do is hidden.
// Hiding is a courtesy; every handler asks whose it is.
func myStyle(r *request.Request) error {
	h := r.Writer.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	if r.Viewer == nil {
		h.Set("Cache-Control", "no-store")
		r.Status(http.StatusUnauthorized)
		return nil
	}
	// The page's link bears the viewer's id and the version of the style, so that
	// this may be kept.
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("Vary", "Cookie")
	r.Status(http.StatusOK)
	_, _ = fmt.Fprintf(r.Writer, mineStyle, r.Viewer.ID)
	return nil
}

// mineStyle hides what only its author may do, except from who manages the room
// it stands in, and turns the switches of message.css for what is the viewer's.
const mineStyle = `[data-from]:not([data-from="%[1]d"]) .own:not(.manages *) { display: none; }
[data-from="%[1]d"] { --theirs: ; --mine: initial; }
`
