package view

import (
	"cmp"
	"time"

	"xxsns/app/sns"
)

// DecisionsPath is the path of the page with the viewer's decisions.
const DecisionsPath = "/reports"

// decisionLooks are the sentences of decisions, and the pages on which they have come true; no
// path means DecisionsPath.
var decisionLooks = map[sns.DecisionKind]struct{ text, path string }{
	sns.DecisionReport:         {"decision.report", ""},
	sns.DecisionLifted:         {"decision.lifted", "/appeal"},
	sns.DecisionAccepted:       {"decision.accepted", ""},
	sns.DecisionMentorAccepted: {"decision.mentor_accepted", "/settings/mentor"},
	sns.DecisionMentorDeclined: {"decision.mentor_declined", "/settings/mentor"},
	sns.DecisionUser:           {"decision.role_user", ""},
	sns.DecisionMentor:         {"decision.role_mentor", "/desk"},
	sns.DecisionAdmin:          {"decision.role_admin", "/admin"},
	sns.DecisionExport:         {"decision.export_ready", "/settings/export"},
	sns.DecisionDismissed:      {"decision.dismissed", ""},
	sns.DecisionActed:          {"decision.acted", ""},
	sns.DecisionHeld:           {"decision.held", ""},
	sns.DecisionShown:          {"decision.shown", ""},
	sns.DecisionHidden:         {"decision.hidden", ""},
	sns.DecisionDeleted:        {"decision.deleted", ""},
	sns.DecisionWarned:         {"decision.warned", ""},
	sns.DecisionRemoved:        {"decision.removed", ""},
	sns.DecisionTakenDown:      {"decision.taken_down", ""},
	sns.DecisionPutBack:        {"decision.put_back", ""},
	sns.DecisionTakenAway:      {"decision.taken_away", ""},
	sns.DecisionCameBack:       {"decision.came_back", ""},
}

// Decisions is report/list: what the viewer has reported, and what was decided about the viewer.
type Decisions struct {
	Mine      []MyReport // on the first page
	Decisions []Decision
	More      string // URL of the next page, or empty
}

// A Decision is a row of report/_decisions.
type Decision struct {
	ID   int64
	Kind string
	Text string // what was decided
	Note string // reason, or empty
	URL  string // of the page on which the decision has come true, or empty
	Time Time
}

// Decision shows a decision.
func (l *Locale) Decision(d sns.Decision, now time.Time) Decision {
	look := decisionLooks[d.Kind]
	return Decision{ID: d.ID, Kind: string(d.Kind), Text: l.decisionText(d.Kind), Note: d.Note, URL: cmp.Or(d.Path, look.path), Time: l.Time(d.At, now)}
}

// decisionText returns the sentence of a kind of decisions. A kind that only a later version
// of the program knows has the sentence of all kinds.
func (l *Locale) decisionText(kind sns.DecisionKind) string {
	return l.T(cmp.Or(decisionLooks[kind].text, "decision.any"))
}

// decisionsText returns the sentence of a notice about decisions.
func (l *Locale) decisionsText(n sns.Notice) string {
	text := l.decisionText(n.Decided)
	if n.Others > 0 {
		return l.T("decision.others", "Text", text, "Others", n.Others)
	}
	return text
}

// decisionPath returns the path of the place of a notice about decisions.
func decisionPath(n sns.Notice) string {
	if n.Others > 0 {
		return DecisionsPath
	}
	return cmp.Or(n.Path, decisionLooks[n.Decided].path, DecisionsPath)
}
