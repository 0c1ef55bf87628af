package web

import (
	"fmt"
	"net/http"
)

// showMine is the style of what is mine: a fragment is the same for everybody,
// and what only its author may do is hidden from others. Hiding is a courtesy;
// every handler asks whose it is.
func (r *request) showMine() error {
	h := r.Writer.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	if r.viewer == nil {
		h.Set("Cache-Control", "no-store")
		r.Status(http.StatusUnauthorized)
		return nil
	}
	// The page's link bears the viewer's id, so that this may be kept.
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("Vary", "Cookie")
	r.Status(http.StatusOK)
	_, _ = fmt.Fprintf(r.Writer, "[data-from]:not([data-from=\"%d\"]) .own { display: none; }\n", r.viewer.ID)
	return nil
}
