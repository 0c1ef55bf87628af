package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"strings"

	"xxsns/app/sns"
)

const caseColumns = `c.id, c.kind, c.thing_id, c.seq, c.subject_id, c.reporters, c.opened_at, c.decided_at, c.decided_by, c.decision, c.note`

// A caseRow is a case, with evidence if it was asked for.
type caseRow struct {
	ID        int64         `db:"id"`
	Kind      string        `db:"kind"`
	Thing     int64         `db:"thing_id"`
	Seq       int64         `db:"seq"`
	Subject   int64         `db:"subject_id"`
	Reporters int           `db:"reporters"`
	OpenedAt  int64         `db:"opened_at"`
	DecidedAt sql.NullInt64 `db:"decided_at"`
	DecidedBy int64         `db:"decided_by"`
	Decision  string        `db:"decision"`
	Note      string        `db:"note"`
	Evidence  string        `db:"evidence"`
}

func (r caseRow) reportCase() (c sns.Case, err error) {
	c = sns.Case{
		ID: r.ID, Reported: sns.Reported{Kind: sns.ReportKind(r.Kind), Thing: r.Thing, Seq: r.Seq}, Subject: sns.User{ID: r.Subject}, Reporters: r.Reporters,
		OpenedAt: timeOf(r.OpenedAt), DecidedAt: timeOrZero(r.DecidedAt), DecidedBy: sns.User{ID: r.DecidedBy}, Verdict: sns.Verdict(r.Decision), Note: r.Note,
	}
	if r.Evidence != "" {
		err = json.Unmarshal([]byte(r.Evidence), &c.Evidence)
	}
	return c, err
}

// Case returns a case with its evidence and the pictures of it. ErrNotFound.
func (s reportStore) Case(ctx context.Context, id int64) (sns.Case, error) {
	var row caseRow
	if err := s.get(ctx, &row, `SELECT `+caseColumns+`, c.evidence FROM report_cases c WHERE c.id = ?`, id); err != nil {
		return sns.Case{}, err
	}
	c, err := row.reportCase()
	if err != nil {
		return c, err
	}
	if c.Pictures, err = casePictures.of(ctx, s.database, id); err != nil {
		return c, err
	}
	cases := []sns.Case{c}
	err = s.namePeople(ctx, cases)
	return cases[0], err
}

// WritePicture writes a picture of the evidence of a case to w, a part at a time. ErrNotFound if
// the picture is gone.
func (s reportStore) WritePicture(ctx context.Context, w io.Writer, id int64, p sns.Document) error {
	return casePictures.write(ctx, s.database, w, id, p)
}

// ofMentor selects cases about what others said in the rooms of a mentor.
const ofMentor = `c.kind = 'message' AND c.subject_id <> ? AND EXISTS (SELECT 1 FROM rooms r WHERE r.id = c.thing_id AND r.mentor_id = ?)`

// Cases returns a page of cases.
func (s reportStore) Cases(ctx context.Context, p sns.CasePage) ([]sns.Case, error) {
	where, order, args := []string{`c.open = 1`, `c.id > ?`}, ` ORDER BY c.id`, []any{p.From}
	if p.Decided {
		where, order, args = []string{`c.open IS NULL`}, ` ORDER BY c.id DESC`, nil
		if p.From > 0 {
			where, args = append(where, `c.id < ?`), []any{p.From}
		}
	}
	if p.Mentor != 0 {
		where, args = append(where, ofMentor), append(args, p.Mentor, p.Mentor)
	}
	var rows []caseRow
	err := s.list(ctx, &rows, `SELECT `+caseColumns+`, c.evidence FROM report_cases c WHERE `+strings.Join(where, ` AND `)+order+limited(p.Limit), args...)
	if err != nil {
		return nil, err
	}
	cases := make([]sns.Case, len(rows))
	for i, row := range rows {
		if cases[i], err = row.reportCase(); err != nil {
			return nil, err
		}
	}
	return cases, s.namePeople(ctx, cases)
}

// namePeople completes the people of cases, as they are now.
func (s reportStore) namePeople(ctx context.Context, cases []sns.Case) error {
	var ids []int64
	for _, c := range cases {
		ids = append(ids, c.Subject.ID, c.DecidedBy.ID)
	}
	users, err := (userStore)(s).Users(ctx, ids)
	for i := range cases {
		for _, u := range []*sns.User{&cases[i].Subject, &cases[i].DecidedBy} {
			if known, ok := users[u.ID]; ok {
				*u = known
			}
		}
	}
	return err
}

// CountCases returns how many cases are open, at most most: all, or those about messages in the
// rooms of a mentor.
func (s reportStore) CountCases(ctx context.Context, mentor int64, most int) (n int, err error) {
	where, args := `c.open = 1`, []any(nil)
	if mentor != 0 {
		where, args = where+` AND `+ofMentor, []any{mentor, mentor}
	}
	err = s.get(ctx, &n, `SELECT COUNT(*) FROM (SELECT c.id FROM report_cases c WHERE `+where+limited(most)+`) counted`, args...)
	return n, err
}

// A reportRow is a report with its case.
type reportRow struct {
	caseRow
	Report   int64  `db:"report_id"`
	Reporter int64  `db:"reporter_id"`
	Reason   string `db:"reason"`
	Words    string `db:"words"`
	At       int64  `db:"at"`
}

const reportQuery = `SELECT ` + caseColumns + `, '' AS evidence, r.id AS report_id, r.reporter_id, r.reason, r.note AS words, r.at
	FROM reports r JOIN report_cases c ON c.id = r.case_id WHERE `

// ReportsOf returns the latest reports by a user, the newest first.
func (s reportStore) ReportsOf(ctx context.Context, user int64, limit int) ([]sns.Report, error) {
	return s.reports(ctx, `r.reporter_id = ? ORDER BY r.id DESC`+limited(limit), user)
}

// ReportsIn returns the first reports of a case, the oldest first.
func (s reportStore) ReportsIn(ctx context.Context, id int64, limit int) ([]sns.Report, error) {
	return s.reports(ctx, `r.case_id = ? ORDER BY r.id`+limited(limit), id)
}

func (s reportStore) reports(ctx context.Context, where string, arg int64) ([]sns.Report, error) {
	var rows []reportRow
	if err := s.list(ctx, &rows, reportQuery+where, arg); err != nil {
		return nil, err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.Reporter
	}
	users, err := (userStore)(s).Users(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := make([]sns.Report, len(rows))
	for i, row := range rows {
		c, err := row.reportCase()
		if err != nil {
			return nil, err
		}
		reporter, ok := users[row.Reporter]
		if !ok {
			reporter = sns.User{ID: row.Reporter}
		}
		all[i] = sns.Report{ID: row.Report, Reporter: reporter, Reported: c.Reported, Subject: c.Subject.ID, Reason: row.Reason, Note: row.Words, At: timeOf(row.At), Case: c}
	}
	return all, nil
}
