package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// Show shows a suspended viewer why, until when, and what became of the appeal. Others
// read that they are not suspended.
func (Appeals) Show(r *request.Request) error {
	return r.SuspensionPage(http.StatusOK, view.NewForm())
}

// Create keeps the viewer's appeal, of which each suspension has one. A second one, or one
// after the end, is answered with the page that tells the state.
func (Appeals) Create(r *request.Request) error {
	err := appeal(r)
	if errors.Is(err, sns.ErrConflict) {
		return r.SuspensionPage(http.StatusConflict, view.NewForm())
	}
	if err != nil {
		return r.Again(err, r.Typed("text"), r.SuspensionPage)
	}
	if !r.Partial() {
		return r.RedirectWithToast("/appeal", "done.appealed")
	}
	return r.SuspensionPage(http.StatusOK, view.NewForm())
}

func appeal(r *request.Request) error {
	text, p := sns.AppealText(r.Value("text"))
	if p != nil {
		return sns.Invalid{*p}
	}
	return r.Store.Appeal(r.Ctx(), r.Viewer.ID, text, r.Now)
}
