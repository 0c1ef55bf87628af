package admin

import (
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const invitationsPath = "/admin/invitations"

// InvitationsPerPage is how many invitations a page lists, and namesShown how many of those who
// came by one.
const (
	InvitationsPerPage = 30
	namesShown         = 10
)

// List lists all invitations, the latest first, with the form of a new one.
func (Invitations) List(r *request.Request) error {
	return invitationsPage(r, http.StatusOK, newInvite())
}

// newInvite returns the form of a new invitation.
func newInvite() view.Form {
	return view.NewForm("role", string(sns.RoleUser), "uses", "1", "days", "7")
}

func invitationsPage(r *request.Request, status int, f view.Form, more ...request.Fragment) error {
	before, err := r.Cursor("before")
	if err != nil {
		return err
	}
	all, err := r.Store.Invitations(r.Ctx(), before, InvitationsPerPage+1)
	if err != nil {
		return err
	}
	all, older := view.Cut(all, InvitationsPerPage)
	v := r.Locale.AdminInvitations(f)
	for _, i := range all {
		shown, err := r.Invitation(i, invitationsPath, namesShown)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, shown)
	}
	if older {
		v.More = invitationsPath + "?before=" + view.Itoa(all[len(all)-1].ID)
	}
	if r.Partial() {
		return r.Fragments(status, append([]request.Fragment{{Name: "admin/_invitations", Data: v}}, more...)...)
	}
	return r.Page(status, "admin/invitations", view.Page{Title: r.T("invitation.title"), Nav: "admin", Data: v})
}

// Create makes an invitation, whose link stands on top of the list.
func (Invitations) Create(r *request.Request) error {
	i, err := sns.Invite{Role: r.Value("role"), Uses: r.Value("uses"), Days: r.Value("days")}.Check(r.Now)
	if err == nil {
		i.By = r.Viewer.User
		act := sns.Act{By: i.By, Kind: sns.ActInvite, Thing: invitationsPath, Note: r.Locale.Role(i.Role) + " × " + view.Itoa(int64(i.Uses)), At: r.Now}
		_, err = r.Store.Invite(r.Ctx(), i, act)
	}
	if err != nil {
		return r.Again(err, r.Typed("role", "uses", "days"), func(status int, f view.Form) error { return invitationsPage(r, status, f) })
	}
	return invitationsDone(r, "done.invited")
}

// Close closes an invitation; closing it again changes nothing.
func (Invitations) Close(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	act := sns.Act{By: r.Viewer.User, Kind: sns.ActUninvite, Thing: invitationsPath, Note: r.T("invitation.link", "Number", id), At: r.Now}
	if err := r.Store.CloseInvitation(r.Ctx(), id, 0, act); err != nil {
		return err
	}
	return invitationsDone(r, "done.invitation_closed")
}

func invitationsDone(r *request.Request, toast string) error {
	if !r.Partial() {
		return r.RedirectWithToast(invitationsPath, toast)
	}
	return invitationsPage(r, http.StatusOK, newInvite(), r.Toast(toast))
}
