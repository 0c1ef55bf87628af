package request

import (
	"errors"
	"slices"

	"xxsns/app/sns"
	"xxsns/app/view"
)

// CasesPerPage is how many cases a queue of reports lists at once.
const CasesPerPage = 30

// reportsOfCase is how many reports the page of a case shows.
const reportsOfCase = 100

// Cases returns a page of the queue of reports at a path: of all reports, or of those about the
// rooms of a mentor.
func (r *Request) Cases(path string, mentor int64) (view.Cases, error) {
	from, err := r.Cursor("from")
	if err != nil {
		return view.Cases{}, err
	}
	p := sns.CasePage{Decided: r.Query("state") == "decided", From: from, Mentor: mentor, Limit: CasesPerPage + 1}
	cases, err := r.Store.Cases(r.Ctx(), p)
	if err != nil {
		return view.Cases{}, err
	}
	open, err := r.Store.CountCases(r.Ctx(), mentor, view.OpenCasesMost)
	if err != nil {
		return view.Cases{}, err
	}
	next := ""
	cases, more := view.Cut(cases, CasesPerPage)
	if more {
		state := ""
		if p.Decided {
			state = "decided"
		}
		next = view.PageURL(path, "state", state, "from", view.Itoa(cases[len(cases)-1].ID))
	}
	return r.Locale.Cases(path, p.Decided, cases, open, next, r.Now), nil
}

// Case returns the page of a case in the queue at a path. Nobody decides about themselves.
func (r *Request) Case(path string, c sns.Case, verdicts []sns.Verdict, f view.Form) (view.Case, error) {
	reports, err := r.Store.ReportsIn(r.Ctx(), c.ID, reportsOfCase)
	if c.Subject.ID == r.Viewer.ID {
		verdicts = nil
	}
	return r.Locale.Case(path, c, reports, verdicts, f, r.Now), err
}

// Ruling returns the decision of the form, which must be one of the verdicts, else
// ErrBadRequest; or sns.Invalid.
func (r *Request) Ruling(c sns.Case, verdicts []sns.Verdict) (sns.Ruling, error) {
	verdict := sns.Verdict(r.Value("decision"))
	if !slices.Contains(verdicts, verdict) {
		return sns.Ruling{}, ErrBadRequest
	}
	note, p := sns.RulingNote(r.Value("note"))
	if p != nil {
		return sns.Ruling{}, sns.Invalid{*p}
	}
	return sns.Ruling{Case: c.ID, By: r.Viewer.User, Verdict: verdict, Note: note, At: r.Now}, nil
}

// TellHiding tells open pages what a report or decision has hidden or deleted, and deletes the
// files that no row refers to any more.
func (r *Request) TellHiding(h sns.Hiding) {
	switch h.Gone.Kind {
	case sns.ReportPost:
		r.Tell(view.GoneEvent(h.Gone.Thing))
	case sns.ReportComment:
		r.Tell(view.CommentGoneEvent(h.Post, h.Gone.Thing))
		r.Gatherer.Add(view.CountsEvent(h.Counts))
	case sns.ReportMessage, sns.ReportUser:
	}
	if err := r.Images.Delete(h.Images...); err != nil {
		r.Warn("images of a deleted post left to the sweep", err)
	}
}

// EraseReported empties the message of a case, unless it is gone already.
func (r *Request) EraseReported(c sns.Case) error {
	room, _, err := r.Store.Room(r.Ctx(), c.Thing, r.Viewer.ID)
	if err == nil {
		err = r.Rooms.Erase(r.Ctx(), room, r.Viewer.User, c.Seq)
	}
	if errors.Is(err, sns.ErrNotFound) {
		return nil
	}
	return err
}

// Waits returns how many things wait for a decision of administrators.
func (r *Request) Waits() (w view.Waits, err error) {
	if w.Reports, err = r.Store.CountCases(r.Ctx(), 0, view.OpenCasesMost); err != nil {
		return w, err
	}
	if w.Takedowns, err = r.Store.CountTakedowns(r.Ctx(), view.OpenCasesMost); err != nil {
		return w, err
	}
	if w.Applications, err = r.Store.CountApplications(r.Ctx(), view.OpenCasesMost); err != nil {
		return w, err
	}
	w.Appeals, err = r.Store.CountAppeals(r.Ctx(), r.Now)
	w.Appeals = min(w.Appeals, view.OpenCasesMost)
	return w, err
}

// shownWaits returns Waits if the viewer is an administrator, else nothing. A page that cannot
// know the numbers is shown without.
func (r *Request) shownWaits() view.Waits {
	if !r.Viewer.Role.Is(sns.RoleAdmin) {
		return view.Waits{}
	}
	w, err := r.Waits()
	if err != nil && !errors.Is(err, sns.ErrUnavailable) {
		r.Warn("what waits for administrators not counted", err)
	}
	return w
}
