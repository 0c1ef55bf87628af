package view

import (
	"cmp"
	"time"

	"xxsns/app/sns"
)

// TakedownPath is the path of the form that asks for a takedown; the page of a takedown is below.
const TakedownPath = "/takedown"

// TakedownsPath is the path of the administrators' list of takedowns.
const TakedownsPath = "/admin/takedowns"

// AuthorTakedownPath returns the path of the page of a takedown for the author of the post.
func AuthorTakedownPath(id int64) string { return TakedownPath + "/" + Itoa(id) }

// harmTexts are the names of the harms of takedowns.
var harmTexts = map[string]string{
	"defamation": "takedown.harm_defamation", "privacy": "takedown.harm_privacy", "portrait": "takedown.harm_portrait",
	"copyright": "takedown.harm_copyright", "other": "takedown.harm_other",
}

// takedownLooks are the names of the states of takedowns, and the sentences that asker and author
// read.
var takedownLooks = map[sns.TakedownState]struct{ name, asker, author string }{
	sns.TakedownWaiting:  {"takedown.waiting", "takedown.waiting_asker", ""},
	sns.TakedownHides:    {"takedown.hides", "takedown.hides_asker", "takedown.hides_author"},
	sns.TakedownObjected: {"takedown.objected", "takedown.objected_asker", "takedown.objected_author"},
	sns.TakedownDeclined: {"takedown.declined", "takedown.declined_asker", ""},
	sns.TakedownRestored: {"takedown.restored", "takedown.restored_asker", "takedown.restored_author"},
	sns.TakedownDeleted:  {"takedown.deleted", "takedown.deleted_asker", "takedown.deleted_author"},
	sns.TakedownReturned: {"takedown.returned", "takedown.returned_asker", "takedown.returned_author"},
	sns.TakedownGone:     {"takedown.gone", "takedown.gone_asker", "takedown.gone_author"},
}

// NewTakedown is takedown/_form: the form that asks for a takedown.
type NewTakedown struct {
	Key             string
	URL             Input
	Name, Contact   Input
	Harms           []Choice
	HarmError       string // or empty
	Statement       Input
	ProofError      string // or empty
	Proofs, ProofMB int    // limits
	Days, KeptDays  int
	Form            Form
}

// NewTakedown returns the form with what was typed.
func (l *Locale) NewTakedown(key string, f Form) NewTakedown {
	v := NewTakedown{
		Key: key, Form: f,
		URL:       f.Input("url", l.T("takedown.url"), l.T("takedown.url_help")).Must(),
		Name:      f.Input("name", l.T("takedown.name"), l.T("takedown.name_help")).Must(),
		Contact:   f.Input("contact", l.T("takedown.contact"), l.T("takedown.contact_help")).Must(),
		Statement: f.Input("statement", l.T("takedown.statement"), l.T("takedown.statement_help", "Max", sns.TakedownStatementMax)).Long(6).Must(),
		HarmError: f.Field("harm").Error, ProofError: f.Field("proof").Error,
		Proofs: sns.TakedownProofsMax, ProofMB: 10, Days: daysOf(sns.TakedownTime), KeptDays: daysOf(sns.TakedownLife),
	}
	for _, harm := range sns.TakedownHarms {
		v.Harms = append(v.Harms, Choice{harm, l.T(harmTexts[harm]), f.Field("harm").Value == harm})
	}
	return v
}

// A Takedown is takedown/_record: a takedown, as the asker, the author or an administrator sees it.
// Fields that the reader shall not know are empty.
type Takedown struct {
	ID       int64
	Post     string // path of the post
	Address  string // whole address of the post
	State    string // name
	Text     string // what the state means to the reader
	Ended    bool
	Harm     string
	Asked    Time
	Until    string // the day and time at which the post comes back, or empty
	Left     string // how many days are left, as a sentence, or empty
	Note     string // of who decided, or empty
	When     Time   // of the decision
	Decided  bool
	Objected bool
	Object   Time // when the author objected
	EndedAt  Time

	Mine      bool   // the reader is the author
	Words     string // for author and administrators
	Objection string // for author and administrators

	Action string // path of the form of an objection, or of a decision; empty: none
	Form   Form   // text; decision, note

	Name, Contact, Statement string // for administrators
	Author, Person           string
	Proofs                   []TakedownProof
	Verdicts                 []Choice
	By                       string
	Early                    bool // the author may still object
}

// A TakedownProof is a file of a takedown, for administrators.
type TakedownProof struct{ Name, URL, Size string }

// takedown returns what everybody who sees a takedown reads.
func (l *Locale) takedown(t sns.Takedown, address string, text string, now time.Time) Takedown {
	v := Takedown{
		ID: t.ID, Post: PostPath(t.Post), Address: address, State: l.T(takedownLooks[t.State].name), Ended: t.State.Ended(), Harm: l.T(harmTexts[t.Harm]),
		Asked: l.Time(t.AskedAt, now), Note: t.Note, Decided: !t.DecidedAt.IsZero(), Objected: !t.ObjectedAt.IsZero(),
	}
	if v.Decided {
		v.When = l.Time(t.DecidedAt, now)
	}
	if v.Objected {
		v.Object = l.Time(t.ObjectedAt, now)
	}
	if !t.EndedAt.IsZero() {
		v.EndedAt = l.Time(t.EndedAt, now)
	}
	if t.State.Hides() {
		v.Until = l.Date("time.full", t.Until)
		v.Left = l.T("takedown.left", "Days", daysLeft(t.Until, now))
	}
	if text != "" {
		v.Text = l.T(text, "Until", v.Until)
	}
	return v
}

// daysLeft returns how many days are left until a moment, rounded up.
func daysLeft(until, now time.Time) int {
	const day = 24 * time.Hour
	return int((max(0, until.Sub(now)) + day - 1) / day)
}

// AskedTakedown returns the page of a takedown for the asker, who may not be able to read the post.
func (l *Locale) AskedTakedown(t sns.Takedown, address string, now time.Time) Takedown {
	return l.takedown(t, address, takedownLooks[t.State].asker, now)
}

// AuthorTakedown returns the page of a takedown for the author of the post, who is not told who
// has asked, nor in which words.
func (l *Locale) AuthorTakedown(t sns.Takedown, address string, f Form, now time.Time) Takedown {
	v := l.takedown(t, address, takedownLooks[t.State].author, now)
	v.Mine, v.Words, v.Objection, v.Form = true, t.Words, t.Objection, f
	if t.MayObject(t.Author.ID, now) {
		v.Action = AuthorTakedownPath(t.ID) + "/object"
	}
	return v
}

// TakedownLinks returns links to the author's pages of takedowns.
func (l *Locale) TakedownLinks(all []sns.Takedown) []Link {
	links := make([]Link, len(all))
	for i, t := range all {
		links[i] = Link{cmp.Or(t.Words, l.T("notice.image")), AuthorTakedownPath(t.ID)}
	}
	return links
}
