package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/apptest"
	"xxsns/app/config"
	"xxsns/app/sns"
	"xxsns/app/web"
)

// A siteWithBoards is a siteWithMembers with the board 투자 at /boards/invest, an
// administrator, 현우, and a mentor, 수아.
type siteWithBoards struct {
	*siteWithMembers
	hyunwoo, sua *apptest.Client
	invest       string // id of 투자
}

// The facets of 투자, in order.
var investing = []struct {
	name     string
	optional bool
	options  []string
}{
	{"투자스타일", false, []string{"단타", "장기", "가치"}},
	{"관심종목", false, []string{"반도체", "이차전지"}},
	{"투자의견", true, []string{"매수", "매도"}},
}

// openWithBoards opens a site whose board 투자 has the facet 투자스타일 alone; asksAll adds
// the other facets.
func openWithBoards(t *testing.T, change ...func(*config.Config)) *siteWithBoards {
	t.Helper()
	v := open(t, change...)
	s := &siteWithBoards{siteWithMembers: v, sua: v.joins("수아", sns.RoleMentor), hyunwoo: v.joins("현우", sns.RoleAdmin)}
	s.invest = s.boards("투자", "invest")
	s.asks(s.invest, investing[0].name, false, investing[0].options...)
	return s
}

// asksAll adds the other facets to 투자.
func (v *siteWithBoards) asksAll() {
	v.t.Helper()
	for _, f := range investing[1:] {
		v.asks(v.invest, f.name, f.optional, f.options...)
	}
}

// boards makes a board and returns the id.
func (v *siteWithBoards) boards(name, slug string) string {
	v.t.Helper()
	p := v.hyunwoo.Post("/admin/boards", "name", name, "slug", slug).Want(http.StatusSeeOther)
	id, ok := strings.CutPrefix(p.Header.Get("Location"), "/admin/boards/")
	if !ok {
		v.t.Fatalf("a new board leads to %q", p.Header.Get("Location"))
	}
	return id
}

// asks adds a facet to a board.
func (v *siteWithBoards) asks(board, name string, optional bool, options ...string) {
	v.t.Helper()
	fields := []string{"name", name, "options", strings.Join(options, "\r\n")}
	if optional {
		fields = append(fields, "optional", "1")
	}
	leadsTo(v.test(), v.hyunwoo.Post("/admin/boards/"+board+"/facets", fields...), "/admin/boards/"+board)
}

// closes closes a board.
func (v *siteWithBoards) closes(board string) {
	v.t.Helper()
	leadsTo(v.test(), v.hyunwoo.Post("/admin/boards/"+board+"/close", "on", "true"), "/admin/boards/"+board)
}

// facet returns the id of a facet of 투자.
func (v *siteWithBoards) facet(name string) string {
	v.t.Helper()
	return v.named(".admin-facet > .stack > form:first-child [name=name]", "facet", name)
}

// option returns the id of an option of 투자.
func (v *siteWithBoards) option(name string) string {
	v.t.Helper()
	return v.named(".options [name=name]", "option", name)
}

// named returns the id of a facet or option on the administrator's page of 투자.
func (v *siteWithBoards) named(selector, kind, name string) string {
	v.t.Helper()
	p := v.hyunwoo.Get("/admin/boards/" + v.invest).Want(200)
	for _, field := range p.Find(selector).EachIter() {
		if field.AttrOr("value", "") == name {
			return strings.TrimSuffix(strings.TrimPrefix(field.AttrOr("id", ""), kind+"-"), "-name")
		}
	}
	v.t.Fatalf("투자 has no %s %s\n%.3000s", kind, name, p.Body)
	return ""
}

// answers returns the fields of a form that choose options of 투자.
func (v *siteWithBoards) answers(options ...string) (fields []string) {
	v.t.Helper()
	for _, name := range options {
		fields = append(fields, "f", v.option(name))
	}
	return fields
}

// filtered returns the path of 투자 with options chosen.
func (v *siteWithBoards) filtered(options ...string) string {
	v.t.Helper()
	query := url.Values{}
	for _, name := range options {
		query.Add("f", v.option(name))
	}
	return "/boards/invest?" + query.Encode()
}

// writes makes a post with options on 투자 and returns the id.
func (v *siteWithBoards) writes(c *apptest.Client, text string, options ...string) string {
	v.t.Helper()
	p := c.HX().Post("/posts", append([]string{"board", "invest", "content", text}, v.answers(options...)...)...).Want(200)
	return idOf(v.t, p, "article.post")
}

// postFrom sends a form with the Referer of a browser that shows page.
func postFrom(c *apptest.Client, page, path string, fields ...string) *apptest.Page {
	return c.Do(withReferer(c.Form(path, nil, fields...), page))
}

// getFrom asks for a path with the Referer of a browser that shows page.
func getFrom(c *apptest.Client, page, path string) *apptest.Page {
	return c.Do(withReferer(c.Request(http.MethodGet, path, nil), page))
}

func withReferer(req *http.Request, page string) *http.Request {
	address := req.URL.Scheme + "://" + req.URL.Host + page
	req.Header.Set("Referer", address)
	if req.Header.Get("HX-Request") != "" {
		req.Header.Set("HX-Current-URL", address)
	}
	return req
}

// texted returns the texts of the posts on a page, in the order of the page.
func texted(p *apptest.Page) []string { return p.Find("article.post .post-text").Map(texts) }

// counted returns the numbers that a filter shows beside the names of options.
func counted(p *apptest.Page) map[string]string {
	counts := map[string]string{}
	for _, chip := range p.Find("#filter .chip").EachIter() {
		counts[strings.TrimSpace(chip.Find("span").First().Text())] = chip.Find(".num").Text()
	}
	return counts
}

// asked returns the facets of a composer, and the chosen option of each facet.
func asked(p *apptest.Page) (facets, chosen []string) {
	for _, field := range p.Find("#compose-facets .field").EachIter() {
		label := field.Find("label").Clone()
		label.Find(".meta").Remove()
		facets = append(facets, strings.TrimSpace(label.Text()))
		chosen = append(chosen, field.Find("option[selected]").Text())
	}
	return facets, chosen
}

// destination returns the board that a composer has chosen, or the first board of the
// list.
func destination(p *apptest.Page) string {
	options := p.Find("#compose-board option")
	if chosen := options.FilterFunction(func(_ int, s *goquery.Selection) bool { _, ok := s.Attr("selected"); return ok }); chosen.Length() > 0 {
		options = chosen
	}
	return options.First().AttrOr("value", p.Find("#compose [name=board]").AttrOr("value", ""))
}

// composerRejects fails the test unless a composer shows the sentence of a problem and
// keeps the text.
func composerRejects(t *testing.T, p *apptest.Page, text, key string, args ...any) {
	t.Helper()
	p.Want(http.StatusUnprocessableEntity)
	if got := p.Text("#compose-error"); got != web.Korean(key, args...) {
		t.Errorf("the composer says %q, want %q", got, web.Korean(key, args...))
	}
	if got := p.Find("#compose textarea").Text(); got != text {
		t.Errorf("of %q the composer keeps %q", text, got)
	}
}
