package web_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/live"
	"xxsns/app/sns"
	"xxsns/app/web"
)

func TestTheMentorEndsTheRoom(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	v.doyun.Post("/rooms/" + room + "/end").Want(403) // another mentor
	v.minji.Post("/rooms/" + room + "/end").Want(403)
	p := v.sua.Get("/rooms/" + room + "/end").Want(200).Has(`form[method=post][action="/rooms/1/end"]`)
	says(t, p, "room.end_help", "Count", 2)
	leadsTo(t, v.sua.Post("/rooms/"+room+"/end"), "/rooms/"+room)
	p = v.sua.Get("/rooms/" + room).Want(200).Lacks("#reply").Lacks("#socket")
	toasts(t, p, "done.room_ended")

	says(t, v.sua.Post("/rooms/"+room+"/end").Want(409), "error.ended")
	toasts(t, v.sua.HX().Post("/rooms/"+room+"/end").Want(409), "error.ended_help")
	says(t, v.seojun.Post("/rooms/"+room+"/enter").Want(409).Has("#door-1"), "room.door_ended")
	says(t, v.seojun.Get("/rooms/"+room).Want(200), "room.door_ended")
	v.seojun.Get("/rooms").Lacks("#room-1")
	if n := v.count("SELECT COUNT(*) FROM end_rooms"); n != 1 {
		t.Errorf("%d rows of end_rooms", n)
	}
	second := v.opens(v.sua, "둘째 방", 5)
	if to := v.sua.HX().Post("/rooms/" + second + "/end").Want(200).Header.Get("HX-Redirect"); to != "/rooms/"+second {
		t.Errorf("htmx is sent to %q", to)
	}
}

func TestWhoIsNoMentorAnyMoreLeadsNoRoom(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.SetRole("수아", sns.RoleUser)
	for _, path := range []string{"/end", "/participants/" + suaID + "/remove", ""} {
		v.sua.Post("/rooms/" + room + path).Want(403)
	}
	v.sua.Get("/desk").Want(403)
	v.sua.Post("/rooms", "name", "또", "user_limit", "5").Want(403)
	v.sua.Get("/rooms/" + room).Want(200).Has("#messages").Lacks(`a[href="/rooms/1/end"]`) // 수아 is inside
	leadsTo(t, v.hyunwoo.Post("/rooms/"+room+"/end"), "/rooms/"+room)
}

// In the original all messages of a room were lost when the sender of a message left
// before the end.
func TestTheWordsOfThoseWhoLeftAreKept(t *testing.T) {
	v := openWithRooms(t)
	room, sua, minji := pair(t, v)
	v.enters(room, v.seojun)
	removed := talks(v.seojun, room)
	speaks(t, minji, "먼저 가요")
	speaks(t, removed, "나쁜 말")
	v.minji.Post("/rooms/" + room + "/leave").Want(303)
	v.sua.Post("/rooms/" + room + "/participants/" + seojunID + "/remove").Want(303)
	speaks(t, sua, "안녕히 가세요")
	v.ends(v.sua, room)
	p := v.sua.Get("/rooms/" + room).Want(200)
	if got := spoken(p); !slices.Equal(got, []string{"먼저 가요", "나쁜 말", "안녕히 가세요"}) {
		t.Errorf("kept are %q", got)
	}
	if got := p.Find(".message").First(); got.AttrOr("data-from", "") != minjiID || !strings.Contains(got.Find(".message-by").Text(), "민지") {
		t.Errorf("the first is by %q", got.Find(".message-by").Text())
	}
	if n, m := v.count("SELECT COUNT(*) FROM messages"), v.count("SELECT total FROM end_rooms"); n != 8 || m != 8 {
		t.Errorf("%d lines of %d are saved, want 8", n, m)
	}
	if n := v.count("SELECT COUNT(*) FROM participants WHERE exited_at IS NULL OR active = 1"); n != 0 {
		t.Errorf("%d are still inside", n)
	}
	// The answer does not wait for the buffer to be emptied.
	for deadline := time.Now().Add(patience); v.count("SELECT COUNT(*) FROM buffered_messages") != 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("lines stay in the buffer")
		}
	}
}

func TestEndingWhilePeopleTalkLosesNothingThatWasAcknowledged(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 10)
	people := append(v.joinAll(many(4), sns.RoleUser), v.minji)
	v.enters(room, people...)
	const each = 10
	var talking sync.WaitGroup
	acknowledged := make([][]string, len(people))
	heard := make(chan bool, each*len(people))
	for i, c := range people {
		talk := talks(c, room)
		talking.Go(func() {
			for n := range each {
				text := fmt.Sprintf("%d의 말 %d", i, n)
				frame, _ := json.Marshal(map[string]string{"content": text, "client_id": fmt.Sprint("c-", n)})
				if !talk.TrySend(string(frame)) {
					return
				}
				for {
					f, ok := talk.Next(patience)
					if !ok || f.Find(".refusal").Length() > 0 {
						return // the room has ended
					}
					if f.Find(".message-body").Text() == text {
						acknowledged[i] = append(acknowledged[i], text)
						heard <- true
						break
					}
				}
			}
		})
	}
	for range each { // a fifth of all messages
		<-heard
	}
	v.sua.Post("/rooms/" + room + "/end").Want(303)
	talking.Wait()
	v.saved(room)
	said := transcript(t, v.sua, room)
	for i, own := range acknowledged {
		var kept []string
		for _, line := range said {
			if strings.HasPrefix(line, fmt.Sprintf("%d의 ", i)) {
				kept = append(kept, line)
			}
		}
		if len(kept) < len(own) || !slices.Equal(kept[:len(own)], own) || len(kept) > len(own)+1 { // a message may have been under way
			t.Errorf("of number %d %q were acknowledged, and %q are kept", i, own, kept)
		}
	}
	if n, m := v.count("SELECT COUNT(*) FROM messages"), v.count("SELECT total FROM end_rooms"); n != m || n != len(said)+6 {
		t.Errorf("%d of %d lines are saved; %d were said", n, m, len(said))
	}
}

// In the original a settlement that had failed was never tried again.
func TestASettlementThatFailedIsTriedAgain(t *testing.T) {
	v := openWithRooms(t)
	db := v.database()
	exec := func(query string) {
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TRIGGER broken BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'disk is broken'); END")
	room, _, minji := pair(t, v)
	for i := range 3 {
		speaks(t, minji, fmt.Sprint("소중한 말 ", i))
	}
	byItself := v.opens(v.sua, "저절로", 5)
	s := v.listen(v.sua, "topic=settlement:"+suaID)
	for _, r := range []string{room, byItself} {
		v.sua.Post("/rooms/" + r + "/end").Want(303)
	}
	s.shows("#room-1-settlement .bad", web.Korean("room.saving_again", "Saved", 0, "Total", 5))
	for _, path := range []string{"/desk", "/rooms/1"} {
		v.sua.Get(path).Want(200).Has(`#room-1-settlement[data-state] form[method=post][action="/rooms/1/settle"]`)
	}
	if p := v.minji.Get("/rooms/1").Want(200).Lacks(`form[action="/rooms/1/settle"]`); strings.Contains(p.Body, "disk is broken") {
		t.Error("everybody reads what the database says")
	}
	if got := spoken(v.minji.Get("/rooms/1")); len(got) != 3 {
		t.Errorf("until then one reads %q", got)
	}
	v.minji.Post("/rooms/1/settle").Want(403)

	exec("DROP TRIGGER broken")
	p := v.sua.HX().Post("/rooms/1/settle").Want(200).Has("#room-1-settlement")
	toasts(t, p, "done.settling")
	s.shows("#room-1-settlement .good", web.Korean("room.saved", "Saved", 5, "Total", 5))
	v.saved(byItself) // without a request
	if got := spoken(v.minji.Get("/rooms/1")); !slices.Equal(got, []string{"소중한 말 0", "소중한 말 1", "소중한 말 2"}) {
		t.Errorf("saved are %q", got)
	}
	leadsTo(t, v.sua.Post("/rooms/1/settle"), "/desk") // again changes nothing
	if n := v.count("SELECT COUNT(*) FROM messages WHERE room_id = 1"); n != 5 {
		t.Errorf("%d lines are saved", n)
	}
}

func TestARoomEndsBetweenRestarts(t *testing.T) {
	v := openWithRooms(t)
	room, _, minji := pair(t, v)
	speaks(t, minji, "남을 말")
	v.Stop()
	// The state of a program that died right after writing the end.
	db := v.database()
	now := time.Now().UnixMicro()
	for _, query := range []string{"UPDATE rooms SET ended_at = ?1, version = version + 1", "INSERT INTO end_rooms (room_id, ended_at, last_error) VALUES (1, ?1, '')"} {
		if _, err := db.Exec(query, now); err != nil {
			t.Fatal(err)
		}
	}
	v.Restart()
	v.saved(room)
	if got := spoken(v.minji.Get("/rooms/" + room)); !slices.Equal(got, []string{"남을 말"}) {
		t.Errorf("saved are %q", got)
	}
}

func TestAnEndedRoomIsToldToTheListAndTheDesk(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	list, desk := v.listen(v.seojun, "topic=rooms"), v.listen(v.sua, "topic=rooms&topic=settlement:"+suaID)
	v.sua.Post("/rooms/" + room + "/end").Want(303)
	doc := list.shows("h2", web.Korean("room.door_ended"))
	if doc.Find(`[hx-target="#room-1"][hx-swap=delete]`).Length() != 1 || doc.Find(`[hx-target="#door-1"] #door-1`).Length() != 1 {
		h, _ := doc.Html()
		t.Errorf("the list gets %s", h)
	}
	desk.shows("#room-1-settlement .good", web.Korean("room.saved", "Saved", 1, "Total", 1))
	for {
		e, ok := list.next(2 * live.GatherWindow)
		if !ok {
			break
		}
		if strings.Contains(e.data, "settlement") {
			t.Errorf("everybody is told how far it is: %s", e.data)
		}
	}
}
