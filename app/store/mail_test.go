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
