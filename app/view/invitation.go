package view

import (
	"time"

	"xxsns/app/sns"
)

// Invitation is an invitation in a list.
type Invitation struct {
	ID     int64
	Link   string // empty: the invitation is not open
	State  string
	Mentor bool // who comes by it becomes a mentor
	By     Author
	Used   string // how many of how many came, as a sentence
	Until  string
	Joined []Author // the first who came
	Close  string   // path of the form that closes it
}

// Invitation shows an invitation with its link and who came by it. Forms are below a path.
func (l *Locale) Invitation(i sns.Invitation, link, path string, joined []sns.User, now time.Time) Invitation {
	v := Invitation{
		ID: i.ID, Mentor: i.Role == sns.RoleMentor, By: l.Author(i.By), Used: l.T("invitation.used_of", "Used", i.Used, "Uses", i.Uses),
		Until: l.T("invitation.until", "Date", l.Date("time.full", i.ExpiresAt)), Close: path + "/" + Itoa(i.ID) + "/close",
	}
	if state := i.State(now); state == sns.InvitationOpen {
		v.Link = link
	} else {
		v.State = l.T("invitation." + string(state))
	}
	for _, u := range joined {
		v.Joined = append(v.Joined, l.Author(u))
	}
	return v
}

// AdminInvitations is admin/_invitations: all invitations, and the form of a new one.
type AdminInvitations struct {
	Items      []Invitation
	More       string // URL of older ones, or empty
	Role       Choices
	Uses, Days Input
}

// AdminInvitations returns the page of invitations without the list.
func (l *Locale) AdminInvitations(f Form) AdminInvitations {
	mentor := sns.Role(f.Field("role").Value) == sns.RoleMentor
	return AdminInvitations{
		Role: Choices{Name: "role", Label: l.T("invitation.role"), Error: f.Field("role").Error, All: []Choice{
			{string(sns.RoleUser), l.T("role.user"), !mentor}, {string(sns.RoleMentor), l.T("role.mentor"), mentor},
		}},
		Uses: f.Input("uses", l.T("invitation.uses"), "").Of("number").Must(),
		Days: f.Input("days", l.T("invitation.days"), "").Of("number").Must(),
	}
}

// MyInvitations is user/_invitations: a member's invitations.
type MyInvitations struct {
	Items []Invitation
	Most  int    // how many the member may have; 0: none
	Error string // why no invitation was made, or empty
}
