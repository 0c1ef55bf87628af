package view

import (
	"time"

	"xxsns/app/sns"
)

// A Suspension is suspension/_state: why and until when somebody is suspended.
type Suspension struct {
	Reason   string
	From     Time
	Until    string // a sentence
	InEffect bool
	Appeal   string // or empty
	Answer   string // or empty
	Answered bool
	Waits    bool // the appeal waits for an answer
}

// Suspension returns what a suspended person sees.
func (l *Locale) Suspension(s sns.Suspension, now time.Time) Suspension {
	return Suspension{
		Reason: s.Reason, From: l.Time(s.From, now), Until: l.until(s.Until), InEffect: s.InEffect(now),
		Appeal: s.Appeal, Answer: s.Answer, Answered: !s.AnsweredAt.IsZero(), Waits: s.Waits(now),
	}
}

// Suspended is suspension/show: what a suspended person sees in the place of every page.
type Suspended struct {
	Suspension
	Form      Form // of the appeal: text
	MayAppeal bool
	Takedowns []Link // of posts of theirs: their notices cannot be read
}

// An AdminSuspension is a suspension on the page of a person.
type AdminSuspension struct {
	Suspension
	By string // the name of the administrator, or of the command
}

// AdminSuspension returns a suspension by an administrator as administrators see it.
func (l *Locale) AdminSuspension(s sns.Suspension, by sns.User, now time.Time) *AdminSuspension {
	return &AdminSuspension{Suspension: l.Suspension(s, now), By: l.actor(by)}
}

// until returns the end of a suspension as a sentence.
func (l *Locale) until(end time.Time) string {
	if !end.Before(sns.Forever) {
		return l.T("suspension.for_good")
	}
	return l.Date("suspension.until", end)
}
