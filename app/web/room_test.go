package web_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
	"xxsns/app/web"
)

func TestMentorsAndAdministratorsOpenRooms(t *testing.T) {
	v := openWithRooms(t)
	for _, c := range []*apptest.Client{v.minji, v.minji.HX()} {
		c.Get("/rooms/new").Want(403)
		c.Post("/rooms", "name", "회원의 방", "user_limit", "5").Want(403)
	}
	v.minji.Get("/rooms").Want(200).Lacks(`a[href="/rooms/new"]`)
	v.sua.Get("/rooms").Want(200).Has(`a[href="/rooms/new"]`)
	leadsTo(t, v.sua.Post("/rooms", "name", "  자바\n 질문방 ", "user_limit", "5"), "/rooms/1")
	p := v.sua.Get("/rooms/1").Want(200)
	toasts(t, p, "done.room_opened")
	if p.Text("#room-title") != "자바 질문방" {
		t.Errorf("the topic is %q", p.Text("#room-title"))
	}
	if to := v.hyunwoo.HX().Post("/rooms", "name", "관리자의 방", "user_limit", "15").Want(200).Header.Get("HX-Redirect"); to != "/rooms/2" {
		t.Errorf("htmx is sent to %q", to)
	}
	if n := v.count("SELECT COUNT(*) FROM rooms"); n != 2 {
		t.Errorf("%d rooms, want 2", n)
	}
}

func TestANewRoomHasItsMentorInside(t *testing.T) {
	v := openWithRooms(t)
	room := v.opens(v.sua, "질문방", 5)
	p := v.sua.Get("/rooms/" + room).Want(200).Has("#messages").Has("#participants > #participant-" + suaID)
	if p.Text("#room-1-count") != "1" || p.Find("#participants li").Length() != 1 {
		t.Errorf("inside are %s and %d", p.Text("#room-1-count"), p.Find("#participants li").Length())
	}
	if got := p.Text("#message-1-1"); got != web.Korean("message.entered", "Name", "수아") {
		t.Errorf("the first line is %q", got)
	}
	list := v.minji.Get("/rooms").Want(200).Has(`#rooms #room-1 a[href="/rooms/1"]`)
	if text := list.Text("#room-1"); !strings.Contains(text, "질문방") || !strings.Contains(text, "수아") || list.Text("#room-1-count") != "1" {
		t.Errorf("the list says %q", text)
	}
	// Four seats are free.
	for i, c := range v.joinAll([]string{"가람", "나래", "다온", "라온", "마루"}, sns.RoleUser) {
		c.Post("/rooms/" + room + "/enter").Want([]int{303, 303, 303, 303, 409}[i])
	}
}

func TestBadRoomsAreRefusedAndKept(t *testing.T) {
	v := openWithRooms(t)
	limit := web.Korean("room.limit", "Min", sns.RoomLimitMin, "Max", 15)
	long := strings.Repeat("가", sns.RoomNameMax+1)
	for _, bad := range []struct{ name, limit, field, says string }{
		{"", "5", "name", web.Korean("invalid.empty")},
		{" \u200b ", "5", "name", web.Korean("invalid.empty")},
		{long, "5", "name", web.Korean("invalid.long", "Max", sns.RoomNameMax, "Length", sns.RoomNameMax+1)},
		{"깨진 \xff", "5", "name", web.Korean("invalid.encoding")},
		{"질문방", "4", "user_limit", limit},
		{"질문방", "16", "user_limit", limit},
		{"질문방", "-5", "user_limit", limit},
		{"질문방", "abc", "user_limit", limit},
		{"질문방", "5.0", "user_limit", limit},
		{"질문방", "", "user_limit", limit},
		{"질문방", "99999999999999999999", "user_limit", limit},
	} {
		for _, c := range []*apptest.Client{v.sua, v.sua.HX()} {
			p := c.Post("/rooms", "name", bad.name, "user_limit", bad.limit).Want(422)
			if got := beside(p, bad.field); got != bad.says {
				t.Errorf("%.20q for %q: beside %s it says %q, want %q", bad.name, bad.limit, bad.field, got, bad.says)
			}
			if strings.ToValidUTF8(bad.name, "") == bad.name && bad.field != "name" && value(p, "name") != bad.name {
				t.Errorf("kept is %q", value(p, "name"))
			}
		}
	}
	if p := v.sua.Post("/rooms", "name", long, "user_limit", "10").Want(422); value(p, "name") != long || p.Find("[name=user_limit][checked]").AttrOr("value", "") != "10" {
		t.Error("the long topic or the number of seats is not kept")
	}
	if n := v.count("SELECT COUNT(*) FROM rooms") + v.count("SELECT COUNT(*) FROM participants"); n != 0 {
		t.Errorf("left are %d rows", n)
	}
}

func TestRoomsOfEverySizeAreOpened(t *testing.T) {
	v := openWithRooms(t)
	longest := strings.Repeat("각", sns.RoomNameMax)
	for limit := sns.RoomLimitMin; limit <= 15; limit++ {
		room := v.opens(v.sua, longest, limit)
		if n := v.count("SELECT user_limit FROM rooms WHERE id = ?", room); n != limit {
			t.Errorf("a room for %d takes %d", limit, n)
		}
	}
	if got := v.minji.Get("/rooms/1").Text("#room-1-name"); got != longest {
		t.Errorf("the topic is %.30q…", got)
	}
	if got := mostOffered(v); got != "15" {
		t.Errorf("the most seats offered are %s", got)
	}
}

// mostOffered returns the largest number of seats in the form of a new room.
func mostOffered(v *siteWithRooms) string {
	return v.sua.Get("/rooms/new").Want(200).Find("[name=user_limit]").Last().AttrOr("value", "")
}

func TestTheOperatorSetsTheMostSeats(t *testing.T) {
	v := openWithRooms(t, func(c *config.Config) { c.RoomMaxLimit = 30 })
	if got := mostOffered(v); got != "30" {
		t.Errorf("the most seats offered are %s", got)
	}
	v.opens(v.sua, "큰 방", 30)
	v.sua.Post("/rooms", "name", "더 큰 방", "user_limit", "31").Want(422)
}

func TestTheSameFormTwiceOpensOneRoom(t *testing.T) {
	v := openWithRooms(t)
	key := value(v.sua.Get("/rooms/new"), "key")
	if key == "" || key == value(v.sua.Get("/rooms/new"), "key") {
		t.Error("two forms have the same key, or none")
	}
	for range 2 {
		leadsTo(t, v.sua.Post("/rooms", "name", "질문방", "user_limit", "5", "key", key), "/rooms/1")
		if to := v.sua.HX().Post("/rooms", "name", "질문방", "user_limit", "5", "key", key).Header.Get("HX-Redirect"); to != "/rooms/1" {
			t.Errorf("htmx is sent to %q", to)
		}
	}
	leadsTo(t, v.doyun.Post("/rooms", "name", "도윤의 방", "user_limit", "5", "key", key), "/rooms/2") // the same key of a different user is a different key
	v.sua.Post("/rooms", "name", "질문방", "user_limit", "5", "key", "<key>").Want(400)
	if v.count("SELECT COUNT(*) FROM rooms") != 2 || v.count("SELECT COUNT(*) FROM participants") != 2 {
		t.Errorf("%d rooms with %d people", v.count("SELECT COUNT(*) FROM rooms"), v.count("SELECT COUNT(*) FROM participants"))
	}
}

func TestTenFormsAtOnceOpenOneRoom(t *testing.T) {
	v := openWithRooms(t)
	s := v.listen(v.minji, "topic=rooms")
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if p := v.sua.Post("/rooms", "name", "질문방", "user_limit", "5", "key", "same"); p.Status != 303 || p.Header.Get("Location") != "/rooms/1" {
				t.Errorf("one gets %d %s", p.Status, p.Header.Get("Location"))
			}
		})
	}
	all.Wait()
	s.shows("#room-1-name", "질문방")
	if e, ok := s.next(300 * time.Millisecond); ok {
		t.Errorf("the list gets more: %s", e.data)
	}
	if n := v.count("SELECT COUNT(*) FROM rooms"); n != 1 {
		t.Errorf("%d rooms", n)
	}
}

func TestOpeningRoomsIsSlowAndTheTopicIsKept(t *testing.T) {
	v := openWithRooms(t, limited)
	p := until429(t, web.BurstRoom, func(i int) *apptest.Page {
		return v.sua.Post("/rooms", "name", "방 "+strconv.Itoa(i), "user_limit", "5")
	})
	if !strings.HasPrefix(value(p, "name"), "방 ") {
		t.Errorf("kept is %q", value(p, "name"))
	}
	v.doyun.Post("/rooms", "name", "나는 처음", "user_limit", "5").Want(303)
}
