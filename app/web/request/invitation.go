package request

import (
	"xxsns/app/sns"
	"xxsns/app/view"
)

// Invitation shows an invitation with its link and the first people who came by it. The forms
// of the invitation are below a path.
func (r *Request) Invitation(i sns.Invitation, path string, people int) (view.Invitation, error) {
	var joined []sns.User
	var err error
	if i.Used > 0 {
		joined, err = r.Store.InvitedBy(r.Ctx(), i.ID, people)
	}
	return r.Locale.Invitation(i, r.Address("/sign-up?invitation="+r.Keyring.InvitationToken(i.ID)), path, joined, r.Now), err
}
