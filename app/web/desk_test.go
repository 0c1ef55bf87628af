package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

func TestTheDeskIsForMentors(t *testing.T) {
	v := openWithRooms(t)
	v.minji.Get("/desk").Want(403)
	v.minji.Get("/").Lacks(`a[href="/desk"]`)
	v.sua.Get("/").Has(`a[href="/desk"]`)
	p := v.sua.Get("/desk").Want(200)
	says(t, p, "desk.open_empty")
	says(t, p, "desk.ended_empty")
	v.hyunwoo.Get("/desk").Want(200)
}

func TestTheDeskShowsTheMentorsRooms(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 10)
	v.opens(v.doyun, "남의 방", 5)
	v.enters(room, v.minji, v.seojun)
	v.sua.Post("/rooms/" + room + "/participants/" + seojunID + "/remove").Want(303)
	v.sua.Post("/rooms/"+room, "notice", "금요일은 쉬어요").Want(303)
	speaks(t, talks(v.minji, room), "질문이요")

	p := v.sua.Get("/desk").Want(200).Has("#room-1").Lacks("#room-2")
	text := p.Text("#room-1")
	for _, want := range []string{"질문방", "금요일은 쉬어요", "민지", "서준", web.Korean("desk.messages", "Count", 5)} {
		if !strings.Contains(text, want) {
			t.Errorf("the desk lacks %q: %q", want, text)
		}
	}
	if p.Text("#room-1-count") != "2" {
		t.Errorf("inside are %s", p.Text("#room-1-count"))
	}
	p.Has(`#room-1 a[href="/rooms/1/participants/` + minjiID + `/remove"]`).Has(`#room-1 form[action="/rooms/1/participants/` + seojunID + `/restore"]`)
	p.Has(`#room-1 a[href="/rooms/1/edit"]`).Has(`#room-1 a[href="/rooms/1/end"]`).Lacks(`a[href="/rooms/1/participants/` + suaID + `/remove"]`)
	if stream := p.Find("#live").AttrOr("hx-sse:connect", ""); stream != "/live?topic=rooms&topic=settlement:"+suaID+"&account="+suaID {
		t.Errorf("the desk follows %q", stream)
	}

	// A restored participant is no longer in the list of removed participants.
	v.sua.Post("/rooms/" + room + "/participants/" + seojunID + "/restore").Want(303)
	v.sua.Get("/desk").Lacks(`form[action="/rooms/1/participants/` + seojunID + `/restore"]`)

	v.ends(v.sua, room)
	p = v.sua.Get("/desk").Want(200).Has(`tr:has(#room-1-settlement) a[href="/rooms/1"]`).Lacks(`a[href="/rooms/1/end"]`)
	if got := p.Text("#room-1-settlement"); got != web.Korean("room.saved", "Saved", 5, "Total", 5) {
		t.Errorf("the ended room says %q", got)
	}
	if got := p.Text("tr:has(#room-1-settlement)"); !strings.Contains(got, web.Korean("room.seats_of", "Count", 3)) { // all participants, also those who left
		t.Errorf("the ended room is %q", got)
	}
}

func TestActingFromTheDeskLeadsBackToIt(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	from := func(path string, pairs ...string) *apptest.Page {
		form := make([]string, 0, len(pairs)/2)
		for i := 0; i < len(pairs); i += 2 {
			form = append(form, pairs[i]+"="+pairs[i+1])
		}
		req := v.sua.Request("POST", path, strings.NewReader(strings.Join(form, "&")))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Referer", v.URL+"/desk")
		return v.sua.Do(req)
	}
	leadsTo(t, from("/rooms/"+room, "user_limit", "10"), "/desk")
	leadsTo(t, from("/rooms/"+room+"/participants/"+minjiID+"/remove"), "/desk")
	leadsTo(t, from("/rooms/"+room+"/participants/"+minjiID+"/restore"), "/desk")
}

func TestTheSavingOfARoomIsFollowedLive(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.writes(room, 1200, time.Now(), time.Microsecond, suaID)
	s, admin := v.listen(v.sua, "topic=settlement:"+suaID), v.listen(v.hyunwoo, "topic=settlement:"+suaID)
	v.sua.Post("/rooms/" + room + "/end").Want(303)
	for _, s := range []*stream{s, admin} {
		doc := s.shows("#room-1-settlement .good", web.Korean("room.saved", "Saved", 1201, "Total", 1201))
		if doc.Find(`[hx-target="#room-1-settlement"][hx-swap=outerHTML]`).Length() != 1 {
			h, _ := doc.Html()
			t.Errorf("it goes nowhere: %s", h)
		}
	}
	for _, topic := range []string{"settlement:", "settlement:0", "settlement:x"} {
		v.doyun.Get("/live?topic=" + topic).Want(400)
	}
	v.doyun.Get("/live?topic=settlement:" + suaID).Want(403)
	v.minji.Get("/live?topic=settlement:" + suaID).Want(403)
	v.hyunwoo.Get("/live?topic=settlement:x").Want(400)
}

func TestTheDeskGoesOnWithEarlierRooms(t *testing.T) {
	v := openWithRooms(t)
	const all = 2*web.DeskSize + 3
	now := time.Now().UnixMicro()
	for _, query := range []string{
		`INSERT INTO rooms (mentor_id, name, user_limit, head_count, notice, version, created_at, ended_at, buffer) SELECT 4, '방 ' || i, 5, 0, '', 1, ?2, ?2, 'table' FROM n`,
		`INSERT INTO end_rooms (room_id, ended_at, total, saved, last_error, executed_at) SELECT i, ?2, 0, 0, '', ?2 FROM n`,
	} {
		if _, err := v.database().Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) `+query, all, now); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for path := "/desk"; path != ""; {
		p := v.sua.Get(path).Want(200)
		for _, n := range p.Find("[id$=-settlement]").EachIter() {
			got = append(got, n.AttrOr("id", ""))
		}
		path = p.Find("a.more").AttrOr("href", "")
	}
	want := make([]string, all)
	for i := range want {
		want[i] = fmt.Sprintf("room-%d-settlement", all-i)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the desk shows %v", got)
	}
}
