package web_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"xxsns/app/apptest"
	"xxsns/app/store"
	"xxsns/app/web"
)

// A fault of the program takes no text along: the page of the error has the form with
// what was typed, ready to be sent again.
func TestAFaultKeepsWhatWasTyped(t *testing.T) {
	v := open(t)
	const typed = "  <b>긴 글</b>\n둘째 줄"
	post := v.posts(v.minji, "글")
	db := v.database()
	for table, forms := range map[string][]struct {
		send   func() *apptest.Page
		action string
		again  int // the status when the fault is over
	}{
		"posts": {
			{func() *apptest.Page {
				return v.minji.Post("/posts?from=%2Flocal", "content", typed, "board", "free", "key", strings.Repeat("k", 26))
			}, "/posts?from=%2Flocal", 303},
			{func() *apptest.Page {
				return v.minji.Upload("/posts", []apptest.File{photo("a.png")}, "content", typed)
			}, "/posts", 303},
			{func() *apptest.Page { return v.minji.Post("/posts/"+post+"/comments", "content", typed) }, "/posts/" + post + "/comments", 303},
		},
		"users": {
			{func() *apptest.Page { return v.minji.Post("/posts", "content", typed) }, "/posts", 303}, // before the form is read
			{func() *apptest.Page {
				return v.minji.Upload("/posts", []apptest.File{photo("a.png")}, "content", typed)
			}, "/posts", 303},
		},
	} {
		for _, form := range forms {
			rename(t, db, table, "away")
			page := form.send().Want(http.StatusInternalServerError)
			if got := page.Find("textarea[name=content]").Text(); strings.TrimPrefix(got, "\n") != typed {
				t.Errorf("%s without %s: the text became %q", form.action, table, got)
			}
			if got, _ := page.Find("form[method=post]").Last().Attr("action"); got != form.action {
				t.Errorf("the form goes to %q, want %q", got, form.action)
			}
			harmless(t, page)
			rename(t, db, "away", table)
			var pairs []string
			for _, n := range page.Find("form[method=post]").Last().Find("[name]").EachIter() {
				value := n.AttrOr("value", strings.TrimPrefix(n.Text(), "\n"))
				pairs = append(pairs, n.AttrOr("name", ""), value)
			}
			v.minji.Post(form.action, pairs...).Want(form.again)
		}
	}
	rename(t, db, "users", "away")
	for what, page := range map[string]*apptest.Page{
		"a password": v.Guest().Post("/sign-in", "username", "민지", "password", apptest.Password),
		"a button":   v.minji.Post("/posts/"+post+"/like", "on", "true"),
		"a page":     v.minji.Get("/"),
	} {
		if page.Want(http.StatusInternalServerError).Find("textarea").Length() > 0 || strings.Contains(page.Body, apptest.Password) || strings.Contains(page.Body, web.Korean("error.again")) {
			t.Errorf("%s is shown again: %s", what, page.Text("main"))
		}
	}
}

// rename renames a table, so that the program fails while the table is away.
func rename(t *testing.T, db *sql.DB, from, to string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), "ALTER TABLE "+from+" RENAME TO "+to); err != nil {
		t.Fatal(err)
	}
	if from == "users" {
		time.Sleep(store.RecentFor) // until the program asks who sends a request
	}
}
