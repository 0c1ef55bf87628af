package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/live"
	"xxsns/app/web"
)

func TestTheListChangesBeforeOnesEyes(t *testing.T) {
	v := openWithRooms(t)
	s := v.listen(v.seojun, "topic=rooms")
	room := v.opens(v.sua, "질문방", 5)
	doc := s.shows("article#room-1 #room-1-name", "질문방")
	if doc.Find(`[hx-target="#rooms"][hx-swap=afterbegin]`).Length() != 1 {
		h, _ := doc.Html()
		t.Errorf("the new room goes nowhere: %s", h)
	}
	v.enters(room, v.minji)
	s.shows("#room-1-count", "2")
	v.minji.Post("/rooms/" + room + "/leave").Want(303)
	s.shows("#room-1-count", "1")
	v.sua.Post("/rooms/"+room, "name", "자바 질문방").Want(303)
	s.shows(`[hx-target="#room-1-name"]`, "자바 질문방")
	v.ends(v.sua, room)
	for {
		e, ok := s.next(patience)
		if !ok {
			t.Fatal("the room stays on the list")
		}
		if fragment(t, e.data).Find(`[hx-target="#room-1"][hx-swap=delete]`).Length() == 1 {
			break
		}
	}
	v.seojun.Get("/rooms").Lacks("#room-1")
}

// The original counted +1 and -1 in the browser, and drifted.
func TestHeadCountsAreAbsolute(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 15)
	inside := talks(v.sua, room)
	s := v.listen(v.haneul, "topic=rooms")
	v.enters(room, v.minji, v.seojun)
	v.enters(room, v.minji) // again: nothing changes
	s.shows("#room-1-count", "3")
	hears(t, inside, "#room-1-count", "3")
	v.minji.Post("/rooms/" + room + "/leave").Want(303)
	v.minji.Post("/rooms/" + room + "/leave").Want(303) // again: nothing changes
	s.shows("#room-1-count", "2")
	hears(t, inside, "#room-1-count", "2")
	for _, p := range []*apptest.Page{v.haneul.Get("/rooms"), v.haneul.Get("/rooms/1"), v.sua.Get("/rooms/1"), v.sua.Get("/desk")} {
		if got := p.Text("#room-1-count"); got != "2" {
			t.Errorf("a page says %s", got)
		}
	}
	if n := v.count("SELECT COUNT(*) FROM participants WHERE active = 1"); n != 2 {
		t.Errorf("%d are inside", n)
	}
}

func TestRoomsAreFoundByTopicOrMentor(t *testing.T) {
	v := openWithRooms(t)
	v.opens(v.sua, "자바 질문방", 5)
	v.opens(v.doyun, "Spring 100% 정복", 5)
	v.opens(v.sua, "파이썬 모임", 5)
	for query, want := range map[string][]string{
		"":                                     {"room-3", "room-2", "room-1"},
		"질문":                                   {"room-1"},
		"수아":                                   {"room-3", "room-1"},
		"도":                                    {"room-2"},
		"sPR":                                  {"room-2"},
		"%":                                    {"room-2"},
		"_":                                    nil,
		"없는 말":                                 nil,
		"\u110C\u1175\u11AF\u1106\u116E\u11AB": {"room-1"}, // 질문, as a Mac sends it
		" 질문 ":                                 {"room-1"},
	} {
		for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
			p := c.Get("/rooms?q=" + url.QueryEscape(query)).Want(200)
			var got []string
			for _, n := range p.Find("#rooms .room").EachIter() {
				got = append(got, n.AttrOr("id", ""))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", query, got, want)
			}
		}
	}
	if got := value(v.minji.Get("/rooms?q="+url.QueryEscape("질문")), "q"); got != "질문" {
		t.Errorf("the field holds %q", got)
	}
	says(t, v.minji.Get("/rooms?q="+url.QueryEscape("없는 말")), "room.none")
}

func TestTheListGoesOnWithMoreRooms(t *testing.T) {
	v := openWithRooms(t)
	const all = 2*web.RoomsSize + 5
	_, err := v.database().Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO rooms (mentor_id, name, user_limit, head_count, notice, version, created_at, buffer)
		SELECT 4, '방 ' || i, 5, 0, '', 1, ?, 'table' FROM n`, all, time.Now().UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
	next, page := all, "/rooms?q="+url.QueryEscape("방")
	for page != "" {
		p := v.minji.Get(page).Want(200)
		for _, n := range p.Find("#rooms .room").EachIter() {
			if want := fmt.Sprint("room-", next); n.AttrOr("id", "") != want {
				t.Fatalf("%s comes where %s should", n.AttrOr("id", ""), want)
			}
			next--
		}
		page = p.Find("#rooms a.more").AttrOr("href", "")
	}
	if next != 0 {
		t.Errorf("%d rooms are missing", next)
	}
}

// Events of a room must not reach streams without the topic of rooms.
func TestOutsidersGetNothingOfWhatIsSaid(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.minji)
	talk := talks(v.minji, room)
	s := v.listen(v.seojun, "topic=rooms&topic=timeline")
	elsewhere := talks(v.doyun, v.opens(v.doyun, "다른 방", 5))
	speaks(t, talk, "우리끼리 하는 말")
	hearsNothingOf(t, elsewhere, "우리끼리")
	for {
		e, ok := s.next(2 * live.GatherWindow)
		if !ok {
			break
		}
		if strings.Contains(e.data, "우리끼리") {
			t.Errorf("an outsider gets %s", e.data)
		}
	}
}
