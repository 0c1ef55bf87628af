package admin

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// List lists what was reported, gathered by thing: what waits, the oldest first, or with
// ?state=decided what was decided, the newest first.
func (Reports) List(r *request.Request) error {
	v, err := r.Cases(view.ReportsPath, 0)
	if err != nil {
		return err
	}
	return r.Show(http.StatusOK, "report/_cases", "admin/reports", view.Page{Title: r.T("report.queue"), Nav: "admin", Data: v})
}

// Show shows a case: the evidence, the reports, what was done to the person before, and the
// form of the decision.
func (Reports) Show(r *request.Request) error {
	c, err := loadCase(r)
	if err != nil {
		return err
	}
	return casePage(r, http.StatusOK, c, r.Typed())
}

// loadCase returns the case that the route names.
func loadCase(r *request.Request) (sns.Case, error) {
	id, err := r.Number("id")
	if err != nil {
		return sns.Case{}, err
	}
	return r.Store.Case(r.Ctx(), id)
}

func casePage(r *request.Request, status int, c sns.Case, f view.Form, more ...request.Fragment) error {
	v, err := r.Case(view.ReportsPath, c, c.Kind.Verdicts(), f)
	if err != nil {
		return err
	}
	acts, err := r.Store.Acts(r.Ctx(), sns.ActPage{User: c.Subject.ID, Limit: actsOfPerson}, r.Now)
	if err != nil {
		return err
	}
	v.Acts = r.Locale.Acts(acts, r.Now)
	if !c.Subject.Deleted() {
		v.Person = view.PersonPath(c.Subject.ID)
	}
	if r.Partial() {
		return r.Fragments(status, append([]request.Fragment{{Name: "report/_case", Data: v}}, more...)...)
	}
	return r.Page(status, "admin/report", view.Page{Title: r.T("report.case", "Kind", v.Kind), Nav: "admin", Data: v})
}

// Picture sends a picture of the evidence, for the page of the case to show.
func (Reports) Picture(r *request.Request) error {
	c, err := loadCase(r)
	if err != nil {
		return err
	}
	return sendDocument(r, c.Pictures, "inline", func(p sns.Document) error { return r.Store.WritePicture(r.Ctx(), r.Writer, c.ID, p) })
}

// Decide decides a case. Of two administrators the second one is told what the first one has
// decided.
func (Reports) Decide(r *request.Request) error {
	c, err := loadCase(r)
	if err != nil {
		return err
	}
	if err := decide(r, c); err != nil {
		return decideAgain(r, c, err)
	}
	if !r.Partial() {
		return r.RedirectWithToast(view.ReportsPath, "done.decided")
	}
	if c, err = r.Store.Case(r.Ctx(), c.ID); err != nil {
		return err
	}
	return casePage(r, http.StatusOK, c, r.Typed(), r.Toast("done.decided"))
}

// decideAgain shows a case as it is now, with what was wrong with the decision.
func decideAgain(r *request.Request, c sns.Case, err error) error {
	typed := r.Typed("decision", "days", "note")
	if !errors.Is(err, sns.ErrConflict) {
		return r.Again(err, typed, func(status int, f view.Form) error { return casePage(r, status, c, f) })
	}
	if c, err = r.Store.Case(r.Ctx(), c.ID); err != nil {
		return err
	}
	key := "report.late"
	if c.Open() {
		key = "suspension.already"
	}
	return casePage(r, http.StatusConflict, c, typed.WithProblems(r.Locale, sns.Invalid{{Field: "form", Key: key}}))
}

func decide(r *request.Request, c sns.Case) error {
	if !c.Open() {
		return sns.ErrConflict
	}
	ruling, err := r.Ruling(c, c.Kind.Verdicts())
	if err != nil {
		return err
	}
	switch {
	case ruling.Verdict == sns.VerdictSuspend:
		if ruling.Suspension, err = ruledSuspension(r, c, ruling.Note); err != nil {
			return err
		}
	case ruling.Verdict == sns.VerdictDelete && c.Kind == sns.ReportMessage && c.Subject.ID != r.Viewer.ID:
		if err := r.EraseReported(c); err != nil {
			return err
		}
	}
	h, err := r.Store.Rule(r.Ctx(), ruling)
	if err != nil {
		return err
	}
	r.TellHiding(h)
	if ruling.Verdict == sns.VerdictSuspend {
		return suspended(r, c.Subject, ruling.Suspension)
	}
	return nil
}

// ruledSuspension returns the suspension of the form, whose reason is the note of the decision.
func ruledSuspension(r *request.Request, c sns.Case, note string) (sns.Suspension, error) {
	s, err := sns.SuspensionOf(c.Subject.ID, r.Viewer.ID, typedDays(r), note, r.Now)
	problems, ok := errors.AsType[sns.Invalid](err)
	if !ok {
		return s, err
	}
	for i := range problems {
		if problems[i].Field == "reason" {
			problems[i].Field = "note"
		}
	}
	return s, problems
}
