package people

import (
	"errors"
	"net/http"

	"xxsns/app/sns"
	"xxsns/app/view"
	"xxsns/app/web/request"
)

const invitationsPath = "/settings/invitations"

// List lists the viewer's invitations with their links.
func (Invitations) List(r *request.Request) error {
	return invitationsPage(r, http.StatusOK, "")
}

// invitationsPage shows the viewer's invitations, with why one was not made, or "".
func invitationsPage(r *request.Request, status int, problem string, more ...request.Fragment) error {
	c, err := r.Community.Present(r.Ctx())
	if err != nil {
		return err
	}
	all, err := r.Store.InvitationsBy(r.Ctx(), r.Viewer.ID, sns.InvitesMax)
	if err != nil {
		return err
	}
	v := view.MyInvitations{Most: c.Invites, Error: problem}
	for _, i := range all {
		shown, err := r.Invitation(i, invitationsPath, 1)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, shown)
	}
	if r.Partial() {
		return r.Fragments(status, append([]request.Fragment{{Name: "user/_invitations", Data: v}}, more...)...)
	}
	return r.Page(status, "user/invitations", view.Page{Title: r.T("invitation.title"), Nav: "settings", Data: v})
}

// Create makes an invitation for one person, if the community lets its members invite, and the
// viewer has not used all of theirs. On their first day, newcomers invite nobody.
func (Invitations) Create(r *request.Request) error {
	if err := invite(r); err != nil {
		return r.Again(err, view.NewForm(), func(status int, f view.Form) error { return invitationsPage(r, status, f.Summary()) })
	}
	return myInvitationsDone(r, "done.invited")
}

func invite(r *request.Request) error {
	refused := func(key string) error { return sns.Invalid{{Field: "form", Key: key}} }
	c, err := r.Store.Community(r.Ctx())
	switch {
	case err != nil:
		return err
	case c.Invites == 0:
		return refused("invitation.off")
	case c.Newcomer(r.Viewer.User, r.Now):
		return refused("newcomer.invitations")
	}
	if err := r.Limit(request.LimitEdit); err != nil {
		return err
	}
	i := sns.Invitation{By: r.Viewer.User, Role: sns.RoleUser, Uses: 1, CreatedAt: r.Now, ExpiresAt: r.Now.Add(sns.MemberInvitationLife)}
	_, err = r.Store.InviteAsMember(r.Ctx(), i, c.Invites)
	if errors.Is(err, sns.ErrConflict) {
		return refused("invitation.most")
	}
	return err
}

// Close closes an invitation of the viewer; closing it again changes nothing.
func (Invitations) Close(r *request.Request) error {
	id, err := r.Number("id")
	if err != nil {
		return err
	}
	if err := r.Store.CloseInvitation(r.Ctx(), id, r.Viewer.ID, sns.Act{At: r.Now}); err != nil {
		return err
	}
	return myInvitationsDone(r, "done.invitation_closed")
}

func myInvitationsDone(r *request.Request, toast string) error {
	if !r.Partial() {
		return r.RedirectWithToast(invitationsPath, toast)
	}
	return invitationsPage(r, http.StatusOK, "", r.Toast(toast))
}
