package web_test

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xxsns/app/apptest"
)

// A row of the table of boards and the administration of boards: a request, and the
// answer to each kind of user. {board}, {facet} and {option} are the board 투자, the
// facet 투자스타일 and the option 단타; {n} is a new number each time. Answers are
// written as in the table of the other routes.
type boardRow struct {
	route  string
	path   string // when it differs from the route
	fields []string

	member string // 서준; empty: 403, since most is for administrators
	admin  string // 현우; empty: "200"
	hx     string // the answer to htmx where a form gets a redirect; empty: the same redirect
}

const toBoard = "303 /admin/boards/{board}"

var boardTable = []boardRow{
	{route: "GET /boards/:slug", path: "/boards/invest?f={option}", member: "200"},
	{route: "GET /boards/:slug", path: "/boards/invest?f=99&f=x", member: "200"},
	{route: "GET /boards/:slug", path: "/boards/closed", member: "200"},
	{
		route: "GET /boards/:slug/filter", path: "/boards/invest/filter?f={option}&f=99",
		member: "303 /boards/invest?f={option}", admin: "303 /boards/invest?f={option}", hx: "200",
	},
	{route: "GET /posts/facets", path: "/posts/facets?board=invest", member: "303 /boards/invest", admin: "303 /boards/invest", hx: "200"},
	{route: "GET /posts/new", path: "/posts/new?after=0&board=invest&f={option}&f=99", member: "200"},
	{route: "POST /posts", path: "/posts", fields: []string{"content", "글", "board", "invest"}, member: "422", admin: "422"},
	{route: "POST /posts", path: "/posts", fields: []string{"content", "글", "board", "invest", "f", "{option}"}, member: "303 /", admin: "303 /", hx: "200"},
	{route: "POST /posts", path: "/posts", fields: []string{"content", "글", "board", "closed"}, member: "422", admin: "422"},

	{route: "GET /admin/community"},
	{route: "POST /admin/community", admin: "422"},
	{
		route: "POST /admin/community", fields: []string{"sign_up", "open", "min_age", "0", "invites", "0"},
		admin: "303 /admin/community", hx: "200",
	},

	{route: "GET /admin/applications"},
	{route: "GET /admin/applications", path: "/admin/applications?after=x", admin: "400"},
	{route: "POST /admin/applications/:id", path: "/admin/applications/99", admin: "400"},
	{route: "POST /admin/applications/:id", path: "/admin/applications/99", fields: []string{"decision", "accept"}, admin: "404"},
	{route: "GET /admin/invitations"},
	{route: "POST /admin/invitations", admin: "422"},
	{
		route: "POST /admin/invitations", fields: []string{"role", "USER", "uses", "1", "days", "1"},
		admin: "303 /admin/invitations", hx: "200",
	},
	{route: "POST /admin/invitations/:id/close", path: "/admin/invitations/99/close", admin: "404"},

	{route: "GET /admin"},
	{route: "GET /admin/users"},
	{route: "GET /admin/users", path: "/admin/users?q=ㅁㅈ&role=USER&state=suspended&before=9"},
	{route: "GET /admin/users", path: "/admin/users?before=x", admin: "400"},
	{route: "GET /admin/users", path: "/admin/users?role=x", admin: "400"},
	{route: "GET /admin/users/:id", path: "/admin/users/1"},
	{route: "GET /admin/users/:id", path: "/admin/users/99", admin: "404"},
	{route: "POST /admin/users/:id/role", path: "/admin/users/1/role", fields: []string{"role", "USER"}, admin: "303 /admin/users/1", hx: "200"},
	{route: "POST /admin/users/:id/role", path: "/admin/users/1/role", fields: []string{"role", "x"}, admin: "400"},
	{route: "POST /admin/users/:id/role", path: "/admin/users/99/role", fields: []string{"role", "USER"}, admin: "404"},
	{route: "POST /admin/users/:id/suspend", path: "/admin/users/1/suspend", fields: []string{"on", "true"}, admin: "422"},
	{route: "POST /admin/users/:id/suspend", path: "/admin/users/1/suspend", fields: []string{"on", "true", "reason", "광고", "days", "366"}, admin: "422"},
	{route: "POST /admin/users/:id/suspend", path: "/admin/users/1/suspend", fields: []string{"on", "false"}, admin: "409"},
	{route: "POST /admin/users/:id/suspend", path: "/admin/users/1/suspend", admin: "400"},
	{route: "POST /admin/users/:id/suspend", path: "/admin/users/99/suspend", fields: []string{"on", "true"}, admin: "404"},
	{route: "POST /admin/users/:id/appeal", path: "/admin/users/1/appeal", admin: "400"},
	{route: "POST /admin/users/:id/appeal", path: "/admin/users/1/appeal", fields: []string{"decision", "accept"}, admin: "409"},
	{route: "POST /admin/users/:id/appeal", path: "/admin/users/1/appeal", fields: []string{"decision", "decline"}, admin: "409"},
	{route: "POST /admin/users/:id/reset", path: "/admin/users/1/reset"},
	{route: "POST /admin/users/:id/reset", path: "/admin/users/99/reset", admin: "404"},
	{route: "GET /admin/reports"},
	{route: "GET /admin/reports", path: "/admin/reports?state=decided&from=9"},
	{route: "GET /admin/reports", path: "/admin/reports?from=x", admin: "400"},
	{route: "GET /admin/reports/:id", path: "/admin/reports/99", admin: "404"},
	{route: "GET /admin/reports/:id/pictures/:number", path: "/admin/reports/99/pictures/1", admin: "404"},
	{route: "GET /admin/takedowns"},
	{route: "GET /admin/takedowns", path: "/admin/takedowns?state=ended&from=9"},
	{route: "GET /admin/takedowns", path: "/admin/takedowns?from=x", admin: "400"},
	{route: "GET /admin/takedowns/:id", path: "/admin/takedowns/99", admin: "404"},
	{route: "POST /admin/takedowns/:id", path: "/admin/takedowns/99", fields: []string{"decision", "accept"}, admin: "404"},
	{route: "GET /admin/takedowns/:id/proofs/:number", path: "/admin/takedowns/99/proofs/1", admin: "404"},
	{route: "POST /admin/reports/:id", path: "/admin/reports/99", fields: []string{"decision", "dismiss"}, admin: "404"},
	{route: "GET /admin/rooms"},
	{route: "GET /admin/rooms", path: "/admin/rooms?state=ended&from=9"},
	{route: "GET /admin/rooms", path: "/admin/rooms?state=unsaved&from=99", admin: "404"},
	{route: "GET /admin/rooms", path: "/admin/rooms?from=x", admin: "400"},
	{route: "POST /admin/rooms/:id/settle", path: "/admin/rooms/99/settle", admin: "404"},
	{route: "GET /admin/log"},
	{route: "GET /admin/log", path: "/admin/log?kind=role&user=1&before=9"},
	{route: "GET /admin/log", path: "/admin/log?user=x", admin: "400"},

	{route: "GET /admin/boards"},
	{route: "POST /admin/boards", fields: []string{"name", "새 게시판 {n}", "slug", "new-{n}"}, admin: "303 /admin/boards/{next}"},
	{route: "POST /admin/boards", admin: "422"},
	{route: "POST /admin/boards", fields: []string{"name", "투자", "slug", "invest"}, admin: "422"},

	{route: "GET /admin/boards/:id", path: "/admin/boards/{board}"},
	{route: "GET /admin/boards/:id", path: "/admin/boards/99", admin: "404"},
	{route: "GET /admin/boards/:id", path: "/admin/boards/x", admin: "404"},
	{route: "POST /admin/boards/:id", path: "/admin/boards/{board}", fields: []string{"name", "투자"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/boards/:id", path: "/admin/boards/{board}", fields: []string{"name", " "}, admin: "422"},
	{route: "POST /admin/boards/:id", path: "/admin/boards/99", fields: []string{"name", "투자"}, admin: "404"},
	{route: "POST /admin/boards/:id/move", path: "/admin/boards/{board}/move", fields: []string{"up", "true"}, admin: "303 /admin/boards", hx: "200"},
	{route: "POST /admin/boards/:id/move", path: "/admin/boards/{board}/move", admin: "400"},
	{route: "POST /admin/boards/:id/move", path: "/admin/boards/99/move", fields: []string{"up", "true"}, admin: "404"},
	{route: "POST /admin/boards/:id/close", path: "/admin/boards/{board}/close", fields: []string{"on", "false"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/boards/:id/close", path: "/admin/boards/{board}/close", fields: []string{"on", "x"}, admin: "400"},
	{route: "POST /admin/boards/:id/close", path: "/admin/boards/1/close", fields: []string{"on", "true"}, admin: "422"}, // 자유

	{
		route: "POST /admin/boards/:id/facets", path: "/admin/boards/{board}/facets",
		fields: []string{"name", "분류 {n}", "options", "가\n나", "optional", "1"}, admin: toBoard, hx: "200",
	},
	{route: "POST /admin/boards/:id/facets", path: "/admin/boards/{board}/facets", fields: []string{"name", "빈 분류"}, admin: "422"},
	{route: "POST /admin/boards/:id/facets", path: "/admin/boards/99/facets", fields: []string{"name", "분류", "options", "가"}, admin: "404"},
	{route: "POST /admin/facets/:id", path: "/admin/facets/{facet}", fields: []string{"name", "투자스타일"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/facets/:id", path: "/admin/facets/{facet}", admin: "422"},
	{route: "POST /admin/facets/:id", path: "/admin/facets/99", fields: []string{"name", "투자스타일"}, admin: "404"},
	{route: "POST /admin/facets/:id/move", path: "/admin/facets/{facet}/move", fields: []string{"up", "true"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/facets/:id/move", path: "/admin/facets/{facet}/move", fields: []string{"up", "1.5"}, admin: "400"},
	{route: "POST /admin/facets/:id/close", path: "/admin/facets/{facet}/close", fields: []string{"on", "false"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/facets/:id/close", path: "/admin/facets/99/close", fields: []string{"on", "false"}, admin: "404"},
	{route: "POST /admin/facets/:id/options", path: "/admin/facets/{facet}/options", fields: []string{"options", "항목 {n}"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/facets/:id/options", path: "/admin/facets/{facet}/options", fields: []string{"options", "단타"}, admin: "422"},
	{route: "POST /admin/options/:id", path: "/admin/options/{option}", fields: []string{"name", "단타"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/options/:id", path: "/admin/options/{option}", fields: []string{"name", "장기"}, admin: "422"},
	{route: "POST /admin/options/:id/move", path: "/admin/options/{option}/move", fields: []string{"up", "true"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/options/:id/move", path: "/admin/options/99/move", fields: []string{"up", "true"}, admin: "404"},
	{route: "POST /admin/options/:id/close", path: "/admin/options/{option}/close", fields: []string{"on", "false"}, admin: toBoard, hx: "200"},
	{route: "POST /admin/options/:id/close", path: "/admin/options/{option}/close", admin: "400"},
}

func TestEverybodyOnEveryRouteOfBoards(t *testing.T) {
	v := openWithBoards(t)
	v.closes(v.boards("끝난 모임", "closed"))
	asks, facet, option := 0, v.facet("투자스타일"), v.option("단타")
	for _, r := range boardTable {
		for _, who := range []struct {
			name   string
			client *apptest.Client
			want   string
		}{
			{"guest", v.Guest(), r.guest()},
			{"member", v.seojun, cmp.Or(r.member, forbidden)},
			{"mentor", v.sua, cmp.Or(r.member, forbidden)}, // no more than a member
			{"admin", v.hyunwoo, cmp.Or(r.admin, "200")},
		} {
			for how, client := range map[string]*apptest.Client{"plain": who.client, "htmx": who.client.HX()} {
				asks++
				fill := strings.NewReplacer("{board}", v.invest, "{facet}", facet, "{option}", option,
					"{n}", strconv.Itoa(asks), "{next}", strconv.Itoa(v.count("SELECT MAX(id) + 1 FROM boards"))).Replace
				want := who.want
				if how == "htmx" {
					want = roomRow{hx: r.hx}.htmx(want, who.name == "guest")
				}
				asked := row{route: r.route, path: r.path, fields: make([]string, len(r.fields))}
				for i, field := range r.fields {
					asked.fields[i] = fill(field)
				}
				if got, want := asked.ask(client, fill), fill(want); got != want {
					t.Errorf("%s %s %s %q: %s gets %q, want %q", how, r.route, fill(r.path), r.fields, who.name, got, want)
				}
			}
		}
	}
}

// guest returns the answer to a client that is not signed in.
func (r boardRow) guest() string {
	method, path, _ := strings.Cut(r.route, " ")
	if method == http.MethodPost {
		return toSignIn
	}
	return "303 /sign-in?next=" + strings.NewReplacer("%7B", "{", "%7D", "}").Replace(url.QueryEscape(cmp.Or(r.path, path)))
}
