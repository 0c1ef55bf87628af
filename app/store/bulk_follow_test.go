package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// circle lets each of the people follow the next ones.
func circle(people []int64, next int) []store.NewFollow {
	var all []store.NewFollow
	for i, follower := range people {
		for k := range next {
			all = append(all, store.NewFollow{Follower: follower, Followee: people[(i+k+1)%len(people)], CreatedAt: noon.Add(time.Duration(k) * time.Second)})
		}
	}
	return all
}

// followsFit fails when somebody shows other counts than they have rows.
func (d *database) followsFit(t testing.TB) {
	t.Helper()
	if n := d.rows(t, `users u WHERE follower_count <> (SELECT COUNT(*) FROM follows f WHERE f.followee_id = u.id)
		OR following_count <> (SELECT COUNT(*) FROM follows f WHERE f.follower_id = u.id)`); n > 0 {
		t.Errorf("%d people show other counts than they have rows", n)
	}
}

func TestBulkFollowsAreReadBackAsMade(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people, err := d.InsertUsers(t.Context(), bulkUsers(600))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.SetFollow(t.Context(), people[0], people[300], true, noon); err != nil {
			t.Fatal(err)
		}
		follows := append(circle(people, 3), circle(people[:40], 6)[3:6]...)
		for range 2 { // the second time some are there
			err = d.InsertFollows(t.Context(), slices.Values(follows))
		}
		if !errors.Is(err, sns.ErrConflict) {
			t.Errorf("following twice: %v", err)
		}
		d.followsFit(t)
		if n := d.rows(t, "follows"); n != 1804 {
			t.Errorf("%d follows, want 1804", n)
		}
		whom, err := d.Followees(t.Context(), people[0], 0, 10)
		if err != nil || len(whom) != 7 || whom[0].User.ID != people[6] || whom[6].User.ID != people[300] || whom[6].User.Followers != 4 {
			t.Errorf("%+v, %v", whom, err)
		}
	})
}

func TestBulkFollowsAreMadeAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people, err := d.InsertUsers(t.Context(), bulkUsers(300))
		if err != nil {
			t.Fatal(err)
		}
		var invalid sns.Invalid
		self := append(circle(people, 2), store.NewFollow{Follower: people[7], Followee: people[7], CreatedAt: noon})
		if err := d.InsertFollows(t.Context(), slices.Values(self)); !errors.As(err, &invalid) {
			t.Errorf("following oneself: %v", err)
		}
		twice := append(circle(people, 2), circle(people, 1)[5])
		if err := d.InsertFollows(t.Context(), slices.Values(twice)); !errors.Is(err, sns.ErrConflict) {
			t.Errorf("following twice: %v", err)
		}
		if err := d.InsertFollows(t.Context(), none[store.NewFollow]()); err != nil {
			t.Errorf("no follows: %v", err)
		}
		if n := d.rows(t, "follows"); n > 0 {
			t.Errorf("%d follows are left", n)
		}
		d.followsFit(t)
	})
}

func TestBulkFollowsBesidePeopleWhoFollow(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people, err := d.InsertUsers(t.Context(), bulkUsers(60))
		if err != nil {
			t.Fatal(err)
		}
		const steps = 10
		together(4, func(i int) {
			for step := range steps {
				if i == 0 {
					from := circle(people[step*6:step*6+6], 5)
					if err := d.InsertFollows(t.Context(), slices.Values(from)); err != nil {
						t.Error(err)
					}
					continue
				}
				follower, followee := people[step], people[59-step*3-i]
				if _, err := d.SetFollow(t.Context(), follower, followee, true, noon); err != nil {
					t.Error(err)
				}
			}
		})
		d.followsFit(t)
	})
}
