package admin

import (
	"errors"
	"net/http"
	"slices"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// TakedownsPerPage is how many takedowns a page lists.
const TakedownsPerPage = 30

// List lists what waits for a decision, with ?state=hidden what hides a post, and with ?state=ended
// what has ended.
func (Takedowns) List(r *request.Request) error {
	from, err := r.Cursor("from")
	if err != nil {
		return err
	}
	p := sns.TakedownPage{List: sns.TakedownList(r.Query("state")), From: from, Limit: TakedownsPerPage + 1}
	if p.List != sns.TakedownsHiding && p.List != sns.TakedownsEnded {
		p.List = sns.TakedownsWaiting
	}
	all, err := r.Store.Takedowns(r.Ctx(), p)
	if err != nil {
		return err
	}
	next := ""
	all, more := view.Cut(all, TakedownsPerPage)
	if more {
		next = view.PageURL(view.TakedownsPath, "state", string(p.List), "from", view.Itoa(all[len(all)-1].ID))
	}
	v := r.Locale.Takedowns(p.List, all, next, r.Now)
	return r.Show(http.StatusOK, "takedown/_list", "admin/takedowns", view.Page{Title: r.T("takedown.queue"), Nav: "admin", Data: v})
}

// Show shows a takedown with its proofs, and the form of the decision.
func (Takedowns) Show(r *request.Request) error {
	t, err := loadTakedown(r)
	if err != nil {
		return err
	}
	return takedownPage(r, http.StatusOK, t, view.NewForm())
}

// loadTakedown returns the takedown that the route names.
func loadTakedown(r *request.Request) (sns.Takedown, error) {
	id, err := r.Number("id")
	if err != nil {
		return sns.Takedown{}, err
	}
	return r.Store.Takedown(r.Ctx(), id)
}

func takedownPage(r *request.Request, status int, t sns.Takedown, f view.Form, more ...request.Fragment) error {
	v := r.Locale.AdminTakedown(t, r.Viewer.User, r.Address(view.PostPath(t.Post)), f, r.Now)
	if r.Partial() {
		return r.Fragments(status, append([]request.Fragment{{Name: "takedown/_case", Data: v}}, more...)...)
	}
	return r.Page(status, "admin/takedown", view.Page{Title: r.T("takedown.case", "Number", t.ID), Nav: "admin", Data: v})
}

// Decide decides about a takedown. Of two administrators the second one is told what the first one
// has decided.
func (Takedowns) Decide(r *request.Request) error {
	t, err := loadTakedown(r)
	if err != nil {
		return err
	}
	if err := decideTakedown(r, t); err != nil {
		return decideTakedownAgain(r, t, err)
	}
	if r.Mails != nil {
		r.Mails.Wake()
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.TakedownsPath, "done.decided")
	}
	if t, err = r.Store.Takedown(r.Ctx(), t.ID); err != nil {
		return err
	}
	return takedownPage(r, http.StatusOK, t, view.NewForm(), r.Toast("done.decided"))
}

func decideTakedown(r *request.Request, t sns.Takedown) error {
	verdict := sns.TakedownVerdict(r.Value("decision"))
	if !slices.Contains([]sns.TakedownVerdict{sns.TakedownAccept, sns.TakedownDecline, sns.TakedownRestore, sns.TakedownDelete}, verdict) {
		return request.ErrBadRequest
	}
	if !slices.Contains(t.Verdicts(r.Now), verdict) {
		return sns.ErrConflict
	}
	note, p := sns.RulingNote(r.Value("note"))
	if p != nil {
		return sns.Invalid{*p}
	}
	h, err := r.Store.RuleTakedown(r.Ctx(), sns.TakedownRuling{Takedown: t.ID, By: r.Viewer.User, Verdict: verdict, Note: note, At: r.Now})
	if err != nil {
		return err
	}
	r.TellHiding(h)
	return nil
}

// decideTakedownAgain shows a takedown as it is now, with what was wrong with the decision.
func decideTakedownAgain(r *request.Request, t sns.Takedown, err error) error {
	typed := r.Typed("decision", "note")
	if !errors.Is(err, sns.ErrConflict) {
		return r.Again(err, typed, func(status int, f view.Form) error { return takedownPage(r, status, t, f) })
	}
	if t, err = r.Store.Takedown(r.Ctx(), t.ID); err != nil {
		return err
	}
	return takedownPage(r, http.StatusConflict, t, typed.WithProblems(r.Locale, sns.Invalid{{Field: "form", Key: "takedown.decided"}}))
}

// Proof sends a proof as a file to be saved. A stranger has sent it: no page of the site shows it,
// and a browser that opens it all the same must run nothing of it.
func (Takedowns) Proof(r *request.Request) error {
	t, err := loadTakedown(r)
	if err != nil {
		return err
	}
	return sendDocument(r, t.Proofs, "attachment", func(p sns.Document) error { return r.Store.WriteProof(r.Ctx(), r.Writer, t.ID, p) })
}
