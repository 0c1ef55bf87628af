package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
)

// session makes a session that was last seen at a time.
func (d *database) session(t testing.TB, id string, user int64, seen time.Time) {
	t.Helper()
	_, err := d.CreateSession(t.Context(), sns.Session{ID: id, UserID: user, CreatedAt: noon, SeenAt: seen}, "hash")
	if err != nil {
		t.Fatal(err)
	}
}

// wantLive checks which sessions of the whole table are live at a time.
func (d *database) wantLive(t testing.TB, now time.Time, want ...string) {
	t.Helper()
	var got []string
	forEachRow(t, d.raw, "SELECT id FROM sessions ORDER BY id", func(rows *sql.Rows) error {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		_, _, err := d.Session(t.Context(), id, now)
		if err == nil {
			got = append(got, id)
		} else if !errors.Is(err, sns.ErrNotFound) {
			return err
		}
		return nil
	})
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("signed in: %v, want %v", got, want)
	}
}

func TestSessionIsOfItsUserAsTheyAreNow(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		seen := noon.Add(time.Hour)
		d.session(t, "phone", minji, seen)
		if err := d.SetRole(t.Context(), minji, sns.RoleMentor); err != nil {
			t.Fatal(err)
		}
		session, user, err := d.Session(t.Context(), "phone", seen)
		if want := (sns.Session{ID: "phone", UserID: minji, CreatedAt: noon, SeenAt: seen, ProvedAt: noon}); err != nil || session != want {
			t.Errorf("got %+v, %v, want %+v", session, err, want)
		}
		if want := (sns.User{ID: minji, Username: "민지", Role: sns.RoleMentor, CreatedAt: noon}); user != want {
			t.Errorf("got %+v, want %+v", user, want)
		}
		_, err = d.CreateSession(t.Context(), sns.Session{ID: "phone", UserID: minji, CreatedAt: noon, SeenAt: noon}, "hash")
		if !errors.Is(err, sns.ErrConflict) {
			t.Errorf("the same id again: %v, want ErrConflict", err)
		}
	})
}

// The password is proved in one session, and not in the user's others.
func TestAPasswordIsProvedInOneSession(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.session(t, "phone", minji, noon)
		d.session(t, "laptop", minji, noon)
		later := noon.Add(time.Hour)
		if err := d.ProveSession(t.Context(), "phone", later); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]time.Time{"phone": later, "laptop": noon} {
			session, _, err := d.Session(t.Context(), id, later)
			if err != nil || !session.ProvedAt.Equal(want) || session.Proved(later.Add(sns.ProofLife-1)) != (id == "phone") {
				t.Errorf("%s: proved at %s, %v, want %s", id, session.ProvedAt, err, want)
			}
			if session.Proved(later.Add(sns.ProofLife)) {
				t.Errorf("%s: proved after %s", id, sns.ProofLife)
			}
		}
	})
}

func TestSessionEndsThirtyDaysAfterTheLastVisit(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.session(t, "phone", d.user(t, "민지"), noon)
		end := noon.Add(30 * 24 * time.Hour)
		d.wantLive(t, end.Add(-time.Microsecond), "phone")
		d.wantLive(t, end)

		visit := noon.Add(20 * 24 * time.Hour)
		if err := d.SeeSession(t.Context(), "phone", visit); err != nil {
			t.Fatal(err)
		}
		d.wantLive(t, end.Add(5*24*time.Hour), "phone")
		d.wantLive(t, visit.Add(30*24*time.Hour))
	})
}

func TestSessionEndsAfter180DaysOfUse(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		end := noon.Add(180 * 24 * time.Hour)
		d.session(t, "phone", minji, end)
		before := end.Add(-time.Microsecond)
		d.wantLive(t, before, "phone")
		d.wantLive(t, end)
		for now, want := range map[time.Time]int{before: 1, end: 0} {
			if live, err := d.LiveSessions(t.Context(), []string{"phone"}, now); err != nil || len(live) != want {
				t.Errorf("%s: the streams of %v stay open, %v", now, live, err)
			}
			if all, err := d.Sessions(t.Context(), minji, now); err != nil || len(all) != want {
				t.Errorf("%s: the devices are %v, %v", now, all, err)
			}
		}
		for _, clean := range []struct {
			now  time.Time
			want int64
		}{{before, 0}, {end, 1}} {
			if n, err := d.DeleteExpiredSessions(t.Context(), clean.now); err != nil || n != clean.want {
				t.Errorf("%s: %d forgotten, %v, want %d", clean.now, n, err, clean.want)
			}
		}
	})
}

func TestTwentySessionsOfAUserAndTheOldestGoes(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.session(t, "else", d.user(t, "서준"), noon.Add(-time.Hour))
		signIn := func(i int) []string {
			at := noon.Add(time.Duration(i) * time.Minute)
			ended, err := d.CreateSession(t.Context(), sns.Session{ID: fmt.Sprintf("session%02d", i), UserID: minji, CreatedAt: at, SeenAt: at}, "hash")
			if err != nil {
				t.Fatal(err)
			}
			return ended
		}
		for i := range 20 {
			if ended := signIn(i); len(ended) != 0 {
				t.Errorf("the sign-in %d ended %v", i, ended)
			}
		}
		for i := range 3 {
			if ended, want := signIn(20+i), []string{fmt.Sprintf("session%02d", i)}; !slices.Equal(ended, want) {
				t.Errorf("ended are %v, want %v", ended, want)
			}
		}
		// A clock that goes back ends others, and not the session that has just begun.
		if ended := signIn(-60); !slices.Equal(ended, []string{"session03"}) {
			t.Errorf("ended are %v", ended)
		}
		if n := d.rows(t, "sessions"); n != 21 {
			t.Errorf("%d sessions, want 20 and somebody else's", n)
		}
	})
}

func TestDevicesThatSignInAtOnceAreTwenty(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		together(30, func(i int) { d.session(t, fmt.Sprintf("session%d", i), minji, noon) })
		if n := d.rows(t, "sessions"); n != 20 {
			t.Errorf("%d sessions, want 20", n)
		}
	})
}

func TestEndedSessionStaysEnded(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.session(t, "phone", minji, noon)
		d.session(t, "laptop", minji, noon)
		for range 2 { // repeating is no error
			if err := d.EndSession(t.Context(), "phone"); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.SeeSession(t.Context(), "phone", noon); err != nil { // by a request that is under way
			t.Fatal(err)
		}
		if _, _, err := d.Session(t.Context(), "phone", noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("after signing out: %v, want ErrNotFound", err)
		}
		d.wantLive(t, noon, "laptop")
	})
}

// 1,200 ids are more than a statement takes.
func TestLiveSessionsOfAWholeReplica(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun, haneul := d.user(t, "민지"), d.user(t, "서준"), d.user(t, "하늘")
		if err := d.SetRole(t.Context(), minji, sns.RoleAdmin); err != nil {
			t.Fatal(err)
		}
		ids, want := make([]string, 1200), map[string]sns.Role{}
		for i := range ids {
			ids[i] = fmt.Sprintf("session%d", i)
			switch i % 100 {
			case 7:
				d.session(t, ids[i], minji, noon)
				want[ids[i]] = sns.RoleAdmin
			case 8:
				d.session(t, ids[i], seojun, noon.Add(-sns.SessionLife))
			case 9:
				d.session(t, ids[i], haneul, noon)
				want[ids[i]] = sns.RoleUser
			}
		}
		got, err := d.LiveSessions(t.Context(), ids, noon)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if got[id] != want[id] {
				t.Errorf("%s: the role is %q, want %q", id, got[id], want[id])
			}
		}
		if len(got) != len(want) || len(want) != 24 {
			t.Errorf("%d sessions, want %d", len(got), len(want))
		}
		if got, err := d.LiveSessions(t.Context(), nil, noon); err != nil || len(got) != 0 {
			t.Errorf("of none: %v, %v", got, err)
		}
	})
}

func TestExpiredSessionsAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.session(t, "phone", minji, noon)
		d.session(t, "laptop", minji, noon.Add(-sns.SessionLife+time.Microsecond))
		d.session(t, "old", minji, noon.Add(-sns.SessionLife))
		d.session(t, "older", minji, noon.Add(-2*sns.SessionLife))
		for _, want := range []int64{2, 0} {
			if n, err := d.DeleteExpiredSessions(t.Context(), noon); err != nil || n != want {
				t.Errorf("%d forgotten, %v, want %d", n, err, want)
			}
		}
		if n := d.rows(t, "sessions WHERE id IN ('phone', 'laptop')"); n != 2 || d.rows(t, "sessions") != 2 {
			t.Errorf("%d of the two live sessions are left, %d in all", n, d.rows(t, "sessions"))
		}
	})
}

func TestSessionsComeAndGoAtOnce(t *testing.T) { each(t, sessions) }

// sessions makes, renews and ends sessions of one user on many devices, while
// the password changes and expired sessions are deleted.
func sessions(t *testing.T, d *database) {
	minji := d.user(t, "민지")
	together(12, func(device int) {
		for step := range 12 {
			if err := d.useSession(t.Context(), minji, device, step); err != nil {
				t.Errorf("device %d, step %d: %v", device, step, err)
			}
		}
	})
	if _, err := d.SetPassword(t.Context(), minji, "hash", ""); err != nil || d.rows(t, "sessions") != 0 {
		t.Errorf("%d sessions are left, %v", d.rows(t, "sessions"), err)
	}
}

func (d *database) useSession(ctx context.Context, user int64, device, step int) error {
	id := fmt.Sprintf("%d-%d", device, step/4)
	now := noon.Add(time.Duration(step) * 24 * time.Hour)
	switch {
	case device == 0 && step%3 == 0:
		_, err := d.SetPassword(ctx, user, "hash", "1-1")
		return err
	case device == 1 && step%3 == 0:
		_, err := d.DeleteExpiredSessions(ctx, now.Add(sns.SessionLife-48*time.Hour))
		return err
	case step%4 == 0:
		_, err := d.CreateSession(ctx, sns.Session{ID: id, UserID: user, CreatedAt: now, SeenAt: now}, "hash")
		return err
	case step%4 == 3:
		return d.EndSession(ctx, id)
	}
	return d.SeeSession(ctx, id, now)
}

// A sign-in with the old password, while the password changes, leaves no
// session behind.
func TestNoSessionComesOfAnOldPassword(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		session := sns.Session{ID: "late", UserID: minji, CreatedAt: noon, SeenAt: noon}
		if _, err := d.SetPassword(t.Context(), minji, "new hash", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := d.CreateSession(t.Context(), session, "hash"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("with the old one: %v", err)
		}
		if n := d.rows(t, "sessions"); n != 0 {
			t.Errorf("%d sessions", n)
		}
		if _, err := d.CreateSession(t.Context(), session, "new hash"); err != nil {
			t.Error(err)
		}
	})
}
