package apptest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"xxsns/app/sns"
)

// A Client is the browser of a person without a screen: a Client keeps cookies,
// and does not follow redirects, so that a test can see them.
type Client struct {
	tb   testing.TB
	base string
	from string // the address the client connects from; empty: any
	http *http.Client
	hx   bool
}

// Guest returns the client of a visitor who is not signed in.
func (a *App) Guest() *Client { return guest(a.tb, a.URL) }

func guest(tb testing.TB, base string) *Client {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &Client{tb: tb, base: base, http: &http.Client{
		Jar: jar, Timeout: 5 * time.Minute,
		// A request with "Expect: 100-continue" sends its body only when a handler reads it.
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64, ExpectContinueTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Member makes an account and returns its client, signed in by the form.
func (a *App) Member(name string) *Client {
	a.tb.Helper()
	a.AddUser(name, sns.RoleUser)
	return a.SignIn(name)
}

// SignIn returns a new client of an account, signed in by the form.
func (a *App) SignIn(name string) *Client {
	a.tb.Helper()
	return a.Guest().signIn(name)
}

// signIn signs the client in by the form.
func (c *Client) signIn(name string) *Client {
	c.tb.Helper()
	if p := c.Post("/sign-in", "username", name, "password", Password); p.Status != http.StatusSeeOther {
		c.tb.Fatalf("%s cannot sign in: %d\n%s", name, p.Status, p.Text("main"))
	}
	return c
}

// HX returns the same client asking as htmx does, for fragments.
func (c *Client) HX() *Client {
	hx := *c
	hx.hx = true
	return &hx
}

// From returns a client of the same person at another address of this machine,
// such as 127.0.0.9.
func (c *Client) From(address string) *Client {
	other, browser := *c, *c.http
	browser.Transport = &http.Transport{MaxIdleConnsPerHost: 64, DialContext: dialerFrom(address).DialContext}
	other.from, other.http = address, &browser
	return &other
}

// Address returns the address the client connects from, or "" if From was not
// called.
func (c *Client) Address() string { return c.from }

// dialerFrom connects from an address of this machine; empty: from any.
func dialerFrom(address string) *net.Dialer {
	if address == "" {
		return &net.Dialer{}
	}
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
}

// HTTP is the client for requests of a test's own making.
func (c *Client) HTTP() *http.Client { return c.http }

// Reconnect makes the next request use a new connection, as browsers do when
// theirs was closed between two requests. Go's client sends a POST again in no
// such case, since it cannot know whether the POST was answered.
func (c *Client) Reconnect() { c.http.CloseIdleConnections() }

// Get asks for a path.
func (c *Client) Get(path string) *Page {
	c.tb.Helper()
	return c.Do(c.Request(http.MethodGet, path, nil))
}

// Post sends a form: pairs of a field and its value.
func (c *Client) Post(path string, pairs ...string) *Page {
	c.tb.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	req := c.Request(http.MethodPost, path, strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Do(req)
}

// A File is a file of a form.
type File struct {
	Field, Name string
	Content     []byte
}

// Upload sends a form with files: pairs of a field and its value, in order,
// and then the files.
func (c *Client) Upload(path string, files []File, pairs ...string) *Page {
	c.tb.Helper()
	return c.Do(c.Form(path, files, pairs...))
}

// Form makes the request of Upload.
func (c *Client) Form(path string, files []File, pairs ...string) *http.Request {
	c.tb.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = form.WriteField(pairs[i], pairs[i+1]) // a buffer takes any text
	}
	for _, f := range files {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", multipart.FileContentDisposition(f.Field, f.Name))
		header.Set("Content-Type", "application/octet-stream")
		w, _ := form.CreatePart(header)
		_, _ = w.Write(f.Content)
	}
	_ = form.Close()
	req := c.Request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return req
}

// Request makes a request as the client would send it.
func (c *Client) Request(method, path string, body io.Reader) *http.Request {
	c.tb.Helper()
	req, err := http.NewRequest(method, c.base+path, body) //nolint:noctx // the client has a timeout
	if err != nil {
		c.tb.Fatal(err)
	}
	req.Header.Set("Accept-Language", "ko")
	if c.hx {
		req.Header.Set("HX-Request", "true")
		req.Header.Set("HX-Request-Type", "partial")
		req.Header.Set("HX-Current-URL", c.base+"/")
	}
	return req
}

// Do sends a request and reads the answer.
func (c *Client) Do(req *http.Request) *Page {
	c.tb.Helper()
	res, err := c.http.Do(req)
	if err != nil {
		c.tb.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.tb.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	doc, err := parse(string(body))
	if err != nil {
		c.tb.Fatal(err)
	}
	return &Page{Status: res.StatusCode, Header: res.Header, Body: string(body), Document: doc, tb: c.tb, what: req.Method + " " + req.URL.Path}
}

// parse reads a page or fragments.
func parse(html string) (*goquery.Document, error) {
	// htmx, too, reads its partials as templates.
	html = strings.NewReplacer("<hx-partial", "<div data-partial", "</hx-partial>", "</div>").Replace(html)
	return goquery.NewDocumentFromReader(strings.NewReader(html))
}

// A Page is an answer.
type Page struct {
	*goquery.Document
	Status int
	Header http.Header
	Body   string
	tb     testing.TB
	what   string
}

// Want fails the test unless the answer has the status.
func (p *Page) Want(status int) *Page {
	p.tb.Helper()
	if p.Status != status {
		p.tb.Fatalf("%s: status %d, want %d\n%.600s", p.what, p.Status, status, p.Body)
	}
	return p
}

// Has fails the test unless the answer holds an element of the selector.
func (p *Page) Has(selector string) *Page {
	p.tb.Helper()
	if p.Find(selector).Length() == 0 {
		p.tb.Fatalf("%s: nothing is %s\n%.2000s", p.what, selector, p.Body)
	}
	return p
}

// Lacks fails the test if the answer holds an element of the selector.
func (p *Page) Lacks(selector string) *Page {
	p.tb.Helper()
	if p.Find(selector).Length() > 0 {
		p.tb.Fatalf("%s: there is %s\n%.2000s", p.what, selector, p.Body)
	}
	return p
}

// Text returns the text of the first element of the selector, without blanks
// around the text.
func (p *Page) Text(selector string) string {
	return strings.TrimSpace(p.Find(selector).First().Text())
}
