package store_test

import (
	"errors"
	"testing"

	"xxsns/app/sns"
)

func TestRoomTellsTheFollowersOfItsMentor(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호")
		d.follow(t, p[1], p[0], true)
		d.follow(t, p[2], p[0], true)
		d.follow(t, p[0], p[2], true)
		room := d.room(t, p[0], 5)
		d.wantTold(t, p[1], "room 민지 unread")
		d.wantTold(t, p[2], "room 민지 unread", "follow 민지 unread")
		all, err := d.Notices(t.Context(), p[1], nil, 0, 10)
		if err != nil || all[0].Room != room || all[0].Title != "함께 읽기" || all[0].Post != 0 {
			t.Errorf("%+v, %v", all, err)
		}
		d.room(t, p[0], 5)
		d.wantTold(t, p[1], "room 민지 unread", "room 민지 unread")
		must(t, d.ReadRoom(t.Context(), p[1], room, 0))
		d.wantTold(t, p[1], "room 민지 unread", "room 민지")
		d.end(t, room)
		d.wantTold(t, p[1], "room 민지 unread", "room 민지")
	})
}

func TestFreeSeatsAreNoticed(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "서연")
		room := d.room(t, p[0], 5)
		wait := func(user int64) { must(t, d.WaitForSeat(t.Context(), room, user, true, noon)) }
		take := func(want int) {
			users, err := d.TakeWaiting(t.Context(), room, noon)
			if err != nil || len(users) != want {
				t.Errorf("%v, %v, want %d", users, err, want)
			}
		}
		wait(p[1])
		wait(p[2])
		take(2)
		take(0)
		d.wantTold(t, p[1], "seat unread")
		wait(p[1]) // somebody else was faster
		take(1)
		d.wantTold(t, p[1], "seat unread")
		d.enter(t, room, p[1])
		d.wantTold(t, p[1])
		d.wantTold(t, p[2], "seat unread")
		d.end(t, room)
		d.wantTold(t, p[1])
		d.wantTold(t, p[2])
	})
}

func TestMessagesTellWhoIsInside(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		p := d.names(t, "민지", "하루", "준호", "서연")
		room := d.room(t, p[0], 5)
		d.enter(t, room, p[1])
		d.enter(t, room, p[2])
		tell := func(seq, author int64, users ...int64) {
			must(t, d.NoticeMessage(t.Context(), room, seq, author, users, noon))
		}
		tell(1, p[0])
		for range 2 {
			tell(3, p[0], p[0], p[1], p[3])
		}
		tell(5, p[2], p[1], p[0])
		d.wantTold(t, p[0], "mention 준호 unread")
		d.wantTold(t, p[1], "mention 준호 민지 unread")
		d.wantTold(t, p[3])
		seq := func(want int64) {
			t.Helper()
			all, err := d.Notices(t.Context(), p[1], nil, 0, 10)
			if err != nil || len(all) == 0 || all[0].Seq != want || all[0].Room != room || all[0].Comment != 0 {
				t.Errorf("%+v, %v, want seq %d", all, err, want)
			}
		}
		seq(3)
		must(t, d.ReadRoom(t.Context(), p[1], room, 2))
		seq(3)
		must(t, d.ReadRoom(t.Context(), p[1], room, 4))
		d.wantTold(t, p[1], "mention 준호 unread")
		seq(5)
		must(t, d.ReadRoom(t.Context(), p[1], room, 5))
		d.wantTold(t, p[1], "mention 준호")
		tell(6, p[0], p[1])
		d.wantTold(t, p[1], "mention 민지 unread", "mention 준호")
		for _, seq := range []int64{6, 6, 7} {
			must(t, d.ForgetMessage(t.Context(), room, seq))
		}
		d.wantTold(t, p[1], "mention 준호")
		if _, err := d.LeaveRoom(t.Context(), room, p[1], noon); err != nil {
			t.Fatal(err)
		}
		d.wantTold(t, p[1])
		if _, err := d.RemoveParticipant(t.Context(), room, p[0], noon); err != nil {
			t.Fatal(err)
		}
		d.wantTold(t, p[0])
		if err := d.NoticeMessage(t.Context(), 99, 1, p[0], p[1:], noon); !errors.Is(err, sns.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
	})
}
