package web_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// A stranger of the matrix is one kind of people, and the audiences of that kind.
type stranger struct {
	name   string
	client *apptest.Client
	is     []audience
}

// A matrix is a site with one person of each kind, and one thing of each kind: a post and
// a comment by 민지, and a room of 수아 in which 민지 is and 하늘 was.
type matrix struct {
	*siteWithRooms
	people []stranger
	rows   *sql.DB
	texts  *sql.Stmt         // the query of stored
	board  string            // id of a board with the facet 1, which has the option 1
	asked  string            // path by which the asker follows the takedown 1
	places *strings.Replacer // fills the parameters of paths
}

func openMatrix(t *testing.T) *matrix {
	t.Helper()
	smtp := apptest.NewSMTPServer(t)
	m := &matrix{siteWithRooms: openWithRooms(t, func(c *config.Config) {
		c.LogLevel, c.PublicURL = slog.LevelError, "https://sns.example.org"
		c.SMTPURL, c.MailFrom = smtp.URL(), "sns@example.org"
	})} // refusals are warnings
	boards := &siteWithBoards{siteWithMembers: m.siteWithMembers, hyunwoo: m.hyunwoo, sua: m.sua}
	m.rows = m.database()
	m.prepares()
	m.board = boards.boards("투자", "invest")
	boards.asks(m.board, "투자스타일", false, "단타", "장기")
	m.hyunwoo.Post("/admin/invitations", "role", "USER", "uses", "1", "days", "1").Want(http.StatusSeeOther)
	m.asked = m.asksTakedown("/posts/" + m.posts(m.minji, "바다"))
	ended := m.joins("지우", sns.RoleAdmin)
	m.edits("DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE username = '지우')")
	m.people = []stranger{
		{"a guest", m.Guest(), nil},
		{"an ended session", ended, nil},
		{"an outsider", m.seojun, []audience{forMembers, forWelcome}},
		{"one removed", m.haneul, []audience{forMembers}},
		{"the author, inside", m.minji, []audience{forMembers, forWelcome, forInside, forAuthors}},
		{"another mentor", m.doyun, []audience{forMembers, forWelcome, forMentors}},
		{"the mentor", m.sua, []audience{forMembers, forWelcome, forInside, forMentors, forLeaders, forModerators}},
		{"an administrator", m.hyunwoo, []audience{forMembers, forWelcome, forMentors, forLeaders, forModerators, forAdmins}},
	}
	for _, p := range m.people { // pages tell by scripts what was read
		p.client.HTTP().Jar.SetCookies(m.address(), []*http.Cookie{{Name: "scripts", Value: "on", Path: "/"}})
	}
	return m
}

// set makes the things anew, since those who may delete them do.
func (m *matrix) set() {
	m.t.Helper()
	post, image, _ := m.postsImage(m.minji, "바다")
	comment := m.comments(m.minji, post, "다녀왔어요")
	room := m.openInState("")
	asset, _ := m.Guest().Get("/sign-in").Find("link[rel=stylesheet]").Attr("href")
	m.links(minjiID, "token-of-a-link")
	m.puts("REPLACE INTO report_cases (id, kind, thing_id, seq, subject_id, reporters, counted, open, opened_at, decided_by, decision, note, evidence) VALUES (1, 'message', ?, 5, ?, 1, 0, 1, 1, 0, '', '', '')", room.room, minjiID)
	m.puts("REPLACE INTO case_pictures (case_id, number, part, name, type, size, data) VALUES (1, 1, 0, 'a.png', 'image/png', 8, x'89504E470D0A1A0A')")
	m.puts("REPLACE INTO takedowns (id, post_id, author_id, name, contact, harm, statement, words, asked_at, state, until_at, note, decided_by, objection) VALUES (1, ?, ?, '유진', '010', 'other', '', '', 1, 'hides', 9999999999999999, '', 0, '')", post, minjiID)
	m.places = strings.NewReplacer(
		"/takedown/:token/object", "/takedown/1/object", "/takedown/:token", m.asked,
		"/admin/takedowns/:id", "/admin/takedowns/1", "/proofs/:number", "/proofs/1", "/pictures/:number", "/pictures/1",
		"/posts/:id", "/posts/"+post, "/comments/:id", "/comments/"+comment, "/admin/rooms/:id", "/admin/rooms/"+room.room, "/rooms/:id", "/rooms/"+room.room,
		"/settings/export/:name", "/settings/export/nothing.zip", "/messages/:seq", "/messages/"+room.seq, ":user_id/remove", minjiID+"/remove", ":user_id/restore", haneulID+"/restore",
		"/admin/users/:id", "/admin/users/"+minjiID, "/reset/:token", "/reset/token-of-a-link",
		"/reports/new", "/reports/new?kind=user&id=7", "/admin/reports/:id", "/admin/reports/1", "/desk/reports/:id", "/desk/reports/1",
		"/mail/stop/:token", "/mail/stop/token-of-a-mail", "/mail/confirm/:token", "/mail/confirm/token-of-a-mail",
		"/users/:username", homeOf("민지"), "/boards/:slug", "/boards/free",
		"/admin/boards/:id", "/admin/boards/"+m.board, "/admin/facets/:id", "/admin/facets/1", "/admin/options/:id", "/admin/options/1",
		"/admin/applications/:id", "/admin/applications/1", "/admin/invitations/:id", "/admin/invitations/1",
		"/settings/invitations/:id", "/settings/invitations/999",
		"/posts/facets", "/posts/facets?board=free", "/push/subscriptions/:id", "/push/subscriptions/1",
		"/notifications/:id", "/notifications/1", "/uploads/:name", "/uploads/"+image, "/static/:name", asset,
	)
}

// path returns the path of a route about the things of the matrix.
func (m *matrix) path(route string) string {
	m.t.Helper()
	_, path, _ := strings.Cut(route, " ")
	path = m.places.Replace(path)
	if strings.Contains(path, ":") {
		m.t.Fatalf("%s: nothing fills %s", route, path)
	}
	return path
}

// sends sends a request without fields.
func (m *matrix) sends(c *apptest.Client, method, path string, headers ...string) *apptest.Page {
	m.t.Helper()
	var body io.Reader
	if method == http.MethodPost && strings.HasSuffix(path, "/wait") { // without an answer nobody is asked who they are
		body = strings.NewReader("on=true")
	}
	req := c.Request(method, path, body)
	if method != http.MethodGet && method != http.MethodHead {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return c.Do(req)
}

// stored returns the text of all rows of all tables but sessions, migrations and those of the
// search, which a worker fills. An export that was asked for before is made first. The database
// joins the texts: to read each value of thousands of looks would take most of the time.
func (m *matrix) stored() map[string]string {
	m.t.Helper()
	for end := time.Now().Add(patience); len(lines(m.t, m.rows, "SELECT user_id FROM exports WHERE due_at IS NOT NULL")) > 0 && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	rows, err := m.texts.Query()
	if err != nil {
		m.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]string{}
	for rows.Next() {
		var table, text string
		if err := rows.Scan(&table, &text); err != nil {
			m.t.Fatal(err)
		}
		all[table] = text
	}
	if err := rows.Err(); err != nil {
		m.t.Fatal(err)
	}
	return all
}

// prepares prepares the query of stored.
func (m *matrix) prepares() {
	m.t.Helper()
	texts, err := m.rows.Prepare(strings.Join(lines(m.t, m.rows, textsOfTables), " UNION ALL "))
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = texts.Close() })
	m.texts = texts
}

// textsOfTables makes the parts of the query of stored: each finds the name and the text of a table.
const textsOfTables = `
	SELECT format('SELECT %Q, COALESCE(group_concat(%s, char(10)), %Q) FROM %s', t.name, group_concat(format('quote(%s)', c.name), '||char(32)||'), '', t.name)
	FROM sqlite_master t, pragma_table_info(t.name) c
	WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'search%' AND t.name NOT IN ('sessions', 'goose_db_version')
	GROUP BY t.name`

// lines returns the rows of a query, each as a line.
func lines(tb testing.TB, db *sql.DB, query string) (all []string) {
	tb.Helper()
	rows, err := sqlx.NewDb(db, "sqlite").Queryx(query)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		values, err := rows.SliceScan()
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, strings.TrimSpace(fmt.Sprintln(values...)))
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return all
}

// unchanged fails the test if do changes a row.
func (m *matrix) unchanged(what string, do func()) {
	m.t.Helper()
	m.same(what, m.stored(), do)
}

// same fails the test if do changes a row of what was stored before, and returns what is
// stored afterwards.
func (m *matrix) same(what string, before map[string]string, do func()) (after map[string]string) {
	m.t.Helper()
	do()
	after = m.stored()
	for table, rows := range before {
		if after[table] != rows {
			m.t.Errorf("%s: %s was\n%sand is\n%s", what, table, rows, after[table])
		}
	}
	return after
}

// outcome says in a word how a request ended.
func outcome(p *apptest.Page) string {
	to := cmp.Or(p.Header.Get("Location"), p.Header.Get("HX-Redirect"))
	switch {
	case p.Status == http.StatusMethodNotAllowed:
		return "no method"
	case p.Status == http.StatusUnauthorized, strings.HasPrefix(to, "/sign-in?next="):
		return "sign in"
	case p.Status == http.StatusConflict:
		return "conflict"
	case p.Status == http.StatusForbidden:
		return "refused"
	case p.Status == http.StatusNotFound:
		return "missing"
	case p.Status >= http.StatusInternalServerError:
		return "failed"
	}
	return "served"
}

// matrixMethods are the methods of the matrix. A client of net/http sends no CONNECT.
var matrixMethods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodOptions, http.MethodTrace, "PURGE",
}

// hasMethod reports whether a path answers a method. Pages answer HEAD, too.
func hasMethod(routes []string, method, path string) bool {
	endless := path == "/live" || strings.HasSuffix(path, "/socket")
	return slices.Contains(routes, method+" "+path) || method == http.MethodHead && !endless && slices.Contains(routes, "GET "+path)
}

// isOther reports whether a path without parameters answers a method by a route with
// parameters: POST /posts/new is POST /posts/:id.
func isOther(routes []string, method, path string) bool {
	if hasMethod(routes, method, path) {
		return false
	}
	steps := strings.Split(path, "/")
	return slices.ContainsFunc(routes, func(route string) bool {
		m, pattern, _ := strings.Cut(route, " ")
		return m == method && slices.EqualFunc(strings.Split(pattern, "/"), steps, func(a, b string) bool {
			return a == b || strings.HasPrefix(a, ":")
		})
	})
}

// pathsOf returns the paths of routes, each once.
func pathsOf(routes []string) (paths []string) {
	for _, route := range routes {
		_, path, _ := strings.Cut(route, " ")
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// want returns the outcome for a person who asks for a path by a method.
func (m *matrix) want(p stranger, routes []string, method, path string) string {
	who := audiences[method+" "+path]
	if method == http.MethodHead && who == "" {
		who = audiences["GET "+path]
	}
	switch {
	case !hasMethod(routes, method, path):
		return "no method"
	case who == forEverybody || slices.Contains(p.is, who):
		return "served"
	case slices.Contains(p.is, forMembers):
		return "refused"
	}
	return "sign in"
}

// asks fails the test unless a request has the outcome.
func (m *matrix) asks(p stranger, method, path, want string, headers ...string) {
	m.t.Helper()
	for how, client := range map[string]*apptest.Client{"plain": p.client, "htmx": p.client.HX()} {
		got := m.sends(client, method, m.path(method+" "+path), headers...)
		if outcome(got) != want {
			m.t.Errorf("%s %s by %s (%s): %s (%d %s), want %s", method, path, p.name, how, outcome(got), got.Status, got.Header.Get("Location"), want)
		}
		if want == "no method" && got.Header.Get("Allow") == "" {
			m.t.Errorf("%s %s: the answer names no method that is allowed", method, path)
		}
	}
}

func TestEveryRouteHasAnAudience(t *testing.T) {
	t.Parallel()
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range routes {
		if audiences[route] == "" {
			t.Errorf("%s has no audience", route)
		}
	}
	for route := range audiences {
		if !slices.Contains(routes, route) {
			t.Errorf("%s has an audience and is not in the code", route)
		}
	}
}

// Each kind of people asks for each path by each method, as a form and as htmx. Only the
// audience of a route is served; the others, other methods and reading change nothing.
func TestMatrix(t *testing.T) {
	m := openMatrix(t)
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range pathsOf(routes) {
		m.set()
		stored := m.stored()
		for _, method := range matrixMethods {
			if isOther(routes, method, path) {
				continue
			}
			stored = m.same(method+" "+path, stored, func() {
				for _, p := range m.people {
					want := m.want(p, routes, method, path)
					if want == "served" && (path == "/settings/export/:name" || strings.HasPrefix(path, "/mail/")) { // nobody has a file or a mail
						want = "missing"
					}
					if want == "refused" && path == "/takedown/:token/object" { // others know nothing of a takedown
						want = "missing"
					}
					if want != "served" || method == http.MethodGet || method == http.MethodHead {
						m.asks(p, method, path, want)
					}
				}
			})
		}
	}
}

// The audience of each form is served, each person on things of their own, and only from
// a page of this site that was shown to the same account.
func TestMatrixOfForms(t *testing.T) {
	m := openMatrix(t)
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodPost {
			continue
		}
		for i, p := range m.people {
			if m.want(p, routes, method, path) != "served" {
				continue
			}
			m.set()
			m.unchanged(route, func() {
				m.asks(p, method, path, "refused", "Sec-Fetch-Site", "cross-site")
				if slices.Contains(p.is, forMembers) && !strings.HasPrefix(path, "/sign-") {
					m.asks(p, method, path, "conflict", "X-Account", "999")
				}
			})
			if path == "/sign-out" { // each once: the session has to last for the other routes
				p.client = m.joins(fmt.Sprint("손님", i), sns.RoleUser)
			}
			want := "served"
			switch path {
			case "/rooms/:id/settle", "/admin/rooms/:id/settle", "/push/subscriptions/:id/test", "/settings/invitations/:id/close", "/mail/confirm/:token", "/mail/stop/:token": // an open room has nothing to settle, and nobody a device, an invitation or a mail
				want = "missing"
			}
			if got := m.sends(p.client, method, m.path(route)); outcome(got) != want {
				t.Errorf("%s by %s: %s (%d)", route, p.name, outcome(got), got.Status)
			}
		}
	}
}
