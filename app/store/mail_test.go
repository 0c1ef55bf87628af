package store_test

import (
	"errors"
	"testing"
	"time"

	"xxsns/app/sns"
)

func TestAnAddressIsConfirmedOnlyWhileItHolds(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		if err := d.SetEmail(t.Context(), minji, "minji@example.org", noon); err != nil {
			t.Fatal(err)
		}
		if err := d.ConfirmEmail(t.Context(), minji, "other@example.org", noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("another address: %v", err)
		}
		if err := d.ConfirmEmail(t.Context(), minji, "minji@example.org", noon); err != nil {
			t.Fatal(err)
		}
		if box, err := d.Mailbox(t.Context(), minji); err != nil || box != (sns.Mailbox{Address: "minji@example.org", Confirmed: true}) {
			t.Errorf("%+v, %v", box, err)
		}
		if n := d.rows(t, "mails"); n != 1 {
			t.Errorf("%d mails wait", n)
		}
		if _, err := d.DeleteUser(t.Context(), minji, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Mailbox(t.Context(), minji); !errors.Is(err, sns.ErrNotFound) || d.rows(t, "mails") != 0 {
			t.Errorf("%v; %d mails wait", err, d.rows(t, "mails"))
		}
	})
}

func TestAForgottenNameOrAddressIsFound(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		for _, user := range []int64{minji, seojun} {
			if err := d.SetEmail(t.Context(), user, "home@example.org", noon); err != nil {
				t.Fatal(err)
			}
		}
		for typed, want := range map[string]int{"민지": 1, "home@example.org": 2, "Home@Example.org": 2, "유진": 0, "nobody@example.org": 0, "": 0, "@": 0} {
			address, users, err := d.ForgottenBy(t.Context(), typed)
			if len(users) != want || want > 0 && (err != nil || address != "home@example.org") || want == 0 && !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%q: %s, %v, %v", typed, address, users, err)
			}
		}
	})
}

func TestAMailedLinkLeavesThatOfAnAdministrator(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.run(t, "INSERT INTO resets (id, user_id, by_id, created_at, until_at) VALUES ('admin', 1, 7, 1, 9999999999999999)")
		for _, id := range []string{"first", "second"} {
			err := d.MakeReset(t.Context(), sns.Reset{ID: id, User: sns.User{ID: minji}, CreatedAt: noon, Until: noon.Add(time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
		}
		if n := d.rows(t, "resets"); n != 2 {
			t.Errorf("%d links, want the second and that of the administrator", n)
		}
		if _, err := d.SetPassword(t.Context(), minji, "hash", ""); err != nil || d.rows(t, "resets") != 0 {
			t.Errorf("%d links after a new password, %v", d.rows(t, "resets"), err)
		}
	})
}

// News that come while a mail is being sent are told by the same mail once more: the first one
// may have been composed before.
func TestAMailThatIsBeingSentIsDueOnceMore(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		for _, m := range []sns.Mail{{Kind: sns.MailTakedown, To: "1"}, {User: 7, Kind: sns.MailNotice}} {
			claims := func(token string, now time.Time) int64 {
				t.Helper()
				got, err := d.ClaimMail(t.Context(), token, time.Minute, now)
				if err != nil && !errors.Is(err, sns.ErrNotFound) {
					t.Fatal(err)
				}
				return got.ID
			}
			queues := func(now time.Time) {
				t.Helper()
				m.CreatedAt = now
				if err := d.QueueMail(t.Context(), m); err != nil {
					t.Fatal(err)
				}
			}
			queues(noon)
			queues(noon)
			first := claims("first", noon)
			later := noon.Add(time.Second)
			if first == 0 || claims("second", later) != 0 {
				t.Fatalf("%+v: the first claim is of %d, or a second one is possible", m, first)
			}
			queues(later)
			if err := d.FinishMail(t.Context(), first, "first"); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%+v: the sender of the first ends the mail: %v", m, err)
			}
			if err := d.PostponeMail(t.Context(), first, "first", true, later.Add(time.Hour)); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%+v: the sender of the first postpones the mail: %v", m, err)
			}
			second := claims("second", later)
			if second == 0 || claims("third", later) != 0 {
				t.Fatalf("%+v: the second claim is of %d, or a third one is possible", m, second)
			}
			if err := d.FinishMail(t.Context(), second, "second"); err != nil || d.rows(t, "mails") != 0 {
				t.Errorf("%+v: %v, %d mails are left", m, err, d.rows(t, "mails"))
			}
		}
	})
}
