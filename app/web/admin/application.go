package admin

import (
	"errors"
	"net/http"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

// ApplicationsPerPage is how many applications a page lists.
const ApplicationsPerPage = 30

// List lists the applications that wait, the oldest first.
func (Applications) List(r *request.Request) error { return applicationsPage(r, http.StatusOK, 0, nil) }

// applicationsPage shows the applications; that with an id has the form as typed.
func applicationsPage(r *request.Request, status int, id int64, f view.Form) error {
	after, err := r.Cursor("after")
	if err != nil {
		return err
	}
	all, err := r.Store.WaitingApplications(r.Ctx(), after, ApplicationsPerPage+1)
	if err != nil {
		return err
	}
	all, more := view.Cut(all, ApplicationsPerPage)
	var v view.Applications
	for _, a := range all {
		var typed view.Form
		if a.ID == id {
			typed = f
		}
		v.Items = append(v.Items, r.Locale.Application(a, typed, r.Now))
	}
	if more {
		v.More = view.ApplicationsPath + "?after=" + view.Itoa(all[len(all)-1].ID)
	}
	return r.Show(status, "admin/_applications", "admin/applications", view.Page{Title: r.T("application.title"), Nav: "admin", Data: v})
}

// Decide accepts or declines an application. A second administrator is told who has decided.
func (Applications) Decide(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	decision := r.Value("decision")
	if decision != "accept" && decision != "decline" {
		return request.ErrBadRequest
	}
	note, p := sns.TextWithin("note", r.Value("note"), 0, sns.DecisionNoteMax)
	if p != nil {
		return askAgain(r, id, sns.Invalid{*p})
	}
	a, err := r.Store.DecideApplication(r.Ctx(), id, store.Verdict{Accept: decision == "accept", Note: note, By: r.Viewer.User, At: r.Now, Mail: r.Mails != nil})
	if errors.Is(err, sns.ErrConflict) {
		return r.Refuse(http.StatusConflict, sns.Invalid{{Field: "form", Key: "application.decided", Args: map[string]any{"Name": a.DecidedBy.Username}}})
	}
	if err != nil {
		return askAgain(r, id, err)
	}
	if r.Mails != nil {
		r.Mails.Wake()
	}
	done := "done.turned_down"
	if a.State == sns.ApplicationAccepted {
		done = "done.accepted"
		tellRole(r, a)
	}
	return r.Done(view.ApplicationsPath, done, request.Remove("#application-"+view.Itoa(id)))
}

// tellRole closes the streams that the former role of a new mentor permits.
func tellRole(r *request.Request, a sns.Application) {
	if a.Kind != sns.ApplyMentor {
		return
	}
	request.Record(r, request.RoleChanged, a.User.ID, "by", "admin", "role", a.User.Role)
	r.Tell(live.RoleEvent(live.UserTopic(a.User.ID), string(a.User.Role)))
}

// askAgain shows the form of an application again if the administrator can mend err.
func askAgain(r *request.Request, id int64, err error) error {
	return r.Again(err, r.Typed("note"), func(status int, f view.Form) error {
		if !r.Partial() {
			return applicationsPage(r, status, id, f)
		}
		a, err := r.Store.WaitingApplications(r.Ctx(), id-1, 1)
		if err != nil {
			return err
		}
		if len(a) == 0 || a[0].ID != id {
			return sns.ErrNotFound
		}
		return r.Fragments(status, request.Fragment{Name: "admin/_application", Data: r.Locale.Application(a[0], f, r.Now)})
	})
}
