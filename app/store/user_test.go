package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestUserIsReadBackAsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		made := newUser("Min_지.1")
		made.Role = sns.RoleMentor
		id, err := d.CreateUser(t.Context(), made)
		if err != nil {
			t.Fatal(err)
		}
		want := sns.User{ID: id, Username: "Min_지.1", Role: sns.RoleMentor, CreatedAt: noon}
		if got, err := d.UserByName(t.Context(), "min_지.1"); err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if got, hash, err := d.Credentials(t.Context(), "MIN_지.1"); err != nil || got != id || hash != "hash" {
			t.Errorf("credentials: %d, %q, %v", got, hash, err)
		}
		if n, admins, err := d.CountUsers(t.Context()); err != nil || n != 1 || admins != 0 {
			t.Errorf("%d users, %d administrators, %v", n, admins, err)
		}
	})
}

func TestNamesAreOneInAnyCaseAndUnicodeForm(t *testing.T) {
	same := [][2]string{
		{"Minji", "mINJI"},
		{"민지", "\u1106\u1175\u11ab\u110c\u1175"}, // composed, and decomposed as on a Mac
		{"José", "JOSE\u0301"},
		{"Straße", "STRASSE"},
		{"Σίσυφος", "ΣΊΣΥΦΟΣ"},
		{"민지2", " 민지2 "},
	}
	each(t, func(t *testing.T, d *database) {
		for _, names := range same {
			first, second := names[0], names[1]
			id := d.user(t, first)
			if taken, _, err := d.UsernameTaken(t.Context(), second, 0, noon); err != nil || !taken {
				t.Errorf("%q beside %q: taken = %t, %v", second, first, taken, err)
			}
			if _, err := d.CreateUser(t.Context(), newUser(second)); !errors.Is(err, sns.ErrConflict) {
				t.Errorf("%q beside %q: %v, want ErrConflict", second, first, err)
			}
			if u, err := d.UserByName(t.Context(), second); err != nil || u.ID != id || u.Username != first {
				t.Errorf("%q finds %+v, %v, want %q", second, u, err, first)
			}
		}
	})
}

func TestNamesThatOnlyLookAlikeAreTwo(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		for _, name := range []string{"minji", "mınji", "ｍinji", "mínji", "민지", "민자", "minji.", "minji_"} {
			d.user(t, name)
		}
		if n := d.rows(t, "users"); n != 8 {
			t.Errorf("%d users, want 8", n)
		}
	})
}

func TestNobodyIsCalledSo(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.user(t, "민지")
		for _, name := range []string{"", " ", "민", "민지민지", "\xff\xfe", "민\xec", "'", `\`, "%", strings.Repeat("민", 10_000)} {
			if u, err := d.UserByName(t.Context(), name); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%.20q: %+v, %v, want ErrNotFound", name, u, err)
			}
			if _, _, err := d.Credentials(t.Context(), name); !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("credentials of %.20q: %v, want ErrNotFound", name, err)
			}
			if taken, _, err := d.UsernameTaken(t.Context(), name, 0, noon); err != nil || taken {
				t.Errorf("%.20q: taken = %t, %v", name, taken, err)
			}
		}
	})
}

func TestRoleChanges(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		for range 2 { // repeating is no error
			if err := d.SetRole(t.Context(), minji, sns.RoleAdmin); err != nil {
				t.Fatal(err)
			}
		}
		for name, want := range map[string]sns.Role{"민지": sns.RoleAdmin, "서준": sns.RoleUser} {
			if u, err := d.UserByName(t.Context(), name); err != nil || u.Role != want {
				t.Errorf("%s is %s, %v, want %s", name, u.Role, err, want)
			}
		}
		if err := d.SetRole(t.Context(), seojun+1, sns.RoleAdmin); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("nobody's role: %v, want ErrNotFound", err)
		}
	})
}

func TestNewPasswordEndsTheOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		for _, id := range []string{"phone", "laptop", "desktop"} {
			d.session(t, id, minji, noon)
		}
		d.session(t, "other", seojun, noon)

		ended, err := d.SetPassword(t.Context(), minji, "new hash", "laptop")
		if want := []string{"desktop", "phone"}; err != nil || !slices.Equal(ended, want) {
			t.Errorf("ended %v, %v, want %v", ended, err, want)
		}
		d.wantLive(t, noon, "laptop", "other")
		if _, hash, err := d.Credentials(t.Context(), "민지"); err != nil || hash != "new hash" {
			t.Errorf("the hash is %q, %v", hash, err)
		}
		ended, err = d.SetPassword(t.Context(), minji, "newer hash", "")
		if want := []string{"laptop"}; err != nil || !slices.Equal(ended, want) {
			t.Errorf("ended %v, %v, want %v", ended, err, want)
		}
		d.wantLive(t, noon, "other")
		if _, err := d.SetPassword(t.Context(), seojun+1, "hash", ""); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("nobody's password: %v, want ErrNotFound", err)
		}
	})
}

func TestStatusMessage(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		for _, message := range []string{"공부 중 👨‍👩‍👧‍👦", "", strings.Repeat("가", sns.StatusMessageMax)} {
			if err := d.SetStatusMessage(t.Context(), minji, message); err != nil {
				t.Fatal(err)
			}
			if u, err := d.UserByName(t.Context(), "민지"); err != nil || u.StatusMessage != message {
				t.Errorf("got %q, %v, want %q", u.StatusMessage, err, message)
			}
		}
		if err := d.SetStatusMessage(t.Context(), minji+1, "안녕"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("nobody's message: %v, want ErrNotFound", err)
		}
	})
}

func TestProfileImageGivesBackTheOneBefore(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, before := d.user(t, "민지"), ""
		for _, name := range []string{"a.jpg", "b.jpg", ""} {
			old, err := d.SetImage(t.Context(), minji, name)
			if err != nil || old != before {
				t.Errorf("%q takes the place of %q, %v, want %q", name, old, err, before)
			}
			if u, err := d.UserByName(t.Context(), "민지"); err != nil || u.Image != name {
				t.Errorf("the image is %q, %v, want %q", u.Image, err, name)
			}
			before = name
		}
		if _, err := d.SetImage(t.Context(), minji+1, "a.jpg"); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("nobody's image: %v, want ErrNotFound", err)
		}
	})
}

// Each image is either returned exactly once or still in use: no file is left
// over on the disk, and none is deleted while it is shown.
func TestProfileImagesSetAtOnceAreEachGivenBack(t *testing.T) { each(t, profileImages) }

func profileImages(t *testing.T, d *database) {
	minji := d.user(t, "민지")
	var mu sync.Mutex // guards given
	given := map[string]int{}
	together(40, func(i int) {
		old, err := d.SetImage(t.Context(), minji, fmt.Sprintf("%d.jpg", i))
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		given[old]++
	})
	u, err := d.UserByName(t.Context(), "민지")
	if err != nil {
		t.Fatal(err)
	}
	given[u.Image]++
	for name, n := range given {
		if n != 1 {
			t.Errorf("%q came back or stayed %d times", name, n)
		}
	}
	if len(given) != 41 { // including the empty name at the start
		t.Errorf("%d images accounted for, want 41", len(given))
	}
}

func TestNamesThatLookAlike(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		d.user(t, "user1")
		for name, want := range map[string][2]bool{"USER1": {true, true}, "userl": {false, true}, "ｕserI": {false, true}, "user2": {false, false}, "민지": {false, false}} {
			taken, alike, err := d.UsernameTaken(t.Context(), name, 0, noon)
			if err != nil || taken != want[0] || alike != want[1] {
				t.Errorf("%q: taken %t, alike %t, %v; want %v", name, taken, alike, err, want)
			}
		}
		// An account of the version before has no skeleton until the next start.
		if _, err := d.raw.ExecContext(t.Context(), "UPDATE users SET skeleton = ''"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Migrate(t.Context(), d.url); err != nil {
			t.Fatal(err)
		}
		if _, alike, err := d.UsernameTaken(t.Context(), "userl", 0, noon); err != nil || !alike {
			t.Errorf("after the start: alike %t, %v", alike, err)
		}
	})
}
