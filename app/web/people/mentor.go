package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/store"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const mentorPath = "/settings/mentor"

// Apply shows the form to apply to be a mentor, or what became of the viewer's application.
func (Mentors) Apply(r *request.Request) error { return mentorPage(r, http.StatusOK, nil) }

func mentorPage(r *request.Request, status int, f view.Form, more ...request.Fragment) error {
	a, err := r.Store.MentorApplication(r.Ctx(), r.Viewer.ID)
	if err != nil && !errors.Is(err, sns.ErrNotFound) {
		return err
	}
	v := r.Locale.MentorApplication(r.Viewer.User, a, f, r.Now)
	if r.Partial() {
		return r.Fragments(status, append([]request.Fragment{{Name: "user/_mentor", Data: v}}, more...)...)
	}
	return r.Page(status, "user/mentor", view.Page{Title: r.T("mentor.apply"), Nav: "settings", Data: v})
}

// Send keeps the viewer's application to be a mentor, on which administrators decide.
func (Mentors) Send(r *request.Request) error {
	if err := applyAsMentor(r); err != nil {
		return r.Again(err, r.Typed("text"), func(status int, f view.Form) error { return mentorPage(r, status, f) })
	}
	if !r.Partial() {
		return r.RedirectWithToast(mentorPath, "done.applied")
	}
	return mentorPage(r, http.StatusOK, nil, r.Toast("done.applied"))
}

func applyAsMentor(r *request.Request) error {
	text, p := sns.TextWithin("text", r.Value("text"), 1, sns.ApplyMentorMax)
	if p != nil {
		return sns.Invalid{*p}
	}
	if r.Viewer.Role.Is(sns.RoleMentor) {
		return sns.Invalid{{Field: "text", Key: "mentor.is"}}
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	err := r.Store.ApplyAsMentor(r.Ctx(), store.NewApplication{User: r.Viewer.ID, Content: text, NewUser: store.NewUser{CreatedAt: r.Now}})
	if errors.Is(err, sns.ErrConflict) {
		err = sns.Invalid{{Field: "text", Key: "mentor.not_now"}}
	}
	return err
}

// MentorsPerPage is how many mentors a page lists.
const MentorsPerPage = 30

// List lists the mentors and what they have led, the latest account first.
func (Mentors) List(r *request.Request) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	all, err := r.Store.Mentors(r.Ctx(), r.Viewer.ID, before, MentorsPerPage+1)
	if err != nil {
		return err
	}
	all, more := view.Cut(all, MentorsPerPage)
	var v view.Mentors
	for _, m := range all {
		v.Mentors = append(v.Mentors, r.Locale.Mentor(m, r.Now))
	}
	if more {
		v.More = "/mentors?before=" + view.Itoa(all[len(all)-1].User.ID)
	}
	return r.Show(http.StatusOK, "user/_mentors", "user/mentors", view.Page{Title: r.T("mentor.list"), Nav: "rooms", Data: v})
}
