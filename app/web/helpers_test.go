package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"xxsns/app/apptest"
	"xxsns/app/media/mediatest"
	"xxsns/app/web"
)

func TestMain(m *testing.M) { apptest.Main(m) }

func filesIn(tb testing.TB, dir string) []string {
	tb.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.Name() != ".owner" { // names the program that owns the folder
			names = append(names, entry.Name())
		}
	}
	return names
}

var articleID = regexp.MustCompile(`^(?:post|comment)-(\d+)$`)

// idOf returns the number in the id of the selector's first element.
func idOf(tb testing.TB, p *apptest.Page, selector string) string {
	tb.Helper()
	id, _ := p.Find(selector).First().Attr("id")
	m := articleID.FindStringSubmatch(id)
	if m == nil {
		tb.Fatalf("%q of %s holds no number\n%.600s", id, selector, p.Body)
	}
	return m[1]
}

// texts is an argument of goquery's Map: the texts of elements.
func texts(_ int, s *goquery.Selection) string { return s.Text() }

// photo returns a small image for a form.
func photo(name string) apptest.File {
	return apptest.File{Field: "images", Name: name, Content: smallPNG()}
}

var smallPNG = sync.OnceValue(func() []byte { return mediatest.PNG(24, 16) })

// says fails the test unless the page shows the sentence.
func says(t *testing.T, p *apptest.Page, key string, args ...any) {
	t.Helper()
	want := web.Korean(key, args...)
	if !strings.Contains(p.Document.Text(), want) {
		t.Errorf("nowhere it says %q (%s)\n%.1500s", want, key, p.Body)
	}
}

// toasts fails the test unless the page shows the sentence in a toast.
func toasts(t *testing.T, p *apptest.Page, key string, args ...any) {
	t.Helper()
	if got := p.Text("#toasts .toast, [hx-target='#toasts'] .toast"); got != web.Korean(key, args...)+web.Korean("toast.close") {
		t.Errorf("the toast is %q, want %q", got, web.Korean(key, args...))
	}
}

// leadsTo fails the test unless the answer is a redirect of a plain form.
func leadsTo(t *testing.T, p *apptest.Page, to string) {
	t.Helper()
	p.Want(http.StatusSeeOther)
	if got := p.Header.Get("Location"); got != to {
		t.Errorf("leads to %q, want %q", got, to)
	}
}

// harmless fails the test if the page has a script that is not a file of the program, or
// an element of a text of evil: these elements have the attribute data-xss.
func harmless(t *testing.T, p *apptest.Page) {
	t.Helper()
	var look func(*html.Node)
	look = func(n *html.Node) {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "data-xss" || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
			if n.Data == "script" && a.Key == "src" && !strings.HasPrefix(a.Val, "/static/") {
				t.Errorf("a script from %q", a.Val)
			}
		}
		if n.Data == "script" && n.FirstChild != nil {
			t.Errorf("an inline script: %.80s", n.FirstChild.Data)
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			look(child)
		}
	}
	for _, n := range p.Nodes {
		look(n)
	}
}

// evil has texts that try to become elements of the page.
var evil = []string{
	`<script data-xss>alert(1)</script>`,
	`"><img src=x onerror=alert(1) data-xss>`,
	`' data-xss onfocus='alert(1)`,
	`</textarea></title><svg data-xss onload=alert(1)>`,
	`<a href="javascript:alert(1)" data-xss>여기</a>`,
	`https://example.com/"onmouseover="alert(1)"data-xss="`,
	`<hx-partial hx-target="#toasts"><b data-xss></b></hx-partial>`,
	`{{.Viewer}} ${1} &lt;b data-xss&gt;`,
}

// multipartBody returns the body of a form; each part consists of header lines and
// content.
func multipartBody(boundary string, parts ...string) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		fmt.Fprintf(&b, "--%s\r\n%s\r\n", boundary, p)
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return b.Bytes()
}
