package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/sns"
)

// device makes a session that was last seen at a time.
func (d *database) device(t testing.TB, id, agent string, user int64, seen time.Time) sns.Session {
	t.Helper()
	session := sns.Session{ID: id, UserID: user, CreatedAt: noon, SeenAt: seen, Agent: agent}
	if _, err := d.CreateSession(t.Context(), session, "hash"); err != nil {
		t.Fatal(err)
	}
	return session
}

func TestDevicesTheLastUsedFirst(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		now := noon.Add(sns.SessionLife)
		phone := d.device(t, "phone", "Mozilla/5.0 (iPhone; '\"\\%)", minji, noon.Add(2*time.Hour))
		laptop := d.device(t, "laptop", "", minji, noon.Add(3*time.Hour))
		b := d.device(t, "b", strings.Repeat("글", sns.AgentMax/3), minji, noon.Add(time.Hour))
		a := d.device(t, "a", strings.Repeat("a", sns.AgentMax), minji, noon.Add(time.Hour)) // same SeenAt as b
		d.device(t, "else", "Mozilla", seojun, now)
		d.device(t, "expired", "Mozilla", minji, noon)
		got, err := d.Sessions(t.Context(), minji, now)
		if want := []sns.Session{laptop, phone, a, b}; err != nil || !slices.Equal(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if err := d.SeeSession(t.Context(), "b", now); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Sessions(t.Context(), minji, now); err != nil || len(got) != 4 || got[0].ID != "b" || !got[0].SeenAt.Equal(now) {
			t.Errorf("after a visit: %+v, %v", got, err)
		}
		if got, err := d.Sessions(t.Context(), 999, now); err != nil || len(got) != 0 {
			t.Errorf("of nobody: %+v, %v", got, err)
		}
	})
}

func TestOneSignsOnlyOnesOwnDevicesOut(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		d.device(t, "phone", "", minji, noon)
		d.device(t, "laptop", "", minji, noon)
		d.device(t, "else", "", seojun, noon)
		for name, err := range map[string]error{
			"somebody else's": d.EndSessionOf(t.Context(), minji, "else"), "nobody's": d.EndSessionOf(t.Context(), minji, "missing"),
			"none": d.EndSessionOf(t.Context(), minji, ""), "no UTF-8": d.EndSessionOf(t.Context(), minji, "\xff"),
		} {
			if !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", name, err)
			}
		}
		d.wantLive(t, noon, "phone", "laptop", "else")
		if err := d.EndSessionOf(t.Context(), minji, "phone"); err != nil {
			t.Error(err)
		}
		d.wantLive(t, noon, "laptop", "else")
		if err := d.EndSessionOf(t.Context(), minji, "phone"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("a second time: %v, want ErrNotFound", err)
		}
	})
}

func TestAllOtherDevicesAreSignedOut(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		for _, id := range []string{"phone", "laptop", "desktop"} {
			d.device(t, id, "", minji, noon)
		}
		d.device(t, "else", "", seojun, noon)
		for _, step := range []struct {
			keep  string
			ended []string
			left  []string
		}{
			{"laptop", []string{"desktop", "phone"}, []string{"laptop", "else"}},
			{"laptop", nil, []string{"laptop", "else"}},
			{"else", []string{"laptop"}, []string{"else"}}, // the session of another user is not kept
			{"", nil, []string{"else"}},
		} {
			ended, err := d.EndOtherSessions(t.Context(), minji, step.keep)
			if err != nil || !slices.Equal(ended, step.ended) {
				t.Errorf("but %q: ended %v, %v, want %v", step.keep, ended, err, step.ended)
			}
			d.wantLive(t, noon, step.left...)
		}
	})
}

// Each session is returned by exactly one of the concurrent calls.
func TestDevicesSignedOutAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		for round := range 5 {
			for i := range 6 {
				d.device(t, fmt.Sprint(round, "-", i), "", minji, noon)
			}
			var mu sync.Mutex
			told := map[string]int{}
			together(4, func(int) {
				var ended []string
				err := d.EndSessionOf(t.Context(), minji, fmt.Sprint(round, "-1"))
				if err == nil {
					ended = []string{fmt.Sprint(round, "-1")}
				}
				allowed(t, err, sns.ErrNotFound)
				others, err := d.EndOtherSessions(t.Context(), minji, fmt.Sprint(round, "-0"))
				allowed(t, err)
				mu.Lock()
				defer mu.Unlock()
				for _, id := range append(ended, others...) {
					told[id]++
				}
			})
			if len(told) < 5 || d.rows(t, "sessions") != 1 {
				t.Errorf("told of %v, %d are left", told, d.rows(t, "sessions"))
			}
			if _, err := d.EndOtherSessions(t.Context(), minji, ""); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Posts keep their location when the author moves.
func TestPostsKeepTheLocationTheyWereWrittenAt(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, local := d.user(t, "민지"), d.local(t)
		homes := []sns.Location{{Area: "서울 마포구", Town: "합정동"}, {Area: "부산 해운대구", Town: "우동"}, {Area: "Zürich"}, {}}
		posts := make([]int64, len(homes))
		for i, home := range homes {
			for range 2 { // repeating is no error
				if err := d.SetLocation(t.Context(), minji, home); err != nil {
					t.Fatal(err)
				}
			}
			if u, err := d.UserByName(t.Context(), "민지"); err != nil || u.Location != home {
				t.Errorf("they live at %+v, %v, want %+v", u.Location, err, home)
			}
			posts[i] = d.write(t, minji, local, home)
		}
		for i, home := range homes {
			if p, err := d.Post(t.Context(), posts[i], 0); err != nil || p.Location != home {
				t.Errorf("post %d: %+v, %v, want %+v", i, p.Location, err, home)
			}
		}
		if err := d.SetLocation(t.Context(), minji+1, homes[0]); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("nobody's: %v, want ErrNotFound", err)
		}
	})
}
