package store_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"xxsns/app/sns"
)

// follow makes a user follow another user, or stop if on is false, and returns
// the number of followers.
func (d *database) follow(t testing.TB, follower, followee int64, on bool) int {
	t.Helper()
	n, err := d.SetFollow(t.Context(), follower, followee, on, noon)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func names(follows []sns.Follow) []string {
	all := make([]string, len(follows))
	for i, f := range follows {
		all[i] = f.User.Username
	}
	return all
}

func TestFollowingIsCountedOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun, haneul := d.user(t, "민지"), d.user(t, "서준"), d.user(t, "하늘")
		for _, step := range []struct {
			follower, followee int64
			on                 bool
			want               int
		}{
			{minji, seojun, true, 1}, {minji, seojun, true, 1}, // repeated
			{haneul, seojun, true, 2}, {seojun, minji, true, 1}, {haneul, minji, false, 1}, // without having followed before
			{minji, seojun, false, 1}, {minji, seojun, false, 1}, {minji, seojun, true, 2},
		} {
			if got := d.follow(t, step.follower, step.followee, step.on); got != step.want {
				t.Errorf("%+v: %d follow them then", step, got)
			}
		}
		d.followsFit(t)
		u, err := d.UserByName(t.Context(), "서준")
		if err != nil || u.Followers != 2 || u.Following != 1 {
			t.Errorf("got %+v, %v", u, err)
		}
	})
}

func TestNobodyFollowsThemselvesOrNobody(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji := d.user(t, "민지")
		for _, on := range []bool{true, false} {
			_, err := d.SetFollow(t.Context(), minji, minji, on, noon)
			if inv, ok := errors.AsType[sns.Invalid](err); !ok || inv[0].Key != "follow.self" {
				t.Errorf("oneself, %t: %v", on, err)
			}
			for _, pair := range [][2]int64{{minji, minji + 1}, {minji + 1, minji}, {0, minji}, {minji, -1}} {
				if _, err := d.SetFollow(t.Context(), pair[0], pair[1], on, noon); !errors.Is(err, sns.ErrNotFound) {
					t.Errorf("%v, %t: %v, want ErrNotFound", pair, on, err)
				}
			}
		}
		if n := d.rows(t, "follows"); n != 0 {
			t.Errorf("%d follows", n)
		}
	})
}

// following sets the number of users that an account follows.
func (d *database) following(t testing.TB, user int64, n int) {
	t.Helper()
	if _, err := d.raw.ExecContext(t.Context(), fmt.Sprintf("UPDATE users SET following_count = %d WHERE id = %d", n, user)); err != nil {
		t.Fatal(err)
	}
}

func TestSoManyOneMayFollowAndNotMore(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun, haneul := d.user(t, "민지"), d.user(t, "서준"), d.user(t, "하늘")
		d.following(t, minji, sns.FollowMost-1)
		d.follow(t, minji, seojun, true)
		_, err := d.SetFollow(t.Context(), minji, haneul, true, noon)
		wantInvalid(t, err, "follow.most", sns.FollowMost)
		if n := d.follow(t, minji, seojun, true); n != 1 { // the limit does not apply to a follow that exists
			t.Errorf("%d follow them", n)
		}
		if n := d.rows(t, "follows"); n != 1 || d.rows(t, "users WHERE follower_count <> 0 AND id <> ?", seojun) != 0 {
			t.Errorf("%d follows, or others are counted", n)
		}
		d.follow(t, minji, seojun, false) // makes room for one more
		if n := d.follow(t, minji, haneul, true); n != 1 {
			t.Errorf("%d follow them", n)
		}
		d.follow(t, seojun, minji, true) // the number of followers has no limit
	})
}

func TestFollowsArePagedTheLatestFirst(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 8)
		star, fan := people[0], people[1]
		for i, other := range people[2:] {
			d.follow(t, other, star, true)
			d.follow(t, fan, people[7-i], true) // in reverse order
		}
		if err := d.SetLocation(t.Context(), people[7], sns.Location{Area: "서울", Town: "합정동"}); err != nil {
			t.Fatal(err)
		}
		followers, err := d.Followers(t.Context(), star, 0, 0, 4)
		if want := []string{"사람7", "사람6", "사람5", "사람4"}; err != nil || !slices.Equal(names(followers), want) {
			t.Fatalf("got %v, %v", names(followers), err)
		}
		if u := followers[0].User; u.ID != people[7] || u.Location.Town != "합정동" || u.Following != 1 || u.Followers != 1 || u.Role != sns.RoleUser {
			t.Errorf("got %+v", u)
		}
		followers, err = d.Followers(t.Context(), star, 0, followers[3].ID, 4)
		if want := []string{"사람3", "사람2"}; err != nil || !slices.Equal(names(followers), want) {
			t.Errorf("second page: %v, %v", names(followers), err)
		}
		followees, err := d.Followees(t.Context(), fan, 0, 0, 20)
		if want := []string{"사람2", "사람3", "사람4", "사람5", "사람6", "사람7"}; err != nil || !slices.Equal(names(followees), want) {
			t.Errorf("got %v, %v", names(followees), err)
		}
		followees, err = d.Followees(t.Context(), fan, 0, followees[4].ID, 20)
		if err != nil || !slices.Equal(names(followees), []string{"사람7"}) {
			t.Errorf("second page: %v, %v", names(followees), err)
		}
		for _, nobody := range []int64{star, 999} {
			if got, err := d.Followees(t.Context(), nobody, 0, 0, 20); err != nil || len(got) != 0 {
				t.Errorf("of nobody: %v, %v", got, err)
			}
		}
	})
}

// 1,200 users are more than a statement takes.
func TestWhomOneFollows(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 4)
		d.follow(t, people[0], people[1], true)
		d.follow(t, people[0], people[3], true)
		d.follow(t, people[2], people[0], true)
		ask := make([]int64, 1200)
		for i := range ask {
			ask[i] = int64(2000 - i)
		}
		got, err := d.Follows(t.Context(), people[0], slices.Concat(ask, people))
		if want := map[int64]bool{people[1]: true, people[3]: true}; err != nil || !maps.Equal(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
		if got, err := d.Follows(t.Context(), people[0], nil); err != nil || len(got) != 0 {
			t.Errorf("of none: %v, %v", got, err)
		}
	})
}

func TestFollowsAreCountedWhoeverFollowsAtOnce(t *testing.T) { each(t, followEachOther) }

// followEachOther makes all users follow all others, and some stop again, so
// that pairs follow each other at the same moment.
func followEachOther(t *testing.T, d *database) {
	people := d.users(t, 6)
	together(2*len(people), func(i int) { // each from two devices
		random := rand.New(rand.NewPCG(uint64(i), 3))
		me := people[i%len(people)]
		for range 2 {
			for _, k := range random.Perm(len(people)) {
				if people[k] == me {
					continue
				}
				if _, err := d.SetFollow(t.Context(), me, people[k], random.IntN(4) > 0, noon); err != nil {
					t.Error(err)
				}
			}
		}
	})
	d.followsFit(t)
	together(len(people), func(i int) {
		for _, other := range people {
			if other == people[i] {
				continue
			}
			if _, err := d.SetFollow(t.Context(), people[i], other, true, noon); err != nil {
				t.Error(err)
			}
		}
	})
	if n := d.rows(t, "follows"); n != len(people)*(len(people)-1) {
		t.Errorf("%d follows", n)
	}
	d.followsFit(t)
}

// If two calls would reach the limit at the same moment, one of them fails.
func TestTheLastOneMayFollow(t *testing.T) { each(t, lastFollowee) }

func lastFollowee(t *testing.T, d *database) {
	people := d.users(t, 7)
	for range 3 {
		d.following(t, people[0], sns.FollowMost-1)
		errs := make([]error, len(people)-1)
		together(len(errs), func(i int) { _, errs[i] = d.SetFollow(t.Context(), people[0], people[i+1], true, noon) })
		ok := 0
		for i, err := range errs {
			if err == nil {
				ok++
				d.follow(t, people[0], people[i+1], false)
			} else {
				wantInvalid(t, err, "follow.most", sns.FollowMost)
			}
		}
		if ok != 1 || d.rows(t, "follows") != 0 {
			t.Errorf("%d were followed", ok)
		}
	}
}
