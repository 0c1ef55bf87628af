package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"xxsns/app/sns"
)

// thingOfCase selects the reports and cases about a thing.
const thingOfCase = `kind = ? AND thing_id = ? AND seq = ?`

// Report keeps a report, and with the first one about a thing the evidence and its
// pictures. The third person
// whose account is older than sns.ReportAge hides a post or comment, and its author is told.
// again is true if the reporter has reported the thing before: then nothing changes.
// ErrNotFound if the account of the reporter was deleted.
func (s reportStore) Report(ctx context.Context, r sns.Report) (h sns.Hiding, again bool, err error) {
	evidence, err := json.Marshal(r.Evidence)
	if err != nil {
		return h, false, err
	}
	for range reportTries {
		if again, err = s.Reported(ctx, r.Reporter.ID, r.Reported); again || err != nil {
			return h, again, err
		}
		err = s.txTelling(ctx, func(_ *transaction, t *telling) error {
			h, err = t.report(ctx, r, string(evidence))
			return err
		})
		if !errors.Is(err, sns.ErrConflict) { // another one began the case, or the same report arrived twice
			return h, false, err
		}
	}
	return h, false, err
}

// reportTries is how often Report tries: a case begins once, so that the second time finds it.
const reportTries = 3

// Reported reports whether a user has reported a thing.
func (s reportStore) Reported(ctx context.Context, user int64, r sns.Reported) (bool, error) {
	var n int
	err := s.get(ctx, &n, `SELECT COUNT(*) FROM reports WHERE reporter_id = ? AND `+thingOfCase, user, string(r.Kind), r.Thing, r.Seq)
	return n > 0, err
}

// report adds a report to the open case of its thing, or begins one.
func (t *telling) report(ctx context.Context, r sns.Report, evidence string) (h sns.Hiding, err error) {
	counts, err := t.counts(ctx, r)
	if err != nil {
		return h, err
	}
	thing := []any{string(r.Kind), r.Thing, r.Seq}
	err = change(ctx, t.tx, `UPDATE report_cases SET reporters = reporters + 1, counted = counted + ? WHERE `+thingOfCase+` AND open = 1`, append([]any{counts}, thing...)...)
	if errors.Is(err, sns.ErrNotFound) {
		err = t.beginCase(ctx, r, counts, evidence)
	}
	if err != nil {
		return h, err
	}
	if err := ignoring(lockPostOf(ctx, t.tx, r.Reported), sns.ErrNotFound); err != nil {
		return h, err
	}
	var at struct {
		ID      int64 `db:"id"`
		Counted int   `db:"counted"`
	}
	if err := t.tx.GetContext(ctx, &at, `SELECT id, counted FROM report_cases WHERE `+thingOfCase+` AND open = 1`, thing...); err != nil {
		return h, err
	}
	_, err = t.tx.ExecContext(ctx, `INSERT INTO reports (case_id, reporter_id, kind, thing_id, seq, reason, note, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		at.ID, r.Reporter.ID, string(r.Kind), r.Thing, r.Seq, r.Reason, r.Note, micros(r.At))
	if err != nil || at.Counted < sns.ReportsToHide {
		return h, err
	}
	if h, err = t.hide(ctx, r.Reported, r.At); err != nil || h.Gone.Kind == "" {
		return h, err
	}
	return h, t.decide(ctx, sns.Decision{User: r.Subject, Kind: sns.DecisionHeld, Note: r.Evidence.Words(), At: r.At})
}

// beginCase opens a case with the evidence and the pictures of its first report.
func (t *telling) beginCase(ctx context.Context, r sns.Report, counts int, evidence string) error {
	id, err := insert(ctx, t.tx, `INSERT INTO report_cases (kind, thing_id, seq, subject_id, reporters, counted, open, opened_at, decided_by, decision, note, evidence)
		VALUES (?, ?, ?, ?, 1, ?, 1, ?, 0, '', '', ?)`, string(r.Kind), r.Thing, r.Seq, r.Subject, counts, micros(r.At), evidence)
	if err != nil {
		return err
	}
	return casePictures.keep(ctx, t.tx, id, r.Pictures)
}

// counts locks the account of a reporter, and returns 1 if it is old enough for its report to
// count towards hiding, else 0.
func (t *telling) counts(ctx context.Context, r sns.Report) (int, error) {
	if err := lockUser(ctx, t.tx, r.Reporter.ID); err != nil {
		return 0, err
	}
	if r.Reporter.CreatedAt.After(r.At.Add(-sns.ReportAge)) {
		return 0, nil
	}
	return 1, nil
}

// Rule decides a case: what was reported is dealt with, the reporters and whose thing it is
// are told, and the act is logged, all at once. by must be an administrator still, else
// sns.ErrForbidden; or the mentor who leads the room of a reported message. sns.ErrConflict if
// somebody else has decided, sns.Invalid about oneself and for what Suspend refuses.
func (s reportStore) Rule(ctx context.Context, r sns.Ruling) (h sns.Hiding, err error) {
	c, err := s.Case(ctx, r.Case)
	if err != nil {
		return h, err
	}
	defer (userStore)(s).forgetUser(c.Subject.ID)
	err = s.txTelling(ctx, func(tx *transaction, t *telling) error {
		if err := lockJudge(ctx, tx, c, r); err != nil {
			return err
		}
		err := change(ctx, tx, `UPDATE report_cases SET open = NULL, decided_at = ?, decided_by = ?, decision = ?, note = ? WHERE id = ? AND open = 1`,
			micros(r.At), r.By.ID, string(r.Verdict), r.Note, c.ID)
		if errors.Is(err, sns.ErrNotFound) {
			return sns.ErrConflict
		}
		if err != nil {
			return err
		}
		if h, err = t.carryOut(ctx, c, r); err != nil {
			return err
		}
		return t.tellReporters(ctx, c, r)
	})
	h.Subject = c.Subject.ID
	return h, err
}

// lockJudge locks the right of r.By to decide a case.
func lockJudge(ctx context.Context, tx *transaction, c sns.Case, r sns.Ruling) error {
	if r.By.ID == c.Subject.ID {
		return sns.Invalid{{Field: "form", Key: "report.oneself"}}
	}
	err := lockAdmin(ctx, tx, r.By.ID, r.At)
	if !errors.Is(err, sns.ErrForbidden) || c.Kind != sns.ReportMessage {
		return err
	}
	err = lockRow(ctx, tx, `users`, `id = ? AND role = ? AND suspended_until <= ? AND deleted_at IS NULL`, r.By.ID, sns.RoleMentor, micros(r.At))
	if err == nil {
		err = lockRow(ctx, tx, `rooms`, `id = ? AND mentor_id = ?`, c.Thing, r.By.ID)
	}
	if errors.Is(err, sns.ErrNotFound) {
		return sns.ErrForbidden
	}
	return err
}

// ruledActs are the acts of verdicts. Messages and seats are in the hands of package chat,
// which logs what it does.
var ruledActs = map[sns.Verdict]sns.ActKind{
	sns.VerdictDismiss: sns.ActDismiss, sns.VerdictHide: sns.ActHide, sns.VerdictDelete: sns.ActDelete, sns.VerdictWarn: sns.ActWarn,
}

// ruledDecisions are the decisions by which the one whose thing it is gets to know a verdict. Who
// is suspended reads why in the place of every page.
var ruledDecisions = map[sns.Verdict]sns.DecisionKind{
	sns.VerdictHide: sns.DecisionHidden, sns.VerdictDelete: sns.DecisionDeleted, sns.VerdictWarn: sns.DecisionWarned, sns.VerdictRemove: sns.DecisionRemoved,
}

// carryOut does what a verdict says, logs it, and tells whose thing it is.
func (t *telling) carryOut(ctx context.Context, c sns.Case, r sns.Ruling) (h sns.Hiding, err error) {
	tells := ruledDecisions[r.Verdict]
	switch r.Verdict {
	case sns.VerdictDismiss:
		var shown bool
		if shown, err = t.show(ctx, c.Reported); shown {
			tells = sns.DecisionShown
		}
	case sns.VerdictHide:
		h, err = t.hide(ctx, c.Reported, r.At)
	case sns.VerdictDelete:
		h, err = t.erase(ctx, c.Reported, r.At)
	case sns.VerdictSuspend:
		err = suspend(ctx, t.tx, r.Suspension)
	case sns.VerdictWarn, sns.VerdictRemove:
	}
	if err != nil {
		return h, err
	}
	if kind, ok := ruledActs[r.Verdict]; ok {
		if err := logAct(ctx, t.tx, sns.Act{By: r.By, Kind: kind, User: c.Subject, Note: r.Note, At: r.At}); err != nil {
			return h, err
		}
	}
	if tells == "" {
		return h, nil
	}
	return h, t.decide(ctx, sns.Decision{User: c.Subject.ID, Kind: tells, Note: told(c.Evidence.Words(), r.Note), At: r.At})
}

// told returns the note of a decision about a text: its first words, and the reason.
func told(words, reason string) string {
	switch {
	case words == "":
		return reason
	case reason == "":
		return "“" + words + "”"
	}
	return "“" + words + "”\n" + reason
}

// tellReporters tells all who have reported the thing of a case what became of it. The words of
// a deleted account are quoted no more.
func (t *telling) tellReporters(ctx context.Context, c sns.Case, r sns.Ruling) error {
	kind := sns.DecisionActed
	if r.Verdict == sns.VerdictDismiss {
		kind = sns.DecisionDismissed
	}
	words := c.Evidence.Words()
	if c.Subject.Deleted() {
		words = ""
	}
	var reporters []int64
	if err := t.tx.SelectContext(ctx, &reporters, `SELECT reporter_id FROM reports WHERE case_id = ? ORDER BY reporter_id`, c.ID); err != nil {
		return err
	}
	for _, reporter := range reporters {
		if err := t.decide(ctx, sns.Decision{User: reporter, Kind: kind, Note: told(words, r.Note), At: r.At}); err != nil {
			return err
		}
	}
	return nil
}

// ForgetEvidence deletes the evidence of cases that were decided sns.EvidenceLife ago, with its
// pictures, and returns their number.
func (s reportStore) ForgetEvidence(ctx context.Context, now time.Time) (n int64, err error) {
	const old = `decided_at <= ? AND evidence <> ''`
	before := micros(now.Add(-sns.EvidenceLife))
	_, err = s.deleteRows(ctx, `DELETE FROM case_pictures WHERE case_id IN (SELECT id FROM report_cases WHERE `+old+`)`, before)
	if err != nil {
		return 0, err
	}
	return s.deleteRows(ctx, `UPDATE report_cases SET evidence = '' WHERE `+old, before)
}
