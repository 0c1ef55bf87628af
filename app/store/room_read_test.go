package store_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"xxsns/app/sns"
)

// readOf returns how far a user has read a room.
func (d *database) readOf(t *testing.T, user, room int64) sns.RoomRead {
	t.Helper()
	reads, err := d.RoomReads(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(reads, func(r sns.RoomRead) bool { return r.Room == room })
	if i < 0 {
		t.Fatalf("%d has no seat in %v", user, reads)
	}
	return reads[i]
}

func TestReadMarksNeverFall(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		sua, minji := d.user(t, "수아"), d.user(t, "민지")
		room, other := d.room(t, sua, 5), d.room(t, sua, 5)
		d.enter(t, room, minji)
		d.enter(t, other, minji)
		want := sns.RoomRead{Room: room, Buffer: d.readOf(t, sua, room).Buffer}
		if got := d.readOf(t, minji, room); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		for _, seq := range []int64{7, 3, 12, 12, 0, -1} {
			if err := d.RaiseRead(t.Context(), minji, room, seq); err != nil {
				t.Fatal(err)
			}
			want.Seq = max(want.Seq, seq)
			if got := d.readOf(t, minji, room); got != want {
				t.Errorf("after %d: %+v, want %+v", seq, got, want)
			}
		}
		for _, alerts := range sns.AllAlerts {
			if err := d.SetAlerts(t.Context(), minji, room, alerts); err != nil {
				t.Fatal(err)
			}
			want.Alerts = alerts
			if got := d.readOf(t, minji, room); got != want {
				t.Errorf("%s: %+v, want %+v", alerts, got, want)
			}
		}
		alerted, err := d.Alerted(t.Context(), room, []int64{sua, minji})
		if elsewhere, errElsewhere := d.Alerted(t.Context(), other, []int64{minji}); err != nil || errElsewhere != nil || !slices.Equal(alerted, []int64{sua}) || len(elsewhere) != 1 {
			t.Errorf("%v and %v hear of mentions, %v, %v", alerted, elsewhere, err, errElsewhere)
		}
		if got := d.readOf(t, minji, other); got.Seq != 0 || got.Alerts != sns.AlertsAll {
			t.Errorf("the other room: %+v", got)
		}
		if got := d.readOf(t, sua, room); got.Seq != 0 || got.Alerts != sns.AlertsAll {
			t.Errorf("of the mentor: %+v", got)
		}
	})
}

// Devices of a person read at once: the highest seq stays.
func TestDevicesReadAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		sua := d.user(t, "수아")
		room := d.room(t, sua, 5)
		var all sync.WaitGroup
		for seq := range int64(12) {
			all.Go(func() {
				if err := d.RaiseRead(t.Context(), sua, room, seq+1); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := d.readOf(t, sua, room); got.Seq != 12 || d.rows(t, "room_reads") != 1 {
			t.Errorf("%+v, %d rows", got, d.rows(t, "room_reads"))
		}
	})
}

// People without a seat read nothing. The mark stays when somebody leaves, and goes with the
// account.
func TestOnlyWhoIsInsideReads(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		sua, minji, haru := d.user(t, "수아"), d.user(t, "민지"), d.user(t, "하루")
		room := d.room(t, sua, 5)
		refused := func(what string, user int64) {
			t.Helper()
			for _, err := range []error{d.RaiseRead(t.Context(), user, room, 3), d.SetAlerts(t.Context(), user, room, sns.AlertsNone)} {
				if !errors.Is(err, sns.ErrForbidden) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if reads, err := d.RoomReads(t.Context(), user); err != nil || len(reads) != 0 {
				t.Errorf("%s: %v, %v", what, reads, err)
			}
		}
		refused("never inside", haru)
		d.enter(t, room, minji)
		if err := d.RaiseRead(t.Context(), minji, room, 9); err != nil {
			t.Fatal(err)
		}
		if _, err := d.LeaveRoom(t.Context(), room, minji, noon); err != nil {
			t.Fatal(err)
		}
		refused("outside again", minji)
		d.enter(t, room, minji)
		if got := d.readOf(t, minji, room); got.Seq != 9 {
			t.Errorf("back again: %+v", got)
		}
		if _, err := d.EndRoom(t.Context(), room, noon); err != nil {
			t.Fatal(err)
		}
		refused("after the end", minji)
		if _, err := d.DeleteUser(t.Context(), minji, noon); err != nil || d.rows(t, "room_reads") != 0 {
			t.Errorf("%v; %d rows are left of a deleted account", err, d.rows(t, "room_reads"))
		}
	})
}
