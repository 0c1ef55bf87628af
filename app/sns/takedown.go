package sns

import (
	"slices"
	"time"
)

// Limits of takedowns. Lengths are in graphemes.
const (
	TakedownNameMax      = 50
	TakedownContactMax   = 200
	TakedownStatementMax = 2000
	TakedownProofsMax    = 3
	ObjectionMax         = 2000
	// TakedownTime is how long an accepted takedown hides a post: the most that the Korean
	// Network Act, article 44-2, allows.
	TakedownTime = 30 * 24 * time.Hour
	// TakedownLife is how long a takedown is kept after its end, with its proofs.
	TakedownLife = 365 * 24 * time.Hour
)

// TakedownHarms are the harms of takedowns, in the order of the form.
var TakedownHarms = []string{"defamation", "privacy", "portrait", "copyright", "other"}

// A Takedown asks to have a post hidden that harms the asker, who may be without an account.
//
// An administrator accepts or declines. An accepted takedown hides the post for TakedownTime.
// Within that time the author may object, once, and an administrator restores or deletes the
// post, whether the author has objected or not. If nobody does so, the post comes back by
// itself: silence of the author is not taken for consent, and silence of the administrators
// must not cost the author the post.
type Takedown struct {
	ID     int64
	Post   int64
	Author User // of the post

	Name, Contact, Harm, Statement string     // of the asker, for administrators alone; Harm also for the author
	Proofs                         []Document // what the asker has sent: pictures and PDFs
	Words                          string     // how the post begins, for administrators and the author alone
	Key                            string     // form key; empty: no key
	AskedAt                        time.Time

	State     TakedownState
	Until     time.Time // the end of the time in which the post is hidden; zero: never accepted
	Note      string    // of the latest decision, or empty
	DecidedBy User
	DecidedAt time.Time // zero: no decision yet

	Objection  string
	ObjectedAt time.Time // zero: the author has not objected
	EndedAt    time.Time // zero: goes on
}

// A TakedownState says what became of a takedown.
type TakedownState string

// The states of a takedown. The post is hidden in TakedownHides and TakedownObjected; those
// after them are ends.
const (
	TakedownWaiting  TakedownState = "waiting"
	TakedownHides    TakedownState = "hides"
	TakedownObjected TakedownState = "objected"
	TakedownDeclined TakedownState = "declined"
	TakedownRestored TakedownState = "restored" // by an administrator
	TakedownDeleted  TakedownState = "deleted"  // by an administrator
	TakedownReturned TakedownState = "returned" // by itself, when the time was over
	TakedownGone     TakedownState = "gone"     // the post was deleted in another way
)

// Ended reports whether nothing can become of the takedown any more.
func (s TakedownState) Ended() bool {
	return s != TakedownWaiting && !s.Hides()
}

// Hides reports whether the takedown hides its post.
func (s TakedownState) Hides() bool { return s == TakedownHides || s == TakedownObjected }

// MayObject reports whether a user may object to a takedown now.
func (t Takedown) MayObject(user int64, now time.Time) bool {
	return t.State == TakedownHides && t.Author.ID == user && now.Before(t.Until)
}

// A TakedownVerdict is what an administrator decides about a takedown.
type TakedownVerdict string

// The verdicts about takedowns.
const (
	TakedownAccept  TakedownVerdict = "accept"
	TakedownDecline TakedownVerdict = "decline"
	TakedownRestore TakedownVerdict = "restore"
	TakedownDelete  TakedownVerdict = "delete"
)

// Verdicts returns what an administrator may decide now, or nothing.
func (t Takedown) Verdicts(now time.Time) []TakedownVerdict {
	switch {
	case t.State == TakedownWaiting:
		return []TakedownVerdict{TakedownAccept, TakedownDecline}
	case t.State.Hides() && now.Before(t.Until):
		return []TakedownVerdict{TakedownRestore, TakedownDelete}
	}
	return nil
}

// A TakedownRuling is a verdict about a takedown.
type TakedownRuling struct {
	Takedown int64
	By       User
	Verdict  TakedownVerdict
	Note     string
	At       time.Time
}

// A TakedownPage asks for takedowns: those that wait for an administrator or those that hide a
// post, the oldest first, or those that have ended, the newest first.
type TakedownPage struct {
	List  TakedownList
	From  int64 // the id of the last takedown of the page before; 0: the first page
	Limit int
}

// A TakedownList is a list of takedowns.
type TakedownList string

// The lists of takedowns, by the parameter "state" of the address. An objection waits for an
// administrator, and hides.
const (
	TakedownsWaiting TakedownList = ""
	TakedownsHiding  TakedownList = "hidden"
	TakedownsEnded   TakedownList = "ended"
)

// CheckTakedown checks what an asker has typed.
func CheckTakedown(t Takedown) (Takedown, error) {
	var problems [4]*Problem
	t.Name, problems[0] = LineWithin("name", t.Name, 1, TakedownNameMax)
	t.Contact, problems[1] = LineWithin("contact", t.Contact, 1, TakedownContactMax)
	if !slices.Contains(TakedownHarms, t.Harm) {
		problems[2] = &Problem{Field: "harm", Key: "takedown.no_harm"}
	}
	t.Statement, problems[3] = TextWithin("statement", t.Statement, 1, TakedownStatementMax)
	var inv Invalid
	for _, p := range problems {
		inv.Add(p)
	}
	return t, inv.Err()
}

// Objection checks the text of an objection.
func Objection(raw string) (string, *Problem) { return TextWithin("text", raw, 1, ObjectionMax) }

// ContactAddress returns the e-mail address that a contact is, or "".
func ContactAddress(contact string) string {
	address, p := Email(contact)
	if p != nil {
		return ""
	}
	return address
}

// The decisions by which the author of a post gets to know what becomes of a takedown.
const (
	DecisionTakenDown DecisionKind = "takedown"
	DecisionPutBack   DecisionKind = "takedown.restored"
	DecisionTakenAway DecisionKind = "takedown.deleted"
	DecisionCameBack  DecisionKind = "takedown.returned"
)
