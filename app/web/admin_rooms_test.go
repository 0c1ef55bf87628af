package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"xxsns/app/store"
	"xxsns/app/web"
	"xxsns/app/web/admin"
)

func TestAdministratorsSeeAllRoomsAndWhatIsNotSaved(t *testing.T) {
	v := openWithRooms(t)
	s, err := store.Open(t.Context(), v.Config.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	unsettled(t.Context(), t, s)
	v.hyunwoo.Get("/admin").Want(200).Has(`.tabs a[href="/admin/rooms"]`).Has(`section a[href="/admin/rooms?state=unsaved"]`)
	broken := fmt.Sprint(v.count("SELECT MAX(room_id) FROM end_rooms"))
	v.edits("UPDATE end_rooms SET last_error = 'disk is broken', total = 12, saved = 3, attempts = 4 WHERE room_id = " + broken)
	open := v.openInState("")

	p := v.hyunwoo.Get("/admin/rooms").Want(200).Has(`.tabs a[href="/admin/rooms"][aria-current]`)
	row := "tr#room-" + open.room
	p.Has(row + ` a[href="/rooms/` + open.room + `"]`).Has(row + ` a[href="/admin/users/` + suaID + `"]`).Lacks(row + " .settle")
	if got, want := p.Text(row+" small"), web.Korean("desk.messages", "Count", v.count("SELECT COUNT(*) FROM buffered_messages WHERE room_id = "+open.room)); !strings.HasSuffix(got, want) {
		t.Errorf("of the open room stands %q, want %q", got, want)
	}
	for _, list := range []string{"", "?state=ended", "?state=unsaved"} {
		p = v.hyunwoo.Get("/admin/rooms" + list).Want(200).Has("tr#room-" + broken + " form[action='/rooms/" + broken + "/settle']")
		says(t, p, "room.saving_again", "Saved", 3, "Total", 12)
		if got := p.Text("tr#room-" + broken + " small[lang], tr#room-" + broken + " .settle small"); !strings.Contains(got, "disk is broken") {
			t.Errorf("of the error stands %q", got)
		}
	}
	says(t, p.Lacks(row), "rooms.unsaved_help")
	v.hyunwoo.Get("/admin/rooms?state=open").Want(200).Has(row).Lacks("tr#room-" + broken)
	leadsTo(t, v.hyunwoo.Post("/admin/rooms/"+broken+"/settle"), "/desk")
}

func TestRoomsOfAdministratorsHavePages(t *testing.T) {
	v := openWithRooms(t)
	for i := range admin.RoomsPerPage + 1 {
		v.puts("INSERT INTO rooms (mentor_id, name, user_limit, head_count, notice, created_at, buffer) VALUES (?, ?, 5, 0, '', ?, 'table')", suaID, fmt.Sprint("방 ", i), time.Now().UnixMicro())
	}
	for _, list := range []string{"", "&state=open"} {
		p := v.hyunwoo.Get("/admin/rooms?x=" + list).Want(200)
		seen := p.Find("tbody tr").Length()
		next := v.hyunwoo.Get(p.Find("a.more").AttrOr("href", "")).Want(200).Lacks("a.more")
		if got, want := seen+next.Find("tbody tr").Length(), v.count("SELECT COUNT(*) FROM rooms WHERE ended_at IS NULL"); seen != admin.RoomsPerPage || got != want {
			t.Errorf("%q: two pages have %d of %d rooms", list, got, want)
		}
	}
}
