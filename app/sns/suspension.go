package sns

import "time"

// Limits of a suspension. Lengths are in graphemes.
const (
	SuspensionDays = 365 // at most, unless it is for good
	SuspensionMax  = 500 // of the reason, and of the answer to an appeal
	AppealMax      = 1000
)

// Forever is the end of a suspension for good.
var Forever = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)

// A Suspension keeps a user from everything but reading why, and one appeal.
type Suspension struct {
	ID       int64
	User     int64
	By       int64 // an administrator; 0: a command of the operator
	Reason   string
	From     time.Time
	Until    time.Time // Forever: for good
	LiftedAt time.Time // zero: in effect, or ended by itself a moment ago

	Appeal     string
	AppealedAt time.Time // zero: no appeal yet
	Answer     string
	AnsweredAt time.Time // zero: no answer yet
}

// ForGood reports whether the suspension has no end.
func (s Suspension) ForGood() bool { return !s.Until.Before(Forever) }

// InEffect reports whether the user is suspended now.
func (s Suspension) InEffect(now time.Time) bool { return s.LiftedAt.IsZero() && now.Before(s.Until) }

// MayAppeal reports whether the user may appeal: once, while the suspension is in effect.
func (s Suspension) MayAppeal(now time.Time) bool { return s.InEffect(now) && s.AppealedAt.IsZero() }

// Waits reports whether an appeal waits for an answer.
func (s Suspension) Waits(now time.Time) bool {
	return s.InEffect(now) && !s.AppealedAt.IsZero() && s.AnsweredAt.IsZero()
}

// SuspensionOf checks a suspension from now on for a number of days; 0 is for good.
func SuspensionOf(user, by int64, days int, reason string, now time.Time) (Suspension, error) {
	var inv Invalid
	if days < 0 || days > SuspensionDays {
		inv.Add(&Problem{Field: "days", Key: "suspension.days", Args: map[string]any{"Max": SuspensionDays}})
	}
	reason, p := TextWithin("reason", reason, 1, SuspensionMax)
	inv.Add(p)
	s := Suspension{User: user, By: by, Reason: reason, From: now, Until: Forever}
	if days > 0 {
		s.Until = now.AddDate(0, 0, days)
	}
	return s, inv.Err()
}

// AppealText normalises and checks an appeal.
func AppealText(raw string) (string, *Problem) { return TextWithin("text", raw, 1, AppealMax) }

// AppealAnswer normalises and checks the answer to an appeal, which may be empty.
func AppealAnswer(raw string) (string, *Problem) { return TextWithin("note", raw, 0, SuspensionMax) }
