package sns

import (
	"errors"
	"time"
)

// An Invitation is a link by which people make accounts. Only those who hold the link can use
// it.
type Invitation struct {
	ID        int64
	By        User // who invites
	Role      Role // of the accounts
	Uses      int  // how many accounts may be made
	Used      int
	CreatedAt time.Time
	ExpiresAt time.Time
	ClosedAt  time.Time // zero: not closed
}

// An InvitationState says whether an invitation lets anybody in. Its sentence is the text
// "invitation.STATE".
type InvitationState string

// The states of an invitation.
const (
	InvitationOpen    InvitationState = "open"
	InvitationUsedUp  InvitationState = "used"
	InvitationExpired InvitationState = "expired"
	InvitationClosed  InvitationState = "closed"
)

// State returns the state of the invitation.
func (i Invitation) State(now time.Time) InvitationState {
	switch {
	case !i.ClosedAt.IsZero():
		return InvitationClosed
	case i.Used >= i.Uses:
		return InvitationUsedUp
	case !now.Before(i.ExpiresAt):
		return InvitationExpired
	}
	return InvitationOpen
}

// Limits of an invitation. A member's invitation is for one person.
const (
	InvitationUsesMax    = 1000
	InvitationDaysMax    = 365
	MemberInvitationLife = 14 * 24 * time.Hour
)

// ErrInvitation means that an invitation was used up, closed or has expired meanwhile.
var ErrInvitation = errors.New("the invitation is not open")

// Invite is the form of an administrator's invitation.
type Invite struct{ Role, Uses, Days string }

// Check returns the invitation without an id, or Invalid with all problems. Nobody becomes an
// administrator by a link.
func (f Invite) Check(now time.Time) (Invitation, error) {
	var inv Invalid
	i := Invitation{Role: Role(f.Role), CreatedAt: now}
	if i.Role != RoleUser && i.Role != RoleMentor {
		inv.Add(&Problem{Field: "role", Key: "invitation.role_wrong"})
	}
	uses, p := NumberWithin("uses", f.Uses, 1, InvitationUsesMax)
	inv.Add(p)
	days, p := NumberWithin("days", f.Days, 1, InvitationDaysMax)
	inv.Add(p)
	i.Uses, i.ExpiresAt = uses, now.Add(time.Duration(days)*24*time.Hour)
	return i, inv.Err()
}
