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
	// DecisionLifted says that the user is not suspended any more.
	DecisionLifted DecisionKind = "lifted"
	// DecisionExport says that the file of everything of the user's is ready.
	DecisionExport DecisionKind = "export_ready"
)
