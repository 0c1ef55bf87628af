package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// knows returns what a Store answers for a session; "" if the session has ended.
func knows(t *testing.T, s *store.Store, id string) (string, sns.Session) {
	t.Helper()
	session, user, err := s.RecentSession(t.Context(), id, noon)
	if errors.Is(err, sns.ErrNotFound) {
		return "", session
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(user.Role) + " " + user.StatusMessage + user.Image + user.Location.Area, session
}

// Whatever a Store changes of a session or its user is in its next answer.
func TestAStoreRemembersNothingThatItHasChanged(t *testing.T) {
	for name, act := range map[string]func(ctx context.Context, d *database, user int64) error{
		"ended":          func(ctx context.Context, d *database, _ int64) error { return d.EndSession(ctx, "phone") },
		"ended by owner": func(ctx context.Context, d *database, user int64) error { return d.EndSessionOf(ctx, user, "phone") },
		"others ended": func(ctx context.Context, d *database, user int64) error {
			_, err := d.EndOtherSessions(ctx, user, "laptop")
			return err
		},
		"password": func(ctx context.Context, d *database, user int64) error {
			_, err := d.SetPassword(ctx, user, "new", "laptop")
			return err
		},
		"deleted": func(ctx context.Context, d *database, user int64) error {
			_, err := d.DeleteUser(ctx, user, noon)
			return err
		},
		"one too many": func(ctx context.Context, d *database, user int64) (err error) {
			for n := range sns.SessionsMax {
				_, errMade := d.CreateSession(ctx, sns.Session{ID: string(rune('a' + n)), UserID: user, CreatedAt: noon.Add(time.Hour), SeenAt: noon}, "hash")
				err = errors.Join(err, errMade)
			}
			return err
		},
		"role": func(ctx context.Context, d *database, user int64) error { return d.SetRole(ctx, user, sns.RoleMentor) },
		"sentence": func(ctx context.Context, d *database, user int64) error {
			return d.SetStatusMessage(ctx, user, "안녕")
		},
		"place": func(ctx context.Context, d *database, user int64) error {
			return d.SetLocation(ctx, user, sns.Location{Area: "서울"})
		},
		"image": func(ctx context.Context, d *database, user int64) error {
			_, err := d.SetImage(ctx, user, "a.jpg")
			return err
		},
		"seen": func(ctx context.Context, d *database, _ int64) error {
			return d.SeeSession(ctx, "phone", noon.Add(time.Hour))
		},
		"proved": func(ctx context.Context, d *database, _ int64) error {
			return d.ProveSession(ctx, "phone", noon.Add(time.Hour))
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, d *database) {
				minji, seojun := d.user(t, "민지"), d.user(t, "서준")
				d.session(t, "phone", minji, noon)
				d.session(t, "laptop", minji, noon)
				d.session(t, "other", seojun, noon)
				before, first := knows(t, d.Store, "phone")
				if err := act(t.Context(), d, minji); err != nil {
					t.Fatal(err)
				}
				after, second := knows(t, d.Store, "phone")
				if after == before && second == first {
					t.Errorf("still %q, %+v", after, second)
				}
				fresh, third := knows(t, opened(t, d.url), "phone")
				if after != fresh || second != third {
					t.Errorf("got %q, %+v; the database has %q, %+v", after, second, fresh, third)
				}
			})
		})
	}
}

// Sessions that are asked for together are the same as each alone.
func TestSessionsTogetherAreTheSameAsAlone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		want, ids := map[sns.Session]sns.User{}, []string{"ended"}
		for n := range 600 { // more than one statement asks for
			id := fmt.Sprint("device-", n)
			d.session(t, id, []int64{minji, seojun}[n%2], noon.Add(time.Duration(n)))
			ids = append(ids, id)
		}
		if err := errors.Join(d.SetLocation(t.Context(), minji, sns.Location{Area: "서울"}), d.ProveSession(t.Context(), ids[1], noon)); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids[1:] {
			session, user, err := d.Session(t.Context(), id, noon)
			if err != nil && !errors.Is(err, sns.ErrNotFound) {
				t.Fatal(err)
			}
			if err == nil {
				want[session] = user
			}
		}
		if got, err := store.SignedIn(t.Context(), d.Store, ids); err != nil || len(got) < 2 || !maps.Equal(got, want) {
			t.Errorf("%v; got %d sessions, want %d", err, len(got), len(want))
		}
	})
}

// A session in use is known before it is asked for; once another process has ended it, no
// longer than RecentFor, though nobody tells.
func TestASessionInUseIsKnownUntilItEnds(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		other := opened(t, d.url)
		d.session(t, "phone", d.user(t, "민지"), noon)
		for begun := time.Now(); time.Since(begun) < 2*store.RecentFor; time.Sleep(time.Millisecond) {
			if _, _, err := other.KnownSession(t.Context(), "phone", noon); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.EndSession(t.Context(), "phone"); err != nil {
			t.Fatal(err)
		}
		ended := time.Now()
		for {
			asked := time.Now()
			if _, _, err := other.KnownSession(t.Context(), "phone", noon); errors.Is(err, sns.ErrNotFound) {
				return
			} else if err != nil || asked.Sub(ended) >= store.RecentFor {
				t.Fatalf("%v later: %v", asked.Sub(ended), err)
			}
		}
	})
}

// Another process learns what a Store has changed when it is told, or after RecentFor.
func TestAnotherStoreForgetsWhenItIsTold(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, other := d.user(t, "민지"), opened(t, d.url)
		d.session(t, "phone", minji, noon)
		d.session(t, "laptop", minji, noon)
		knows(t, other, "phone")
		knows(t, other, "laptop")
		if err := errors.Join(d.SetRole(t.Context(), minji, sns.RoleMentor), d.EndSession(t.Context(), "phone")); err != nil {
			t.Fatal(err)
		}
		other.ForgetSession("phone")
		if got, _ := knows(t, other, "phone"); got != "" {
			t.Errorf("the session goes on: %q", got)
		}
		other.ForgetUser(minji)
		if got, _ := knows(t, other, "laptop"); got != "MENTOR " {
			t.Errorf("still %q", got)
		}
		if err := d.SetRole(t.Context(), minji, sns.RoleAdmin); err != nil {
			t.Fatal(err)
		}
		time.Sleep(store.RecentFor)
		if got, _ := knows(t, other, "laptop"); got != "ADMIN " {
			t.Errorf("a second later still %q", got)
		}
	})
}

// A session that runs out is no longer known, however lately it was asked for.
func TestARecentSessionExpiresAllTheSame(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.session(t, "phone", minji, noon)
		for _, c := range []struct {
			now  time.Time
			want error
		}{{noon.Add(sns.SessionLife - time.Second), nil}, {noon.Add(sns.SessionLife), sns.ErrNotFound}} {
			if _, _, err := d.RecentSession(t.Context(), "phone", c.now); !errors.Is(err, c.want) {
				t.Errorf("at %s: %v, want %v", c.now, err, c.want)
			}
		}
	})
}
