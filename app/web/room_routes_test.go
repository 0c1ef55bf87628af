package web_test

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// A row of the table of rooms: a request about a room of 수아, and the answer to each kind
// of user. {room} is the room, and {seq} a message of 수아 in the room. Answers are
// written as in the table of the other routes.
type roomRow struct {
	route  string
	path   string // when it differs from the route
	fields []string
	state  string // of the room: open (empty), full, ended

	outside string // 서준, never inside; empty: "200"
	removed string // 하늘; empty: as outside
	inside  string // 민지; empty: "200"
	other   string // 도윤, a mentor of other rooms; empty: as outside
	mentor  string // 수아; empty: as inside
	admin   string // 현우, never inside; empty: as mentor

	hx    string // the answer to htmx where a form gets a redirect; empty: the same redirect
	fresh bool   // each user gets a new room
}

const (
	toRoom  = "303 /rooms/{room}"
	toRooms = "303 /rooms"
	tooLate = "409"
)

var roomTable = []roomRow{
	{route: "GET /rooms"},
	{route: "GET /rooms/new", outside: forbidden, inside: forbidden, other: "200", mentor: "200"},
	{route: "POST /rooms", outside: forbidden, inside: forbidden, other: "422", mentor: "422"},
	{route: "GET /desk", outside: forbidden, inside: forbidden, other: "200", mentor: "200"},

	{route: "GET /desk/reports", outside: forbidden, inside: forbidden, other: "200", mentor: "200"},
	{route: "GET /desk/reports/:id", path: "/desk/reports/99", outside: forbidden, inside: forbidden, other: "404", mentor: "404"},
	{route: "POST /desk/reports/:id", path: "/desk/reports/99", outside: forbidden, inside: forbidden, other: "404", mentor: "404"},

	{route: "GET /rooms/:id", path: "/rooms/{room}"},
	{route: "GET /rooms/:id", path: "/rooms/{room}", state: "full"},
	{route: "GET /rooms/:id", path: "/rooms/{room}", state: "ended"},

	{route: "GET /rooms/:id/edit", path: "/rooms/{room}/edit", outside: forbidden, inside: forbidden, mentor: "200"},
	{route: "GET /rooms/:id/edit", path: "/rooms/{room}/edit", state: "ended", outside: forbidden, inside: forbidden, mentor: tooLate},
	{route: "POST /rooms/:id", path: "/rooms/{room}", fields: []string{"name", "고침"}, outside: forbidden, inside: forbidden, mentor: toRoom},
	{route: "POST /rooms/:id", path: "/rooms/{room}", fields: []string{"name", ""}, outside: forbidden, inside: forbidden, mentor: "422"},
	{route: "POST /rooms/:id", path: "/rooms/{room}", fields: []string{"name", "고침"}, state: "ended", outside: forbidden, inside: forbidden, mentor: tooLate},

	{route: "POST /rooms/:id/enter", path: "/rooms/{room}/enter", fresh: true, outside: toRoom, removed: forbidden, inside: toRoom},
	{route: "POST /rooms/:id/enter", path: "/rooms/{room}/enter", state: "full", outside: tooLate, removed: forbidden, inside: toRoom, admin: tooLate},
	{route: "POST /rooms/:id/enter", path: "/rooms/{room}/enter", state: "ended", outside: tooLate, inside: tooLate},

	{route: "GET /rooms/:id/leave", path: "/rooms/{room}/leave", outside: toRoom, inside: "200", admin: toRoom},
	{route: "GET /rooms/:id/leave", path: "/rooms/{room}/leave", state: "ended", outside: toRoom, inside: toRoom},
	{route: "POST /rooms/:id/leave", path: "/rooms/{room}/leave", fresh: true, outside: toRooms, inside: toRooms},
	{route: "POST /rooms/:id/leave", path: "/rooms/{room}/leave", state: "ended", outside: tooLate, inside: tooLate},

	{route: "POST /rooms/:id/wait", path: "/rooms/{room}/wait", fields: []string{"on", "true"}, state: "full", outside: toRoom, removed: forbidden, inside: toRoom, hx: "200"},
	{route: "POST /rooms/:id/wait", path: "/rooms/{room}/wait", fields: []string{"on", "false"}, state: "full", outside: toRoom, inside: toRoom, hx: "200"},
	{route: "POST /rooms/:id/wait", path: "/rooms/{room}/wait", fields: []string{"on", "true"}, state: "ended", outside: tooLate, removed: forbidden, inside: tooLate},

	{route: "GET /rooms/:id/end", path: "/rooms/{room}/end", outside: forbidden, inside: forbidden, mentor: "200"},
	{route: "GET /rooms/:id/end", path: "/rooms/{room}/end", state: "ended", outside: forbidden, inside: forbidden, mentor: tooLate},
	{route: "POST /rooms/:id/end", path: "/rooms/{room}/end", fresh: true, outside: forbidden, inside: forbidden, mentor: toRoom},
	{route: "POST /rooms/:id/end", path: "/rooms/{room}/end", state: "ended", outside: forbidden, inside: forbidden, mentor: tooLate},
	{route: "POST /rooms/:id/settle", path: "/rooms/{room}/settle", state: "ended", outside: forbidden, inside: forbidden, mentor: "303 /desk", hx: "200"},
	{route: "POST /rooms/:id/settle", path: "/rooms/{room}/settle", outside: forbidden, inside: forbidden, mentor: "404"},

	{route: "POST /rooms/:id/read", path: "/rooms/{room}/read", fields: []string{"seq", "1"}, outside: forbidden, inside: toRoom, admin: forbidden, hx: "204"},
	{route: "POST /rooms/:id/read", path: "/rooms/{room}/read", fields: []string{"seq", "x"}, outside: forbidden, inside: "400", admin: forbidden},
	{route: "POST /rooms/:id/read", path: "/rooms/{room}/read", fields: []string{"seq", "1"}, state: "ended", outside: tooLate, inside: tooLate},
	{route: "POST /rooms/:id/alerts", path: "/rooms/{room}/alerts", fields: []string{"alerts", "none"}, outside: forbidden, inside: toRoom, admin: forbidden, hx: "200"},
	{route: "POST /rooms/:id/alerts", path: "/rooms/{room}/alerts", fields: []string{"alerts", "some"}, outside: forbidden, inside: "400", admin: forbidden},
	{route: "POST /rooms/:id/alerts", path: "/rooms/{room}/alerts", fields: []string{"alerts", "all"}, state: "ended", outside: tooLate, inside: tooLate},

	{route: "GET /rooms/:id/messages", path: "/rooms/{room}/messages", outside: forbidden, inside: "200", admin: forbidden},
	{route: "GET /rooms/:id/messages", path: "/rooms/{room}/messages?after=0", outside: forbidden, inside: "200", admin: forbidden},
	{route: "GET /rooms/:id/messages", path: "/rooms/{room}/messages", state: "ended", outside: forbidden, inside: "200"},
	{
		route: "POST /rooms/:id/messages", path: "/rooms/{room}/messages", fields: []string{"content", "안녕", "client_id", "a"}, fresh: true,
		outside: forbidden, inside: "303 /rooms/{room}#message-{room}-{next}", admin: forbidden, hx: "200",
	},
	{
		route: "POST /rooms/:id/messages", path: "/rooms/{room}/messages", fields: []string{"content", " ", "client_id", "a"},
		outside: forbidden, inside: "422", admin: forbidden,
	},
	{
		route: "POST /rooms/:id/messages", path: "/rooms/{room}/messages", fields: []string{"content", "안녕", "client_id", "a"}, state: "ended",
		outside: tooLate, inside: tooLate,
	},
	{route: "GET /rooms/:id/messages/:seq/delete", path: "/rooms/{room}/messages/{seq}/delete", outside: forbidden, inside: forbidden, mentor: "200"},
	{
		route: "POST /rooms/:id/messages/:seq/delete", path: "/rooms/{room}/messages/{seq}/delete",
		outside: forbidden, inside: forbidden, mentor: toRoom, hx: "200",
	},
	{
		route: "POST /rooms/:id/messages/:seq/delete", path: "/rooms/{room}/messages/{seq}/delete", state: "ended",
		outside: forbidden, inside: forbidden, mentor: toRoom, hx: "200",
	},

	{
		route: "GET /rooms/:id/participants/:user_id/remove", path: "/rooms/{room}/participants/" + minjiID + "/remove",
		outside: forbidden, inside: forbidden, mentor: "200",
	},
	{
		route: "POST /rooms/:id/participants/:user_id/remove", path: "/rooms/{room}/participants/" + minjiID + "/remove", fresh: true,
		outside: forbidden, inside: forbidden, mentor: toRoom, hx: "200",
	},
	{ // the mentor stays
		route: "POST /rooms/:id/participants/:user_id/remove", path: "/rooms/{room}/participants/" + suaID + "/remove",
		outside: forbidden, inside: forbidden, mentor: forbidden,
	},
	{ // never inside
		route: "POST /rooms/:id/participants/:user_id/remove", path: "/rooms/{room}/participants/" + seojunID + "/remove",
		outside: forbidden, inside: forbidden, mentor: "404",
	},
	{
		route: "POST /rooms/:id/participants/:user_id/remove", path: "/rooms/{room}/participants/" + minjiID + "/remove", state: "ended",
		outside: forbidden, inside: forbidden, mentor: tooLate,
	},
	{
		route: "POST /rooms/:id/participants/:user_id/restore", path: "/rooms/{room}/participants/" + haneulID + "/restore", fresh: true,
		outside: forbidden, inside: forbidden, mentor: "303 /desk",
	},
	{ // not removed
		route: "POST /rooms/:id/participants/:user_id/restore", path: "/rooms/{room}/participants/" + minjiID + "/restore",
		outside: forbidden, inside: forbidden, mentor: "404",
	},

	{route: "GET /rooms/:id/transcript", path: "/rooms/{room}/transcript", outside: forbidden, inside: "200", admin: forbidden},
	{route: "GET /rooms/:id/transcript", path: "/rooms/{room}/transcript?format=json", state: "ended", outside: forbidden, inside: "200"},
	{route: "GET /rooms/:id/socket", path: "/rooms/{room}/socket", outside: forbidden, inside: "400", admin: forbidden}, // 400: no handshake
	{route: "GET /rooms/:id/socket", path: "/rooms/{room}/socket", state: "full", outside: forbidden, inside: "400", admin: forbidden},
	{route: "GET /rooms/:id/socket", path: "/rooms/{room}/socket", state: "ended", outside: tooLate, inside: tooLate},
}

// A tableRoom is a room of the table and the seq of a message in the room.
type tableRoom struct{ room, seq string }

// fill replaces {room} and {seq} in a path or an answer of the table.
func (s tableRoom) fill(text string) string {
	return strings.NewReplacer("{room}", s.room, "{seq}", s.seq, "{next}", "6").Replace(text)
}

// openInState opens a room in a state: 민지 is inside, 하늘 was removed, and 수아 has sent a
// message.
func (v *siteWithRooms) openInState(state string) tableRoom {
	v.t.Helper()
	room := v.opens(v.sua, "질문방", 5)
	v.enters(room, v.haneul)
	v.sua.Post("/rooms/" + room + "/participants/" + haneulID + "/remove").Want(303)
	v.enters(room, v.minji)
	v.sua.HX().Post("/rooms/"+room+"/messages", "content", "수아의 말", "client_id", "first").Want(200)
	s := tableRoom{room, "5"}
	switch state {
	case "full":
		if _, err := v.database().Exec("UPDATE rooms SET user_limit = head_count WHERE id = ?", room); err != nil {
			v.t.Fatal(err)
		}
	case "ended":
		v.ends(v.sua, room)
	}
	return s
}

func TestEverybodyOnEveryRouteOfRooms(t *testing.T) {
	v := openWithRooms(t)
	stages := map[string]tableRoom{}
	for _, state := range []string{"", "full", "ended"} {
		stages[state] = v.openInState(state)
	}
	people := []struct {
		name   string
		client *apptest.Client
		answer func(roomRow) string
	}{
		{"guest", v.Guest(), roomRow.guest},
		{"outside", v.seojun, func(r roomRow) string { return cmp.Or(r.outside, "200") }},
		{"removed", v.haneul, func(r roomRow) string { return cmp.Or(r.removed, r.outside, "200") }},
		{"inside", v.minji, func(r roomRow) string { return cmp.Or(r.inside, "200") }},
		{"other", v.doyun, func(r roomRow) string { return cmp.Or(r.other, r.outside, "200") }},
		{"mentor", v.sua, func(r roomRow) string { return cmp.Or(r.mentor, r.inside, "200") }},
		{"admin", v.hyunwoo, func(r roomRow) string { return cmp.Or(r.admin, r.mentor, r.inside, "200") }},
	}
	for _, r := range roomTable {
		for _, who := range people {
			for how, client := range map[string]*apptest.Client{"plain": who.client, "htmx": who.client.HX()} {
				s := stages[r.state]
				if r.fresh {
					s = v.openInState(r.state)
				}
				want := s.fill(who.answer(r))
				if how == "htmx" {
					want = s.fill(r.htmx(want, who.name == "guest"))
				}
				asked := row{route: r.route, path: r.path, fields: r.fields}
				if got := asked.ask(client, s.fill); got != want {
					t.Errorf("%s %s %s (%s): %s gets %q, want %q", how, r.route, r.path, cmp.Or(r.state, "open"), who.name, got, want)
				}
			}
		}
	}
}

// guest returns the answer to a client that is not signed in.
func (r roomRow) guest() string {
	method, path, _ := strings.Cut(r.route, " ")
	switch {
	case strings.HasSuffix(path, "/socket"):
		return "401"
	case method == http.MethodPost:
		return toSignIn
	}
	return "303 /sign-in?next=" + strings.NewReplacer("%7B", "{", "%7D", "}").Replace(url.QueryEscape(cmp.Or(r.path, path)))
}

// htmx returns the answer to htmx where a form gets plain.
func (r roomRow) htmx(plain string, isGuest bool) string {
	to, isRedirect := strings.CutPrefix(plain, "303 ")
	switch {
	case isGuest && isRedirect:
		return hxSignIn
	case isRedirect && r.hx != "":
		return r.hx
	case isRedirect:
		return "200 → " + to
	}
	return plain
}
