package store_test

import (
	"testing"
	"time"

	"xxsns/app/sns"
)

// wantQueued fails the test unless so many mails of notices and digests are queued at a time.
func (d *database) wantQueued(t *testing.T, now time.Time, want int64) {
	t.Helper()
	for range 2 { // two replicas look
		if _, err := d.QueueNotices(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if _, err := d.QueueDigests(t.Context(), now, now.AddDate(0, 0, 7)); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.rows(t, "mails"); n != int(want) {
		t.Errorf("at %v %d mails wait, want %d", now, n, want)
	}
}

func TestNoticesAreGatheredForTenMinutes(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.run(t, "INSERT INTO inboxes (user_id, unread, news, version) VALUES (1, 1, 0, 5)")
		d.run(t, "UPDATE users SET email_confirmed_at = 1")
		if err := d.SetMailReader(t.Context(), minji, sns.MailReader{Notices: true}, noon); err != nil {
			t.Fatal(err)
		}
		d.wantQueued(t, noon, 0) // all there is is older than the wish
		for range 3 {
			d.run(t, "UPDATE inboxes SET version = version + 1")
			d.wantQueued(t, noon, 1)
		}
		if _, err := d.ClaimMail(t.Context(), "a", time.Minute, noon.Add(9*time.Minute)); err == nil {
			t.Error("the mail is due before ten minutes are over")
		}
		m, err := d.ClaimMail(t.Context(), "a", time.Minute, noon.Add(10*time.Minute))
		if err != nil || m.User != minji || m.Kind != sns.MailNotice {
			t.Fatalf("%+v, %v", m, err)
		}
		if err := d.SetMailed(t.Context(), minji, 8); err != nil {
			t.Fatal(err)
		}
		if err := d.FinishMail(t.Context(), m.ID, "a"); err != nil {
			t.Fatal(err)
		}
		if r, err := d.MailReader(t.Context(), minji); err != nil || r != (sns.MailReader{Notices: true, Mailed: 8}) {
			t.Errorf("%+v, %v", r, err)
		}
		d.run(t, "UPDATE inboxes SET version = version + 1, unread = 0")
		d.wantQueued(t, noon, 0) // all is read
		d.run(t, "UPDATE inboxes SET version = version + 1, unread = 1")
		d.run(t, "UPDATE users SET email_confirmed_at = 0")
		d.wantQueued(t, noon, 0)
	})
}

func TestADigestIsQueuedOnceAWeek(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, monday := d.user(t, "민지"), noon.AddDate(0, 0, 3)
		d.run(t, "UPDATE users SET email_confirmed_at = 1")
		for range 2 {
			if err := d.SetMailReader(t.Context(), minji, sns.MailReader{Digest: true}, monday); err != nil {
				t.Fatal(err)
			}
		}
		d.wantQueued(t, monday.Add(-time.Second), 0)
		d.wantQueued(t, monday, 1)
		d.run(t, "DELETE FROM mails")
		d.wantQueued(t, monday.AddDate(0, 0, 6), 0)
		d.wantQueued(t, monday.AddDate(0, 0, 7), 1)
		d.run(t, "DELETE FROM mails")
		if err := d.SetMailReader(t.Context(), minji, sns.MailReader{}, monday); err != nil {
			t.Fatal(err)
		}
		d.wantQueued(t, monday.AddDate(0, 0, 21), 0)
	})
}
