package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"xxsns/app/web/request"
)

// myStyle serves the style sheet that makes the viewer's own posts and messages look
// so, and folds what blocked people have said: fragments are the same for every viewer. The style also hides buttons that only
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
	blocks, err := r.Store.Blocks(r.Ctx(), r.Viewer.ID)
	if err != nil {
		return err
	}
	// The link of the page holds the viewer's id, the version of the style, and a digest of
	// those whom the viewer has blocked, so that browsers may cache the answer.
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("Vary", "Cookie")
	r.Status(http.StatusOK)
	_, _ = fmt.Fprintf(r.Writer, mineStyle, r.Viewer.ID)
	if len(blocks.Blocked) > 0 {
		_, _ = fmt.Fprintf(r.Writer, foldStyle, selectorOf(blocks.Blocked), strconv.Quote(r.T("block.fold")))
	}
	return nil
}

// selectorOf returns the selector of what users have said.
func selectorOf(users []int64) string {
	each := make([]string, len(users))
	for i, id := range users {
		each[i] = fmt.Sprintf(`[data-from="%d"]`, id)
	}
	return ":is(" + strings.Join(each, ", ") + ")"
}

// isForViewer reports whether the page that asks was shown to the viewer.
func isForViewer(r *request.Request) bool { return r.Viewer != nil && r.CheckAccount() == nil }

// mineStyle hides the buttons of other authors, except in rooms that the viewer manages,
// and turns the switches of message.css for the viewer's own messages.
const mineStyle = `[data-from]:not([data-from="%[1]d"]) .own:not(.manages *) { display: none; }
[data-from="%[1]d"] { --theirs: ; --mine: initial; }
`

// foldStyle folds what those have said in rooms whom the viewer has blocked: a sentence stands in
// its place until the viewer points at it, or taps.
const foldStyle = `%[1]s:not(:hover, :active, :focus-within, :target) {
  & .said { visibility: hidden; font-size: 0; max-height: 2.5rem; overflow: hidden; }
  & .said::before { content: %[2]s; visibility: visible; font-size: var(--t-s); color: var(--ink-2); }
  & .unfold { display: none; }
}
`
