package store_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"xxsns/app/sns"
)

// peopleTables are the tables of crowdedCases.
const peopleTables = "report_cases, reports, takedowns, mails, mail_readers, former_names, hidden_posts, hidden_comments, admin_log"

// ofOpenTakedowns are queries that sort what waits for a decision or hides a post: a few of all
// takedowns.
var ofOpenTakedowns = regexp.MustCompile(`FROM takedowns t WHERE [^?]*t\.state IN \(`)

// hotPeopleReads are the queries by which administrators look after people, and those that the
// program repeats for them. None may slow down with what was decided long ago.
func (d *database) hotPeopleReads() map[string]func(context.Context) error {
	cases := func(p sns.CasePage) func(context.Context) error {
		p.Limit = pageSize
		return func(ctx context.Context) error { _, err := d.Cases(ctx, p); return err }
	}
	takedowns := func(p sns.TakedownPage) func(context.Context) error {
		p.Limit = pageSize
		return func(ctx context.Context) error { _, err := d.Takedowns(ctx, p); return err }
	}
	acts := func(p sns.ActPage) func(context.Context) error {
		p.Limit = pageSize
		return func(ctx context.Context) error { _, err := d.Acts(ctx, p, noon); return err }
	}
	return map[string]func(context.Context) error{
		"open reports":      cases(sns.CasePage{From: 1200}),
		"decided reports":   cases(sns.CasePage{Decided: true, From: 1200}),
		"number of reports": func(ctx context.Context) error { _, err := d.CountCases(ctx, 0, pageSize); return err },
		"reports of a user": func(ctx context.Context) error { _, err := d.ReportsOf(ctx, 5, pageSize); return err },
		"reports in a case": func(ctx context.Context) error { _, err := d.ReportsIn(ctx, 1200, pageSize); return err },
		"a case":            func(ctx context.Context) error { _, err := d.Case(ctx, 1200); return err },
		"reported already": func(ctx context.Context) error {
			_, err := d.Reported(ctx, 5, sns.Reported{Kind: sns.ReportPost, Thing: 1200})
			return err
		},
		"waiting takedowns": takedowns(sns.TakedownPage{}),
		"hiding takedowns":  takedowns(sns.TakedownPage{List: sns.TakedownsHiding, From: 1200}),
		"ended takedowns":   takedowns(sns.TakedownPage{List: sns.TakedownsEnded, From: 1200}),
		"takedown":          func(ctx context.Context) error { _, err := d.Takedown(ctx, 1200); return err },
		"takedowns on":      func(ctx context.Context) error { _, err := d.TakedownsOn(ctx, 5, pageSize); return err },
		"number of them":    func(ctx context.Context) error { _, err := d.CountTakedowns(ctx, pageSize); return err },
		"ending takedowns":  func(ctx context.Context) error { _, err := d.EndTakedowns(ctx, noon); return err },
		"old takedowns":     func(ctx context.Context) error { _, err := d.ForgetTakedowns(ctx, noon.AddDate(-1, 0, 0)); return err },
		"forgotten name": func(ctx context.Context) error {
			_, _, err := d.ForgottenBy(ctx, "someone7@example.com")
			return ignoreMissing(err)
		},
		"mailbox":     func(ctx context.Context) error { _, err := d.Mailbox(ctx, 5); return err },
		"mail reader": func(ctx context.Context) error { _, err := d.MailReader(ctx, 5); return err },
		"due mail": func(ctx context.Context) error {
			_, err := d.ClaimMail(ctx, "token", time.Minute, noon.AddDate(-1, 0, 0))
			return ignoreMissing(err)
		},
		"due digests": func(ctx context.Context) error {
			_, err := d.QueueDigests(ctx, noon.AddDate(-1, 0, 0), noon)
			return err
		},
		"former names": func(ctx context.Context) error { _, err := d.FormerNames(ctx, []int64{3, 5, 7}); return err },
		"called by a former": func(ctx context.Context) error {
			_, err := d.UserCalled(ctx, "옛사람7", noon)
			return ignoreMissing(err)
		},
		"hidden posts":    func(ctx context.Context) error { _, err := d.HiddenPostsBy(ctx, 5, 0, pageSize); return err },
		"hidden comments": func(ctx context.Context) error { _, err := d.HiddenCommentsBy(ctx, 5, 0, pageSize); return err },
		"acts":            acts(sns.ActPage{Before: 1200}),
		"acts of a user":  acts(sns.ActPage{User: 5, Before: 1200}),
		"last suspension": func(ctx context.Context) error { _, err := d.LastSuspension(ctx, 5); return ignoreMissing(err) },
		"record":          func(ctx context.Context) error { _, err := d.Record(ctx, 5, noon); return err },
	}
}

// ignoreMissing returns an error that is not about something missing.
func ignoreMissing(err error) error {
	if errors.Is(err, sns.ErrNotFound) {
		return nil
	}
	return err
}

// crowdedCases makes 3,000 of each thing that administrators decide about, nearly all of it
// decided, as well as mails, former names and acts.
func (d *database) crowdedCases(t *testing.T, people int) {
	t.Helper()
	var cases, reports, takedowns, mails, readers, names, hidden, acts []string
	at := noon.UnixMicro()
	for i := 1; i <= 3000; i++ {
		user, open, decided, state, until, ended := i%people+1, "NULL", fmt.Sprint(at), "declined", "NULL", fmt.Sprint(at)
		if i%100 == 0 {
			open, decided, state, ended = "1", "NULL", "waiting", "NULL"
		}
		if i%100 == 50 {
			state, until, ended = "hides", fmt.Sprint(at+int64(time.Hour/time.Microsecond)), "NULL"
		}
		cases = append(cases, fmt.Sprintf("(%d, 'post', %d, 0, %d, 1, 1, %s, %d, %s, 1, 'dismiss', '', '')", i, i, user, open, at, decided))
		reports = append(reports, fmt.Sprintf("(%d, %d, 'post', %d, 0, 'spam', '', %d)", i, user, i, at))
		takedowns = append(takedowns, fmt.Sprintf("(%d, %d, '유진', '010', 'privacy', '', '', %d, '%s', %s, '', 1, '', %s)", i, user, at, state, until, ended))
		mails = append(mails, fmt.Sprintf("(%d, 'notices', '', %d, %d)", user, at, at))
		names = append(names, fmt.Sprintf("(%d, '옛사람%d', '옛사람%d', '옛사람%d', '', %d, %d)", i, i, i, i, at, at))
		hidden = append(hidden, fmt.Sprintf("(%d, %d, 1, 1, '', '가린 글', '', 1, %d, %d)", 10000+i, user, at, at))
		acts = append(acts, fmt.Sprintf("(1, %d, 'warn', '', '', %d)", user, at))
	}
	for i := 1; i <= people; i++ {
		readers = append(readers, fmt.Sprintf("(%d, 1, 0, 0, %d)", i, at))
	}
	d.insert(t, "report_cases (id, kind, thing_id, seq, subject_id, reporters, counted, open, opened_at, decided_at, decided_by, decision, note, evidence)", cases)
	d.insert(t, "reports (case_id, reporter_id, kind, thing_id, seq, reason, note, at)", reports)
	d.insert(t, "takedowns (post_id, author_id, name, contact, harm, statement, words, asked_at, state, until_at, note, decided_by, objection, ended_at)", takedowns)
	d.insert(t, "mails (user_id, kind, recipient, created_at, due_at)", mails)
	d.insert(t, "mail_readers (user_id, notices, queued, mailed, digest_at)", readers)
	d.insert(t, "former_names (user_id, username, folded, skeleton, search, since_at, until_at)", names)
	d.insert(t, "hidden_posts (id, user_id, board_id, bucket_id, town, content, mentions, version, created_at, hidden_at)", hidden)
	d.insert(t, "admin_log (by_id, user_id, kind, thing, note, at)", acts)
	d.run(t, fmt.Sprintf("UPDATE users SET email_confirmed_at = %d", at))
}
