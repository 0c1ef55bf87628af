package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
)

// browser returns a subscription of a user's session.
func browser(user int64, session, endpoint string) sns.PushDevice {
	return sns.PushDevice{User: user, Session: session, Endpoint: "https://push.example/" + endpoint, PublicKey: "key", Secret: "auth", Agent: "Firefox", Lang: "ko"}
}

// subscribes makes the browser of a session of a user subscribe, and returns the id.
func (d *database) subscribes(t testing.TB, user int64, session, endpoint string) int64 {
	t.Helper()
	if _, _, err := d.Session(t.Context(), session, time.Now()); errors.Is(err, sns.ErrNotFound) {
		now := time.Now() // claims look at the life of sessions
		if _, err := d.CreateSession(t.Context(), sns.Session{ID: session, UserID: user, CreatedAt: now, SeenAt: now}, "hash"); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.SubscribePush(t.Context(), browser(user, session, endpoint), false, noon); err != nil {
		t.Fatal(err)
	}
	all := d.devicesOf(t, user)
	return all[len(all)-1].ID
}

func (d *database) devicesOf(t testing.TB, user int64) []sns.PushDevice {
	t.Helper()
	all, err := d.PushDevices(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// endpoints returns what stands behind the address of a user's subscriptions.
func (d *database) endpoints(t testing.TB, user int64) (all []string) {
	t.Helper()
	for _, device := range d.devicesOf(t, user) {
		all = append(all, strings.TrimPrefix(device.Endpoint, "https://push.example/"))
	}
	return all
}

// notices makes a deed that writes notices, each of a user.
func (d *database) notices(t testing.TB, now time.Time, users ...int64) {
	t.Helper()
	notices := map[int64]int64{}
	for i, user := range users {
		notices[int64(i+1)] = user
	}
	if err := d.WantPushes(t.Context(), notices, sns.NoticeComment, now); err != nil {
		t.Fatal(err)
	}
}

// claims claims everything that is due at a time.
func (d *database) claimsPushes(t testing.TB, token string, now time.Time) (all []sns.Push) {
	t.Helper()
	due, err := d.DuePushes(t.Context(), nil, 100, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range due {
		push, err := d.ClaimPush(t.Context(), p.ID, token, time.Minute, now)
		if err == nil {
			all = append(all, push)
		} else if !errors.Is(err, sns.ErrNotFound) {
			t.Fatal(err)
		}
	}
	return all
}

func TestReplicasThatStartAtOnceHaveTheSameKeys(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		var all [8]sns.PushKeys
		together(len(all), func(i int) {
			fresh := sns.PushKeys{Public: fmt.Sprint("public", i), Private: fmt.Sprint("private", i)}
			var err error
			if all[i], err = d.PushKeys(t.Context(), fresh, noon); err != nil {
				t.Error(err)
			}
		})
		for _, keys := range all {
			if keys != all[0] || keys.Public == "" || keys.Private == "" || keys.Public[6:] != keys.Private[7:] {
				t.Errorf("got %v and %v", keys, all[0])
			}
		}
		if keys, err := d.PushKeys(t.Context(), sns.PushKeys{Public: "later", Private: "later"}, noon); err != nil || keys != all[0] {
			t.Errorf("after another start: %v, %v", keys, err)
		}
	})
}

func TestTwentyBrowsersOfAPersonAreTold(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, haru := d.user(t, "민지"), d.user(t, "하루")
		d.subscribes(t, haru, "haru", "haru")
		d.subscribes(t, minji, "minji", "first")
		for i := range 50 {
			at := noon.Add(time.Duration(i+1) * time.Minute)
			if err := d.SubscribePush(t.Context(), browser(minji, "minji", fmt.Sprint(i)), false, at); err != nil {
				t.Fatal(err)
			}
		}
		if got := d.endpoints(t, minji); len(got) != 20 || got[0] != "30" || got[19] != "49" {
			t.Errorf("left are %v", got)
		}
		if got := d.endpoints(t, haru); !slices.Equal(got, []string{"haru"}) {
			t.Errorf("하루 has %v", got)
		}
		together(25, func(i int) {
			if err := d.SubscribePush(t.Context(), browser(minji, "minji", fmt.Sprint("new", i)), false, noon.Add(time.Hour*2)); err != nil {
				t.Error(err)
			}
		})
		if n := len(d.devicesOf(t, minji)); n != 20 {
			t.Errorf("%d browsers after 25 at once", n)
		}
	})
}

func TestASubscriptionIsRenewed(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, haru := d.user(t, "민지"), d.user(t, "하루")
		id := d.subscribes(t, minji, "phone", "a")
		later := noon.Add(24 * time.Hour)
		changed := browser(minji, "phone", "a")
		changed.Secret, changed.Lang = "other", "en"
		for range 2 {
			if err := d.SubscribePush(t.Context(), changed, true, later); err != nil {
				t.Fatal(err)
			}
		}
		got := d.devicesOf(t, minji)
		if len(got) != 1 || got[0].ID != id || got[0].Secret != "other" || got[0].Lang != "en" || !got[0].SeenAt.Equal(later) || !got[0].CreatedAt.Equal(noon) {
			t.Errorf("renewed: %+v", got)
		}
		// The next user of the same browser takes the subscription along.
		d.notices(t, noon, minji)
		d.subscribes(t, haru, "haru", "a")
		if mine, theirs := d.endpoints(t, minji), d.endpoints(t, haru); len(mine) != 0 || !slices.Equal(theirs, []string{"a"}) {
			t.Errorf("민지 has %v, 하루 has %v", mine, theirs)
		}
		if n := d.rows(t, "pushes"); n != 0 {
			t.Errorf("%d pushes for 민지 would reach the browser of 하루", n)
		}
		if err := d.SubscribePush(t.Context(), browser(minji, "ended", "b"), false, noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("with an ended session: %v", err)
		}
	})
}

func TestARemovedBrowserStaysRemovedUntilItsUserAsks(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, haru := d.user(t, "민지"), d.user(t, "하루")
		id := d.subscribes(t, minji, "phone", "a")
		d.notices(t, noon, minji)
		if _, err := d.EndPushDevice(t.Context(), haru, id, noon); !errors.Is(err, sns.ErrNotFound) || len(d.devicesOf(t, minji)) != 1 {
			t.Errorf("하루 removes the browser of 민지: %v", err)
		}
		if session, err := d.EndPushDevice(t.Context(), minji, id, noon); err != nil || session != "phone" {
			t.Fatal(session, err)
		}
		if n := d.rows(t, "pushes"); n != 0 || len(d.devicesOf(t, minji)) != 0 {
			t.Errorf("%d pushes and %v are left", n, d.devicesOf(t, minji))
		}
		if err := d.SubscribePush(t.Context(), browser(minji, "phone", "a"), true, noon); !errors.Is(err, sns.ErrPushEnded) {
			t.Errorf("by itself: %v", err)
		}
		if err := d.SubscribePush(t.Context(), browser(minji, "phone", "a"), false, noon); err != nil || len(d.devicesOf(t, minji)) != 1 {
			t.Errorf("asked: %v", err)
		}
		if err := d.EndPushEndpoint(t.Context(), haru, "https://push.example/a"); err != nil || len(d.devicesOf(t, minji)) != 1 {
			t.Errorf("하루 ends the endpoint of 민지: %v", err)
		}
		if err := d.EndPushEndpoint(t.Context(), minji, "https://push.example/a"); err != nil || len(d.devicesOf(t, minji)) != 0 {
			t.Errorf("ended by the browser: %v", err)
		}
	})
}

// Whatever ends the session of a browser ends its subscription, and no other.
func TestASubscriptionEndsWithItsSession(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *database, int64) error{
		"signing out":     func(t *testing.T, d *database, _ int64) error { return d.EndSession(t.Context(), "phone") },
		"ending a device": func(t *testing.T, d *database, minji int64) error { return d.EndSessionOf(t.Context(), minji, "phone") },
		"ending other devices": func(t *testing.T, d *database, minji int64) error {
			_, err := d.EndOtherSessions(t.Context(), minji, "laptop")
			return err
		},
		"a new password": func(t *testing.T, d *database, minji int64) error {
			_, err := d.SetPassword(t.Context(), minji, "new", "laptop")
			return err
		},
		"an older version": func(t *testing.T, d *database, _ int64) error {
			d.run(t, "DELETE FROM sessions WHERE id = 'phone'")
			_, err := d.ForgetPushDevices(t.Context(), noon)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, d *database) {
				minji := d.user(t, "민지")
				d.subscribes(t, minji, "phone", "phone")
				d.subscribes(t, minji, "laptop", "laptop")
				if err := end(t, d, minji); err != nil {
					t.Fatal(err)
				}
				if got := d.endpoints(t, minji); !slices.Equal(got, []string{"laptop"}) {
					t.Errorf("told are %v", got)
				}
			})
		})
	}
}

func TestADeletedAccountIsToldNothing(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.subscribes(t, minji, "phone", "phone")
		d.notices(t, noon, minji)
		d.deleteUser(t, minji)
		if n := d.rows(t, "push_subscriptions"); n != 0 {
			t.Errorf("%d subscriptions are left", n)
		}
		if got := d.claimsPushes(t, "a", time.Now()); len(got) != 0 || d.rows(t, "pushes") != 0 {
			t.Errorf("%v are sent, %d are left", got, d.rows(t, "pushes"))
		}
	})
}

func TestEndedSubscriptionsAreForgottenLater(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		id := d.subscribes(t, minji, "phone", "phone")
		if _, err := d.EndPushDevice(t.Context(), minji, id, noon); err != nil {
			t.Fatal(err)
		}
		for at, want := range map[time.Time]int{noon.Add(sns.PushEndedKept - time.Second): 0, noon.Add(sns.PushEndedKept): 1} {
			if n, err := d.ForgetPushDevices(t.Context(), at); at.Equal(noon.Add(sns.PushEndedKept)) && (err != nil || n != want) || err != nil {
				t.Errorf("%s: %d forgotten, %v", at, n, err)
			}
		}
		if n := d.rows(t, "push_subscriptions"); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}
