package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// knows reports whether a network is known for 민지 at a time.
func (d *database) knows(t *testing.T, network string, now time.Time) bool {
	t.Helper()
	known, err := d.CredentialsFrom(t.Context(), "민지", network, now)
	if err != nil || known.User == 0 || known.Hash == "" {
		t.Fatalf("%+v, %v", known, err)
	}
	return known.Network
}

func (d *database) sees(t *testing.T, user int64, network string, now time.Time) {
	t.Helper()
	if err := d.SeeNetwork(t.Context(), user, "hash", network, now); err != nil {
		t.Fatal(err)
	}
}

func TestNetworksAreKnownForTheAccountThatSignedInThere(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		d.sees(t, minji, "home", noon)
		d.sees(t, seojun, "office", noon)
		d.sees(t, minji, "home", noon.Add(time.Hour)) // again
		for network, want := range map[string]bool{"home": true, "office": false, "": false, "HOME": false} {
			if got := d.knows(t, network, noon.Add(time.Hour)); got != want {
				t.Errorf("%q is known: %t", network, got)
			}
		}
		last := noon.Add(time.Hour + sns.NetworkLife)
		if !d.knows(t, "home", last.Add(-time.Microsecond)) || d.knows(t, "home", last) {
			t.Errorf("the network is not known for %s", sns.NetworkLife)
		}
		known, err := d.CredentialsFrom(t.Context(), "하늘", "home", noon)
		if want := (store.Known{}); !errors.Is(err, sns.ErrNotFound) || known != want {
			t.Errorf("of nobody: %+v, %v", known, err)
		}
		for _, want := range []int64{2, 0} {
			if n, err := d.ForgetNetworks(t.Context(), last); err != nil || n != want {
				t.Errorf("%d forgotten, %v, want %d", n, err, want)
			}
		}
	})
}

func TestTheNewestTenNetworksAreKnown(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		d.sees(t, d.user(t, "서준"), "0", noon.Add(-time.Hour))
		for i := range sns.NetworksMax + 2 {
			d.sees(t, minji, fmt.Sprint(i), noon.Add(time.Duration(i)*time.Second))
		}
		for i := range sns.NetworksMax + 2 {
			if got := d.knows(t, fmt.Sprint(i), noon); got != (i >= 2) {
				t.Errorf("network %d is known: %t", i, got)
			}
		}
		if n := d.rows(t, "known_networks"); n != sns.NetworksMax+1 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestANewPasswordForgetsTheNetworks(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		d.sees(t, minji, "home", noon)
		d.sees(t, seojun, "home", noon)
		if _, err := d.SetPassword(t.Context(), minji, "new hash", ""); err != nil {
			t.Fatal(err)
		}
		if d.knows(t, "home", noon) {
			t.Error("the network of the old password is known")
		}
		if err := d.SeeNetwork(t.Context(), minji, "hash", "thief", noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("with the old password: %v", err)
		}
		if _, err := d.DeleteUser(t.Context(), seojun, noon); err != nil {
			t.Fatal(err)
		}
		if n := d.rows(t, "known_networks"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// Sign-ins of one account from many networks at once leave no more than the newest.
func TestNetworksAreSeenAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		together(12, func(n int) {
			for i := range 4 {
				if err := d.SeeNetwork(context.Background(), minji, "hash", fmt.Sprint((n+i)%12), noon); err != nil {
					t.Error(err)
				}
			}
		})
		if n := d.rows(t, "known_networks"); n != sns.NetworksMax {
			t.Errorf("%d networks are known", n)
		}
	})
}
