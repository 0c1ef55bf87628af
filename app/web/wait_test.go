package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// full opens a room of five seats and fills the room: with the mentor 수아, 민지, and three
// others.
func (v *siteWithRooms) full() (room string, others []*apptest.Client) {
	v.t.Helper()
	room = v.opens(v.sua, "질문방", 5)
	others = v.joinAll(many(3), sns.RoleUser)
	v.enters(room, append(others, v.minji)...)
	return room, others
}

func TestAFullRoomSaysSo(t *testing.T) {
	v := openWithRooms(t)
	room, _ := v.full()
	p := v.seojun.Post("/rooms/" + room + "/enter").Want(409).Has("#door-1").Has(`form[action="/rooms/1/wait"]`)
	says(t, p, "room.door_full")
	p = v.seojun.HX().Post("/rooms/" + room + "/enter").Want(409)
	toasts(t, p, "error.full_help")
	v.seojun.Get("/rooms").Has("#room-1-seats.full")
	v.seojun.Get("/rooms/" + room).Want(200).Has(".seats.full")
	if n := v.count("SELECT COUNT(*) FROM participants"); n != 5 {
		t.Errorf("%d were inside", n)
	}
	v.minji.Post("/rooms/" + room + "/leave").Want(303)
	v.enters(room, v.seojun)
	v.minji.Post("/rooms/" + room + "/enter").Want(409)
}

// In the original a participant could not come back into a full room.
func TestWhoIsInsideAFullRoomComesBackIn(t *testing.T) {
	v := openWithRooms(t)
	room, _ := v.full()
	phone := v.SignIn("민지")
	for _, c := range []*apptest.Client{v.minji, phone} {
		leadsTo(t, c.Post("/rooms/"+room+"/enter"), "/rooms/"+room)
		if to := c.HX().Post("/rooms/" + room + "/enter").Want(200).Header.Get("HX-Redirect"); to != "/rooms/"+room {
			t.Errorf("htmx is sent to %q", to)
		}
		c.Get("/rooms/" + room).Want(200).Has("#messages")
	}
	a, b := talks(v.minji, room), talks(phone, room)
	speaks(t, a, "두 기기에서")
	hears(t, b, ".message-body", "두 기기에서")
	if n := v.count("SELECT COUNT(*) FROM participants WHERE user_id = ?", minjiID); n != 1 {
		t.Errorf("민지 has %d seats", n)
	}
	if n := v.count("SELECT COUNT(*) FROM buffered_messages WHERE kind = 'entered'"); n != 5 {
		t.Errorf("%d lines say that somebody has entered", n)
	}
}

func TestAFreeSeatIsToldOnceToThoseWhoWait(t *testing.T) {
	v := openWithRooms(t)
	room, others := v.full()
	wait := "/rooms/" + room + "/wait"
	says(t, v.seojun.Get("/rooms/"+room), "room.door_full")
	leadsTo(t, v.seojun.Post(wait, "on", "true"), "/rooms/"+room)
	p := v.seojun.Get("/rooms/" + room)
	toasts(t, p, "done.waiting")
	says(t, p, "room.door_waiting")
	p = v.haneul.HX().Post(wait, "on", "true").Want(200).Has(`form[action="/rooms/1/wait"] [name=on][value=false]`)
	toasts(t, p, "done.waiting")
	v.haneul.HX().Post(wait, "on", "false").Want(200).Has("[name=on][value=true]") // 하늘 stops waiting
	v.seojun.Get("/rooms").Want(200).Lacks(".freed")

	told, untold := v.listen(v.seojun, "topic=timeline"), v.listen(v.haneul, "topic=rooms")
	others[0].Post("/rooms/" + room + "/leave").Want(303)
	doc := told.shows(".toast span:first-child", web.Korean("room.freed", "Name", "질문방"))
	if doc.Find(`[hx-target="#toasts"] a[href="/rooms/1"]`).Length() != 1 {
		h, _ := doc.Html()
		t.Errorf("it leads nowhere: %s", h)
	}
	others[1].Post("/rooms/" + room + "/leave").Want(303)
	for {
		e, ok := told.next(700 * time.Millisecond)
		if !ok {
			break
		}
		if strings.Contains(e.data, "toast") {
			t.Errorf("told again: %v", e)
		}
	}
	for {
		e, ok := untold.next(10 * time.Millisecond)
		if !ok {
			break
		}
		if strings.Contains(e.data, "toast") {
			t.Errorf("somebody who does not wait is told %s", e.data)
		}
	}

	// The list shows the wish until the user enters.
	freed := web.Korean("room.freed", "Name", "질문방")
	for range 2 {
		v.seojun.Get("/rooms").Want(200).Has(`.freed form[action="/rooms/1/enter"]`)
	}
	if strings.Contains(v.haneul.Get("/rooms").Text("main"), freed) {
		t.Error("somebody who does not wait reads it")
	}
	v.enters(room, v.seojun)
	v.seojun.Get("/rooms").Lacks(".freed")
}

func TestABiggerRoomIsAFreeSeatToo(t *testing.T) {
	v := openWithRooms(t)
	room, _ := v.full()
	v.seojun.Post("/rooms/"+room+"/wait", "on", "true").Want(303)
	s := v.listen(v.seojun, "topic=timeline")
	v.sua.Post("/rooms/"+room, "user_limit", "10").Want(303)
	s.shows(".toast span:first-child", web.Korean("room.freed", "Name", "질문방"))
}

func TestEnteringIsSlow(t *testing.T) {
	v := openWithRooms(t, limited)
	room := v.opens(v.sua, "질문방", 5)
	until429(t, web.BurstEnter, func(i int) *apptest.Page {
		return v.minji.Post(fmt.Sprintf("/rooms/%s/%s", room, []string{"enter", "wait"}[i%2]), "on", "false")
	})
}

// A participant may leave between the page of the full room and the wish to wait.
func TestWaitingForASeatThatIsFreeAlready(t *testing.T) {
	v := openWithRooms(t)
	room, others := v.full()
	others[0].Post("/rooms/" + room + "/leave").Want(303)
	s := v.listen(v.seojun, "topic=timeline")
	v.seojun.Post("/rooms/"+room+"/wait", "on", "true").Want(303)
	s.shows(".toast span:first-child", web.Korean("room.freed", "Name", "질문방"))
}

// The door shows all that a person needs to decide.
func TestTheDoorSaysWhatTheRoomIsLike(t *testing.T) {
	v := openWithRooms(t, atNoon)
	topic := strings.Repeat("길고 긴 주제 ", 12)
	room, sua, _ := pair(t, v)
	v.enters(room, v.haneul)
	v.sua.Post("/rooms/"+room, "name", topic, "notice", "3장까지 읽고 오세요\nhttps://example.com/book").Want(303)
	door := v.seojun.Get("/rooms/" + room).Want(200)
	says(t, door, "room.today_none")
	if got := door.Text("h1#room-1-name"); got != strings.TrimSpace(topic) {
		t.Errorf("the topic is %q", got)
	}
	door.Has(`.topic a[href="` + homeOf("수아") + `"]`).Has(".topic time").Has(`.sheet .post-text a[href="https://example.com/book"]`).Has(`.faces a[href="` + homeOf("민지") + `"]`)

	v.writes(room, 3, time.Now().AddDate(0, 0, -1), time.Second, minjiID)
	gone := speaks(t, sua, "지울 말")
	speaks(t, sua, "오늘의 말")
	speaks(t, sua, "오늘의 다른 말")
	v.sua.Post("/rooms/" + room + "/messages/" + gone + "/delete").Want(303)
	says(t, v.seojun.Get("/rooms/"+room), "room.today", "Count", 2)
	v.writes(room, 300, time.Now(), 0, minjiID)
	says(t, v.seojun.Get("/rooms/"+room), "room.today_many", "Count", 200)

	v.sua.Post("/rooms/" + room + "/participants/" + haneulID + "/remove").Want(303)
	if p := v.haneul.Get("/rooms/" + room).Lacks("#notice-title"); strings.Contains(p.Text(".topic"), "오늘") {
		t.Error("who was removed reads how lively the room is")
	}
	v.ends(v.sua, room)
	v.seojun.Get("/rooms/" + room).Lacks("#notice-title").Lacks(".faces")
}
