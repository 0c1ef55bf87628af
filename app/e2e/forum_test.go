package e2e

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
)

// A facet is a question of a board, with its options.
type facet struct {
	name    string
	options []string
}

// investing are the facets of the board 투자.
var investing = []facet{
	{"투자스타일", []string{"단타", "단타x"}},
	{"관심종목", []string{"반도체", "바이오", "2차전지"}},
	{"투자의견", []string{"매수", "관망", "매도"}},
	{"투자과정", []string{"공부 중", "실전"}},
}

// A forum is a board with the ids of its facets, as the board's page has them.
type forum struct {
	path    string
	slug    string
	admin   string            // address of the board's administration
	facets  map[string]string // name → id
	options map[string]string
}

// forumOf reads the page of a board that has posts of its facets or can have.
func forumOf(c *apptest.Client, slug, admin string) forum {
	f := forum{path: "/boards/" + url.PathEscape(slug), slug: slug, admin: admin, facets: map[string]string{}, options: map[string]string{}}
	page := c.Get(f.path).Want(200)
	page.Find("#compose-facets label").Each(func(_ int, label *goquery.Selection) {
		id, _ := label.Attr("for")
		f.facets[strings.TrimSpace(label.Contents().First().Text())] = strings.TrimPrefix(id, "compose-facet-")
	})
	page.Find("#compose-facets option").Each(func(_ int, option *goquery.Selection) {
		f.options[option.Text()], _ = option.Attr("value")
	})
	return f
}

// makesForum makes a board for investors by forms.
func makesForum(admin *apptest.Client, name string) forum {
	at := admin.Post("/admin/boards", "name", name).Want(303).Header.Get("Location")
	for _, f := range investing {
		admin.Post(at+"/facets", "name", f.name, "options", strings.Join(f.options, "\n")).Want(303)
	}
	return forumOf(admin, name, at)
}

// query is the filter of options as links have it.
func (f forum) query(options ...string) string {
	q := url.Values{}
	for _, o := range options {
		q.Add("f", f.options[o])
	}
	return q.Encode()
}

// filtered is the page with the posts that have the options.
func (f forum) filtered(options ...string) string { return f.path + "?" + f.query(options...) }

// post writes on the board by the form.
func (f forum) post(c *apptest.Client, text string, options ...string) {
	pairs := []string{"board", f.slug, "content", text}
	for _, o := range options {
		pairs = append(pairs, "f", f.options[o])
	}
	c.Upload("/posts", nil, pairs...).Want(303)
}

// chip returns the selector of an option of the filter.
func (f forum) chip(option string) string { return fmt.Sprintf("#f-%s-chip", f.options[option]) }

// answers chooses options for the facets of the post being written, in their
// order.
func (m *member) answers(options ...string) {
	m.t.Helper()
	for i, o := range options {
		m.Choose(fmt.Sprintf("#compose-facets .field:nth-child(%d) select", i+1), o)
	}
}

// choosesOptions opens the filter, if the filter is closed, and taps options.
func (m *member) choosesOptions(f forum, options ...string) {
	m.t.Helper()
	if m.Count("#filter details[open]") == 0 {
		m.Click("#filter summary")
	}
	for _, o := range options {
		m.Click(f.chip(o))
	}
}

// offers waits until the filter offers so many posts with an option.
func (m *member) offers(f forum, option string, posts int) {
	m.t.Helper()
	m.WaitText(f.chip(option)+" .num", fmt.Sprint(posts))
}

// offersToShow waits until the button of the filter says how many posts there are.
func (m *member) offersToShow(posts int) {
	m.t.Helper()
	m.WaitText("#filter .btn-main .scripted", fmt.Sprintf("글 %d개 보기", posts))
}

// shows fails unless the page shows exactly these posts, newest first.
func (m *member) showsPosts(texts ...string) {
	m.t.Helper()
	m.WaitFor(fmt.Sprintf(`[...document.querySelectorAll('#timeline .post-text')].map(p => p.textContent).join('|') === %q`, strings.Join(texts, "|")))
}

// makesBoard makes a board by the form of the page of all boards, and is on the
// new board's page then.
func (m *member) makesBoard(name string) {
	m.t.Helper()
	m.Goto("/settings")
	m.Click(`.phone[href="/admin"]`)
	m.Click(`main a[href="/admin/boards"]`)
	m.WaitPath("/admin/boards")
	m.Paste("#board-name", name)
	m.Click("form:has(#board-name) .btn-main")
	m.WaitText("h1", fmt.Sprintf("‘%s’ 게시판", name))
	m.WaitContains("#toasts", "게시판을 만들었어요")
}

// addsFacet adds a facet to the board whose page is open.
func (m *member) addsFacet(f facet) {
	m.t.Helper()
	m.Paste("#facet-new-name", f.name)
	m.Paste("#facet-new-options", strings.Join(f.options, "\n"))
	m.Click("form:has(#facet-new-name) .btn-main")
	m.WaitContains(".admin-facet summary", strings.Join(f.options, ", "))
}

// asksInOrder fails unless the board's facets stand in the order.
func (m *member) asksInOrder(names ...string) {
	m.t.Helper()
	m.WaitFor(fmt.Sprintf(`[...document.querySelectorAll('.admin-facet summary b')].map(b => b.textContent).join('|') === %q`, strings.Join(names, "|")))
}
