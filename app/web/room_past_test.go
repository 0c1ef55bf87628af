package web_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// listedIn returns the names of the rooms in an element, in order.
func listedIn(p *apptest.Page, selector string) []string {
	return p.Find(selector).Map(texts)
}

func TestMyRoomsThenOpenOnesThenPastOnes(t *testing.T) {
	v := openWithRooms(t)
	past, mine := v.opens(v.sua, "끝난 방", 5), v.opens(v.sua, "내가 있는 방", 5)
	v.opens(v.doyun, "남의 방", 5)
	v.enters(past, v.minji, v.seojun, v.haneul)
	v.enters(mine, v.minji)
	v.seojun.Post("/rooms/" + past + "/leave").Want(303)
	v.sua.Post("/rooms/" + past + "/participants/" + haneulID + "/remove").Want(303)
	v.ends(v.sua, past)

	p := v.minji.Get("/rooms").Want(200)
	if got := p.Find("#listing h2").Map(texts); !slices.Equal(got, []string{web.Korean("room.mine"), web.Korean("room.opened"), web.Korean("room.past")}) {
		t.Errorf("the parts are %q", got)
	}
	for selector, want := range map[string][]string{
		".mine .room h3": {"내가 있는 방"}, "#rooms .room h3": {"남의 방"}, "#past b": {"끝난 방"},
	} {
		if got := listedIn(p, selector); !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", selector, got, want)
		}
	}
	v.minji.Get(p.Find("#past a").AttrOr("href", "")).Want(200).Has(".record")
	for name, c := range map[string]*apptest.Client{"who left": v.seojun, "the mentor": v.sua} {
		if got := listedIn(c.Get("/rooms"), "#past b"); !slices.Equal(got, []string{"끝난 방"}) {
			t.Errorf("%s finds %q", name, got)
		}
	}
	for name, c := range map[string]*apptest.Client{"who was removed": v.haneul, "another mentor": v.doyun, "an administrator": v.hyunwoo} {
		c.Get("/rooms").Lacks("#past")
		if p := c.Get("/rooms?past=99").Want(200).Lacks("#past"); p.Text("#listing .empty") == "" {
			t.Errorf("%s reads nothing", name)
		}
	}

	// A search shows what it finds alone, wherever the viewer is.
	p = v.minji.Get("/rooms?q=방").Want(200).Lacks(".mine").Lacks("#past")
	if got := listedIn(p, "#rooms .room h3"); !slices.Equal(got, []string{"남의 방", "내가 있는 방"}) {
		t.Errorf("found are %q", got)
	}
}

func TestPastRoomsOnOnesOwnHome(t *testing.T) {
	v := openWithRooms(t)
	for i := range 4 {
		room := v.opens(v.sua, fmt.Sprint("끝난 방 ", i+1), 5)
		v.enters(room, v.minji)
		v.ends(v.sua, room)
	}
	p := v.minji.Get(homeOf("민지")).Want(200)
	if got := listedIn(p, "#past b"); !slices.Equal(got, []string{"끝난 방 4", "끝난 방 3", "끝난 방 2"}) {
		t.Errorf("the home has %q", got)
	}
	more := v.minji.Get(p.Find("#past a.more").AttrOr("href", "")).Want(200).Lacks("#rooms")
	if got := listedIn(more, "#past b"); !slices.Equal(got, []string{"끝난 방 1"}) {
		t.Errorf("more are %q", got)
	}
	v.sua.Get(homeOf("민지")).Want(200).Lacks("#past") // another's home
	v.minji.Get(homeOf("수아")).Want(200).Lacks("#past")
	v.minji.Get("/rooms?past=x").Want(400)
}

func TestPastRoomsGoOn(t *testing.T) {
	v := openWithRooms(t)
	const all = 2*web.PastSize + 3
	db, now := v.database(), time.Now().UnixMicro()
	for i := 1; i <= all; i++ {
		if _, err := db.Exec(`INSERT INTO rooms (id, mentor_id, name, user_limit, head_count, notice, version, created_at, ended_at, buffer)
			VALUES (?, 4, ?, 5, 0, '', 1, ?, ?, 'table')`, i, fmt.Sprint("방 ", i), now, now+int64(i%7)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(`INSERT INTO participants (room_id, user_id, entered_at, exited_at) VALUES (?, 1, ?, ?)`, i, now, now); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for page, pages := "/rooms", 0; page != ""; pages++ {
		p := v.minji.Get(page).Want(200)
		for _, name := range listedIn(p, "#past b") {
			if seen[name] {
				t.Errorf("%s comes twice", name)
			}
			seen[name] = true
		}
		page = p.Find("#past a.more").AttrOr("href", "")
		if pages > 3 {
			t.Fatal("the list does not end")
		}
	}
	if len(seen) != all {
		t.Errorf("%d of %d rooms are listed", len(seen), all)
	}
}
