package web

import "net/http"

// confirmView is shared/_confirm: the question before something is deleted.
type confirmView struct {
	Title, Help string
	Action      string // where yes goes
	Back        string // where no goes
	Yes         string
}

// confirm asks in the dialog of the page, or on a page of its own.
func (r *request) confirm(v confirmView) error {
	if r.partial() {
		return r.fragments(http.StatusOK, part{name: "shared/_confirm", data: v})
	}
	return r.page(http.StatusOK, "shared/confirm", page{Title: v.Title, Data: v})
}
