package sns

import "time"

// A Decision tells a user what was decided or done about them: an application was accepted, a
// suspension lifted. The user gets a notice of it.
type Decision struct {
	ID   int64
	User int64
	Kind DecisionKind
	Note string // reason in the words of who decided, or empty
	Path string // of the page about it; empty: that of the kind
	At   time.Time
}

// A DecisionKind is a kind of decisions, as the database names it. package view has its
// sentence.
type DecisionKind string

// The kinds of decisions about what a user has reported or asked for. DecisionReport says that
// it was looked at, the next two say which way. DecisionLifted ends a suspension, and
// DecisionExport says that the file of everything of the user's is ready.
const (
	DecisionReport    DecisionKind = "report"
	DecisionDismissed DecisionKind = "report.dismissed"
	DecisionActed     DecisionKind = "report.acted"
	DecisionLifted    DecisionKind = "lifted"
	DecisionExport    DecisionKind = "export_ready"
)

// The kinds of decisions by which an administrator, or a command of the operator, has given a
// user a role.
const (
	DecisionUser   DecisionKind = "role.user"
	DecisionMentor DecisionKind = "role.mentor"
	DecisionAdmin  DecisionKind = "role.admin"
)

// DecisionOfRole returns the kind of the decision that gives a role.
func DecisionOfRole(role Role) DecisionKind {
	return map[Role]DecisionKind{RoleUser: DecisionUser, RoleMentor: DecisionMentor, RoleAdmin: DecisionAdmin}[role]
}

// The kinds of decisions about what somebody else has reported of a user.
const (
	DecisionHeld    DecisionKind = "held" // hidden until somebody decides
	DecisionShown   DecisionKind = "shown"
	DecisionHidden  DecisionKind = "hidden"
	DecisionDeleted DecisionKind = "deleted"
	DecisionWarned  DecisionKind = "warned"
	DecisionRemoved DecisionKind = "removed" // from a room
)
