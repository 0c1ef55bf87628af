package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xxsns/app/apptest"
	"xxsns/app/web"
)

// hostileValues end a text of SQL, of a pattern, of JSON, of a header or of a path, or are
// no number that a number may be.
var hostileValues = []string{
	`'`, `"`, "`", `' OR '1'='1`, `1' UNION SELECT password_hash FROM users --`, `'; DROP TABLE users; --`, `\`, `%' ESCAPE '_`,
	"a\r\nSet-Cookie: x=y", "a\x00b", `{{.}}`, `../../etc/passwd`, `$(reboot)|reboot`, `-1`, `9223372036854775808`, "\xff\xfe", `{"$gt":[]}`, `//evil.example`,
}

// fieldNames are the names of fields and parameters in the code, and some that are in none.
var fieldNames = []string{
	"after", "before", "board", "f", "following", "format", "from", "local", "next", "past", "q", "region", "show", "through", "topic", "username", "id", "seq",
	"again", "again_action", "again_files", "check", "client_id", "content", "current_password", "email", "key", "location", "name", "notice", "on",
	"optional", "options", "others", "password", "password_confirm", "remove", "session", "slug", "under", "up", "user_limit", "alt", "status_message", "role", "author_id",
	"days", "decision", "kind", "note", "reason", "state", "text", "user",
}

// soundFields are fields that must be sound, or the others are not looked at; "" leaves
// the field out.
var soundFields = map[string]string{
	"after": "", "before": "", "board": "", "f": "", "format": "", "from": "", "id": "", "seq": "", "past": "", "through": "", "under": "", "show": "",
	"following": "", "local": "", "check": "", "remove": "", "others": "", "key": "", "up": "true", "on": "true", "user_limit": "5", "optional": "true",
}

// filled returns a form or query of a hostile value: in every field, or in those alone that
// may be any text.
func filled(hostile string, every bool) url.Values {
	values := url.Values{}
	for _, name := range fieldNames {
		sound, known := soundFields[name]
		switch {
		case every || !known:
			values.Set(name, hostile)
		case sound != "":
			values.Set(name, sound)
		}
	}
	return values
}

// withHostile returns the path of a route with a value as its first parameter, or "" if the
// route has none.
func withHostile(path, hostile string) string {
	before, after, found := strings.Cut(path, "/:")
	if !found {
		return ""
	}
	_, rest, more := strings.Cut(after, "/")
	if more {
		rest = "/" + strings.NewReplacer(":seq", "1", ":name", "nothing.zip", ":user_id", "1").Replace(rest)
	}
	return before + "/" + url.PathEscape(hostile) + rest
}

// A value is a value in every field, parameter and path, and no part of a query, a header or
// another path: the database would refuse the query, an account or a table would change, or
// the answer would have a header of the sender's.
func TestHostileValuesAreValues(t *testing.T) {
	m := openMatrix(t)
	m.set()
	routes, err := web.Routes()
	if err != nil {
		t.Fatal(err)
	}
	accounts := lines(t, m.rows, "SELECT username || role || password_hash FROM users ORDER BY id")
	const schema = "SELECT name || COALESCE(sql, '') FROM sqlite_master ORDER BY name"
	tables := lines(t, m.rows, schema)
	statuses := map[int]int{}
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if method == http.MethodHead || path == "/sign-out" || path == "/rooms/:id/end" || path == "/reset/:token" || strings.HasSuffix(path, "/delete") {
			continue
		}
		for _, hostile := range hostileValues {
			for _, place := range []string{m.path(route), withHostile(path, hostile)} {
				if place != "" {
					statuses[m.survives(m.hyunwoo, method, place, filled(hostile, true))]++
					statuses[m.survives(m.sua.HX(), method, place, filled(hostile, false))]++
					statuses[m.survives(m.minji, method, place, filled(hostile, false))]++
				}
			}
		}
	}
	if statuses[http.StatusOK] < 1000 || statuses[http.StatusSeeOther] < 300 || statuses[http.StatusUnprocessableEntity] < 100 {
		t.Errorf("few values got through: %v", statuses)
	}
	if got := lines(t, m.rows, "SELECT username || role || password_hash FROM users ORDER BY id"); !slices.Equal(got, accounts) {
		t.Errorf("the accounts were\n%v and are\n%v", accounts, got)
	}
	if !slices.Equal(lines(t, m.rows, schema), tables) {
		t.Error("the tables have changed")
	}
}

// survives sends values to a path, returns the status, and fails the test if a value is
// more than a value.
func (m *matrix) survives(client *apptest.Client, method, path string, values url.Values) int {
	m.t.Helper()
	var p *apptest.Page
	if method == http.MethodGet {
		p = client.Get(path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + values.Encode())
	} else {
		req := client.Request(method, path, strings.NewReader(values.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		p = client.Do(req)
	}
	what := method + " " + path + " with " + values.Get("content")
	if p.Status >= http.StatusInternalServerError {
		m.t.Errorf("%s: %d", what, p.Status)
	}
	if slices.Contains(p.Header.Values("Set-Cookie"), "x=y") {
		m.t.Errorf("%s sets a cookie: %v", what, p.Header)
	}
	if to := p.Header.Get("Location") + p.Header.Get("HX-Redirect"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
		m.t.Errorf("%s leads to %q", what, to)
	}
	return p.Status
}
