package web_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// A row of the table: a request, and the answer to each kind of user. In paths, fields
// and answers {post} and {comment} are by 민지, {asset} and {image} are files. An answer is
// a status, and for a redirect also the target: "303 /" for a form, "200 → /" for htmx.
type row struct {
	route  string
	path   string // when it differs from the route
	fields []string

	guest, guestHX   string // empty: a redirect to /sign-in
	member, memberHX string // 서준, not the author; empty: "200"
	author, authorHX string // 민지; empty: as the member

	fresh bool // a new post is made for the user
	once  bool // a user can do so once, as leave, or ask for an export that may be ready at once: each client is a new user
}

const (
	toSignIn  = "303 /sign-in?next=%2F"
	hxSignIn  = "200 → /sign-in?next=%2F"
	forbidden = "403"
)

var table = []row{
	{route: "GET /healthz", guest: "200", guestHX: "200"},
	{route: "HEAD /healthz", guest: "200", guestHX: "200"},
	{route: "HEAD /readyz", guest: "200", guestHX: "200"},
	{route: "GET /readyz", guest: "200", guestHX: "200"},
	{route: "GET /static/:name", path: "{asset}", guest: "200", guestHX: "200"},
	{route: "HEAD /static/:name", path: "{asset}", guest: "200", guestHX: "200"},
	{route: "GET /static/:name", path: "/static/nothing.css", guest: "404", guestHX: "404", member: "404", memberHX: "404"},
	{route: "GET /favicon.ico", guest: "200", guestHX: "200"},
	{route: "HEAD /favicon.ico", guest: "200", guestHX: "200"},
	{route: "GET /sw.js", guest: "200", guestHX: "200"},
	{route: "HEAD /sw.js", guest: "200", guestHX: "200"},
	{route: "GET /offline", guest: "200", guestHX: "200"},
	{route: "GET /manifest.json", guest: "200", guestHX: "200"},
	{route: "GET /rules", guest: "200", guestHX: "200"},
	{route: "GET /privacy", guest: "200", guestHX: "200"},
	{route: "POST /notice", fields: []string{"version", "1"}, guest: toSignIn, member: "303 /", memberHX: "200"},
	{route: "POST /notice", fields: []string{"version", "x"}, guest: toSignIn, member: "400", memberHX: "400"},
	{route: "GET /uploads/:name", path: "/uploads/{image}", guest: "200", guestHX: "200"},
	{route: "HEAD /uploads/:name", path: "/uploads/{image}", guest: "200", guestHX: "200"},
	{route: "GET /uploads/:name", path: "/uploads/..%2f..%2fgo.mod", guest: "404", guestHX: "404", member: "404", memberHX: "404"},

	{route: "GET /sign-up", guest: "200", guestHX: "200", member: "303 /", memberHX: "200 → /"},
	{route: "POST /sign-up", guest: "422", guestHX: "422", member: "422", memberHX: "422"},
	{route: "GET /sign-up/username", guest: "200", guestHX: "200"},
	{route: "GET /sign-up", path: "/sign-up?invitation=1-x", guest: "404", guestHX: "404", member: "303 /", memberHX: "200 → /"},
	{route: "GET /sign-up/waiting", guest: "200", guestHX: "200"},
	{route: "GET /sign-in", guest: "200", guestHX: "200", member: "303 /", memberHX: "200 → /"},
	{route: "POST /sign-in", guest: "422", guestHX: "422", member: "422", memberHX: "422"},

	{route: "GET /appeal"},
	{route: "POST /appeal", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "POST /appeal", fields: []string{"text", "억울해요"}, guest: toSignIn, member: "409", memberHX: "409"},
	{route: "GET /forgot", guest: "404", guestHX: "404", member: "404", memberHX: "404"}, // there is no SMTP_URL
	{route: "POST /forgot", guest: "404", guestHX: "404", member: "404", memberHX: "404"},
	{route: "GET /reset/:token", path: "/reset/nothing", guest: "404", guestHX: "404", member: "404", memberHX: "404"},
	{route: "POST /reset/:token", path: "/reset/nothing", guest: "404", guestHX: "404", member: "404", memberHX: "404"},

	{route: "GET /takedown", guest: "200", guestHX: "200"},
	{route: "POST /takedown", guest: "422", guestHX: "422", member: "422", memberHX: "422"},
	{route: "GET /takedown/:token", path: "/takedown/1-nothing", guest: "404", guestHX: "404", member: "404", memberHX: "404"},
	{route: "GET /takedown/:token", path: "/takedown/999", guest: "303 /sign-in?next=%2Ftakedown%2F999", guestHX: "200 → /sign-in?next=%2F", member: "404", memberHX: "404"},
	{route: "POST /takedown/:token/object", path: "/takedown/999/object", fields: []string{"text", "아니에요"}, guest: toSignIn, member: "404", memberHX: "404"},
	{route: "POST /takedown/:token/object", path: "/takedown/1-nothing/object", guest: toSignIn, member: "404", memberHX: "404"},

	{route: "GET /", guest: "303 /sign-in?next=%2F"},
	{route: "GET /", path: "/?before=x", member: "400", memberHX: "400"},
	{route: "GET /following"},
	{route: "GET /following", path: "/following?before=x", member: "400", memberHX: "400"},
	{route: "GET /boards", member: "303 /boards/free", memberHX: "200 → /boards/free"},
	{route: "GET /boards/:slug", path: "/boards/free"},
	{route: "GET /boards/:slug", path: "/boards/nowhere", member: "404", memberHX: "404"},
	{route: "GET /boards/:slug", path: "/boards/local", member: "303 /local", memberHX: "200 → /local"},
	{route: "GET /boards/:slug", path: "/boards/free?before=x", member: "400", memberHX: "400"},
	{route: "GET /boards/:slug/filter", path: "/boards/free/filter", member: "303 /boards/free", memberHX: "200"},
	{route: "GET /boards/:slug/filter", path: "/boards/nowhere/filter", member: "404", memberHX: "404"},
	{route: "GET /local"},
	{route: "GET /local/filter", member: "303 /local", memberHX: "200"},

	{route: "GET /search"},
	{route: "GET /search", path: "/search?q=바다&in=nothing&before=x"},
	{route: "GET /search", path: "/search?q=바다&in=posts&before=x", member: "404", memberHX: "404"},
	{route: "GET /search/suggest", path: "/search/suggest?q=a", member: "303 /search?q=a", memberHX: "200"},
	{route: "GET /people/complete", path: "/people/complete?q=a", member: "303 /search?in=people&q=a", memberHX: "200"},
	{route: "GET /people/complete", path: "/people/complete?q=a&room=x", member: "303 /search?in=people&q=a", memberHX: "400"},

	{route: "POST /posts", fields: []string{"content", "안녕"}, guest: toSignIn, member: "303 /"},
	{route: "POST /posts", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "POST /posts", fields: []string{"content", "안녕", "board", "local"}, guest: toSignIn, member: "422", memberHX: "422"},
	{route: "GET /posts/counts", path: "/posts/counts?id={post}"},
	{route: "GET /posts/counts", path: "/posts/counts?id=x", member: "400", memberHX: "400"},
	{route: "GET /posts/new", path: "/posts/new?after=1"},
	{route: "GET /posts/new", path: "/posts/new?after=-1", member: "400", memberHX: "400"},
	{route: "GET /posts/new", path: "/posts/new?after=1&board=free&following=true&local=true"},
	{route: "GET /posts/new", path: "/posts/new?after=1&board=nowhere", member: "404", memberHX: "404"},
	{route: "GET /posts/facets", path: "/posts/facets?board=free", member: "303 /boards/free", memberHX: "200"},
	{route: "GET /posts/facets", member: "404", memberHX: "404"},
	{route: "GET /posts/:id", path: "/posts/{post}"},
	{route: "GET /posts/:id/edit", path: "/posts/{post}/edit", member: forbidden, memberHX: forbidden, author: "200", authorHX: "200"},
	{
		route: "POST /posts/:id", path: "/posts/{post}", fields: []string{"content", "고침"}, guest: toSignIn,
		member: forbidden, memberHX: forbidden, author: "303 /posts/{post}", authorHX: "200",
	},
	{route: "GET /posts/:id/delete", path: "/posts/{post}/delete", member: forbidden, memberHX: forbidden, author: "200", authorHX: "200"},
	{
		route: "POST /posts/:id/delete", path: "/posts/{post}/delete", fresh: true, guest: toSignIn,
		member: forbidden, memberHX: forbidden, author: "303 /", authorHX: "200",
	},
	{route: "POST /posts/:id/like", path: "/posts/{post}/like", fields: []string{"on", "true"}, guest: toSignIn, member: "303 /#post-{post}"},
	{route: "POST /posts/:id/like", path: "/posts/{post}/like", fields: []string{"on", "garbage"}, guest: toSignIn, member: "400", memberHX: "400"},

	{route: "POST /posts/:id/mute", path: "/posts/{post}/mute", fields: []string{"on", "true"}, guest: toSignIn, member: "303 /posts/{post}", memberHX: "200"},
	{route: "POST /posts/:id/mute", path: "/posts/{post}/mute", fields: []string{"on", "x"}, guest: toSignIn, member: "400", memberHX: "400"},
	{route: "POST /posts/:id/mute", path: "/posts/999/mute", fields: []string{"on", "true"}, guest: toSignIn, member: "404", memberHX: "404"},

	{route: "GET /posts/:id/comments", path: "/posts/{post}/comments"},
	{route: "GET /posts/:id/comments/latest", path: "/posts/{post}/comments/latest", member: "303 /posts/{post}#comments", memberHX: "200"},
	{route: "POST /posts/:id/comments", path: "/posts/{post}/comments", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "GET /comments/:id", path: "/comments/{comment}", member: "303 /posts/{post}#comment-{comment}", memberHX: "200"},
	{route: "GET /comments/:id/edit", path: "/comments/{comment}/edit", member: forbidden, memberHX: forbidden, author: "200", authorHX: "200"},
	{
		route: "POST /comments/:id", path: "/comments/{comment}", fields: []string{"content", "고침"}, guest: toSignIn,
		member: forbidden, memberHX: forbidden, author: "303 /posts/{post}#comment-{comment}", authorHX: "200",
	},
	{route: "GET /comments/:id/delete", path: "/comments/{comment}/delete", member: forbidden, memberHX: forbidden, author: "200", authorHX: "200"},
	{
		route: "POST /comments/:id/delete", path: "/comments/{comment}/delete", fresh: true, guest: toSignIn,
		member: forbidden, memberHX: forbidden, author: "303 /posts/{post}", authorHX: "200",
	},

	{route: "GET /users/:username", path: homeOf("민지")},
	{route: "GET /users/:username", path: homeOf("유진"), member: "404", memberHX: "404"},
	{route: "GET /users/:username/about", path: homeOf("민지") + "/about", member: "303 " + homeOf("민지"), memberHX: "200"},
	{route: "GET /users/:username/about", path: homeOf("유진") + "/about", member: "404", memberHX: "404"},
	{route: "GET /users/:username/followers", path: homeOf("민지") + "/followers"},
	{route: "GET /users/:username/followers", path: homeOf("유진") + "/followers", member: "404", memberHX: "404"},
	{route: "GET /users/:username/following", path: homeOf("민지") + "/following"},
	{route: "GET /users/:username/following", path: homeOf("민지") + "/following?before=x", member: "400", memberHX: "400"},
	{
		route: "POST /users/:username/follow", path: homeOf("민지") + "/follow", fields: []string{"on", "true"}, guest: toSignIn,
		member: "303 /", memberHX: "200", author: "422", authorHX: "422",
	},
	{route: "POST /users/:username/follow", path: homeOf("하늘") + "/follow", fields: []string{"on", "x"}, guest: toSignIn, member: "400", memberHX: "400"},
	{route: "POST /users/:username/follow", path: homeOf("유진") + "/follow", fields: []string{"on", "true"}, guest: toSignIn, member: "404", memberHX: "404"},
	{route: "GET /users/:username/block", path: homeOf("민지") + "/block"},
	{route: "GET /users/:username/block", path: homeOf("유진") + "/block", member: "404", memberHX: "404"},
	{
		route: "POST /users/:username/block", path: homeOf("하늘") + "/block", fields: []string{"on", "true"}, guest: toSignIn,
		member: "303 " + homeOf("하늘"), memberHX: "200 → " + homeOf("하늘"),
	},
	{route: "POST /users/:username/block", path: homeOf("하늘") + "/block", fields: []string{"on", "x"}, guest: toSignIn, member: "400", memberHX: "400"},
	{route: "POST /users/:username/block", path: homeOf("유진") + "/block", fields: []string{"on", "true"}, guest: toSignIn, member: "404", memberHX: "404"},
	{route: "GET /settings/blocks"},
	{route: "GET /settings/blocks", path: "/settings/blocks?before=x", member: "400", memberHX: "400"},
	{route: "GET /notifications"},
	{route: "GET /notifications", path: "/notifications?in=news&before=x", member: "400", memberHX: "400"},
	{route: "POST /notifications/read", guest: toSignIn, member: "303 /notifications", memberHX: "200"},
	{route: "POST /notifications/read", fields: []string{"id", "x"}, guest: toSignIn, member: "400", memberHX: "400"},
	{route: "GET /notifications/unread"},
	{route: "GET /notifications/:id/open", path: "/notifications/999/open", member: "303 /notifications", memberHX: "200 → /notifications"},
	{route: "GET /notifications/:id/open", path: "/notifications/x/open", member: "404", memberHX: "404"},
	{route: "GET /reports"},
	{route: "GET /reports", path: "/reports?before=x", member: "400", memberHX: "400"},
	{route: "GET /reports/new", member: "400", memberHX: "400"},
	{route: "GET /reports/new", path: "/reports/new?kind=post&id=999", member: "404", memberHX: "404"},
	{route: "GET /reports/new", path: "/reports/new?kind=message&id=999-1", member: "404", memberHX: "404"},
	{route: "GET /reports/new", path: "/reports/new?kind=post&id={post}", author: forbidden, authorHX: forbidden},
	{route: "GET /reports/new", path: "/reports/new?kind=comment&id={comment}", author: forbidden, authorHX: forbidden},
	{route: "POST /reports", guest: toSignIn, member: "400", memberHX: "400"},
	{route: "POST /reports", fields: []string{"kind", "user", "id", "999", "reason", "spam"}, guest: toSignIn, member: "404", memberHX: "404"},
	{route: "POST /reports", fields: []string{"kind", "comment", "id", "{comment}"}, guest: toSignIn, member: "422", memberHX: "422", author: forbidden, authorHX: forbidden},
	{
		route: "POST /reports", fields: []string{"kind", "post", "id", "{post}", "reason", "spam"},
		guest: toSignIn, member: "303 /reports", memberHX: "200 → /reports", author: forbidden, authorHX: forbidden,
	},
	{route: "GET /settings/notifications"},
	{route: "POST /settings/notifications", guest: toSignIn, member: "303 /settings/notifications", memberHX: "200"},
	{route: "POST /settings/notifications", fields: []string{"quiet", "on", "quiet_from", "x"}, guest: toSignIn, member: "422", memberHX: "422"},
	{route: "GET /settings"},
	{route: "GET /settings/profile", member: "303 /settings#profile", memberHX: "200"},
	{route: "POST /settings/profile", fields: []string{"status_message", "졸려요"}, guest: toSignIn, member: "303 /settings", memberHX: "200"},
	{route: "GET /settings/location"},
	{route: "POST /settings/location", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "POST /settings/location", fields: []string{"location", "서울 성동구"}, guest: toSignIn, member: "303 /settings", memberHX: "200"},
	{
		route: "POST /settings/location", fields: []string{"remove", "1", "next", "/local"}, guest: toSignIn,
		member: "303 /local", memberHX: "200 → /local",
	},
	{route: "GET /settings/name"},
	{route: "POST /settings/name", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "POST /settings/password", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "POST /settings/email", guest: toSignIn, member: "404", memberHX: "404"}, // there is no SMTP_URL
	{route: "GET /mail/stop/:token", path: "/mail/stop/nothing", guest: "404", guestHX: "404", member: "404", memberHX: "404"},
	{route: "POST /mail/stop/:token", path: "/mail/stop/nothing", guest: "404", guestHX: "404", member: "404", memberHX: "404"},
	{route: "GET /mail/confirm/:token", path: "/mail/confirm/nothing", guest: "404", guestHX: "404", member: "404", memberHX: "404"},
	{route: "POST /mail/confirm/:token", path: "/mail/confirm/nothing", guest: "404", guestHX: "404", member: "404", memberHX: "404"},
	{route: "POST /settings/sessions", guest: toSignIn, member: "400", memberHX: "400"},
	{route: "POST /settings/sessions", fields: []string{"session", "nothing"}, guest: toSignIn, member: "303 /settings", memberHX: "200"},
	{route: "POST /settings/sessions", fields: []string{"others", "1"}, guest: toSignIn, member: "303 /settings", memberHX: "200"},
	{route: "GET /push/key", member: "404", memberHX: "404"}, // there is no PUBLIC_URL
	{route: "GET /push/subscriptions", member: "303 /settings/notifications#push", memberHX: "200"},
	{route: "POST /push/subscriptions", guest: toSignIn, member: "404", memberHX: "404"},
	{route: "POST /push/subscriptions/delete", guest: toSignIn, member: "400", memberHX: "400"},
	{
		route: "POST /push/subscriptions/delete", fields: []string{"id", "1"}, guest: toSignIn,
		member: "303 /settings/notifications", memberHX: "200",
	},
	{route: "POST /push/subscriptions/:id/test", path: "/push/subscriptions/1/test", guest: toSignIn, member: "404", memberHX: "404"},
	{route: "GET /settings/export"},
	{route: "POST /settings/export", once: true, guest: toSignIn, member: "303 /settings/export", memberHX: "200"},
	{route: "POST /settings/export", fields: []string{"prove", "1"}, guest: toSignIn, member: "422", memberHX: "422"},
	{route: "GET /settings/export/:name", path: "/settings/export/nothing.zip", member: "404", memberHX: "404"},
	{route: "GET /settings/invitations"},
	{route: "POST /settings/invitations", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "POST /settings/invitations/:id/close", path: "/settings/invitations/999/close", guest: toSignIn, member: "404", memberHX: "404"},
	{route: "GET /settings/mentor"},
	{route: "POST /settings/mentor", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "GET /mentors"},
	{route: "GET /mentors", path: "/mentors?before=x", member: "400", memberHX: "400"},
	{route: "GET /settings/delete"},
	{route: "POST /settings/delete", guest: toSignIn, member: "422", memberHX: "422"},
	{route: "POST /settings/delete", fields: []string{"remains", "some"}, guest: toSignIn, member: "400", memberHX: "400"},
	{
		route: "POST /settings/delete", fields: []string{"current_password", apptest.Password}, once: true, guest: toSignIn,
		member: "303 /sign-in", memberHX: "200 → /sign-in",
	},

	{route: "GET /me.css", guest: "401", guestHX: "401"},
	{route: "GET /live", guest: "401", guestHX: "401", member: "400", memberHX: "400"},

	{
		route: "POST /sign-out", once: true, guest: "303 /sign-in", guestHX: "200 → /sign-in",
		member: "303 /sign-in", memberHX: "200 → /sign-in",
	},
}

func TestEverybodyOnEveryRoute(t *testing.T) {
	v := open(t)
	post, image, _ := v.postsImage(v.minji, "바다")
	comment := v.comments(v.minji, post, "다녀왔어요")
	asset, _ := v.Guest().Get("/sign-in").Find("link[rel=stylesheet]").Attr("href")
	for i, r := range table {
		for _, who := range []struct {
			name      string
			client    *apptest.Client
			plain, hx string
		}{
			{"guest", v.Guest(), cmp.Or(r.guest, "303 /sign-in?next="+escaped(r)), cmp.Or(r.guestHX, hxSignIn)},
			{"member", v.client("서준"), cmp.Or(r.member, "200"), cmp.Or(r.memberHX, "200")},
			{"author", v.client("민지"), cmp.Or(r.author, r.member, "200"), cmp.Or(r.authorHX, r.memberHX, "200")},
		} {
			for _, as := range []struct {
				name   string
				client *apptest.Client
				want   string
			}{{"plain", who.client, who.plain}, {"htmx", who.client.HX(), who.hx}} {
				if r.once && who.name != "guest" {
					as.client = v.joinsWithPassword(fmt.Sprint(who.name, as.name, i))
					if as.name == "htmx" {
						as.client = as.client.HX()
					}
				}
				post, comment := post, comment
				if r.fresh {
					post = v.posts(v.minji, "지울 글")
					comment = v.comments(v.minji, post, "지울 댓글")
				}
				fill := strings.NewReplacer("{post}", post, "{comment}", comment, "{image}", image, "{asset}", asset).Replace
				if got, want := r.ask(as.client, fill), fill(as.want); got != want {
					t.Errorf("%s %s as %s by %s: %s, want %s", r.route, fill(r.path), who.name, as.name, got, want)
				}
			}
		}
	}
}

// Monitors send HEAD, and take 405 for an outage.
func TestPagesAnswerHEADLikeGET(t *testing.T) {
	v := open(t)
	post := v.posts(v.minji, "바다")
	comment := v.comments(v.minji, post, "다녀왔어요")
	fill := strings.NewReplacer("{post}", post, "{comment}", comment).Replace
	for _, r := range table {
		method, path, _ := strings.Cut(r.route, " ")
		path = fill(cmp.Or(r.path, path))
		if method != http.MethodGet || strings.Contains(path, "{") {
			continue
		}
		get := v.minji.Do(v.minji.Request(http.MethodGet, path, nil))
		head := v.minji.Do(v.minji.Request(http.MethodHead, path, nil))
		want := get.Status
		if path == "/live" { // an answer that never ends
			want = http.StatusMethodNotAllowed
		}
		if head.Status != want || head.Header.Get("Location") != get.Header.Get("Location") && want != http.StatusMethodNotAllowed {
			t.Errorf("HEAD %s: %d %s, GET: %d %s", path, head.Status, head.Header.Get("Location"), get.Status, get.Header.Get("Location"))
		}
		if len(head.Body) > 0 {
			t.Errorf("HEAD %s has a body of %d bytes", path, len(head.Body))
		}
	}
}

// homeOf returns the path of a home.
func homeOf(name string) string { return "/users/" + url.PathEscape(name) }

// escaped returns the page of a row as a value of ?next=. Only rows without ids in the
// path call escaped; {post} is filled in later.
func escaped(r row) string {
	_, path, _ := strings.Cut(r.route, " ")
	return strings.NewReplacer("%7B", "{", "%7D", "}").Replace(url.QueryEscape(cmp.Or(r.path, path)))
}

// ask sends the request of a row and returns the answer in the form of the table.
func (r row) ask(c *apptest.Client, fill func(string) string) string {
	method, path, _ := strings.Cut(r.route, " ")
	path = fill(cmp.Or(r.path, path))
	var p *apptest.Page
	if method == http.MethodPost {
		fields := make([]string, len(r.fields))
		for i, field := range r.fields {
			fields[i] = fill(field)
		}
		p = c.Post(path, fields...)
	} else {
		p = c.Do(c.Request(method, path, nil))
	}
	answer := strconv.Itoa(p.Status)
	if to := p.Header.Get("Location"); to != "" {
		answer += " " + to
	}
	if to := p.Header.Get("HX-Redirect"); to != "" {
		answer += " → " + to
	}
	return answer
}

func TestEveryRouteIsInTheTable(t *testing.T) {
	t.Parallel()
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	if len(routes) < 30 {
		t.Fatalf("only %d routes were found in the code", len(routes))
	}
	for _, route := range routes {
		if !slices.ContainsFunc(table, func(r row) bool { return r.route == route }) &&
			!slices.ContainsFunc(roomTable, func(r roomRow) bool { return r.route == route }) &&
			!slices.ContainsFunc(boardTable, func(r boardRow) bool { return r.route == route }) {
			t.Errorf("%s is in no row of the table", route)
		}
	}
	for _, r := range table {
		if !slices.Contains(routes, r.route) {
			t.Errorf("%s is in the table and not in the code", r.route)
		}
	}
	for _, r := range roomTable {
		if !slices.Contains(routes, r.route) {
			t.Errorf("%s is in the table of rooms and not in the code", r.route)
		}
	}
	for _, r := range boardTable {
		if !slices.Contains(routes, r.route) {
			t.Errorf("%s is in the table of boards and not in the code", r.route)
		}
	}
}
