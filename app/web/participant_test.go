package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// many returns n usernames.
func many(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "회원" + strconv.Itoa(i+1)
	}
	return names
}

func TestSomebodyEntersAndEverybodySeesIt(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	door := v.minji.Get("/rooms/" + room).Want(200).Has(`form[method=post][action="/rooms/1/enter"]`).Lacks("#messages").Lacks("#participants")
	if !strings.Contains(door.Text("main"), "수아") {
		t.Error("the door does not say who is inside")
	}
	inside := talks(v.sua, room)
	leadsTo(t, v.minji.Post("/rooms/"+room+"/enter"), "/rooms/1")
	f := hears(t, inside, "#message-1-2", web.Korean("message.entered", "Name", "민지"))
	if f.Find(`[hx-target="#participants"][hx-swap=beforeend] > #participant-`+minjiID).Length() != 1 {
		t.Errorf("those inside get %s", f.Body)
	}
	hears(t, inside, "#room-1-count", "2")
	p := v.minji.Get("/rooms/" + room).Want(200).Has("#participants > #participant-" + suaID + ":first-child").Has("#participant-" + minjiID)
	if p.Text("#message-1-2") != web.Korean("message.entered", "Name", "민지") || p.Text("#room-1-count") != "2" {
		t.Errorf("the room says %q and %s", p.Text("#messages"), p.Text("#room-1-count"))
	}
}

func TestWhoIsOnlineIsSeen(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	inside := talks(v.sua, room)
	v.sua.Get("/rooms/" + room).Has("#participant-" + suaID + ".online").Lacks("#participant-" + minjiID + ".online")
	talks(v.minji, room)
	f := inside.Until("that 민지 is there", func(f apptest.Frame) bool { return f.Find("#participant-"+minjiID+".online").Length() == 1 })
	if f.Find(`[hx-target="#participant-`+minjiID+`"][hx-swap=outerHTML]`).Length() != 1 {
		t.Errorf("it goes nowhere: %s", f.Body)
	}
	v.sua.Get("/rooms/" + room).Has("#participant-" + minjiID + ".online")
}

func TestSeveralRoomsAtOnce(t *testing.T) {
	v := openWithRooms(t)
	first, second := v.opens(v.sua, "첫째 방", 5), v.opens(v.doyun, "둘째 방", 5)
	v.enters(first, v.minji, v.doyun)
	v.enters(second, v.minji)
	a, b := talks(v.minji, first), talks(v.minji, second)
	speaks(t, a, "첫째에서")
	speaks(t, b, "둘째에서")
	hearsNothingOf(t, a, "둘째에서")
	v.minji.Post("/rooms/" + first + "/leave").Want(303)
	if code := a.CloseCode(); code != 1000 {
		t.Errorf("closed with %d", code)
	}
	speaks(t, b, "아직 여기")
}

// The original counted the seats before taking a seat, so that two users could take the
// last seat.
func TestFiftyPeopleRaceForTheLastThreeSeats(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	people := v.joinAll(many(50), sns.RoleUser)
	statuses := make([]int, len(people))
	var all sync.WaitGroup
	for i, c := range people {
		all.Go(func() { statuses[i] = c.Post("/rooms/" + room + "/enter").Status })
	}
	all.Wait()
	got := map[int]int{}
	for i, status := range statuses {
		got[status]++
		inside := people[i].Get("/rooms/"+room).Want(200).Find("#messages").Length() == 1
		if inside != (status == http.StatusSeeOther) {
			t.Errorf("somebody who got %d is inside: %v", status, inside)
		}
	}
	if got[303] != 3 || got[409] != 47 {
		t.Errorf("the answers are %v, want 3 × 303 and 47 × 409", got)
	}
	if n, m := v.count("SELECT head_count FROM rooms"), v.count("SELECT COUNT(*) FROM participants WHERE active = 1"); n != 5 || m != 5 {
		t.Errorf("%d are counted, and %d are inside", n, m)
	}
}

func TestLeavingGivesTheSeatBack(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	mine, other := talks(v.minji, room), talks(v.sua, room)
	p := v.minji.Get("/rooms/" + room + "/leave").Want(200).Has(`form[method=post][action="/rooms/1/leave"]`)
	says(t, p, "room.leave_help")
	v.minji.HX().Get("/rooms/" + room + "/leave").Want(200).Has("#dialog-title").Lacks(".bar")

	if to := v.minji.HX().Post("/rooms/" + room + "/leave").Want(200).Header.Get("HX-Redirect"); to != "/rooms" {
		t.Errorf("htmx is sent to %q", to)
	}
	toasts(t, v.minji.Get("/rooms"), "done.room_left")
	mine.Until("the event left", func(f apptest.Frame) bool { return f.Event == "left" })
	if code := mine.CloseCode(); code != 1000 {
		t.Errorf("closed with %d", code)
	}
	f := hears(t, other, "#message-1-3", web.Korean("message.left", "Name", "민지"))
	if f.Find(`[hx-target="#participant-`+minjiID+`"][hx-swap=delete]`).Length() != 1 {
		t.Errorf("those inside get %s", f.Body)
	}
	hears(t, other, "#room-1-count", "1")
	v.sua.Get("/rooms/" + room).Lacks("#participant-" + minjiID)
	v.minji.Get("/rooms/" + room).Want(200).Lacks("#messages").Has(`form[action="/rooms/1/enter"]`)
	if status := v.minji.Handshake("/rooms/"+room+"/socket", v.URL); status != 403 {
		t.Errorf("the socket of somebody who left: %d", status)
	}
	v.enters(room, v.minji) // 민지 comes back
	v.minji.Get("/rooms/" + room).Has("#messages")
}

// Closing the tab is not leaving.
func TestClosingTheTabKeepsTheSeat(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	talk := talks(v.minji, room)
	speaks(t, talk, "잠깐만")
	other := talks(v.sua, room)
	talk.Close()
	hearsNothingOf(t, other, web.Korean("message.left", "Name", "민지"))
	if p := v.sua.Get("/rooms/" + room).Has("#participant-" + minjiID); p.Text("#room-1-count") != "2" {
		t.Errorf("%s are counted", p.Text("#room-1-count"))
	}
	v.minji.Get("/rooms/" + room).Has("#messages")
}

func TestWhoIsRemovedStaysOutside(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji, v.seojun)
	theirs, other := talks(v.minji, room), talks(v.seojun, room)
	remove := "/rooms/" + room + "/participants/" + minjiID + "/remove"
	v.sua.Get(remove).Want(200).Has(`form[method=post][action="` + remove + `"]`)
	for _, c := range []*apptest.Client{v.seojun, v.minji, v.doyun} {
		c.Post(remove).Want(403)
	}
	p := v.sua.HX().Post(remove).Want(200).Has(`[hx-target="#participant-` + minjiID + `"][hx-swap=delete]`)
	toasts(t, p, "done.removed")

	event := theirs.Until("the event removed", func(f apptest.Frame) bool { return f.Event != "" })
	if event.Event != "removed" {
		t.Errorf("the event is %q", event.Event)
	}
	if code := theirs.CloseCode(); code != 1000 {
		t.Errorf("closed with %d", code)
	}
	hears(t, other, "#message-1-4", web.Korean("message.removed", "Name", "민지"))
	hears(t, other, "#room-1-count", "2")

	door := v.minji.Get("/rooms/" + room).Want(200).Lacks("#messages").Lacks(`form[action="/rooms/1/enter"]`)
	says(t, door, "room.door_removed")
	for _, p := range []*apptest.Page{
		v.minji.Post("/rooms/" + room + "/enter"), v.minji.HX().Post("/rooms/" + room + "/enter"), v.minji.Post("/rooms/"+room+"/wait", "on", "true"),
		v.minji.Get("/rooms/" + room + "/messages"), v.minji.Post("/rooms/"+room+"/messages", "content", "나야", "client_id", "a"),
		v.minji.Get("/rooms/" + room + "/transcript"),
	} {
		p.Want(403)
	}
	if status := v.minji.Handshake("/rooms/"+room+"/socket", v.URL); status != 403 {
		t.Errorf("the socket of somebody who was removed: %d", status)
	}

	leadsTo(t, v.sua.Post("/rooms/"+room+"/participants/"+minjiID+"/restore"), "/desk")
	toasts(t, v.sua.Get("/desk"), "done.restored")
	v.enters(room, v.minji)
	v.minji.Get("/rooms/" + room).Has("#messages")
}

func TestWhoLeftCanBeKeptOutToo(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	v.minji.Post("/rooms/" + room + "/leave").Want(303)
	leadsTo(t, v.hyunwoo.Post("/rooms/"+room+"/participants/"+minjiID+"/remove"), "/rooms/"+room)
	v.minji.Post("/rooms/" + room + "/enter").Want(403)
	if got := v.sua.Get("/rooms/" + room).Text("#room-1-count"); got != "1" {
		t.Errorf("%s are counted", got)
	}
}
