package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"xxsns/app/sns"
	"xxsns/app/store"
)

// named makes an open room with a name.
func (d *database) named(t *testing.T, mentor int64, name string) int64 {
	t.Helper()
	id, _, err := d.CreateRoom(t.Context(), store.NewRoom{Mentor: mentor, Name: name, UserLimit: 5, Buffer: "table", CreatedAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// listed returns the ids of the open rooms that f selects.
func (d *database) listed(t *testing.T, f store.RoomFilter) []int64 {
	t.Helper()
	all, err := d.Rooms(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	return ids
}

func TestOpenRoomsAreListedNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 2)
		var want []int64
		for i := range 7 {
			room := d.room(t, people[i%2], 5)
			if i == 3 {
				d.end(t, room)
				continue
			}
			want = append([]int64{room}, want...)
		}
		if got := d.listed(t, store.RoomFilter{Limit: 10}); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		var paged []int64
		for before := int64(0); ; before = paged[len(paged)-1] {
			page := d.listed(t, store.RoomFilter{Before: before, Limit: 2})
			if paged = append(paged, page...); len(page) < 2 || len(paged) > 10 {
				break
			}
		}
		if !slices.Equal(paged, want) {
			t.Errorf("in pages %v, want %v", paged, want)
		}
	})
}

func TestListTellsWhatTheViewerIsToEachRoom(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 3)
		minji, seojun, haneul := people[0], people[1], people[2]
		rooms := make([]int64, 5)
		for i := range rooms {
			rooms[i] = d.room(t, minji, 5)
		}
		for _, room := range rooms[1:4] {
			d.enter(t, room, seojun)
		}
		if _, err := d.LeaveRoom(t.Context(), rooms[2], seojun, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := d.RemoveParticipant(t.Context(), rooms[3], seojun, noon); err != nil {
			t.Fatal(err)
		}
		for _, user := range []int64{seojun, haneul} {
			if err := d.WaitForSeat(t.Context(), rooms[4], user, true, noon); err != nil {
				t.Fatal(err)
			}
		}
		want := []sns.Membership{{}, {Inside: true, Was: true}, {Was: true}, {Was: true, Removed: true}, {Waiting: true}}
		all, err := d.Rooms(t.Context(), store.RoomFilter{Viewer: seojun, Limit: 10})
		if err != nil || len(all) != len(rooms) {
			t.Fatalf("%d rooms, %v", len(all), err)
		}
		for i, room := range rooms {
			listed := all[len(all)-1-i]
			found, membership := d.found(t, room, seojun)
			if listed.Room != found || listed.Membership != want[i] || membership != want[i] {
				t.Errorf("room %d: listed %+v, found %+v, want %+v", i, listed, membership, want[i])
			}
		}
	})
}

func TestRoomsAreFoundByTheirWords(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, leader := d.user(t, "민지"), d.user(t, "Book_Lover")
		rooms := map[string]int64{}
		for _, name := range []string{"아침 영어 회화", "저녁 독서 모임", "Go 언어 공부!", "100% 집밥", "100점 집밥", "snake_case", "snakeXcase", `역\슬래시`, "!!주의", "Café  ＡＢＣ 모임", "\u110f\u1161페"} {
			rooms[name] = d.named(t, minji, name)
		}
		rooms["비밀"] = d.named(t, leader, "비밀")
		for query, want := range map[string][]string{
			"영어": {"아침 영어 회화"}, "어 회": {"아침 영어 회화"}, "독서": {"저녁 독서 모임"}, "언어": {"Go 언어 공부!"}, "영화": nil,
			"go": {"Go 언어 공부!"}, "GO": {"Go 언어 공부!"}, "집밥": {"100% 집밥", "100점 집밥"},
			"100%": {"100% 집밥"}, "0% 집": {"100% 집밥"}, "%": {"100% 집밥"}, "_": {"snake_case", "비밀"},
			"snake_case": {"snake_case"}, "SNAKE_C": {"snake_case"}, "!": {"Go 언어 공부!", "!!주의"}, "!!": {"!!주의"}, "!%": nil, "!_": nil,
			`\`: {`역\슬래시`}, "'": nil, "book_": {"비밀"}, "lover": {"비밀"}, "민지": {
				"아침 영어 회화", "저녁 독서 모임", "Go 언어 공부!", "100% 집밥", "100점 집밥", "snake_case", "snakeXcase", `역\슬래시`, "!!주의", "Café  ＡＢＣ 모임", "\u110f\u1161페"},
			"cafe abc": {"Café  ＡＢＣ 모임"}, "CAFÉ ａｂｃ": {"Café  ＡＢＣ 모임"}, " cafe   abc ": {"Café  ＡＢＣ 모임"}, "카페": {"\u110f\u1161페"}, "캎": nil,
		} {
			var ids []int64
			for _, name := range want {
				ids = append(ids, rooms[name])
			}
			slices.Sort(ids)
			slices.Reverse(ids)
			if got := d.listed(t, store.RoomFilter{Query: query, Limit: 20}); !slices.Equal(got, ids) {
				t.Errorf("%q finds %v, want %v: %q", query, got, ids, want)
			}
		}
		if got := d.listed(t, store.RoomFilter{Query: "집밥", Before: rooms["100점 집밥"], Limit: 20}); !slices.Equal(got, []int64{rooms["100% 집밥"]}) {
			t.Errorf("the second page is %v", got)
		}
	})
}

func TestMentorSeesOwnRooms(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		minji, seojun := d.user(t, "민지"), d.user(t, "서준")
		byState := map[bool][]int64{}
		for i := range 12 {
			room := d.room(t, minji, 5)
			d.room(t, seojun, 5)
			if i%3 == 0 {
				d.end(t, room)
			}
			byState[i%3 == 0] = append([]int64{room}, byState[i%3 == 0]...)
		}
		for ended, want := range byState {
			var got []int64
			for before := int64(0); ; before = got[len(got)-1] {
				page, err := d.MentorRooms(t.Context(), minji, ended, before, 3)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page {
					if r.Ended() != ended || r.Mentor.Username != "민지" {
						t.Errorf("ended = %t: %+v", ended, r)
					}
					got = append(got, r.ID)
				}
				if len(page) < 3 || len(got) > 12 {
					break
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("ended = %t: got %v, want %v", ended, got, want)
			}
		}
	})
}

func TestOpenRoomsOfOnesOwnAndOfOthers(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 2)
		minji, seojun := people[0], people[1]
		for _, f := range []store.RoomFilter{{Mine: true}, {Others: true}} {
			f.Viewer, f.Limit = seojun, 10
			if got := d.listed(t, f); len(got) != 0 {
				t.Errorf("without rooms %+v finds %v", f, got)
			}
		}
		inside, left, ended, others := d.room(t, minji, 5), d.room(t, minji, 5), d.room(t, minji, 5), d.room(t, minji, 5)
		for _, room := range []int64{inside, left, ended} {
			d.enter(t, room, seojun)
		}
		if _, err := d.LeaveRoom(t.Context(), left, seojun, noon); err != nil {
			t.Fatal(err)
		}
		d.end(t, ended)
		if got := d.listed(t, store.RoomFilter{Viewer: seojun, Mine: true, Limit: 10}); !slices.Equal(got, []int64{inside}) {
			t.Errorf("mine are %v", got)
		}
		if got := d.listed(t, store.RoomFilter{Viewer: seojun, Others: true, Limit: 10}); !slices.Equal(got, []int64{others, left}) {
			t.Errorf("of others are %v", got)
		}
	})
}

// The permission to read is a part of the query: who was removed, and who never was
// inside, finds nothing.
func TestPastRoomsOfAParticipant(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		people := d.users(t, 4)
		minji, seojun, haneul, yuna := people[0], people[1], people[2], people[3]
		var rooms []int64
		for i := range 5 {
			room := d.room(t, minji, 5)
			rooms = append(rooms, room)
			d.enter(t, room, seojun)
			d.enter(t, room, haneul)
			if i%2 == 0 {
				if _, err := d.LeaveRoom(t.Context(), room, seojun, noon); err != nil {
					t.Fatal(err)
				}
				d.enter(t, room, seojun) // twice inside
			}
			if _, err := d.RemoveParticipant(t.Context(), room, haneul, noon); err != nil {
				t.Fatal(err)
			}
		}
		var want []int64
		for i, at := range []int{2, 0, 3, 1} { // the last stays open
			if _, err := d.EndRoom(t.Context(), rooms[at], noon.Add(time.Duration(i/2)*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		want = []int64{rooms[3], rooms[1], rooms[2], rooms[0]} // last ended first, then newest
		for user, want := range map[int64][]int64{minji: want, seojun: want, haneul: nil, yuna: nil} {
			if got := d.past(t, user, 10); !slices.Equal(got, want) {
				t.Errorf("user %d: %v, want %v", user, got, want)
			}
		}
		if got := d.past(t, seojun, 1); !slices.Equal(got, want) {
			t.Errorf("one by one: %v, want %v", got, want)
		}
	})
}

// past returns the ids of a user's past rooms, read in pages.
func (d *database) past(t *testing.T, user int64, limit int) (ids []int64) {
	t.Helper()
	for before := int64(0); ; before = ids[len(ids)-1] {
		page, err := d.PastRooms(t.Context(), user, before, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, room := range page {
			ids = append(ids, room.ID)
		}
		if len(page) < limit || len(ids) > 20 {
			return ids
		}
	}
}

func TestAdministratorsListAllRooms(t *testing.T) {
	each(t, func(t *testing.T, d *database) {
		mentor := d.user(t, "민지")
		open, late, early, settled := d.room(t, mentor, 5), d.room(t, mentor, 5), d.room(t, mentor, 5), d.room(t, mentor, 5)
		d.settle(t, settled, 3)
		d.end(t, late)
		d.end(t, early)
		d.run(t, fmt.Sprintf(`UPDATE end_rooms SET ended_at = %d WHERE room_id = %d`, noon.Add(-time.Hour).UnixMicro(), early))
		for list, want := range map[sns.RoomList][]int64{
			sns.RoomsAll: {settled, early, late, open}, sns.RoomsOpen: {open}, sns.RoomsUnsaved: {early, late}, sns.RoomsEnded: {settled, early, late},
		} {
			var got []int64
			for from := int64(0); ; from = got[len(got)-1] { // a page has one room
				rooms, err := d.AllRooms(t.Context(), sns.RoomPage{List: list, From: from, Limit: 1})
				if err != nil {
					t.Fatal(err)
				}
				if len(rooms) == 0 {
					break
				}
				got = append(got, rooms[0].ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q lists %v, want %v", list, got, want)
			}
		}
	})
}
