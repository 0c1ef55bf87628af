package sns

import "time"

// An Application asks administrators for an account, or for the role of a mentor.
type Application struct {
	ID        int64
	Kind      ApplicationKind
	User      User   // who wants to be a mentor; ID 0: who wants an account
	Username  string // of the account, or of the user
	Email     string // of the account
	Content   string // what the applicant says
	State     ApplicationState
	Note      string // of the administrator, to the applicant
	DecidedBy User
	CreatedAt time.Time
	DecidedAt time.Time // zero: waiting
}

// An ApplicationKind is what an application asks for.
type ApplicationKind string

// The kinds of applications.
const (
	ApplySignUp ApplicationKind = "sign_up"
	ApplyMentor ApplicationKind = "mentor"
)

// An ApplicationState says what became of an application.
type ApplicationState string

// The states of an application.
const (
	ApplicationWaiting  ApplicationState = "waiting"
	ApplicationAccepted ApplicationState = "accepted"
	ApplicationDeclined ApplicationState = "declined"
)

// Limits of applications, in graphemes, and how long a decided one is kept: as long, who was
// declined cannot apply to be a mentor again.
const (
	ApplyMax        = 300 // for an account
	ApplyMentorMax  = 500
	DecisionNoteMax = 300
	ApplicationLife = 30 * 24 * time.Hour
)

// AgainAt returns when a declined applicant may apply to be a mentor again.
func (a Application) AgainAt() time.Time { return a.DecidedAt.Add(ApplicationLife) }

// The decisions on applications, of which members are told. Nobody is told of a declined
// application for an account: who signs in reads it.
const (
	DecisionAccepted       DecisionKind = "accepted"
	DecisionMentorAccepted DecisionKind = "mentor_accepted"
	DecisionMentorDeclined DecisionKind = "mentor_declined"
)

// DecisionOf returns the decision on an application of a member.
func DecisionOf(kind ApplicationKind, accept bool) DecisionKind {
	switch {
	case kind == ApplySignUp:
		return DecisionAccepted
	case accept:
		return DecisionMentorAccepted
	}
	return DecisionMentorDeclined
}
