package store_test

import (
	"cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
)

// admin makes an account of an administrator.
func (d *database) admin(t testing.TB, name string) int64 {
	t.Helper()
	id := d.user(t, name)
	if err := d.SetRole(t.Context(), id, sns.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	return id
}

// suspends suspends a user for days.
func (d *database) suspends(t testing.TB, by, user int64, days int, now time.Time) error {
	t.Helper()
	s, err := sns.SuspensionOf(user, by, days, "광고를 되풀이해서", now)
	if err != nil {
		t.Fatal(err)
	}
	return d.Suspend(t.Context(), s)
}

// acts returns the kinds of the acts to a user, newest first.
func (d *database) acts(t testing.TB, user int64) (kinds []sns.ActKind) {
	t.Helper()
	acts, err := d.Acts(t.Context(), sns.ActPage{User: user, Limit: 50}, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range acts {
		kinds = append(kinds, a.Kind)
	}
	return kinds
}

func TestAnAdministratorGivesRoles(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		was, err := d.GiveRole(t.Context(), hyunwoo, minji, sns.RoleMentor, noon)
		if u, errUser := d.User(t.Context(), minji); err != nil || errUser != nil || was != sns.RoleUser || u.Role != sns.RoleMentor {
			t.Errorf("was %s, is %s: %v, %v", was, u.Role, err, errUser)
		}
		if _, err := d.GiveRole(t.Context(), hyunwoo, minji, sns.RoleMentor, noon); err != nil { // changes nothing
			t.Error(err)
		}
		if got := d.acts(t, minji); !slices.Equal(got, []sns.ActKind{sns.ActRole}) {
			t.Errorf("the log has %v", got)
		}
		if _, err := d.GiveRole(t.Context(), minji, hyunwoo, sns.RoleUser, noon); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("a mentor gave a role: %v", err)
		}
		if _, err := d.GiveRole(t.Context(), hyunwoo, hyunwoo, sns.RoleUser, noon); !isInvalid(err) {
			t.Errorf("one's own role: %v", err)
		}
		if _, err := d.GiveRole(t.Context(), hyunwoo, 99, sns.RoleUser, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("nobody's role: %v", err)
		}
	})
}

func isInvalid(err error) bool {
	_, ok := errors.AsType[sns.Invalid](err)
	return ok
}

// Of two administrators who demote each other at the same moment, one remains.
func TestAdministratorsWhoDemoteEachOther(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		two := []int64{d.admin(t, "현우"), d.admin(t, "지우")}
		for range 5 {
			errs := make([]error, 2)
			together(2, func(i int) { _, errs[i] = d.GiveRole(t.Context(), two[i], two[1-i], sns.RoleUser, noon) })
			_, admins, err := d.CountUsers(t.Context())
			if err != nil || admins != 1 || !errors.Is(errors.Join(errs...), sns.ErrForbidden) {
				t.Fatalf("%d administrators, %v, %v", admins, errs, err)
			}
			for _, id := range two {
				if err := d.SetRole(t.Context(), id, sns.RoleAdmin); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestASuspensionEndsByItself(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		d.session(t, "phone", minji, noon)
		if err := d.suspends(t, hyunwoo, minji, 7, noon); err != nil {
			t.Fatal(err)
		}
		if err := d.suspends(t, hyunwoo, minji, 1, noon); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("twice: %v", err)
		}
		before, after := noon.AddDate(0, 0, 7).Add(-time.Microsecond), noon.AddDate(0, 0, 7)
		for now, suspended := range map[time.Time]bool{noon: true, before: true, after: false} {
			_, user, err := d.Session(t.Context(), "phone", now)
			live, errLive := d.LiveSessions(t.Context(), []string{"phone"}, now)
			if err != nil || errLive != nil || user.Suspended(now) != suspended || len(live) == 1 == suspended {
				t.Errorf("at %s: suspended %t, streams %v, %v, %v", now, user.Suspended(now), live, err, errLive)
			}
			found, err := d.People(t.Context(), sns.PeoplePage{State: sns.StateSuspended, Limit: 9}, now)
			if err != nil || len(found) == 1 != suspended {
				t.Errorf("at %s the list of suspended people has %v, %v", now, found, err)
			}
		}
		for now, want := range map[time.Time]int{before: 0, after: 1} {
			if n, err := d.EndSuspensions(t.Context(), now); err != nil || n != want {
				t.Errorf("at %s %d suspensions end, %v, want %d", now, n, err, want)
			}
		}
		d.wantTold(t, minji, "report unread")
		s, err := d.LastSuspension(t.Context(), minji)
		if err != nil || s.InEffect(noon) || !s.LiftedAt.Equal(after) || s.Reason != "광고를 되풀이해서" || s.By != hyunwoo {
			t.Errorf("the suspension is %+v, %v", s, err)
		}
		if err := d.suspends(t, hyunwoo, minji, 0, after); err != nil {
			t.Fatal(err)
		}
		if s, err := d.LastSuspension(t.Context(), minji); err != nil || !s.ForGood() || !s.InEffect(after.AddDate(100, 0, 0)) {
			t.Errorf("for good: %+v, %v", s, err)
		}
	})
}

func TestWhoCannotBeSuspended(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		if err := d.suspends(t, hyunwoo, hyunwoo, 1, noon); !isInvalid(err) {
			t.Errorf("oneself: %v", err)
		}
		if err := d.suspends(t, 0, hyunwoo, 1, noon); !isInvalid(err) {
			t.Errorf("the last administrator, by a command: %v", err)
		}
		if err := d.suspends(t, minji, hyunwoo, 1, noon); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("by a member: %v", err)
		}
		jiwoo := d.admin(t, "지우")
		if err := d.suspends(t, 0, jiwoo, 1, noon); err != nil {
			t.Error(err)
		}
		if err := d.suspends(t, jiwoo, minji, 1, noon); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("by a suspended administrator: %v", err)
		}
		if _, err := d.DeleteUser(t.Context(), hyunwoo, noon); !isInvalid(err) {
			t.Errorf("the last administrator who is not suspended may leave: %v", err)
		}
		if err := d.Lift(t.Context(), 0, jiwoo, "", noon); err != nil {
			t.Error(err)
		}
		if err := d.Lift(t.Context(), 0, jiwoo, "", noon); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("lifted twice: %v", err)
		}
	})
}

func TestOneAppealEachSuspension(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		conflict := func(what string, err error) {
			t.Helper()
			if !errors.Is(err, sns.ErrConflict) {
				t.Errorf("%s: %v, want a conflict", what, err)
			}
		}
		conflict("not suspended", d.Appeal(t.Context(), minji, "억울해요", noon))
		if err := d.suspends(t, hyunwoo, minji, 7, noon); err != nil {
			t.Fatal(err)
		}
		conflict("nothing to answer", d.DeclineAppeal(t.Context(), hyunwoo, minji, "", noon))
		if err := d.Appeal(t.Context(), minji, "억울해요", noon); err != nil {
			t.Fatal(err)
		}
		conflict("a second appeal", d.Appeal(t.Context(), minji, "정말요", noon))
		if s, err := d.LastSuspension(t.Context(), minji); err != nil || !s.Waits(noon) || s.MayAppeal(noon) || s.Appeal != "억울해요" {
			t.Errorf("%+v, %v", s, err)
		}
		if err := d.DeclineAppeal(t.Context(), hyunwoo, minji, "세 번째예요", noon); err != nil {
			t.Fatal(err)
		}
		conflict("a second answer", d.DeclineAppeal(t.Context(), hyunwoo, minji, "", noon))
		if err := d.Lift(t.Context(), hyunwoo, minji, "앞으로는 조심해 주세요", noon); err != nil {
			t.Fatal(err)
		}
		d.wantTold(t, minji, "report unread")
		s, err := d.LastSuspension(t.Context(), minji)
		if err != nil || s.Answer != "세 번째예요" || s.LiftedAt.IsZero() {
			t.Errorf("%+v, %v", s, err)
		}
		if got := d.acts(t, minji); !slices.Equal(got, []sns.ActKind{sns.ActLift, sns.ActDecline, sns.ActSuspend}) {
			t.Errorf("the log has %v", got)
		}
		if err := errors.Join(d.suspends(t, hyunwoo, minji, 1, noon), d.Appeal(t.Context(), minji, "또", noon)); err != nil {
			t.Errorf("each suspension has an appeal: %v", err)
		}
	})
}

func TestALinkSetsAPasswordOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		d.session(t, "phone", minji, noon)
		link := func(id string) sns.Reset {
			t.Helper()
			r := sns.Reset{ID: id, User: sns.User{ID: minji}, By: hyunwoo, CreatedAt: noon, Until: noon.Add(sns.ResetLife)}
			if err := d.MakeReset(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			return r
		}
		link("first")
		second := link("second")
		if _, err := d.Reset(t.Context(), "first"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("an older link: %v", err)
		}
		if r, err := d.Reset(t.Context(), "second"); err != nil || r.User.Username != "민지" || !r.Works(noon) || r.Works(r.Until) || r.By != hyunwoo {
			t.Errorf("%+v, %v", r, err)
		}
		if _, err := d.UseReset(t.Context(), second, "new", second.Until); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("too late: %v", err)
		}
		errs := errorsOf(4, func(int) error { _, err := d.UseReset(t.Context(), second, "new", noon); return err })
		if n := len(slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, sns.ErrConflict) })); n != 1 {
			t.Errorf("the link worked %d times", n)
		}
		if _, hash, err := d.Credentials(t.Context(), "민지"); err != nil || hash != "new" {
			t.Errorf("the hash is %q, %v", hash, err)
		}
		if _, _, err := d.Session(t.Context(), "phone", noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("the session goes on: %v", err)
		}
		for now, want := range map[time.Time]int64{second.Until: 0, second.Until.Add(sns.ResetKept): 1} {
			if n, err := d.ForgetResets(t.Context(), now); err != nil || n != want {
				t.Errorf("at %s %d links are forgotten, %v, want %d", now, n, err, want)
			}
		}
	})
}

// errorsOf calls do n times at the same moment and returns the errors.
func errorsOf(n int, do func(int) error) []error {
	errs := make([]error, n)
	together(n, func(i int) { errs[i] = do(i) })
	return errs
}

func TestPeopleForAdministrators(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo := d.admin(t, "현우")
		for _, name := range []string{"민지", "민준", "서준"} {
			d.user(t, name)
		}
		for _, c := range []struct {
			page sns.PeoplePage
			want []string
		}{
			{sns.PeoplePage{}, []string{"서준", "민준", "민지", "현우"}},
			{sns.PeoplePage{Limit: 2}, []string{"서준", "민준"}},
			{sns.PeoplePage{Before: hyunwoo + 2}, []string{"민지", "현우"}},
			{sns.PeoplePage{Words: []string{"ㅁㅈ"}}, []string{"민준", "민지"}},
			{sns.PeoplePage{Role: sns.RoleAdmin}, []string{"현우"}},
			{sns.PeoplePage{Role: sns.RoleMentor}, nil},
			{sns.PeoplePage{State: sns.StateActive, Words: []string{"서"}}, []string{"서준"}},
		} {
			c.page.Limit = cmp.Or(c.page.Limit, 9)
			found, err := d.People(t.Context(), c.page, noon)
			var names []string
			for _, u := range found {
				names = append(names, u.Username)
			}
			if err != nil || !slices.Equal(names, c.want) {
				t.Errorf("%+v: %v, %v, want %v", c.page, names, err, c.want)
			}
		}
		d.post(t, hyunwoo, "안녕")
		d.session(t, "phone", hyunwoo, noon)
		r, err := d.Record(t.Context(), hyunwoo, noon)
		if err != nil || r != (sns.Record{Posts: 1, Sessions: 1, SeenAt: noon}) {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestTheLogForgetsAfterAYear(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		for i, role := range []sns.Role{sns.RoleMentor, sns.RoleUser, sns.RoleMentor} {
			if _, err := d.GiveRole(t.Context(), hyunwoo, minji, role, noon.AddDate(0, 0, i)); err != nil {
				t.Fatal(err)
			}
		}
		later := noon.Add(sns.ActLife)
		acts, err := d.Acts(t.Context(), sns.ActPage{Limit: 9}, later)
		if err != nil || len(acts) != 2 || acts[0].By.Username != "현우" || acts[0].User.Username != "민지" || acts[0].Note != "MENTOR" || acts[1].Note != "USER" {
			t.Errorf("%+v, %v", acts, err)
		}
		if next, err := d.Acts(t.Context(), sns.ActPage{Limit: 9, Before: acts[0].ID, Kind: sns.ActRole, User: hyunwoo}, later); err != nil || len(next) != 1 {
			t.Errorf("the next page is %+v, %v", next, err)
		}
		if n, err := d.ForgetActs(t.Context(), later); err != nil || n != 1 {
			t.Errorf("%d acts are forgotten, %v", n, err)
		}
	})
}

func TestASuspendedPersonGetsNoPush(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		hyunwoo, minji := d.admin(t, "현우"), d.user(t, "민지")
		d.subscribes(t, minji, "phone", "phone")
		d.notices(t, noon, minji)
		if err := d.suspends(t, hyunwoo, minji, 7, noon); err != nil {
			t.Fatal(err)
		}
		if got := d.claimsPushes(t, "a", noon.AddDate(0, 0, 6)); len(got) != 0 || d.rows(t, "pushes") != 0 {
			t.Errorf("%v are sent, %d are left", got, d.rows(t, "pushes"))
		}
		after := noon.AddDate(0, 0, 7)
		d.notices(t, after, minji)
		if got := d.claimsPushes(t, "b", after.Add(time.Hour)); len(got) != 1 {
			t.Errorf("after the end %v are sent", got)
		}
	})
}
