package view

import (
	"slices"
	"time"

	"xxsns/app/sns"
)

// ReportsPath is the path of the administrators' queue of reports.
const ReportsPath = "/admin/reports"

// DeskReportsPath is the path of a mentor's queue of reports.
const DeskReportsPath = "/desk/reports"

// reasonTexts are the names of the reasons of reports.
var reasonTexts = map[string]string{
	"spam": "report.reason_spam", "abuse": "report.reason_abuse", "sexual": "report.reason_sexual",
	"privacy": "report.reason_privacy", "illegal": "report.reason_illegal", "other": "report.reason_other",
}

// kindTexts are the names of what can be reported.
var kindTexts = map[sns.ReportKind]string{
	sns.ReportPost: "report.kind_post", sns.ReportComment: "report.kind_comment",
	sns.ReportMessage: "report.kind_message", sns.ReportUser: "report.kind_user",
}

// CasePath returns the path of the page of a case.
func CasePath(queue string, id int64) string { return queue + "/" + Itoa(id) }

// NewReportPath returns the path of the form that reports a thing.
func NewReportPath(r sns.Reported) string {
	return PageURL("/reports/new", "kind", string(r.Kind), "id", r.Key())
}

// NewReport is report/_form: the form that reports a thing.
type NewReport struct {
	Kind, ID string
	Name     string // of the author, or of the reported person
	Words    string // how the reported text begins, or empty
	Back     string // path of the thing
	Reasons  []Choice
	Form     Form // reason, note
	Limit    int  // of the note, in graphemes
}

// NewReport returns the form of a report; reason is the chosen one, or empty.
func (l *Locale) NewReport(r sns.Report, name string, f Form) NewReport {
	v := NewReport{
		Kind: string(r.Kind), ID: r.Key(), Name: name, Words: r.Evidence.Words(), Back: r.Evidence.Path, Form: f, Limit: sns.ReportNoteMax,
	}
	for _, reason := range sns.ReportReasons {
		v.Reasons = append(v.Reasons, Choice{reason, l.T(reasonTexts[reason]), f.Field("reason").Value == reason})
	}
	return v
}

// A MyReport is a row of report/list: what the viewer has reported, and what became of it.
type MyReport struct {
	ID     int64
	Text   string // what and why
	Note   string
	State  string
	Time   Time
	Answer string // of who decided, or empty
}

// MyReports returns the viewer's reports.
func (l *Locale) MyReports(reports []sns.Report, now time.Time) []MyReport {
	all := make([]MyReport, len(reports))
	for i, r := range reports {
		all[i] = MyReport{
			ID: r.ID, Text: l.T(kindTexts[r.Kind]) + " · " + l.T(reasonTexts[r.Reason]), Note: r.Note,
			State: l.outcome(r.Case), Time: l.Time(r.At, now), Answer: r.Case.Note,
		}
	}
	return all
}

// outcome returns what became of a report, as its reporter reads it.
func (l *Locale) outcome(c sns.Case) string {
	switch {
	case c.Open():
		return l.T("report.waits")
	case c.Verdict == sns.VerdictDismiss:
		return l.T("report.dismissed")
	}
	return l.T("report.acted")
}

// Cases is admin/reports and room/reports: a queue of cases.
type Cases struct {
	Tabs  []Tab // open and decided ones
	Cases []CaseRow
	Open  int // how many are open, at most OpenCasesMost
	More  string
}

// OpenCasesMost is the largest number of open cases that is counted.
const OpenCasesMost = 99

// A CaseRow is a case in a queue.
type CaseRow struct {
	ID        int64
	URL       string
	Kind      string // of the thing
	Words     string // how the text begins
	Subject   string // name
	Reporters string // how many, as a sentence
	State     string // the verdict, or empty
	Time      Time
}

// Cases returns a page of a queue at a path; next is the URL of the next page, or empty.
func (l *Locale) Cases(path string, decided bool, cases []sns.Case, open int, next string, now time.Time) Cases {
	v := Cases{Open: open, More: next, Tabs: []Tab{
		NewTab(l.T("report.open"), path, !decided), NewTab(l.T("report.decided"), path+"?state=decided", decided),
	}}
	for _, c := range cases {
		row := CaseRow{
			ID: c.ID, URL: CasePath(path, c.ID), Kind: l.T(kindTexts[c.Kind]), Words: c.Evidence.Words(),
			Subject: l.Name(c.Subject), Reporters: l.T("report.reporters", "Count", c.Reporters), Time: l.Time(c.OpenedAt, now),
		}
		if !c.Open() {
			row.State = l.T("verdict." + string(c.Verdict))
		}
		v.Cases = append(v.Cases, row)
	}
	return v
}

// A Case is report/_case: a case with its evidence and the form of a decision.
type Case struct {
	ID       int64
	Action   string // path of the form
	Kind     string
	Path     string // of the thing
	Subject  string
	Person   string // path of the page of the subject for administrators, or empty
	Evidence []EvidenceLine
	Reports  []MyReport // State is the name of the reporter
	Acts     []Act      // to the subject before
	Verdicts []Choice   // what may be decided; none after the decision, and about oneself
	Days     bool       // the form asks for the days of a suspension
	Form     Form       // decision, days, note
	Decided  string     // by whom and how, or empty
	Note     string     // of the decision
	When     Time       // of the decision
}

// An EvidenceLine is a text in evidence.
type EvidenceLine struct {
	Name, Text string
	Pictures   []string // URLs
	Lost       int      // how many images no copy was kept of
	Reported   bool
	Time       Time
}

// Case returns the page of a case in the queue at a path, with the verdicts that the viewer may
// give.
func (l *Locale) Case(path string, c sns.Case, reports []sns.Report, verdicts []sns.Verdict, f Form, now time.Time) Case {
	v := Case{ID: c.ID, Action: CasePath(path, c.ID), Kind: l.T(kindTexts[c.Kind]), Path: c.Evidence.Path, Subject: l.Name(c.Subject), Form: f}
	for _, line := range c.Evidence.Lines {
		shown := EvidenceLine{Name: line.Name, Text: line.Text, Reported: line.Reported, Time: l.Time(line.At, now)}
		for _, name := range line.Images {
			i := slices.IndexFunc(c.Pictures, func(p sns.Document) bool { return p.Name == name })
			if i < 0 {
				shown.Lost++
				continue
			}
			shown.Pictures = append(shown.Pictures, v.Action+"/pictures/"+Itoa(c.Pictures[i].Number))
		}
		v.Evidence = append(v.Evidence, shown)
	}
	for _, r := range reports {
		v.Reports = append(v.Reports, MyReport{ID: r.ID, Text: l.T(reasonTexts[r.Reason]), Note: r.Note, State: l.Name(r.Reporter), Time: l.Time(r.At, now)})
	}
	if !c.Open() {
		v.Decided, v.Note, v.When = l.T("report.by", "Name", l.Name(c.DecidedBy), "Verdict", l.T("verdict."+string(c.Verdict))), c.Note, l.Time(c.DecidedAt, now)
		return v
	}
	for _, verdict := range verdicts {
		v.Verdicts = append(v.Verdicts, Choice{string(verdict), l.T("verdict." + string(verdict)), f.Field("decision").Value == string(verdict)})
		v.Days = v.Days || verdict == sns.VerdictSuspend
	}
	return v
}
