package sns

import "time"

// A Decision tells a user what was decided or done about them: an application was accepted, a
// suspension lifted. The user gets a notice of it.
type Decision struct {
	ID   int64
	User int64
	Kind DecisionKind
	Note string // reason in the words of who decided, or empty
	At   time.Time
}

// A DecisionKind is a kind of decisions, as the database names it. package view has its
// sentence.
type DecisionKind string

const (
	// DecisionReport says that what the user has reported was looked at.
	DecisionReport DecisionKind = "report"
	// DecisionDismissed and DecisionActed say which way.
	DecisionDismissed DecisionKind = "report.dismissed"
	DecisionActed     DecisionKind = "report.acted"
	// DecisionLifted says that the user is not suspended any more.
	DecisionLifted DecisionKind = "lifted"
	// DecisionExport says that the file of everything of the user's is ready.
	DecisionExport DecisionKind = "export_ready"

	// DecisionHeld and those that follow tell whose thing was reported what became of it.
	DecisionHeld    DecisionKind = "held" // hidden until somebody decides
	DecisionShown   DecisionKind = "shown"
	DecisionHidden  DecisionKind = "hidden"
	DecisionDeleted DecisionKind = "deleted"
	DecisionWarned  DecisionKind = "warned"
	DecisionRemoved DecisionKind = "removed" // from a room
)
