package sns

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of reports. Lengths are in graphemes.
const (
	ReportNoteMax = 500
	// ReportsToHide is how many people must report a post or comment until it is hidden.
	ReportsToHide = 3
	// ReportAge is the age of an account whose reports count for that.
	ReportAge = 24 * time.Hour
	// EvidenceLife is how long evidence is kept after the decision.
	EvidenceLife = 90 * 24 * time.Hour
	// EvidenceAround is how many messages before and after a reported one are kept.
	EvidenceAround = 5
	// EvidenceWords is how many characters of a text are enough to know it by.
	EvidenceWords = 80
)

// A ReportKind is a kind of things that can be reported.
type ReportKind string

// The kinds of reported things.
const (
	ReportPost    ReportKind = "post"
	ReportComment ReportKind = "comment"
	ReportMessage ReportKind = "message"
	ReportUser    ReportKind = "user"
)

// ReportReasons are the reasons of reports, in the order of the form.
var ReportReasons = []string{"spam", "abuse", "sexual", "privacy", "illegal", "other"}

// A Reported names a thing that is or may be reported.
type Reported struct {
	Kind  ReportKind
	Thing int64 // id of the post, comment or user; of the room of a message
	Seq   int64 // of a message; else 0
}

// ParseReported returns the thing of a kind with an id as forms name it: ROOM-SEQ for a
// message. ok is false if there can be no such thing.
func ParseReported(kind, id string) (r Reported, ok bool) {
	r.Kind = ReportKind(kind)
	if !slices.Contains([]ReportKind{ReportPost, ReportComment, ReportMessage, ReportUser}, r.Kind) {
		return r, false
	}
	var err error
	if room, seq, found := strings.Cut(id, "-"); found && r.Kind == ReportMessage {
		if r.Seq, err = strconv.ParseInt(seq, 10, 64); err != nil || r.Seq < 1 {
			return r, false
		}
		id = room
	} else if r.Kind == ReportMessage {
		return r, false
	}
	r.Thing, err = strconv.ParseInt(id, 10, 64)
	return r, err == nil && r.Thing > 0
}

// Key returns the id as forms name it.
func (r Reported) Key() string {
	if r.Kind == ReportMessage {
		return strconv.FormatInt(r.Thing, 10) + "-" + strconv.FormatInt(r.Seq, 10)
	}
	return strconv.FormatInt(r.Thing, 10)
}

// A Report says that a user finds something wrong with a thing of another user.
type Report struct {
	ID       int64
	Reporter User
	Reported
	Subject  int64 // whose thing it is
	Reason   string
	Note     string
	At       time.Time
	Evidence Evidence
	Pictures []Document // the images of the evidence; the first report of a thing keeps them
	Case     Case       // that gathers the report
}

// ReportWords checks the reason and the note of a report.
func ReportWords(reason, note string) (checked string, err error) {
	var inv Invalid
	if !slices.Contains(ReportReasons, reason) {
		inv.Add(&Problem{Field: "reason", Key: "report.no_reason"})
	}
	note, p := TextWithin("note", note, 0, ReportNoteMax)
	inv.Add(p)
	return note, inv.Err()
}

// Evidence is a copy of a reported thing with what stands around it, as of the first report.
// The copy stays when the thing is deleted.
type Evidence struct {
	Path  string // of the page of the thing
	Lines []EvidenceLine
}

// An EvidenceLine is a text in evidence.
type EvidenceLine struct {
	Author   int64
	Name     string // of the author at that time
	Text     string
	Images   []string // names of files
	At       time.Time
	Reported bool // the thing itself; else it stands around it
}

// Words returns the beginning of the reported text.
func (e Evidence) Words() string {
	for _, l := range e.Lines {
		if l.Reported {
			return Beginning(l.Text, EvidenceWords)
		}
	}
	return ""
}

// Beginning returns the first characters of a text, as one line.
func Beginning(text string, most int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

// A Verdict is what becomes of a reported thing and of the user whose thing it is.
type Verdict string

// The verdicts. VerdictRemove is for mentors alone.
const (
	VerdictDismiss Verdict = "dismiss"
	VerdictHide    Verdict = "hide"
	VerdictDelete  Verdict = "delete"
	VerdictWarn    Verdict = "warn"
	VerdictSuspend Verdict = "suspend"
	VerdictRemove  Verdict = "remove" // from the room
)

// Verdicts returns what administrators may decide about a kind of things.
func (k ReportKind) Verdicts() []Verdict {
	switch k {
	case ReportPost, ReportComment:
		return []Verdict{VerdictDismiss, VerdictHide, VerdictDelete, VerdictWarn, VerdictSuspend}
	case ReportMessage:
		return []Verdict{VerdictDismiss, VerdictDelete, VerdictWarn, VerdictSuspend}
	case ReportUser:
		return []Verdict{VerdictDismiss, VerdictWarn, VerdictSuspend}
	}
	return nil
}

// MentorVerdicts are what a mentor may decide about messages in their own rooms.
var MentorVerdicts = []Verdict{VerdictDismiss, VerdictDelete, VerdictRemove}

// A Case gathers the reports about one thing until they are decided.
type Case struct {
	ID int64
	Reported
	Subject   User
	Reporters int
	OpenedAt  time.Time

	DecidedAt time.Time // zero: open
	DecidedBy User
	Verdict   Verdict
	Note      string     // reason of the verdict
	Evidence  Evidence   // empty after EvidenceLife
	Pictures  []Document // of the evidence, by the names of its images; none in lists, and after EvidenceLife
}

// Open reports whether the case waits for a decision.
func (c Case) Open() bool { return c.DecidedAt.IsZero() }

// A CasePage asks for cases: open ones, the oldest first, or decided ones, the newest first.
type CasePage struct {
	Decided bool
	From    int64 // the id of the last case of the page before; 0: the first page
	Mentor  int64 // leaves only messages in the rooms of this mentor; 0: all cases
	Limit   int
}

// A Ruling is a verdict in a case.
type Ruling struct {
	Case    int64
	By      User
	Verdict Verdict
	Note    string
	At      time.Time

	Suspension Suspension // of VerdictSuspend
}

// RulingNote checks the reason of a verdict, which may be empty.
func RulingNote(raw string) (string, *Problem) { return TextWithin("note", raw, 0, SuspensionMax) }

// A HiddenPost is a post that reports or a takedown hide, with its author and text alone.
type HiddenPost struct {
	Post
	At       time.Time
	Reported bool // reports hide it, perhaps beside a takedown
}

// A Hiding says what a change of the database has hidden, shown again or deleted, so that
// open pages can be told.
type Hiding struct {
	Gone    Reported // kind "": nothing
	Post    int64    // of a comment
	Counts  Counts   // of the post of a comment, if the post is there
	Images  []string // files that no row refers to any more
	Subject int64
}
