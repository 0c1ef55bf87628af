package web_test

import (
	"path/filepath"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
)

// Traces of an account at administrators, in mails and in other names go with the account, too. The
// copies in reports stay until 90 days after the decision, as the page of leaving says.
func TestNothingIsLeftOfLookingAfterAPerson(t *testing.T) {
	smtp := apptest.NewSMTPServer(t)
	v := openWithRooms(t, func(c *config.Config) {
		c.PublicURL, c.SMTPURL, c.MailFrom = "https://sns.example.org", smtp.URL(), "sns@example.org"
	})
	m := &markers{}
	theirs := v.posts(v.seojun, "서준의 글")
	v.minji.Post("/settings/email", "email", m.next()+"@example.org", "current_password", apptest.Password).Want(303)
	v.puts("INSERT INTO mails (user_id, kind, recipient, created_at, due_at) VALUES (?, 'confirm', ?, 1, 9999999999999999)", minjiID, m.next()+"@example.org")
	v.minji.Post("/settings/name", "username", m.next(), "password", apptest.Password).Want(303)
	v.edits("UPDATE users SET renamed_at = 1 WHERE id = " + minjiID)
	v.minji.Post("/settings/name", "username", m.next(), "password", apptest.Password).Want(303)
	v.minji.Post("/settings/mentor", "text", m.next()).Want(303)
	v.reports(v.minji, "post", theirs, "spam", m.next())

	hidden, taken := v.posts(v.minji, m.next()), v.posts(v.minji, m.next())
	comment := v.comments(v.minji, theirs, m.next())
	v.comments(v.minji, hidden, m.next())
	v.minji.Post("/posts/"+theirs+"/like", "on", "true").Want(303)
	v.reports(v.seojun, "post", hidden, "spam", "")
	v.reports(v.seojun, "comment", comment, "spam", "")
	for _, number := range []string{"2", "3"} {
		leadsTo(t, v.hyunwoo.Post("/admin/reports/"+number, "decision", "hide", "note", "광고네요"), "/admin/reports")
	}
	v.reports(v.seojun, "post", taken, "spam", "")
	v.asksTakedown("/posts/" + taken)
	v.hyunwoo.Post("/admin/takedowns/1", "decision", "accept", "note", "번호가 보여요").Want(303)
	v.minji.Post("/takedown/1/object", "text", m.next()).Want(303)
	v.puts("INSERT INTO untold_deeds (kind, thing_id, deed_id, told_to, created_at) VALUES ('comment', ?, ?, 0, 1)", theirs, comment)

	folders := []string{filepath.Dir(databaseOf(v.Config)), v.Config.UploadsDir}
	if before := m.found(t, folders...); len(before) != len(m.all) {
		t.Fatalf("only %d of %d markers stand in the files before", len(before), len(m.all))
	}
	says(t, v.minji.Get("/settings/delete").Want(200), "account.stays_reports", "Days", int(sns.EvidenceLife.Hours()/24))
	v.leavesNothing(v.minji)
	says(t, v.seojun.Get("/reports").Want(200).Has("#decisions :contains('광고네요')"), "decision.acted")
	leadsTo(t, v.hyunwoo.Post("/admin/reports/4", "decision", "dismiss", "note", "그만하기로 해요"), "/admin/reports") // decided later
	v.exported(v.seojun)
	copies := strings.Join(lines(t, v.database(), "SELECT evidence FROM report_cases"), "\n")
	for marker, path := range m.found(t, folders...) {
		if !strings.Contains(copies, marker) {
			t.Errorf("%s is left in %s, and in no copy of a report", marker, path)
		}
	}
	v.edits("UPDATE report_cases SET evidence = ''") // as after 90 days
	v.edits("VACUUM")                                // this connection does not overwrite
	v.edits("PRAGMA wal_checkpoint(TRUNCATE)")
	if found := m.found(t, folders...); len(found) > 0 {
		t.Errorf("%d of %d markers are left: %v", len(found), len(m.all), found)
	}
}
