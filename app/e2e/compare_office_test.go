package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// An office is an administrator who changes a board with one post again and again.
type office struct {
	*comparison
	admin        *witness
	board, path  string // of the administration, of the board
	facet, post  string // paths
	name, option string
	closed       bool
}

// newOffice makes the boards.
func (c *comparison) newOffice() *office {
	c.t.Helper()
	o := &office{comparison: c, admin: c.witness("관리"), name: "소식", path: "/boards/news", option: "행사"}
	c.forum = makesForum(o.admin.at[0], "투자")
	o.board = o.admin.does(0, "/admin/boards", "name", o.name, "slug", "news").Header.Get("Location")
	o.admin.does(0, o.board+"/facets", "name", "갈래", "options", o.option)
	time.Sleep(boardsKnown)
	f := forumOf(o.admin.at[0], "news", o.board)
	o.facet = "/admin/options/" + f.options[o.option]
	f.post(o.admin.at[0], "곧 만나요", o.option)
	card, _ := o.admin.get(0, o.path).Find("article.post").Attr("id")
	o.post = "/posts/" + strings.TrimPrefix(card, "post-")
	for n := range 25 { // so that the lists of all posts have a second page
		o.admin.does(0, "/posts", "content", fmt.Sprintf("지난 소식 %d", n))
	}
	return o
}

// lives changes the board until the comparison is over. Each change shows at once where it
// was made, and everywhere within boardsKnown.
func (o *office) lives() {
	for n := 1; o.goesOn(); n++ {
		o.acts.Add(1)
		at := n % len(o.places)
		switch n % 3 {
		case 0:
			o.closed = !o.closed
			o.admin.does(at, o.board+"/close", "on", fmt.Sprint(o.closed))
		case 1:
			o.option = fmt.Sprintf("행사%d", n)
			o.admin.does(at, o.facet, "name", o.option)
		case 2:
			o.name = fmt.Sprintf("소식%d", n)
			o.admin.does(at, o.board, "name", o.name)
		}
		known := time.Now().Add(boardsKnown)
		o.looks(at)
		time.Sleep(time.Until(known))
		for at := range o.places {
			o.looks(at)
		}
	}
}

// looks compares the pages that name the board.
func (o *office) looks(at int) {
	board := o.admin.get(at, o.path).Want(http.StatusOK)
	post := o.admin.get(at, o.post).Want(http.StatusOK)
	got := []any{board.Text("h1"), board.Text("article.post .tag"), post.Text("article.post .tag"), post.Find(`.meta a[href="` + o.path + `"]`).First().Text()}
	o.admin.shows(at, o.path, got, []any{o.name, o.option, o.option, o.name})
	o.admin.shows(at, o.path+", posting,", board.Find("#compose").Length() == 0, o.closed)
	tabs := o.admin.get(at, "/boards/free").Find(".tabs a").Map(func(_ int, a *goquery.Selection) string { return a.Text() })
	o.admin.shows(at, "/boards/free, the tabs,", strings.Contains(fmt.Sprint(tabs), o.name), !o.closed)
}
