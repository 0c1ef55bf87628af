package web_test

import (
	"net/url"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/sns"
	"xxsns/app/web"
)

func TestTheMentorChangesTheRoom(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 10)
	v.enters(room, v.minji)
	inside := talks(v.minji, room)
	v.sua.Get("/rooms/" + room + "/edit").Want(200).Has(`form[method=post][action="/rooms/1"]`)

	leadsTo(t, v.sua.Post("/rooms/"+room, "name", "자바 질문방", "user_limit", "5", "notice", "금요일은\n쉬어요"), "/rooms/1")
	toasts(t, v.sua.Get("/rooms/1"), "done.saved")
	f := hears(t, inside, `[hx-target="#room-title"]`, "자바 질문방")
	if !strings.Contains(f.Find(`[hx-target="#room-notice"]`).Text(), "금요일은") || f.Find(`[hx-target="#room-1-seats"]`).Length() != 1 {
		t.Errorf("those inside get %s", f.Body)
	}
	p := v.minji.Get("/rooms/1")
	if p.Text("#room-title") != "자바 질문방" || !strings.Contains(p.Text("#room-notice"), "금요일은\n쉬어요") {
		t.Errorf("the room is %q with %q", p.Text("#room-title"), p.Text("#room-notice"))
	}

	// Fields that are not sent stay.
	leadsTo(t, v.hyunwoo.Post("/rooms/"+room, "notice", ""), "/rooms/1")
	if got := v.minji.Get("/rooms/1"); got.Text("#room-title") != "자바 질문방" || got.Text("#room-notice") != "" {
		t.Errorf("the room is %q with %q", got.Text("#room-title"), got.Text("#room-notice"))
	}
	if n := v.count("SELECT user_limit FROM rooms"); n != 5 {
		t.Errorf("it takes %d", n)
	}
	for _, c := range []*apptest.Client{v.doyun, v.minji, v.seojun, v.doyun.HX()} {
		c.Post("/rooms/"+room, "name", "남의 방").Want(403)
		c.Get("/rooms/" + room + "/edit").Want(403)
	}
}

func TestARoomIsNotMadeSmallerThanItsPeople(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 10)
	v.enters(room, append(v.joinAll([]string{"가람", "나래", "다온"}, sns.RoleUser), v.minji, v.seojun)...)
	for _, c := range []*apptest.Client{v.sua, v.sua.HX()} {
		p := c.Post("/rooms/"+room, "name", "새 이름", "user_limit", "5", "notice", "새 공지").Want(422)
		if got := beside(p, "user_limit"); got != web.Korean("room.heads", "Count", 6) {
			t.Errorf("it says %q", got)
		}
		if value(p, "name") != "새 이름" || p.Text("[name=notice]") != "새 공지" {
			t.Errorf("kept are %q and %q", value(p, "name"), p.Text("[name=notice]"))
		}
	}
	p := v.sua.Post("/rooms/"+room, "notice", strings.Repeat("가", sns.RoomNoticeMax+1)).Want(422)
	if got := beside(p, "notice"); got != web.Korean("invalid.long", "Max", sns.RoomNoticeMax, "Length", sns.RoomNoticeMax+1) {
		t.Errorf("of a long notice it says %q", got)
	}
	if got := v.minji.Get("/rooms/" + room).Text("#room-title"); got != "질문방" {
		t.Errorf("the refused topic %q stands", got)
	}
	v.sua.Post("/rooms/"+room, "user_limit", "6").Want(303)
}

func TestNothingThatPeopleWriteInRoomsBecomesMarkup(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	talk := talks(v.minji, room)
	for _, text := range evil {
		v.sua.Post("/rooms/"+room, "name", text, "notice", text).Want(303)
		seq := speaks(t, talk, text)
		for i, p := range []*apptest.Page{
			v.minji.Get("/rooms"), v.minji.Get("/rooms/" + room), v.seojun.Get("/rooms/" + room), v.sua.Get("/desk"),
			v.sua.Get("/rooms/" + room + "/edit"), v.sua.Get("/rooms/" + room + "/end"), v.minji.Get("/rooms/" + room + "/leave"),
			v.minji.HX().Get("/rooms/" + room + "/messages"), v.minji.HX().Get("/rooms/" + room + "/messages?after=0"),
			v.minji.Get("/rooms/" + room + "?q=" + url.QueryEscape(text)), v.minji.Get("/rooms?q=" + url.QueryEscape(text)),
			v.minji.Post("/rooms/"+room+"/messages", "content", text+"\xff", "client_id", "x"), v.sua.Post("/rooms", "name", text+"\xff"),
			v.minji.HX().Post("/rooms/"+room+"/messages", "content", text+"\xff", "client_id", text),
		} {
			if harmless(t, p); t.Failed() {
				t.Fatalf("page %d with %q", i, text)
			}
		}
		if got := v.sua.Get("/rooms/" + room); got.Text("#room-title") != strings.Join(strings.Fields(text), " ") || got.Text("#message-1-"+seq+" .message-body") != text {
			t.Errorf("%q is shown as %q and %q", text, got.Text("#room-title"), got.Text("#message-1-"+seq+" .message-body"))
		}
	}
}

func TestRoomsThatAreNotThere(t *testing.T) {
	v := openWithRooms(t)
	v.opens(v.sua, "질문방", 5)
	for _, id := range []string{"0", "-1", "99", "abc", "1e3", "9223372036854775808", "%00", url.PathEscape("일")} {
		for _, path := range []string{"", "/edit", "/leave", "/end", "/messages", "/messages/1/delete", "/participants/4/remove", "/transcript", "/socket"} {
			v.hyunwoo.Get("/rooms/" + id + path).Want(404)
		}
		for _, path := range []string{"", "/enter", "/leave", "/wait", "/end", "/settle", "/messages", "/messages/1/delete", "/participants/4/remove", "/participants/4/restore"} {
			v.hyunwoo.Post("/rooms/"+id+path, "on", "true", "content", "말", "name", "방").Want(404)
		}
		for _, path := range []string{"/rooms/1/messages/" + id + "/delete", "/rooms/1/participants/" + id + "/remove"} {
			v.sua.Get(path).Want(404)
			v.sua.Post(path).Want(404)
		}
		v.sua.Post("/rooms/1/participants/" + id + "/restore").Want(404)
	}
	for _, cursor := range []string{"-1", "abc", "9223372036854775808"} {
		for _, path := range []string{"/rooms?before=", "/rooms/1/messages?before=", "/desk?before="} {
			v.sua.Get(path + cursor).Want(400)
		}
		v.sua.HX().Get("/rooms/1/messages?after=" + cursor).Want(400)
	}
	for _, on := range []string{"", "x", "2"} {
		v.minji.Post("/rooms/1/wait", "on", on).Want(400)
	}
	v.sua.Get("/rooms/1/transcript?format=exe").Want(400)
}
