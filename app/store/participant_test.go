package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

func TestComingAndGoing(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		room := d.room(t, minji, 5)
		first, err := d.EnterRoom(t.Context(), room, seojun, noon)
		if err != nil || first.Again || first.Participant == 0 || first.Room.HeadCount != 2 || first.Room.Version != 1 {
			t.Fatalf("entering: %+v, %v", first, err)
		}
		if again, err := d.EnterRoom(t.Context(), room, seojun, noon); err != nil || again != (store.EnterResult{Room: first.Room, Participant: first.Participant, Again: true}) {
			t.Errorf("entering again: %+v, %v", again, err)
		}
		gone, err := d.LeaveRoom(t.Context(), room, seojun, noon.Add(time.Minute))
		if err != nil || !gone.Changed || gone.Participant != first.Participant || gone.Room.HeadCount != 1 || gone.Room.Version != 2 {
			t.Errorf("leaving: %+v, %v", gone, err)
		}
		twice, err := d.LeaveRoom(t.Context(), room, seojun, noon.Add(time.Hour))
		if err != nil || twice != (store.LeaveResult{Room: gone.Room, Participant: first.Participant}) {
			t.Errorf("leaving again: %+v, %v", twice, err)
		}
		if _, membership := d.found(t, room, seojun); membership != (sns.Membership{Was: true}) {
			t.Errorf("then they are %+v", membership)
		}
		second, err := d.EnterRoom(t.Context(), room, seojun, noon.Add(2*time.Minute))
		if err != nil || second.Again || second.Participant <= first.Participant || second.Room.HeadCount != 2 || second.Room.Version != 3 {
			t.Errorf("coming back: %+v, %v", second, err)
		}
		if r, _ := d.found(t, room, 0); r != second.Room {
			t.Errorf("the room is %+v, want %+v", r, second.Room)
		}
		d.seatsFit(t, room)
	})
}

func TestWhoIsOutsideChangesNothingByLeaving(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		room := d.room(t, minji, 5)
		before, _ := d.found(t, room, 0)
		if gone, err := d.LeaveRoom(t.Context(), room, seojun, noon); err != nil || gone != (store.LeaveResult{Room: before}) {
			t.Errorf("%+v, %v", gone, err)
		}
	})
}

func TestFullRoom(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 6)
		room := d.room(t, people[0], 5)
		for _, person := range people[:5] {
			d.enter(t, room, person)
		}
		if _, err := d.EnterRoom(t.Context(), room, people[5], noon); !errors.Is(err, sns.ErrRoomFull) {
			t.Errorf("one too many: %v", err)
		}
		if entry, err := d.EnterRoom(t.Context(), room, people[3], noon); err != nil || !entry.Again || !entry.Room.Full() {
			t.Errorf("who is inside: %+v, %v", entry, err)
		}
		if n := d.rows(t, "participants"); n != 5 || d.seatsFit(t, room) != 5 {
			t.Errorf("%d rows", n)
		}
		if _, err := d.LeaveRoom(t.Context(), room, people[1], noon); err != nil {
			t.Fatal(err)
		}
		d.enter(t, room, people[5])
		if d.seatsFit(t, room) != 5 {
			t.Error("the free seat was not given")
		}
	})
}

func TestRemovedPersonStaysOutsideUntilLetBack(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		room := d.room(t, minji, 5)
		d.enter(t, room, seojun)
		gone, err := d.RemoveParticipant(t.Context(), room, seojun, noon)
		if err != nil || !gone.Changed || gone.Room.HeadCount != 1 || gone.Room.Version != 2 || gone.Participant == 0 {
			t.Errorf("removing: %+v, %v", gone, err)
		}
		if again, err := d.RemoveParticipant(t.Context(), room, seojun, noon); err != nil || again.Changed || again.Room != gone.Room {
			t.Errorf("removing again: %+v, %v", again, err)
		}
		if _, err := d.EnterRoom(t.Context(), room, seojun, noon); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("entering: %v", err)
		}
		if err := d.WaitForSeat(t.Context(), room, seojun, true, noon); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("waiting: %v", err)
		}
		if _, membership := d.found(t, room, seojun); membership != (sns.Membership{Was: true, Removed: true}) {
			t.Errorf("they are %+v", membership)
		}
		if err := d.RestoreParticipant(t.Context(), room, seojun); err != nil {
			t.Error(err)
		}
		if err := d.RestoreParticipant(t.Context(), room, seojun); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("letting back twice: %v", err)
		}
		d.enter(t, room, seojun)
		if d.seatsFit(t, room) != 2 {
			t.Error("they are not inside again")
		}
	})
}

func TestWhoLeftCanBeRemoved(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun, haneul := d.user(t, "민지"), d.user(t, "서준"), d.user(t, "하늘")
		room := d.room(t, minji, 5)
		for range 2 { // two participations
			d.enter(t, room, seojun)
			if _, err := d.LeaveRoom(t.Context(), room, seojun, noon); err != nil {
				t.Fatal(err)
			}
		}
		before, _ := d.found(t, room, 0)
		if err := d.WaitForSeat(t.Context(), room, seojun, true, noon); err != nil {
			t.Fatal(err)
		}
		gone, err := d.RemoveParticipant(t.Context(), room, seojun, noon)
		if err != nil || gone.Changed || gone.Room != before {
			t.Errorf("removing: %+v, %v", gone, err)
		}
		if _, membership := d.found(t, room, seojun); membership != (sns.Membership{Was: true, Removed: true}) {
			t.Errorf("they are %+v", membership)
		}
		if _, err := d.EnterRoom(t.Context(), room, seojun, noon); !errors.Is(err, sns.ErrForbidden) {
			t.Errorf("entering: %v", err)
		}
		for name, err := range map[string]error{
			"removing":     func() error { _, err := d.RemoveParticipant(t.Context(), room, haneul, noon); return err }(),
			"letting back": d.RestoreParticipant(t.Context(), room, haneul),
		} {
			if !errors.Is(err, sns.ErrNotFound) {
				t.Errorf("%s somebody who never entered: %v", name, err)
			}
		}
	})
}

func TestParticipantsStandOnceInTheOrderTheyCame(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 4)
		room, other := d.room(t, people[3], 5), d.room(t, people[0], 5)
		minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
		come := func(i, n int) {
			if _, err := d.EnterRoom(t.Context(), room, people[i], minute(n)); err != nil {
				t.Fatal(err)
			}
		}
		come(2, 1)
		come(0, 2)
		if _, err := d.LeaveRoom(t.Context(), room, people[2], minute(3)); err != nil {
			t.Fatal(err)
		}
		come(2, 4)
		if _, err := d.RemoveParticipant(t.Context(), room, people[0], minute(5)); err != nil {
			t.Fatal(err)
		}
		d.enter(t, other, people[1])
		got, err := d.Participants(t.Context(), room)
		user := func(i int) sns.User {
			return sns.User{ID: people[i], Username: map[int]string{0: "사람0", 2: "사람2", 3: "사람3"}[i], Role: sns.RoleUser, CreatedAt: noon}
		}
		want := []sns.Participant{
			{User: user(3), EnteredAt: noon},
			{User: user(2), EnteredAt: minute(4)},
			{User: user(0), EnteredAt: minute(2), ExitedAt: minute(5), Removed: true},
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		counts, err := d.CountParticipants(t.Context(), []int64{room, other, 99})
		if want := map[int64]int{room: 3, other: 2}; err != nil || !reflect.DeepEqual(counts, want) {
			t.Errorf("counted %v, %v, want %v", counts, err, want)
		}
		if got, err := d.Participants(t.Context(), 99); err != nil || len(got) != 0 {
			t.Errorf("of no room: %+v, %v", got, err)
		}
	})
}

func TestStillInside(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 3)
		open, ended := d.room(t, people[0], 5), d.room(t, people[0], 5)
		for _, person := range people[1:] {
			d.enter(t, open, person)
			d.enter(t, ended, person)
		}
		if _, err := d.LeaveRoom(t.Context(), open, people[2], noon); err != nil {
			t.Fatal(err)
		}
		d.end(t, ended)
		var asked []store.Seat
		for _, room := range []int64{open, ended, 99} {
			for _, person := range append(people[1:], 12345) {
				asked = append(asked, store.Seat{Room: room, User: person})
			}
		}
		for i := range int64(1200) { // more than a statement takes
			asked = append(asked, store.Seat{Room: open, User: 1_000_000 + i})
		}
		got, err := d.StillInside(t.Context(), asked)
		want := map[store.Seat]bool{{Room: open, User: people[1]}: true}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
		if got, err := d.StillInside(t.Context(), nil); err != nil || len(got) != 0 {
			t.Errorf("of none: %v, %v", got, err)
		}
	})
}
