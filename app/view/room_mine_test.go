package view

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"xxsns/app/sns"
)

func sampleMyRoom() MyRoom {
	opened := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	return MyRoom{
		Room: sns.ViewedRoom{
			Room:       sns.Room{ID: 3, Name: "읽기방", Mentor: sns.User{ID: 9, Username: "민지", Role: sns.RoleMentor}, UserLimit: 5, HeadCount: 2, CreatedAt: opened},
			Membership: sns.Membership{Inside: true, Was: true},
		},
		Unread: 3,
		Last:   sns.Message{Room: 3, Seq: 7, Kind: sns.MessageSaid, Author: sns.User{ID: 7, Username: "하루"}, Content: "내일  봐요\n모두", At: opened.Add(time.Hour)},
	}
}

// TestKeptRoomsOfMine changes each value of a room. If the card changes, the list from before
// must not be shown any more.
func TestKeptRoomsOfMine(t *testing.T) {
	t.Parallel()
	l := sampleLocale(t)
	quiet := sampleMyRoom()
	quiet.Unread, quiet.Last = 0, sns.Message{}
	for _, room := range []MyRoom{sampleMyRoom(), quiet} {
		rooms, now := []MyRoom{room}, room.Room.CreatedAt.Add(48*time.Hour)
		whole := func() string {
			html, err := l.myRooms.whole(l, rooms, scene{now: now})
			if err != nil {
				t.Fatal(err)
			}
			return html
		}
		list, err := l.myRooms.keep(l, []MyRoom{room}, scene{now: now})
		if err != nil {
			t.Fatal(err)
		}
		before := whole()
		try := func(field string) {
			if l.myRooms.shows(list, rooms, scene{now: now}) && whole() != before {
				t.Errorf("a change of %s shows in the card, but the list from before is shown", field)
			}
		}
		if !l.myRooms.shows(list, rooms, scene{now: now}) {
			t.Fatal("the list is not kept")
		}
		eachChange(t, "", reflect.ValueOf(&rooms[0]).Elem(), try)
		eachChange(t, "now", reflect.ValueOf(&now).Elem(), try)
	}
}

func TestRoomsOfMineAreInTheOrderOfTheirLastWords(t *testing.T) {
	t.Parallel()
	l := sampleLocale(t)
	said, quiet, older := sampleMyRoom(), sampleMyRoom(), sampleMyRoom()
	quiet.Room.ID, quiet.Last, quiet.Unread = 4, sns.Message{}, 0
	older.Room.ID, older.Last.At, older.Unread = 2, said.Last.At.Add(-time.Minute), sns.UnreadMost
	list, err := l.MyRooms([]MyRoom{quiet, older, said}, said.Last.At.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	html := string(list.HTML())
	at := -1
	for _, want := range []string{`id="room-3"`, "<bdi>하루</bdi></a> <bdi class=\"said\">내일 봐요 모두</bdi>", ">3<", `id="room-2"`, ">99&#43;<", `id="room-4"`} {
		i := strings.Index(html, want)
		if i < at {
			t.Errorf("%s is not in its place in %s", want, html)
		}
		at = i
	}
}

func TestUnreadNumbers(t *testing.T) {
	t.Parallel()
	for count, want := range map[int]string{0: "", 1: "1", 99: "99", sns.UnreadMost: "99+"} {
		if got := unreadNumber(count); got != want {
			t.Errorf("%d reads %q, want %q", count, got, want)
		}
	}
}
