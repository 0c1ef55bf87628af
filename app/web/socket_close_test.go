package web_test

import (
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

func TestAHugeFrameClosesTheSocket(t *testing.T) {
	v := openWithRooms(t)
	_, sua, minji := pair(t, v)
	minji.TrySend(`{"content":"` + strings.Repeat("a", 70<<10) + `","client_id":"a"}`) // the socket may close half-way
	if code := minji.CloseCode(); code != 1009 {
		t.Errorf("closed with %d", code)
	}
	speaks(t, sua, "여기는 괜찮아요")
}

// In the original any client that knew the id of a room could subscribe and send.
func TestOnlyWhoIsInsideMayLookOn(t *testing.T) {
	v := openWithRooms(t)
	room, sua, _ := pair(t, v)
	v.enters(room, v.haneul)
	v.sua.Post("/rooms/" + room + "/participants/" + haneulID + "/remove").Want(303)
	socket := "/rooms/" + room + "/socket"
	for name, c := range map[string]*apptest.Client{"outsider": v.seojun, "another mentor": v.doyun, "administrator": v.hyunwoo, "removed": v.haneul} {
		if status := c.Handshake(socket, v.URL); status != 403 {
			t.Errorf("%s: %d", name, status)
		}
		c.Post("/rooms/"+room+"/messages", "content", "몰래", "client_id", "a").Want(403)
		c.HX().Post("/rooms/"+room+"/messages", "content", "몰래", "client_id", "a").Want(403)
		c.Get("/rooms/" + room + "/messages").Want(403)
		c.HX().Get("/rooms/" + room + "/messages?after=0").Want(403)
		c.Get("/rooms/" + room + "?q=a").Want(200).Lacks("#messages")
	}
	if status := v.Guest().Handshake(socket, v.URL); status != 401 {
		t.Errorf("a guest: %d", status)
	}
	hearsNothingOf(t, sua, "몰래")

	v.ends(v.sua, room)
	for name, c := range map[string]*apptest.Client{"inside": v.minji, "mentor": v.sua, "outsider": v.seojun} {
		if status := c.Handshake(socket, v.URL); status != 409 {
			t.Errorf("%s after the end: %d", name, status)
		}
		c.Post("/rooms/"+room+"/messages", "content", "늦은 말", "client_id", "a").Want(409)
		c.Post("/rooms/" + room + "/enter").Want(409)
	}
}

// Browsers send the cookie also with a socket that a page of a different site opens.
func TestAnotherSiteCannotListen(t *testing.T) {
	v := openWithRooms(t)
	room, _, _ := pair(t, v)
	socket := "/rooms/" + room + "/socket"
	for _, origin := range []string{"https://evil.example", "null", v.URL + "0", "http://localhost", "://"} {
		if status := v.minji.Handshake(socket, origin); status != 403 {
			t.Errorf("from %q: %d", origin, status)
		}
	}
	for _, origin := range []string{"", v.URL} {
		if status := v.minji.Handshake(socket, origin); status != 101 {
			t.Errorf("from %q: %d", origin, status)
		}
	}
	for _, path := range []string{"/enter", "/leave", "/end", "/messages", "/messages/3/delete", "/participants/1/remove", "/wait", "/settle", ""} {
		req := v.sua.Request("POST", "/rooms/"+room+path, nil)
		req.Header.Set("Origin", "https://evil.example")
		v.sua.Do(req).Want(403)
	}
	if n := v.count("SELECT COUNT(*) FROM rooms WHERE ended_at IS NULL AND head_count = 2"); n != 1 {
		t.Error("another site has changed the room")
	}
}

func TestSigningOutClosesTheSocket(t *testing.T) {
	v := openWithRooms(t)
	room, sua, first := pair(t, v)
	phone := v.SignIn("민지")
	second := talks(phone, room)
	phone.Post("/sign-out").Want(303)
	if code := second.CloseCode(); code != 1000 {
		t.Errorf("closed with %d", code)
	}
	speaks(t, first, "여기는 그대로") // a different session
	hears(t, sua, ".message-body", "여기는 그대로")
	if status := phone.Handshake("/rooms/"+room+"/socket", v.URL); status != 401 {
		t.Errorf("after signing out: %d", status)
	}
}

func TestChangingThePasswordClosesTheSocketsOfOtherDevices(t *testing.T) {
	v := openWithRooms(t)
	room, _, _ := pair(t, v)
	phone := talks(v.SignIn("민지"), room)
	v.minji.Post("/settings/password", "current_password", apptest.Password, "password", "열려라참깨둘셋넷다섯", "password_confirm", "열려라참깨둘셋넷다섯").Want(303)
	if code := phone.CloseCode(); code != 1000 {
		t.Errorf("closed with %d", code)
	}
	v.minji.Get("/rooms/" + room).Want(200).Has("#messages")
}

func TestTheEndOfARoomReachesEverybodyAtOnce(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	both := []*apptest.Talk{sua, minji, talks(v.SignIn("민지"), room)}
	speaks(t, minji, "마지막 말")
	leadsTo(t, v.sua.Post("/rooms/"+room+"/end"), "/rooms/"+room)
	for _, talk := range both {
		hears(t, talk, `[hx-target="#toasts"] .toast span:first-child`, web.Korean("room.over", "Name", "질문방"))
		if code := talk.CloseCode(); code != 1000 {
			t.Errorf("closed with %d", code)
		}
	}
}

func TestStoppingTheProgramTellsPagesToComeBack(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	said := speaks(t, minji, "곧 돌아와요")
	v.Stop()
	for _, talk := range []*apptest.Talk{sua, minji} {
		if code := talk.CloseCode(); code != 1012 {
			t.Errorf("closed with %d", code)
		}
	}
	v.Restart()
	after := speaks(t, talks(v.minji, room), "돌아왔어요")
	p := v.sua.HX().Get("/rooms/" + room + "/messages?after=" + said).Want(200)
	if got := spoken(p); !slices.Equal(got, []string{"돌아왔어요"}) || p.Find("#message-1-"+after).Length() != 1 {
		t.Errorf("missed is %q", got)
	}
}

func TestSocketsArePerPerson(t *testing.T) {
	v := openWithRooms(t, limited)
	room, _, _ := pair(t, v)
	for range web.MostStreams - 1 {
		talks(v.minji, room)
	}
	if status := v.minji.Handshake("/rooms/"+room+"/socket", v.URL); status != 429 {
		t.Errorf("one more: %d", status)
	}
	talks(v.sua, room)
}
