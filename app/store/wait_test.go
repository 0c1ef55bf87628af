package store_test

import (
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
)

func (d *database) wait(t testing.TB, room, user int64, on bool, now time.Time) {
	t.Helper()
	if err := d.WaitForSeat(t.Context(), room, user, on, now); err != nil {
		t.Fatal(err)
	}
}

// taken returns the users that TakeWaiting marks as told.
func (d *database) taken(t testing.TB, room int64) []int64 {
	t.Helper()
	users, err := d.TakeWaiting(t.Context(), room, noon)
	if err != nil {
		t.Fatal(err)
	}
	return users
}

// freed returns the rooms about which the user was told.
func (d *database) freed(t testing.TB, user int64) []int64 {
	t.Helper()
	rooms, err := d.FreedRooms(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	ids := []int64{}
	for _, r := range rooms {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestWhoWaitsIsToldOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 5)
		room, other := d.room(t, people[0], 5), d.room(t, people[0], 5)
		for _, person := range []int64{people[3], people[1], people[2], people[3]} {
			d.wait(t, room, person, true, noon)
		}
		d.wait(t, other, people[4], true, noon)
		d.wait(t, room, people[2], false, noon)
		d.wait(t, room, people[2], false, noon)
		if got, want := d.taken(t, room), []int64{people[1], people[3]}; !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
		if got := d.taken(t, room); len(got) != 0 {
			t.Errorf("told %v twice", got)
		}
		if got := d.freed(t, people[1]); !slices.Equal(got, []int64{room}) {
			t.Errorf("who was told sees %v", got)
		}
		if got := d.freed(t, people[4]); len(got) != 0 {
			t.Errorf("who was not told sees %v", got)
		}
		if _, membership := d.found(t, room, people[1]); membership != (sns.Membership{}) {
			t.Errorf("who was told is %+v", membership)
		}
		d.wait(t, room, people[1], true, noon) // the room was full again
		if got := d.freed(t, people[1]); len(got) != 0 {
			t.Errorf("who waits again sees %v", got)
		}
		if got := d.taken(t, room); !slices.Equal(got, []int64{people[1]}) {
			t.Errorf("told %v, want who waits again", got)
		}
	})
}

func TestWaitEndsWithASeat(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 3)
		told, untold, declined, ended := d.room(t, people[0], 5), d.room(t, people[0], 5), d.room(t, people[0], 5), d.room(t, people[0], 5)
		for _, room := range []int64{told, untold, declined, ended} {
			d.wait(t, room, people[1], true, noon)
			d.wait(t, room, people[2], true, noon)
			if room != untold {
				d.taken(t, room)
			}
		}
		if got, want := d.freed(t, people[1]), []int64{ended, declined, told}; !slices.Equal(got, want) {
			t.Errorf("they see %v, want %v", got, want)
		}
		d.enter(t, told, people[1])
		d.enter(t, untold, people[1])
		d.wait(t, declined, people[1], false, noon)
		d.end(t, ended)
		if got := d.freed(t, people[1]); len(got) != 0 {
			t.Errorf("then they see %v", got)
		}
		if got := d.taken(t, untold); !slices.Equal(got, []int64{people[2]}) {
			t.Errorf("told %v, want who is still outside", got)
		}
		d.wait(t, told, people[1], true, noon) // from an outdated page
		if got := d.taken(t, told); len(got) != 0 {
			t.Errorf("who is inside is told: %v", got)
		}
		if n := d.rows(t, "room_waits WHERE user_id = ?", people[1]); n != 0 {
			t.Errorf("%d waits are left", n)
		}
	})
}
